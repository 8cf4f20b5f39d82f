"""What a person sees in a workbook (.xlsx, .xls) or a table of text (.csv)."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from PIL import Image as Picture

from corpus.parsers import Cell, Parsed, Source
from corpus.parsers.dispatch import parse
from tests.corpus.parsers.workbooks import make_xls, raw_xlsx

HEADER = ("序号", "公开事项", "公开内容", "公开时限")


def read(book: openpyxl.Workbook, name: str = "附件.xlsx") -> Parsed:
    stream = io.BytesIO()
    book.save(stream)
    return parse(Source(data=stream.getvalue(), name=name))


def catalog() -> openpyxl.Workbook:
    """A catalog as offices publish them: a title over all columns, items over several rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "社会救助"
    sheet.append(["附件1"])
    sheet.append(["清河区社会救助领域基层政务公开标准目录"])
    sheet.append(HEADER)
    sheet.append([1, "最低生活保障", "保障对象名单", "每月10日前"])
    sheet.append([2, None, "资金支出\n情况", date(2020, 7, 28)])
    sheet.append([])
    sheet.append([3, "临时救助", "救助对象", "20个工作日内"])
    sheet.merge_cells("A2:D2")
    sheet.merge_cells("B4:B5")
    return book


def test_a_catalog_gives_its_rows_and_its_merged_cells() -> None:
    parsed = read(catalog())
    assert parsed.title == "清河区社会救助领域基层政务公开标准目录"
    assert parsed.parser.startswith("spreadsheet/2")
    assert parsed.body.split("\n") == [
        "附件1",
        "清河区社会救助领域基层政务公开标准目录",
        "序号\t公开事项\t公开内容\t公开时限",
        "1\t最低生活保障\t保障对象名单\t每月10日前",
        "2\t\t资金支出 情况\t2020-07-28",
        "3\t临时救助\t救助对象\t20个工作日内",
    ]
    (table,) = parsed.tables
    assert (table.place, table.caption) == ("sheet 社会救助", "清河区社会救助领域基层政务公开标准目录")
    assert Cell("最低生活保障", 3, 1, rows=2) in table.cells
    assert Cell("清河区社会救助领域基层政务公开标准目录", 1, 0, columns=4) in table.cells
    assert Cell("资金支出\n情况", 4, 2) in table.cells
    assert parsed.problems == ()


@pytest.mark.parametrize("form", ["xlsx", "xls", "csv"])
def test_empty_columns_stand_where_they_are_but_for_the_last(form: str) -> None:
    filled = {(0, 0): "序号", (0, 2): "事项", (1, 0): "一", (1, 2): "低保", (1, 3): "每月"}
    if form == "xlsx":
        book = openpyxl.Workbook()
        for (row, column), text in filled.items():
            book.active.cell(row + 1, column + 1, text)
        book.active.cell(2, 7, " ")
        parsed = read(book)
    elif form == "xls":
        parsed = parse(Source(data=make_xls({place: (text, 0) for place, text in filled.items()}), name="a.xls"))
    else:
        parsed = parse(Source(data="序号,,事项,,,\n一,,低保,每月,,\n".encode(), name="a.csv"))
    assert parsed.body.split("\n") == ["序号\t\t事项", "一\t\t低保\t每月"]
    assert [(cell.column, cell.text) for cell in parsed.tables[0].cells if cell.row] == [
        (0, "一"),
        (2, "低保"),
        (3, "每月"),
    ]


def test_a_column_before_the_table_stays_and_a_far_cell_does_not_pad_every_row() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["B1"], sheet["C1"], sheet["XFD1"] = "序号", "事项", "备注"
    sheet.merge_cells("C1:D1")
    (table,) = read(book).tables
    assert table.cells == (Cell("序号", 0, 1), Cell("事项", 0, 2, columns=2), Cell("备注", 0, 23))


def test_several_sheets_stand_below_their_names() -> None:
    book = catalog()
    second = book.create_sheet("扶贫")
    second.append(["序号", "事项"])
    second.append(["1", "扶贫项目"])
    book.create_sheet("空表")
    parsed = read(book)
    assert parsed.body.startswith("社会救助\n附件1\n")
    assert parsed.body.endswith("\n扶贫\n序号\t事项\n1\t扶贫项目")
    assert [table.place for table in parsed.tables] == ["sheet 社会救助", "sheet 扶贫"]


