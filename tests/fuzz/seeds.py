"""Which good files does fuzzing begin with? Small ones of every format, made by code, and real ones."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import openpyxl
import py7zr
from PIL import Image

from tests.corpus.parsers import ofd_files, word_files
from tests.corpus.parsers.files import LINES, make_docx, make_ole, make_pdf
from tests.corpus.parsers.pdf_scans import draw_pdf, on_page, saved, table, together, words
from tests.corpus.parsers.workbooks import make_xls, raw_xlsx
from tests.fuzz.cases import Seed
from tests.fuzz.packages import packed, unpacked
from tests.fuzz.pdf_objects import assembled, objects

MAX_SEED_BYTES = 200_000
_HEAD = (
    "序号",
    "一级事项",
    "二级事项",
    "公开内容（要素）",
    "公开依据",
    "公开时限",
    "公开主体",
    "公开渠道和载体",
    "公开对象",
    "公开方式",
    "公开层级",
)
_ROW = (
    "1",
    "救助",
    "低保",
    "名单",
    "《条例》",
    "20个工作日内",
    "民政局",
    "■政府网站 □公告栏",
    "全社会",
    "主动",
    "县级",
)
_CATALOG = (("清河区村务公开事项标准目录",), _HEAD, _ROW, ("2", *_ROW[1:]))
_SHEET = Image.effect_noise((60, 80), 80).convert("RGB")


@cache
def made_seeds() -> Mapping[str, Sequence[Seed]]:
    """By format; no two machines make other files, but for their libraries."""
    page, text, table_lines = _page(), "\n".join(LINES).encode(), "\n".join(map(",".join, _CATALOG)).encode("gb18030")
    xlsx, word = _stable(_xlsx()), _stable(make_docx())
    inner = packed({"附件/通知.txt": text, "目录.csv": table_lines})
    return {
        "html": _sources("html", page, _listing()),
        "txt": _sources("txt", text, text.decode().encode("utf-16")),
        "csv": _sources("csv", table_lines, b'"a, ""b""",1\n"2\n3",\n'),
        "docx": _sources("docx", word, _stable(_raw_docx())),
        "xlsx": _sources(
            "xlsx", xlsx, _stable(raw_xlsx(_RAW_SHEET, "<si><t>目录</t></si><si><r><t>低</t></r><r><t>保</t></r></si>"))
        ),
        "xls": _sources("xls", _xls()),
        "ofd": _sources("ofd", _stable(ofd_files.pack(_ofd_parts()))),
        "pdf": _sources("pdf", make_pdf(), _ruled_pdf()),
        "zip": _sources("zip", packed({"通知.docx": word, "内.zip": inner, "页.html": page}), inner),
        "7z": _sources("7z", _seven({"通知.txt": text, "目录.xlsx": xlsx}), _seven({"甲/目录.csv": table_lines})),
        "picture": tuple(
            Seed(data=saved(_SHEET, kind), name=f"扫描件.{kind.lower()}")
            for kind in ("PNG", "JPEG", "GIF", "TIFF", "BMP")
        ),
        "office": tuple(
            Seed(data=data, name=name)
            for name, data in {
                "通知.rtf": rb"{\rtf1\ansi\ansicpg936 {\fonttbl{\f0 SimSun;}}\f0\u20851?\par}",
                "通知.doc": make_ole("WordDocument"),
                "通知.wps": make_ole("WordDocument"),
                "讲稿.ppt": make_ole("PowerPoint Document"),
                "讲稿.pptx": packed({"ppt/presentation.xml": b"<p/>"}),
                "密.docx": make_ole("EncryptedPackage"),
                "附.rar": b"Rar!\x1a\x07\x01\x00" + bytes(64),
                "页.xml": b'<?xml version="1.0"?><a>\xe5\x85\xac</a>',
            }.items()
        ),
    }


