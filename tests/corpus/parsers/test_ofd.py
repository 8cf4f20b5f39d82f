"""OFD files: what stands on their pages is read as a person sees it."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.parsers import Source
from corpus.parsers.dispatch import parse, parser_version
from tests.corpus.parsers.ofd_files import layer, pack, paragraph, part, parts_of, read, read_page, words

NOTICE = (
    layer(
        words("清河区民政局文件", 45, 40, size=12),
        words("清民发〔2020〕12号", 80, 60),
        words("关于印发村务公开办法的", 60, 80, size=8),
        words("通知", 96, 92, size=8),
        words("各镇人民政府：", 25, 110),
        paragraph(
            ["村务公开是基层民主的重要内容，各镇人民政府应当", "按照本办法公开村务，公开的时间、内容和方式由村民会议"],
            25,
            120,
        ),
        words("— 1 —", 100, 280),
    ),
    layer(
        words("决定。", 25, 30),
        words("本办法自公布之日起施行。", 35, 40),
        words("清河区民政局", 120, 70),
        words("2020年7月20日", 104, 80),
        words("— 2 —", 100, 280),
    ),
)


def test_a_notice_gives_its_paragraphs_and_fields() -> None:
    info = (
        "<ofd:Title>微软用户文档1</ofd:Title><ofd:Author>办公室</ofd:Author><ofd:CreationDate>2020-07-21</ofd:CreationDate>"
        "<ofd:Keywords><ofd:Keyword>村务公开</ofd:Keyword><ofd:Keyword>办法</ofd:Keyword></ofd:Keywords>"
        '<ofd:CustomDatas><ofd:CustomData Name="紧急程度">平件</ofd:CustomData></ofd:CustomDatas>'
    )
    parsed = parse(Source(data=pack(parts_of(*NOTICE, info=info)), name="通知.ofd"))
    assert (parsed.media_type, parsed.parser) == ("application/ofd", parser_version("application/ofd"))
    assert parsed.title == "关于印发村务公开办法的通知"
    assert parsed.body.split("\n") == [
        "清河区民政局文件",
        "清民发〔2020〕12号",
        "关于印发村务公开办法的通知",
        "各镇人民政府：",
        "村务公开是基层民主的重要内容，各镇人民政府应当按照本办法公开村务，公开的时间、内容和方式由村民会议决定。",
        "本办法自公布之日起施行。",
        "清河区民政局",
        "2020年7月20日",
    ]
    assert (parsed.document_number, parsed.issuers) == ("清民发〔2020〕12号", ("清河区民政局",))
    assert (parsed.issued_on, parsed.keywords) == (date(2020, 7, 20), ("村务公开", "办法"))
    assert parsed.extra["author"] == "办公室"
    assert parsed.extra["created_on"] == "2020-07-21"
    assert parsed.extra["custom_data"] == {"紧急程度": "平件"}
    assert parsed.extra["pages"] == 2
    assert (parsed.problems, parsed.needs_ocr) == ((), False)


def test_the_files_own_title_serves_where_no_text_is_shown() -> None:
    picture = '<ofd:ImageObject ID="4" Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="5"/>'
    parsed = read(parts_of(layer(picture), layer(picture), layer(), info="<ofd:Title>村务公开栏照片</ofd:Title>"))
    assert (parsed.title, parsed.body) == ("村务公开栏照片", "")
    assert (parsed.problems, parsed.needs_ocr) == (("no text: needs OCR (pages 1–2)",), True)


def test_what_the_program_filled_in_says_nothing() -> None:
    info = "<ofd:Title>无标题</ofd:Title><ofd:Author>Administrator</ofd:Author>"
    parsed = read(parts_of(layer(), info=info), name="公示.ofd")
    assert parsed.title == "公示"
    assert parsed.extra.keys().isdisjoint({"author", "file_title"})


def test_a_page_without_text_among_others_is_named() -> None:
    picture = '<ofd:ImageObject ID="4" Boundary="0 0 210 297" ResourceID="5"/>'
    parsed = read(parts_of(layer(words("附图：", 30, 30)), layer(picture), layer()))
    assert (parsed.body, parsed.problems, parsed.needs_ocr) == ("附图：", ("no text: needs OCR (page 2)",), True)


def test_an_empty_document_says_so() -> None:
    assert read(parts_of(layer())).problems == ("the file holds no text",)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('X="0" Y="5" DeltaX="g 3 5 40 g 2 5"', "公开时限\t每季度"),
        ('X="0" Y="5" DeltaX="5 5 5 5 5 5"', "公开时限每季度"),
        ('X="0" Y="5" DeltaX="g 99999999999 5"', "公开时限每季度"),
        ('X="0" Y="5"', "公开时限每季度"),
        ('X="0" Y="5" DeltaX="g 2 5 5 -15 g 2 5" DeltaY="g 3 0 20 g 2 0"', "公开时限\n每季度"),
        ('X="0" Y="5" DeltaY="g 6 6"', "公开时限每季度"),
        ('X="0" Y="5" DeltaX="g g nan 5 x"', "公开时限每季度"),
        ('X="0" Y="5" DeltaX="g 6 14"', "公开时限每季度"),
    ],
)
def test_the_steps_between_characters_say_which_belong_together(code: str, expected: str) -> None:
    assert read_page(words("公开时限每季度", 30, 40, code=code)).body == expected


def test_a_code_without_a_place_stands_where_the_one_before_it_does() -> None:
    codes = (
        '<ofd:TextCode X="0" Y="5" DeltaX="5">村务</ofd:TextCode>'
        '<ofd:TextCode X="10" DeltaX="5">公开</ofd:TextCode><ofd:TextCode Y="35" DeltaX="5">目录</ofd:TextCode>'
    )
    parsed = read_page(f'<ofd:TextObject ID="4" Boundary="30 30 90 20" Size="5">{codes}</ofd:TextObject>')
    assert parsed.body == "村务公开\n目录"


def test_words_keep_their_spaces_and_loose_characters_come_together() -> None:
    loose = [words(char, 20 + 5 * n, 90) for n, char in enumerate("村务公开")]
    parsed = read_page(
        words("OFD Reader", 20, 30, code='X="0" Y="5" DeltaX="g 9 2.5"'),
        words("校", 20, 50),
        words("验", 28, 50),
        words("码：", 36, 50),
        words("03272875", 46, 50, code='X="0" Y="5" DeltaX="g 7 2.5"'),
        words("通　知", 20, 70),
        *loose,
    )
    assert parsed.body.split("\n") == ["OFD Reader", "校验码：03272875", "通 知", "村务公开"]


def test_a_bold_face_drawn_twice_is_read_once() -> None:
    assert read_page(words("村务公开", 30, 30), words("村务公开", 30.2, 30)).body == "村务公开"


def test_text_is_read_where_its_matrix_puts_it() -> None:
    parsed = read_page(
        words("第二行", 30, 40, attributes='CTM="1 0 0 1 0 30"'),
        words("第一行", 30, 60),
        words("第三行", 0, 0, attributes='CTM="2 0 0 2 60 200"'),
    )
    assert parsed.body.split("\n") == ["第一行", "第二行", "第三行"]


def test_a_page_set_across_is_read_along_its_text() -> None:
    across = 'CTM="0 1 -1 0 0 0"'
    parsed = read_page(
        words("第二行", 100, 35, attributes=across),
        words("第一行", 120, 35, attributes=across),
        words("并列", 120, 100, attributes=across),
    )
    assert parsed.body.split("\n") == ["第一行\t并列", "第二行"]


def test_two_columns_are_read_one_after_the_other() -> None:
    lines = [f"第{n}行的文字写满了左边这一栏的宽" for n in "一二三四五六"]
    right = [line.replace("左", "右") for line in lines]
    objects = [words(text, x, 50 + 10 * n, size=4) for n in range(6) for text, x in ((lines[n], 20), (right[n], 110))]
    parsed = read_page(words("村务公开简报", 70, 30, size=8), *objects)
    assert parsed.body.split("\n") == ["村务公开简报", "".join(lines + right)]


def test_what_nobody_sees_is_left_out() -> None:
    white = '<ofd:FillColor Value="255 255 255"/>'
    parsed = read_page(
        words("看得见", 30, 30),
        words("白字", 30, 45, more=white),
        words("透明", 30, 60, attributes='Alpha="0"'),
        words("关掉", 30, 75, attributes='Visible="false"'),
        words("不画", 30, 90, attributes='Fill="false"'),
        words("页外", 400, 30),
        '<ofd:PathObject ID="4" Boundary="20 100 80 20" Fill="true" Stroke="false"><ofd:FillColor Value="#c0 #0 #0"/>'
        "<ofd:AbbreviatedData>M 0 0 L 80 0 L 80 20 L 0 20 C</ofd:AbbreviatedData></ofd:PathObject>",
        words("红底白字", 30, 112, more=white),
    )
    assert parsed.body.split("\n") == ["看得见", "红底白字"]


def test_a_template_is_drawn_with_its_page_and_read_once() -> None:
    form = layer(words("姓名：", 30, 40), words("清河区政务服务申请表", 60, 25, size=8))
    page = layer(words("王小明", 46, 40), after='<ofd:Template TemplateID="7" ZOrder="Background"/>')
    common = '<ofd:TemplatePage ID="7" BaseLoc="Tpls/Tpl_0/Content.xml" ZOrder="Background"/>'
    parsed = read(parts_of(page, page, common=common, files={"Doc_0/Tpls/Tpl_0/Content.xml": part("Page", form)}))
    assert parsed.body.split("\n") == ["清河区政务服务申请表", "姓名：王小明"] * 2


def _annotation(attributes: str, boundary: str, shown: str) -> str:
    return f'<ofd:Annot {attributes}><ofd:Appearance Boundary="{boundary}">{shown}</ofd:Appearance></ofd:Annot>'


def test_annotations_are_read_as_they_show_and_watermarks_kept_apart() -> None:
    notes = part(
        "PageAnnot",
        _annotation('Type="Stamp"', "100 60 60 30", words("已归档", 10, 20))
        + _annotation('Type="Watermark"', "0 0 210 297", words("内部资料", 30, 41))
        + _annotation('Type="Path" Visible="false"', "0 0 9 9", words("草稿", 0, 9)),
    )
    listed = part("Annotations", '<ofd:Page PageID="0"><ofd:FileLoc>Annot.xml</ofd:FileLoc></ofd:Page>')
    slanted = words("清河区民政局", 60, 150, attributes='CTM="0.7 -0.7 0.7 0.7 0 0"')
    parsed = read(
        parts_of(
            layer(words("村务公开办法", 30, 40), slanted),
            document="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>",
            files={"Doc_0/Annots/Annotations.xml": listed, "Doc_0/Annots/Annot.xml": notes},
        )
    )
    assert parsed.body.split("\n") == ["村务公开办法", "已归档"]
    assert parsed.extra["watermarks"] == ["清河区民政局", "内部资料"]


def test_blocks_and_composite_objects_are_opened() -> None:
    resources = part(
        "Res",
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="40" Width="100" Height="50"><ofd:Content>'
        f"{words('落款单位', 10, 20)}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>",
    )
    used = '<ofd:CompositeObject ID="8" Boundary="90 90 100 50" ResourceID="40"/>'
    block = f'<ofd:PageBlock ID="6"><ofd:PageBlock ID="7">{used}</ofd:PageBlock>{words("正文", 30, 30)}</ofd:PageBlock>'
    parsed = read(
        parts_of(
            layer(block),
            common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
            files={"Doc_0/DocumentRes.xml": resources},
        )
    )
    assert parsed.body.split("\n") == ["正文", "落款单位"]


def test_every_document_of_the_file_is_read() -> None:
    parts = parts_of(layer(words("正本", 30, 30)))
    second = {
        name.replace("Doc_0", "Doc_1"): content for name, content in parts_of(layer(words("副本", 30, 30))).items()
    }
    body = "</ofd:DocBody><ofd:DocBody><ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody>"
    root = str(parts["OFD.xml"]).replace("</ofd:DocBody>", body)
    assert read({**second, **parts, "OFD.xml": root}).body == "正本\n副本"


def test_glyph_indices_do_not_replace_characters() -> None:
    change = (
        '<ofd:CGTransform CodePosition="0" CodeCount="2" GlyphCount="1"><ofd:Glyphs>1126</ofd:Glyphs></ofd:CGTransform>'
    )
    assert read_page(words("公开", 30, 30, more=change)).body == "公开"


@pytest.mark.parametrize("text", ["", "\ue11e\ue236\ue28a\ue0c0"])
def test_a_page_whose_fonts_name_no_characters_needs_ocr(text: str) -> None:
    change = "<ofd:CGTransform CodePosition='0' GlyphCount='4'><ofd:Glyphs>11 12 13 14</ofd:Glyphs></ofd:CGTransform>"
    parsed = read(
        parts_of(layer(words("第一页", 30, 30)), layer(words(text, 30, 30, more=change), words("政", 90, 90)))
    )
    assert (parsed.body, parsed.needs_ocr) == ("第一页", True)
    assert parsed.problems == ("the fonts name no usable characters: needs OCR (page 2)",)


def test_attached_files_are_named() -> None:
    listed = part(
        "Attachments",
        '<ofd:Attachment ID="1" Name="原始数据" Format="xml"><ofd:FileLoc>data.xml</ofd:FileLoc></ofd:Attachment>'
        '<ofd:Attachment ID="2" Name="附表"><ofd:FileLoc>../none.xls</ofd:FileLoc></ofd:Attachment>',
    )
    parsed = read(
        parts_of(
            layer(words("公开办法", 30, 30)),
            document="<ofd:Attachments>/Doc_0/Attachs/Attachments.xml</ofd:Attachments>",
            files={"Doc_0/Attachs/Attachments.xml": listed, "Doc_0/Attachs/data.xml": "<a/>"},
        )
    )
    assert parsed.extra["embedded"] == [
        {"name": "原始数据", "format": "xml", "path": "Doc_0/Attachs/data.xml"},
        {"name": "附表"},
    ]
    assert parsed.problems == ("the attached file ../none.xls is missing",)


@pytest.mark.parametrize("namespace", ["http://www.ofdspec.org", "urn:example:ofd", "http://www.ofdspec.org/2016"])
def test_the_namespace_does_not_matter(namespace: str) -> None:
    parsed = read(parts_of(layer(words("村务公开", 30, 30)), namespace=namespace))
    assert (parsed.body, parsed.problems) == ("村务公开", ())


@pytest.mark.parametrize(
    "location",
    [
        "/Doc_0/Pages/P/Content.xml",
        "Doc_0/Pages/P/Content.xml",
        "Pages\\P\\Content.xml",
        "pages/p/CONTENT.XML",
        "./Pages/Q/../P/Content.xml",
        " Pages/P/Content.xml\n",
    ],
)
@pytest.mark.parametrize(
    "name", ["Doc_0/Pages/P/Content.xml", "Doc_0\\Pages\\P\\Content.xml", "/Doc_0/pages/P/content.xml"]
)
def test_paths_are_found_however_they_are_written(location: str, name: str) -> None:
    parts = parts_of(files={name: part("Page", layer(words("村务公开", 30, 30)))})
    document = str(parts["Doc_0/Document.xml"]).replace(
        "<ofd:Pages>", f'<ofd:Pages><ofd:Page ID="1" BaseLoc="{location}"/>'
    )
    parsed = read(parts | {"Doc_0/Document.xml": document})
    assert (parsed.body, parsed.problems) == ("村务公开", ())


def _der(tag: int, *contents: bytes) -> bytes:
    content = b"".join(contents)
    size = len(content).to_bytes(2, "big")
    return bytes([tag]) + (bytes([len(content)]) if len(content) < 128 else b"\x82" + size) + content


def _name(organisation: str) -> bytes:
    pair = _der(0x30, _der(0x06, b"\x55\x04\x0a"), _der(0x0C, organisation.encode()))
    return _der(0x30, _der(0x31, pair))


@pytest.mark.parametrize("seal_beside", [True, False])
def test_a_signature_names_its_seal_its_signer_and_its_day(seal_beside: bool) -> None:
    header = _der(0x30, _der(0x16, b"ES"), _der(0x02, b"\x04"), _der(0x16, b"TEST"))
    about = _der(0x30, _der(0x02, b"\x03"), _der(0x0C, "清河区民政局业务专用章".encode()), _der(0x17, b"200720000000Z"))
    seal = _der(0x30, _der(0x30, header, _der(0x16, b"3501"), about), _der(0x04, b"cert"))
    algorithm, validity = _der(0x30, _der(0x06, b"\x2a")), _der(0x30, _der(0x17, b"200101000000Z"))
    fields = (_der(0x02, b"\x01"), algorithm, _name("发证中心"), validity, _name("清河区民政局"))
    certificate = _der(0x30, _der(0x30, _der(0xA0, _der(0x02, b"\x02")), *fields), algorithm)
    value = _der(0x30, _der(0x30, _der(0x02, b"\x04"), seal), _der(0x04, certificate), _der(0x03, b"\x00"))
    info = (
        "<ofd:SignedInfo><ofd:Provider><ofd:ProviderName>签章客户端</ofd:ProviderName></ofd:Provider>"
        "<ofd:SignatureDateTime>2020-07-20 10:15:00</ofd:SignatureDateTime>"
        f"{'<ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal>' * seal_beside}</ofd:SignedInfo>"
        "<ofd:SignedValue>SignedValue.dat</ofd:SignedValue>"
    )
    listed = part("Signatures", '<ofd:Signature ID="1" BaseLoc="Sign_0/Signature.xml"/>')
    parsed = read(
        parts_of(
            layer(words("公开办法", 30, 30)),
            body="<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>",
            files={
                "Doc_0/Signs/Signatures.xml": listed,
                "Doc_0/Signs/Sign_0/Signature.xml": part("Signature", info),
                "Doc_0/Signs/Sign_0/Seal.esl": seal,
                "Doc_0/Signs/Sign_0/SignedValue.dat": value,
            },
        )
    )
    assert parsed.extra["signatures"] == [
        {
            "seal": "清河区民政局业务专用章",
            "organisation": "清河区民政局",
            "signed_on": "2020-07-20",
            "provider": "签章客户端",
        }
    ]
