"""PDF: reading order, running heads, columns, turned pages, outline, and files that were made to do harm."""

from __future__ import annotations

import math
import time
import zlib

import pytest
from reportlab.lib import pdfencrypt
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source, ocr, pdf
from corpus.parsers.pdf import pages as pdf_pages
from corpus.parsers.pdf import parse_pdf
from corpus.parsers.pdf.symbols import read_symbol
from tests.corpus.parsers.pdf_scans import A4, Draw, draw_pdf, together, words

TITLE = "清河区政务公开工作要点"


def read(*pages: Draw) -> Parsed:
    return parse_pdf(Source(data=draw_pdf(*pages), name="要点.pdf"))


def test_columns_are_read_one_after_the_other() -> None:
    paragraphs = [
        "清河区人民政府依法公开财政预算和决算，公开民生项目的进展，公开重大建设项目的批准和实施情况，接受监督。",
        "各镇人民政府参照执行本要点，并应当按时于每年一月底前报告上一年度的公开情况，由区政务公开办公室汇总。",
        "本要点自印发之日起执行，由区政务公开办公室负责解释，以往规定与本要点不一致的以本要点为准。",
    ]
    indented = [f"　　{paragraph}" for paragraph in paragraphs]
    lines = [text[start : start + 20] for text in indented for start in range(0, len(text), 20)]
    page = [(200.0, 80.0, TITLE)]
    page += [(60.0, 120 + 20.0 * n, text) for n, text in enumerate(lines[:5])]
    page += [(330.0, 127 + 20.0 * n, text) for n, text in enumerate(lines[5:])]
    assert read(words(*page)).body.split("\n") == [TITLE, *paragraphs]


@pytest.mark.parametrize(
    "number",
    [
        "— {} —",
        "{}",
        "- {} -",
        "第 {} 页 共 3 页",
        "第{}页，共3页",
        "{}/3",
        "Page {} of 3",
        "· {} ·",
        "－{}－",
        "共3页 第{}页",
    ],
)
def test_running_heads_and_page_numbers_are_left_out(number: str) -> None:
    texts = ["推进决策公开。", "推进执行公开。", "推进结果公开。"]
    pages = [
        words((60, 50, TITLE), (60, 100, text), (270, 800, number.format(page))) for page, text in enumerate(texts, 1)
    ]
    assert read(*pages).body.split("\n") == texts


def test_roman_page_numbers_are_left_out_and_years_in_the_text_are_not() -> None:
    body = read(
        words((60, 100, "年份"), (60, 120, "2020"), (270, 800, "ⅳ")), words((60, 100, "2021"), (270, 800, "xii"))
    ).body
    assert body.split("\n") == ["年份", "2020", "2021"]


def test_a_title_that_stands_once_is_no_running_head() -> None:
    assert (
        read(words((60, 50, TITLE), (60, 100, "正文。")), words((60, 50, "附则"), (60, 100, "其他。"))).title == TITLE
    )


def test_copies_of_one_page_keep_their_text() -> None:
    assert read(*[words((60, 50, TITLE))] * 3).body == "\n".join([TITLE] * 3)


def test_latin_words_are_joined_with_a_space_and_chinese_with_none() -> None:
    lines = [
        "The annual report on open government lists every request that the office answered in the year",
        "2019 and every reason why a request was refused.",
    ]
    chinese = "政" * int(stringWidth(lines[0], "STSong-Light", 12) / 12)
    body = read(words((60, 100, lines[0]), (60, 120, lines[1]), (60, 160, chinese), (60, 180, "务公开。"))).body
    assert body.split("\n") == [" ".join(lines), chinese + "务公开。"]


def test_a_contents_list_keeps_its_lines() -> None:
    lines = [f"第{n}章 总则{'…' * 30}{page}" for n, page in (("一", 1), ("二", 12), ("三", 25))]
    assert read(words(*((60.0, 100 + 20.0 * n, line) for n, line in enumerate(lines)))).body.split("\n") == lines


def test_a_title_over_two_lines_is_one() -> None:
    def heading(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 22)
        canvas.drawCentredString(A4[0] / 2, 740, "清河区人民政府办公室关于印发")
        canvas.drawCentredString(A4[0] / 2, 706, "政务公开工作要点的通知")
        canvas.setFont("STSong-Light", 12)

    text = [
        (60.0, 200 + 20.0 * n, "各镇人民政府应当按照要点的要求做好公开工作，定期检查落实情况并报告。") for n in range(4)
    ]
    assert read(together(heading, words(*text))).title == "清河区人民政府办公室关于印发政务公开工作要点的通知"