def real_seeds(folder: Path) -> Mapping[str, Sequence[Seed]]:
    """By format; those of the real files that are small, and a PDF without its fonts' outlines."""
    by_format = {
        "html": [*sorted(folder.glob("pages/*/*.html")), *sorted(folder.glob("pages/*/*.jsp"))],
        "txt": [*sorted(folder.glob("pages/pingtan/*.txt"))[::6], folder / "pages" / "pingtan" / "24147.txt"],
        "csv": [folder / "pages" / "pingtan" / "MANIFEST.tsv"],
        "xlsx": sorted(folder.glob("sheets/*.xlsx")),
        "xls": sorted(folder.glob("sheets/*.xls")),
        "ofd": sorted(folder.glob("ofd/*.ofd")),
    }
    seeds = {kind: tuple(_small(paths, "csv" if kind == "csv" else "")) for kind, paths in by_format.items()}
    pdf = folder / "pdf" / "converter-test.pdf"
    found, trailer = objects(pdf.read_bytes())
    slim = {number: b" null " if b"/Length1" in content else content for number, content in found.items()}
    seeds["pdf"] = (Seed(data=assembled(slim, trailer), name=pdf.name),)
    together = [seeds[kind][0] for kind in ("txt", "ofd", "xls", "html")]
    seeds["zip"] = (Seed(data=packed({seed.name: seed.data for seed in together}), name="附件.zip"),)
    seeds["7z"] = (Seed(data=_seven({seed.name: seed.data for seed in together[:3]}), name="附件.7z"),)
    return seeds


def _small(paths: Sequence[Path], extension: str) -> Iterator[Seed]:
    for path in paths:
        if path.stat().st_size <= MAX_SEED_BYTES:
            yield Seed(data=path.read_bytes(), name=f"{path.stem}.{extension}" if extension else path.name)


def _sources(extension: str, *files: bytes) -> tuple[Seed, ...]:
    return tuple(Seed(data=data, name=f"通知{number}.{extension}") for number, data in enumerate(files, 1))


def _stable(package: bytes) -> bytes:
    """The same package without the time at which it was written."""
    return packed(unpacked(package))


def _seven(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with py7zr.SevenZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(data, name)
    return stream.getvalue()


def _page() -> bytes:
    fields = "".join(
        f"<tr><td>{name}：</td><td>{value}</td></tr>"
        for name, value in (
            ("索引号", "QH00-2020-12"),
            ("发布日期", "2020-07-21"),
            ("有效性", "有效"),
            ("主题分类", "民政"),
        )
    )
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in _CATALOG[1:])
    return (
        '<html><head><meta charset="utf-8"><title>关于印发村务公开办法的通知-清河区人民政府</title>'
        '<meta name="ArticleTitle" content="关于印发村务公开办法的通知"></head><body><div class="header">当前位置：'
        f'<a href="/">首页</a> &gt; <a href="../">通知</a></div><table>{fields}</table>'
        "<h1>关于印发村务公开办法的通知</h1>"
        f'<div class="TRS_Editor">{"".join(f"<p>{line}</p>" for line in LINES)}<table border="1"><tr>'
        f'<td colspan="11">{_CATALOG[0][0]}</td></tr>{rows}<tr><td rowspan="2">3</td><td colspan="3">合计</td></tr>'
        '</table><p>附件：<a href="1.doc">办法.doc</a></p></div></body></html>'
    ).encode()


def _listing() -> bytes:
    items = "".join(
        f'<li><a href="{n}.html">清河区公告第{n}号</a><span>2020-07-{n:02}</span></li>' for n in range(1, 9)
    )
    return (
        f'<html><head><meta charset="gbk"><title>通知公告</title></head><ul>{items}</ul>'
        "<script>createPageHTML(5, 0, 'index', 'html');</script></html>"
    ).encode("gbk")


