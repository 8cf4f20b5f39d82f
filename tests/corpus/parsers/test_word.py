"""What a person sees in a Word file; the files are written element by element."""

from __future__ import annotations

import io

import docx
import pytest

from corpus.parsers import Cell, Parsed, Source
from corpus.parsers.dispatch import parse
from corpus.parsers.word.numbering import format_number
from tests.corpus.parsers.files import make_docx
from tests.corpus.parsers.word_files import (
    NUM,
    WORD,
    cell,
    field,
    levels,
    listed,
    paragraph,
    raw_docx,
    row,
    run,
    style,
    sym,
)
from tests.corpus.parsers.workbooks import pack, unpack


def read(body: str, **parts: str) -> Parsed:
    return parse(Source(data=raw_docx(body, **parts), name="文件.docx"))


def test_lists_show_their_numbers_as_word_counts_them() -> None:
    numbering = levels(
        ("chineseCounting", "第%1章"),
        ("japaneseCounting", "第%2条"),
        ("decimalEnclosedCircle", "%3"),
        ("decimal", "%1.%2.%4"),
    )
    body = read(
        listed("总则")
        + listed("目的", 1)
        + listed("依据", 1)
        + listed("范围", 2)
        + listed("对象", 2)
        + listed("罚则")
        + listed("处罚", 1)
        + listed("细目", 3)
        + "".join(listed("", 0) for _ in range(8))
        + listed("附则"),
        numbering=numbering + NUM,
    ).body.split("\n")
    assert body[:8] == [
        "第一章 总则",
        "第一条 目的",
        "第二条 依据",
        "①范围",
        "②对象",
        "第二章 罚则",
        "第一条 处罚",
        "二.一.1 细目",
    ]
    assert body[-2:] == ["第十章", "第十一章 附则"]


def test_a_list_begins_anew_where_it_says_so() -> None:
    two = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>'
        "</w:lvlOverride></w:num>"
    )
    same = '<w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num>'
    body = read(
        listed("甲")
        + listed("乙")
        + listed("丙", number=2)
        + listed("丁", number=2)
        + listed("戊", number=3)
        + listed("己", number=9),
        numbering=levels(("decimal", "%1、")) + NUM + two + same,
    ).body
    assert body == "1、甲\n2、乙\n5、丙\n6、丁\n7、戊\n己"


def test_levels_may_go_on_counting_and_show_all_as_decimal() -> None:
    numbering = (
        levels(("chineseCounting", "%1、"), ("decimal", "（%2）"), extra='<w:lvlRestart w:val="0"/>')
        + levels(("chineseCounting", "%1"), ("decimal", "%1.%2"), extra='<w:isLgl/><w:suff w:val="nothing"/>', kind=1)
        + NUM
        + '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    body = read(
        listed("甲")
        + listed("子", 1)
        + listed("乙")
        + listed("丑", 1)
        + listed("丙", number=2)
        + listed("寅", 1, number=2),
        numbering=numbering,
    ).body
    assert body == "一、甲\n（1）子\n二、乙\n（2）丑\n1丙\n1.1寅"