def test_numbers_and_dates_are_as_shown() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    cells = [
        (3.0, "General"),
        (7, "000"),
        (0.256, "0.0%"),
        (date(2020, 7, 28), 'yyyy"年"m"月"'),
        (44040 + 9.5 / 24, "yyyy-mm-dd hh:mm"),
        (True, "General"),
    ]
    for row, (value, code) in enumerate(cells, 1):
        sheet.cell(row, 1, value).number_format = code
    assert read(book).body.split("\n") == ["3", "007", "25.6%", "2020年7月", "2020-07-28 09:30", "TRUE"]


def test_a_table_without_a_title_is_called_as_its_file() -> None:
    book = openpyxl.Workbook()
    book.active.append(["序号", "名称"])
    book.active.append([1, "反洗钱法"])
    assert read(book, "dir/法规清单.xlsx").title == "法规清单"


def test_what_is_hidden_is_left_out_and_named() -> None:
    book = catalog()
    sheet = book.active
    sheet.append([4, "秘密事项", "内部掌握", "不公开"])
    sheet.row_dimensions[8].hidden = True
    sheet["F3"], sheet["F4"] = "身份证号", "330106"
    sheet.column_dimensions["F"].hidden = True
    sheet.row_dimensions[4].hidden = True  # the first row of 最低生活保障: the cell shows in what is left of it
    book.create_sheet("底稿").append(["草稿"])
    book["底稿"].sheet_state = "hidden"
    book.create_sheet("参数").append(["密钥"])
    book["参数"].sheet_state = "veryHidden"
    parsed = read(book)
    for secret in ("秘密事项", "身份证号", "330106", "草稿", "密钥", "保障对象名单"):
        assert secret not in parsed.body
        assert all(secret not in cell.text for table in parsed.tables for cell in table.cells)
    assert "2\t最低生活保障\t资金支出 情况\t2020-07-28" in parsed.body
    assert parsed.problems == (
        "2 hidden rows and 1 hidden column of sheet 社会救助 are left out",
        "hidden sheets are left out: 底稿, 参数",
    )


def test_formulas_show_what_was_stored_and_are_never_computed() -> None:
    parsed = parse(
        Source(
            data=raw_xlsx(
                '<sheetData><row><c><f>1+1</f><v>2</v></c><c t="str"><f>A1&amp;""</f><v>合计</v></c>'
                "<c><f>SUM(A1)</f></c>"
                '<c t="str"><f>""</f><v></v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row></sheetData>'
            )
        )
    )
    assert parsed.body == "2\t合计\t\t\t#DIV/0!"
    assert parsed.problems == ("1 formulas on sheet 目录 have no stored value",)


def test_cells_without_references_prefixes_and_reading_aids() -> None:
    parsed = parse(
        Source(
            data=raw_xlsx(
                '<x:sheetData xmlns:x="urn:x"/><sheetData><row><c t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c>'
                '<c t="inlineStr"><is><r><t>分</t></r><r><t>段</t></r></is></c></row>'
                '<row r="3"><c t="s"><v>9</v></c><c t="d"><v>2020-07-28T00:00:00</v></c></row></sheetData>',
                "<si><t>村务</t><rPh><t>cūnwù</t></rPh></si><si><t>一_x000A_二_x0000__xD800_</t></si>",
            )
        )
    )
    assert parsed.body.split("\n") == ["村务\t\t一 二\t分段", "\t2020-07-28"]


def test_comments_stand_behind_the_rows() -> None:
    book = catalog()
    book.active["B4"].comment = Comment("填写说明：按月更新", "办公室")
    assert read(book).body.endswith("20个工作日内\n填写说明：按月更新")


def test_a_workbook_of_pictures_needs_ocr() -> None:
    stream = io.BytesIO()
    Picture.new("RGB", (8, 8)).save(stream, "PNG")
    book = openpyxl.Workbook()
    book.active.add_image(Image(stream))
    parsed = read(book, "扫描件.xlsx")
    assert (parsed.title, parsed.body, parsed.problems) == ("扫描件", "", ("no text: needs OCR",))
    assert parsed.needs_ocr


