"""Tables of PDF files: cells and their spans, their place in the body, and tables that go on over pages."""

from __future__ import annotations

from reportlab.pdfgen.canvas import Canvas

from corpus.parsers import Parsed, Source, Table
from corpus.parsers.pdf import parse_pdf
from tests.corpus.parsers.pdf_scans import A4, Draw, draw_pdf, table, together, words

HEADER = ["序号", "公开事项", "公开时限", "公开主体"]
WIDTHS = [50, 160, 130, 130]


def read(*pages: Draw) -> Parsed:
    return parse_pdf(Source(data=draw_pdf(*pages), name="目录.pdf"))


def texts(found: Table) -> list[list[str | None]]:
    return [[None if cell is None else cell.text for cell in row] for row in found.grid()]


def test_a_table_stands_once_in_its_place() -> None:
    rows = [HEADER, ["1", "财政预算", "20个工作日", "区财政局"], ["2", "财政决算", "20个工作日", "区财政局"]]
    parsed = read(
        together(
            words((240, 80, "财政领域公开目录"), (60, 220, "注：节假日顺延。")),
            table(rows, 100, WIDTHS),
        )
    )
    assert parsed.body.split("\n") == [
        "财政领域公开目录",
        "序号\t公开事项\t公开时限\t公开主体",
        "1\t财政预算\t20个工作日\t区财政局",
        "2\t财政决算\t20个工作日\t区财政局",
        "注：节假日顺延。",
    ]
    (found,) = parsed.tables
    assert (found.place, found.caption) == ("page 1", "财政领域公开目录")
    assert texts(found) == rows


def test_spans_are_those_of_the_lines() -> None:
    rows = [
        ["序号", "公开事项", "←", "公开主体"],
        ["↑", "一级", "二级", "↑"],
        ["1", "财政", "预算", "区财政局"],
        ["2", "↑", "决算", ""],
    ]
    parsed = read(table(rows, 100, WIDTHS))
    (found,) = parsed.tables
    spans = {cell.text: (cell.row, cell.column, cell.rows, cell.columns) for cell in found.cells if cell.text}
    assert spans["公开事项"] == (0, 1, 1, 2)
    assert spans["序号"] == (0, 0, 2, 1)
    assert spans["财政"] == (2, 1, 2, 1)
    assert parsed.body.split("\n") == [
        "序号\t公开事项\t\t公开主体",
        "\t一级\t二级",
        "1\t财政\t预算\t区财政局",
        "2\t\t决算",
    ]


def test_lines_of_a_cell_are_joined_and_its_marks_stay_paragraphs() -> None:
    def draw(canvas: Canvas) -> None:
        for n, line in enumerate(["本机关年度财政预算和", "决算的情况"]):
            canvas.drawString(65, A4[1] - 116 - 15 * n, line)
        for n, line in enumerate(["■政府网站", "□政府公报"]):
            canvas.drawString(195, A4[1] - 116 - 15 * n, line)

    parsed = read(together(table([["", ""]], 100, [130, 130], height=60), draw))
    assert texts(parsed.tables[0]) == [["本机关年度财政预算和决算的情况", "■政府网站\n□政府公报"]]
    assert parsed.body == "本机关年度财政预算和决算的情况\t■政府网站 □政府公报"


def test_a_table_open_at_its_sides_has_all_its_columns() -> None:
    def draw(canvas: Canvas) -> None:
        for y in (100, 124, 148):
            canvas.line(60, A4[1] - y, 360, A4[1] - y)
        for x in (160, 260):
            canvas.line(x, A4[1] - 100, x, A4[1] - 148)

    names = words(*((65.0 + 100 * n, 116 + 24.0 * row, f"{row}行{n}列") for row in range(2) for n in range(3)))
    (found,) = read(together(draw, names)).tables
    assert texts(found) == [["0行0列", "0行1列", "0行2列"], ["1行0列", "1行1列", "1行2列"]]


def test_a_table_that_goes_on_over_a_page_is_one() -> None:
    first = [HEADER, ["1", "财政预算", "20个工作日", "区财政局"]]
    second = [["2", "财政决算", "20个工作日", "区财政局"]]
    for pages in ([first, second], [first, [HEADER, *second]]):
        parsed = read(
            together(table(pages[0], 700, WIDTHS), words((270, 800, "— 1 —"))),
            together(table(pages[1], 80, WIDTHS), words((60, 400, "以上事项。"), (270, 800, "— 2 —"))),
        )
        (found,) = parsed.tables
        assert found.place == "pages 1–2"
        assert texts(found) == [*first, *second]
        assert parsed.body.split("\n") == ["\t".join(row) for row in [*first, *second]] + ["以上事项。"]


def test_a_row_cut_by_the_end_of_a_page_is_one() -> None:
    first = [HEADER, ["1", "财政预算", "信息形成之日起", "区财政局"]]
    second = [["", "", "20个工作日内", ""], ["2", "财政决算", "及时", "区财政局"]]
    (found,) = read(table(first, 700, WIDTHS), table(second, 80, WIDTHS)).tables
    assert texts(found)[1:] == [["1", "财政预算", "信息形成之日起20个工作日内", "区财政局"], second[1]]


def test_other_columns_or_text_between_make_two_tables() -> None:
    rows = [HEADER, ["1", "财政预算", "20个工作日", "区财政局"]]
    other = [160, 50, 130, 130]
    assert len(read(table(rows, 700, WIDTHS), table(rows, 80, other)).tables) == 2
    between = together(words((60, 75, "二、教育领域目录如下：")), table(rows, 120, WIDTHS))
    assert len(read(table(rows, 700, WIDTHS), between).tables) == 2


def test_a_frame_with_text_is_no_table() -> None:
    def frame(canvas: Canvas) -> None:
        canvas.rect(50, 300, 500, 400)

    parsed = read(together(frame, words((60, 200, "清河区公告"), (60, 230, "现予公告。"))))
    assert (parsed.tables, parsed.body) == ((), "清河区公告\n现予公告。")