def _raw_docx() -> bytes:
    """What python-docx does not write: numbered paragraphs, merged cells, fields, notes, symbols."""
    rows = [
        word_files.row(word_files.cell("事项", '<w:gridSpan w:val="2"/>'), word_files.cell("时限")),
        word_files.row(
            word_files.cell("低保", '<w:vMerge w:val="restart"/>'), word_files.cell("甲"), word_files.cell("每月")
        ),
        word_files.row(
            word_files.cell("", "<w:vMerge/>"), word_files.cell("乙"), word_files.cell(word_files.sym("F052"))
        ),
    ]
    column = '<w:gridCol w:w="99"/>'
    body = (
        word_files.paragraph("关于印发办法的通知")
        + word_files.listed("总则")
        + word_files.listed("公开", level=1)
        + word_files.paragraph(word_files.field("begin") + word_files.run("目录") + word_files.field("end"))
        + f"<w:tbl><w:tblGrid>{column * 3}</w:tblGrid>{''.join(rows)}</w:tbl>"
        + word_files.paragraph('<w:r><w:footnoteReference w:id="2"/></w:r>')
    )
    return word_files.raw_docx(
        body,
        numbering=word_files.levels(("chineseCountingThousand", "%1、"), ("decimal", "%1.%2")) + word_files.NUM,
        footnotes=f'<w:footnote w:id="2">{word_files.paragraph("见附件")}</w:footnote>',
        styles=word_files.style("a", '<w:basedOn w:val="a"/><w:rPr><w:vanish/></w:rPr>'),
    )


_RAW_SHEET = (
    '<cols><col min="3" max="4" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><v>44000.5</v></c><c t="b"><v>1</v></c></row>'
    '<row r="3" hidden="1"><c r="A3" t="inlineStr"><is><t>藏</t></is></c><c r="E3" t="str"><f>1</f><v>2</v></c></row>'
    '</sheetData><mergeCells count="1"><mergeCell ref="A1:E1"/></mergeCells>'
)


def _xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in _CATALOG:
        sheet.append(row)
    sheet.merge_cells("A1:K1")
    sheet.merge_cells("B3:B4")
    sheet["A5"], sheet["B5"] = 0.5, 44000
    sheet["A5"].number_format, sheet["B5"].number_format = "0.00%", 'yyyy"年"m"月"d"日"'
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _xls() -> bytes:
    cells: dict[tuple[int, int], tuple[str | float | bool, int]] = {
        (y, x): (text, 0) for y, row in enumerate(_CATALOG) for x, text in enumerate(row)
    }
    cells |= {(5, 0): (44000.5, 164), (5, 1): (0.5, 10), (5, 2): (True, 0)}
    return make_xls(
        cells,
        formats=("yyyy-mm-dd",),
        merged=((0, 0, 0, 10),),
        hidden_rows=(3,),
        hidden_columns=(2,),
        hidden_sheet="旧表",
    )


def _ofd_parts() -> Mapping[str, ofd_files.Content]:
    rules = [ofd_files.rule(20, y, 120, y) for y in (100, 110, 120)] + [
        ofd_files.rule(x, 100, x, 120) for x in (20, 70, 120)
    ]
    cells = [
        ofd_files.words(text, x, y, size=3) for text, x, y in (("序号", 22, 107), ("事项", 72, 107), ("1", 22, 117))
    ]
    first = ofd_files.layer(
        ofd_files.words("关于印发村务公开办法的通知", 60, 40, size=6),
        ofd_files.paragraph(LINES, 30, 60),
        *rules,
        *cells,
    )
    second = ofd_files.layer(ofd_files.words("2020年7月20日", 120, 60, attributes='CTM="1 0 0 1 0 0"'))
    return ofd_files.parts_of(first, second, info="<ofd:Title>通知</ofd:Title><ofd:DocUsage>Normal</ofd:DocUsage>")


def _ruled_pdf() -> bytes:
    cells = [["序号", "事项", "时限"], ["1", "低保", "每月"], ["2", "←", "↑"]]
    return draw_pdf(together(words((60, 80, "公开目录")), table(cells, 100, [60, 200, 100])), on_page(_SHEET))