def test_an_old_workbook_reads_as_a_new_one() -> None:
    data = make_xls(
        {
            (0, 0): ("清河区行政权力清单", 0),
            (1, 0): ("序号", 0),
            (1, 1): ("事项", 0),
            (1, 2): ("日期", 0),
            (2, 0): (1.0, 0),
            (2, 1): ("户籍登记", 0),
            (2, 2): (44040.0, 31),
            (3, 0): (7.0, 164),
            (3, 2): (44040.0, 165),
            (4, 0): (True, 0),
            (5, 0): ("内部事项", 0),
            (1, 3): ("内部备注", 0),
        },
        formats=("000", "yyyy\\-mm\\-dd"),
        merged=[(0, 0, 0, 2), (2, 3, 1, 1)],
        hidden_rows=[5],
        hidden_columns=[3],
        hidden_sheet="底稿",
    )
    parsed = parse(Source(data=data, name="清单.xls"))
    assert (parsed.title, parsed.media_type) == ("清河区行政权力清单", "application/vnd.ms-excel")
    assert parsed.body.split("\n") == [
        "清河区行政权力清单",
        "序号\t事项\t日期",
        "1\t户籍登记\t2020年7月28日",
        "007\t\t2020-07-28",
        "TRUE",
    ]
    assert Cell("户籍登记", 2, 1, rows=2) in parsed.tables[0].cells
    assert parsed.problems == (
        "1 hidden row and 1 hidden column of sheet 目录 are left out",
        "hidden sheets are left out: 底稿",
    )


@pytest.mark.parametrize("charset", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_table_of_text_in_any_encoding(charset: str, separator: str) -> None:
    rows = [("序号", "单位名称", "说明"), ("001", "清河区民政局", '"含分隔符,\t;\n的说明"'), ("002", "", "无")]
    data = "\r\n".join(separator.join(row) for row in rows).encode(charset)
    parsed = parse(Source(data=data, name="单位名录.csv"))
    assert (parsed.title, parsed.media_type) == ("单位名录", "text/csv")
    assert parsed.body.split("\n") == ["序号\t单位名称\t说明", "001\t清河区民政局\t含分隔符, ; 的说明", "002\t\t无"]
    assert parsed.tables[0].place == ""
    assert parsed.problems == ()


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_rest() -> None:
    data = '序号,名称\n1,"清河区\n2,白云区\n'.encode()
    parsed = parse(Source(data=data, name="a.csv"))
    assert parsed.body.split("\n") == ["序号\t名称", '1\t"清河区', "2\t白云区"]
    assert "not closed" in parsed.problems[0]


def test_marks_inside_a_cell_and_a_declared_separator() -> None:
    data = 'sep=;\n序号;名称\n1;"甲"乙\n2;"丙;丁"\n'.encode("gb18030")
    assert parse(Source(data=data, name="a.csv")).body.split("\n") == ["序号\t名称", "1\t甲乙", "2\t丙;丁"]


REAL = {
    "law_list.xls": (
        "law_list",
        ["sheet 质量"],
        780,
        "1\t中华人民共和国反洗钱法\t中华人民共和国主席令第38号\t2025.01.01",
    ),
    "chongqing-numbers.xlsx": (
        "chongqing-numbers",
        ["sheet Sheet1"],
        4545,
        "成文日期 ：2023-06-14\t发文字号：渝府发〔2023〕15号",
    ),
    "农业厅、农业局数据源.xlsx": (
        "农业厅、农业局数据源",
        ["sheet 农业厅", "sheet 农业局"],
        132,
        "农业局\n行政区代码\t农业厅名称\t官网链接\n360100\t南昌市农业农村局\thttps://nyj.nc.gov.cn/",
    ),
}


@pytest.mark.realdata
def test_every_real_sheet_is_read(realdata: Path) -> None:
    assert {path.name for path in (realdata / "sheets").iterdir()} == set(REAL)
    for name, (title, places, cells, seen) in REAL.items():
        parsed = parse(Source(data=(realdata / "sheets" / name).read_bytes(), name=name))
        assert (parsed.title, [table.place for table in parsed.tables]) == (title, places)
        assert sum(len(table.cells) for table in parsed.tables) == cells
        assert seen in parsed.body
        assert parsed.problems == ()