def test_a_style_numbers_its_paragraphs_and_makes_headings() -> None:
    styles = (
        style("H1", '<w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
        + style("H2", '<w:name w:val="我的"/><w:basedOn w:val="H1"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr>')
        + style("L1", '<w:basedOn w:val="L2"/>')
        + style("L2", '<w:basedOn w:val="L1"/>')
    )
    parsed = read(
        paragraph("总体要求", '<w:pStyle w:val="H1"/>')
        + paragraph("指导思想", '<w:pStyle w:val="H2"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + paragraph("正文", '<w:pStyle w:val="L1"/>'),
        styles=styles,
        numbering=levels(("chineseCounting", "%1、")) + NUM,
    )
    assert parsed.body == "一、总体要求\n指导思想\n正文"
    assert parsed.extra["outline"] == [[1, "一、总体要求"], [2, "指导思想"]]


def test_the_numbers_of_an_automatic_column_are_read() -> None:
    table = f"<w:tbl>{row(cell('序号'), cell('事项'))}" + "".join(
        row(cell(listed("")), cell(item)) for item in ("低保", "救助")
    )
    parsed = read(table + "</w:tbl>", numbering=levels(("decimal", "%1")) + NUM)
    assert parsed.body == "序号\t事项\n1\t低保\n2\t救助"


FORMS = {
    "decimal": "12",
    "chineseCounting": "十二",
    "chineseLegalSimplified": "壹拾贰",
    "ideographDigital": "一二",
    "upperLetter": "L",
    "lowerRoman": "xii",
    "decimalEnclosedCircle": "⑫",
    "decimalEnclosedParen": "⑿",
    "decimalFullWidth": "１２",
    "decimalZero": "12",
    "ideographZodiac": "亥",
    "ideographTraditional": "12",
    "numberInDash": "- 12 -",
    "none": "",
    "hebrew1": "12",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_number_is_written_in_its_form(form: str) -> None:
    assert format_number(12, form) == FORMS[form]


def test_merged_and_nested_tables_keep_their_cells() -> None:
    inner = f"<w:tbl>{row(cell('县级'), cell('√'))}{row(cell('乡级'), cell(''))}</w:tbl>"
    table = (
        paragraph("社会救助领域基层政务公开标准目录")
        + "<w:tbl>"
        + row(cell("公开事项", '<w:gridSpan w:val="2"/>'), cell("公开层级"))
        + row(cell("社会救助", '<w:vMerge w:val="restart"/>'), cell("低保"), cell(inner + paragraph()))
        + row(cell("看不见", "<w:vMerge/>"), cell("临时救助"), cell("乡级"))
        + row(cell("删去的行"), properties="<w:del/>")
        + row(cell("合计"), properties='<w:gridBefore w:val="1"/>')
        + "</w:tbl>"
    )
    parsed = read(table)
    assert parsed.body.split("\n")[1:] == [
        "公开事项\t\t公开层级",
        "社会救助\t低保\t县级 √ 乡级",
        "\t临时救助\t乡级",
        "\t合计",
    ]
    outer, nested = parsed.tables
    assert outer.caption == "社会救助领域基层政务公开标准目录"
    assert outer.cells[:3] == (Cell("公开事项", 0, 0, 1, 2), Cell("公开层级", 0, 2), Cell("社会救助", 1, 0, 2, 1))
    assert Cell("县级 √\n乡级", 1, 2) in outer.cells
    assert [item.text for item in nested.cells] == ["县级", "√", "乡级", ""]


def test_ticks_and_boxes_are_characters() -> None:
    wing = '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'
    parsed = read(
        paragraph(sym("F0FE") + run("政府网站") + sym("00A8") + run("报刊"))
        + paragraph(run("\uf0fc") + run("公告栏") + run("\uf06f") + run("广播"))
        + paragraph(run("þ", wing) + run("入户") + sym("F052", "Wingdings 2") + run("电视"))
        + paragraph("<w:sdt><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent></w:sdt>" + run("纸质"))
        + paragraph(
            field("begin", '<w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>')
            + "<w:r><w:instrText>FORMCHECKBOX</w:instrText></w:r>"
            + field("end")
            + run("电子")
        )
        + paragraph(sym("zz", "Webdings") + run("其他"))
        + listed("同步发布"),
        numbering=levels(("bullet", "\uf0a8"), extra=f"<w:rPr>{wing}</w:rPr>") + NUM,
    )
    assert parsed.body.split("\n") == [
        "☑政府网站□报刊",
        "√公告栏□广播",
        "☑入户☑电视",
        "☒纸质",
        "☑电子",
        "其他",
        "□同步发布",
    ]
    assert parsed.problems == ("symbols of fonts that are not known are left out",)


def test_fields_show_their_result_and_changes_are_accepted() -> None:
    code = "<w:r><w:instrText>IF</w:instrText></w:r>"
    inner = field("begin") + code + field("separate") + run("隐去") + field("end")
    outer = field("begin") + code + inner + field("separate") + run("2020年7月") + field("end")
    body = read(
        paragraph(outer)
        + paragraph(
            run("各镇") + f"<w:ins>{run('人民政府')}</w:ins><w:del><w:r><w:delText>公社</w:delText></w:r></w:del>"
        )
        + paragraph(f"<w:moveFrom>{run('移走')}</w:moveFrom><w:moveTo>{run('移来')}</w:moveTo>")
        + paragraph("前半句，", "<w:rPr><w:del/></w:rPr>")
        + paragraph("后半句。")
        + paragraph(f"<w:hyperlink>{run('链接')}</w:hyperlink><w:fldSimple>{run('第3页')}</w:fldSimple>")
        + paragraph(field("begin"))
        + paragraph("没有结束的域之后"),
    ).body
    assert body.split("\n") == [
        "2020年7月",
        "各镇人民政府",
        "移来",
        "前半句，后半句。",
        "链接第3页",
        "没有结束的域之后",
    ]


def test_text_boxes_are_read_once_behind_their_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('清河区民政局文件')}</w:txbxContent>"
    drawn = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    art = '<w:r><w:pict><v:shape><v:textpath string="红头"/></v:shape></w:pict></w:r>'
    old = f"<w:r><w:pict><v:textbox>{box.replace('民政局', '财政局')}</v:textbox></w:pict></w:r>"
    body = read(paragraph(drawn + run("通知")) + paragraph(art) + paragraph(old)).body
    assert body.split("\n") == ["通知", "清河区民政局文件", "红头", "清河区财政局文件"]


def test_notes_stand_at_the_end_and_hidden_text_is_left_out() -> None:
    parsed = read(
        paragraph(
            run("低保标准")
            + '<w:r><w:footnoteReference w:id="2"/></w:r>'
            + run("已提高")
            + '<w:r><w:endnoteReference w:id="2"/></w:r>'
        )
        + paragraph(
            run("公开")
            + run("内部口径", "<w:vanish/>")
            + run("部分", '<w:vanish w:val="0"/>')
            + run("样式隐藏", '<w:rStyle w:val="S"/>')
        )
        + paragraph(
            "<w:r><w:ruby><w:rt><w:r><w:t>cūn</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>村</w:t></w:r></w:rubyBase></w:ruby></w:r><m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"
        ),
        styles='<w:style w:styleId="S"><w:rPr><w:vanish/></w:rPr></w:style>',
        footnotes=f'<w:footnote w:id="2">{paragraph("指城市居民。")}</w:footnote>',
        endnotes=f'<w:endnote w:id="2">{paragraph("2020年数据。")}</w:endnote>',
        comments=f'<w:comment w:id="1">{paragraph("批注不读")}</w:comment>',
        header=paragraph("页眉不读"),
    )
    assert parsed.body.split("\n") == [
        "低保标准[1]已提高[2]",
        "公开部分",
        "村x=1",
        "[1] 指城市居民。",
        "[2] 2020年数据。",
    ]
    assert parsed.problems == ("hidden text is left out",)


def test_a_file_of_pictures_needs_ocr() -> None:
    parsed = read(paragraph("<w:r><w:drawing><a:blip/></w:drawing></w:r>"))
    assert (parsed.title, parsed.body, parsed.problems, parsed.needs_ocr) == ("文件", "", ("no text: needs OCR",), True)
    assert read(paragraph()).problems == ("the file holds no text",)


def test_the_strict_form_of_the_standard_is_read() -> None:
    parts = {
        name: part.replace(WORD.encode(), b"http://purl.oclc.org/ooxml/wordprocessingml/main")
        for name, part in unpack(make_docx()).items()
    }
    assert parse(Source(data=pack(parts))).title == "关于印发村务公开办法的通知"


def test_a_document_of_the_common_library_reads_the_same() -> None:
    document = docx.Document()
    document.add_heading("关于村务公开的通知", 1)
    document.add_paragraph("第一项", style="List Number")
    document.add_paragraph("第二项", style="List Number")
    stream = io.BytesIO()
    document.save(stream)
    parsed = parse(Source(data=stream.getvalue()))
    assert parsed.body == "关于村务公开的通知\n1. 第一项\n2. 第二项"
    assert parsed.extra["outline"] == [[1, "关于村务公开的通知"]]