def test_a_page_with_a_turn_is_read_as_it_is_shown() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(90)
        canvas.rotate(90)
        canvas.drawString(60, -100, TITLE)
        canvas.drawString(60, -130, "一、推进决策公开。")

    assert read(draw).body.split("\n") == [TITLE, "一、推进决策公开。"]


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_text_that_lies_on_its_side_is_read_upright(angle: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(300, 400)
        canvas.rotate(angle)
        for n, text in enumerate((TITLE, "一、推进决策公开。", "二、推进执行公开。")):
            canvas.drawString(-100, -30 * n, text)

    assert read(draw).body.split("\n") == [TITLE, "一、推进决策公开。", "二、推进执行公开。"]


def test_a_watermark_is_left_out_and_a_note_on_the_margin_is_read_last() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(100, 300)
        canvas.rotate(45)
        canvas.drawString(0, 0, "内部资料请勿外传")
        canvas.restoreState()
        canvas.saveState()
        canvas.translate(20, 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "装订线")
        canvas.restoreState()

    assert read(together(draw, words((60, 100, TITLE), (60, 120, "正文。")))).body.split("\n") == [
        TITLE,
        "正文。",
        "装订线",
    ]


def test_bold_that_is_drawn_twice_is_read_once() -> None:
    assert read(words((60, 100, TITLE), (60.3, 100, TITLE))).body == TITLE


@pytest.mark.parametrize(
    ("code", "font", "mark"),
    [
        ("\uf052", "ABCDEF+Wingdings2", "☑"),
        ("\uf0fe", "Wingdings-Regular", "☑"),
        ("\uf0a8", "Wingdings", "□"),
        ("\uf0b7", "SymbolMT", "•"),
    ],
)
def test_marks_of_symbol_fonts_are_what_they_show(code: str, font: str, mark: str) -> None:
    assert read_symbol(code, font) == mark


def test_outline_and_information_are_kept() -> None:
    def first(canvas: Canvas) -> None:
        canvas.setTitle(TITLE)
        canvas.setAuthor("清河区政务公开办公室")
        canvas.bookmarkPage("a")
        canvas.addOutlineEntry("一、决策公开", "a", level=0)
        canvas.bookmarkPage("b")
        canvas.addOutlineEntry("（一）重大项目", "b", level=1)
        canvas.drawString(60, 700, TITLE)

    def second(canvas: Canvas) -> None:
        canvas.bookmarkPage("c")
        canvas.addOutlineEntry("二、执行公开", "c", level=0)
        canvas.drawString(60, 700, "正文。")

    extra = read(first, second).extra
    assert extra["outline"] == [[1, "一、决策公开", 1], [2, "（一）重大项目", 1], [1, "二、执行公开", 2]]
    info = extra["info"]
    assert isinstance(info, dict)
    assert (info["title"], info["author"]) == (TITLE, "清河区政务公开办公室")


def test_what_the_program_filled_in_is_no_information() -> None:
    info = read(words((60, 100, TITLE))).extra["info"]
    assert isinstance(info, dict)
    assert info.keys().isdisjoint({"title", "author", "subject", "creator"})
    assert "ReportLab" in info["producer"]


def test_a_file_that_only_its_owner_may_change_opens() -> None:
    lock = pdfencrypt.StandardEncryption("", ownerPassword="区政务办", canModify=0, canCopy=0)
    assert parse_pdf(Source(data=draw_pdf(words((60, 100, TITLE)), encrypt=lock))).body == TITLE


def test_a_file_with_a_password_is_refused() -> None:
    lock = pdfencrypt.StandardEncryption("qinghe")
    with pytest.raises(UnreadableError, match="locked with a password"):
        parse_pdf(Source(data=draw_pdf(words((60, 100, TITLE)), encrypt=lock)))


def test_pages_beyond_the_limit_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    monkeypatch.setattr(pdf_pages, "MAX_PAGES", 2)
    parsed = read(*(words((60, 100, text)) for text in ("第一页的话。", "第二页的话。", "第三页的话。")))
    assert parsed.body.split("\n") == ["第一页的话。", "第二页的话。"]
    assert parsed.problems == ("only the first 2 pages were read",)


def test_a_page_of_too_many_objects_costs_that_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "MAX_OBJECTS", 100)
    parsed = read(words((60, 100, TITLE)), words(*((60.0, 20.0 * n, "推进决策公开。" * 3) for n in range(9))))
    assert parsed.body == TITLE
    assert "page 2" in parsed.problems[-1]


def test_a_file_whose_pages_all_fail_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_pages, "MAX_CONTENT_BYTES", 1)
    monkeypatch.setattr(ocr, "available", lambda: False)
    with pytest.raises(UnreadableError, match="damaged"):
        read(words((60, 100, TITLE)))


def raw_pdf(*objects: bytes) -> bytes:
    """A file of these objects, numbered from 1, the first the catalog; without a table of objects, which is rebuilt."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, text) for number, text in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"


def stream(entries: bytes, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>"
)
HOSTILE = {
    "a loop of pages": raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>"
    ),
    "forms in forms": raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        PAGE,
        stream(b"", b"/F Do " * 10),
        *(
            stream(
                b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F %d 0 R >> >>"
                % (number + 1),
                b"/F Do " * 10,
            )
            for number in range(5, 25)
        ),
    ),
    "a form in itself": raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        PAGE,
        stream(b"", b"/F Do"),
        stream(b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>", b"/F Do"),
    ),
    "a bomb": raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        PAGE,
        stream(b"/Filter /FlateDecode", zlib.compress(b"q Q " * (20 << 20))),
    ),
    "a page of five kilometres": raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        PAGE.replace(b"595 842", b"14000000 14000000"),
        stream(b"", b"0 0 m 9 9 l S"),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_made_to_do_harm_is_answered_quickly(name: str) -> None:
    started = time.perf_counter()
    try:
        parsed = parse_pdf(Source(data=HOSTILE[name], name="a.pdf"))
    except UnreadableError as refused:
        assert refused.reason == "the PDF is damaged or incomplete"
    else:
        assert parsed.problems
    assert time.perf_counter() - started < 30


def test_a_drawing_of_many_lines_is_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        for n in range(360):
            angle = math.radians(n)
            canvas.line(300, 400, 300 + 200 * math.cos(angle), 400 + 200 * math.sin(angle))

    parsed = read(together(draw, words((60, 100, TITLE))))
    assert (parsed.body, parsed.tables) == (TITLE, ())
