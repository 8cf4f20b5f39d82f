"""Rows of standard catalogs as a spreadsheet in the layout of the template (基层政务公开事项标准目录), and as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from corpus.models import Audience, CatalogEntry, Channel, Level, Mark, Method
from webapp.exports.cells import FORMULA_MARKS, csv_cell, xml_text

CAPTION = "基层政务公开事项标准目录"

_TICK = "√"
_MARKS = {Mark.TICKED: "■", Mark.UNTICKED: "□", Mark.UNMARKED: ""}


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the template: the heading that it stands under, its own, its width in characters, what it shows."""

    group: str
    name: str
    width: int
    show: Callable[[CatalogEntry], str]


def _columns(with_levels: bool) -> list[_Column]:
    """The columns of annex 2 of the plan, in its order; 公开层级 only where a row tells it."""
    columns = [
        _Column("", "序号", 6, lambda entry: entry.serial),
        _Column("公开事项", "一级事项", 14, lambda entry: entry.item),
        _Column("公开事项", "二级事项", 14, lambda entry: entry.subitem),
        _Column("", "公开内容（要素）", 34, lambda entry: entry.content),
        _Column("", "公开依据", 34, lambda entry: entry.basis),
        _Column("", "公开时限", 18, lambda entry: entry.time_limit),
        _Column("", "公开主体", 18, lambda entry: entry.publisher),
        _Column("", "公开渠道和载体", 36, lambda entry: channels_as_published(entry.channels)),
        _Column("公开对象", "全社会", 8, lambda entry: _tick(Audience.WHOLE_SOCIETY in entry.audiences)),
        _Column("公开对象", "特定群体", 10, _specific_group),
        _Column("公开方式", "主动公开", 8, lambda entry: _tick(Method.PROACTIVE in entry.methods)),
        _Column("公开方式", "依申请公开", 8, lambda entry: _tick(Method.ON_REQUEST in entry.methods)),
    ]
    if with_levels:
        columns += [
            _Column("公开层级", "县级", 6, lambda entry: _tick(Level.COUNTY in entry.levels)),
            _Column("公开层级", "乡级", 6, lambda entry: _tick(Level.TOWNSHIP in entry.levels)),
        ]
    return columns


def channels_as_published(channels: Sequence[Channel]) -> str:
    """``■政府网站 □两微一端``, two a line, as the template prints them."""
    named = [f"{_MARKS[item.mark]}{item.name}" for item in channels]
    return "\n".join("  ".join(named[start : start + 2]) for start in range(0, len(named), 2))


def catalog_xlsx(entries: Sequence[CatalogEntry]) -> bytes:
    """A workbook of one sheet: caption, the header in two rows, a row an entry. No cell is a formula."""
    columns = _columns(any(entry.levels for entry in entries))
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)  # noqa: S101
    sheet.title = "标准目录"
    sheet.append([CAPTION])
    sheet.append([column.group or column.name for column in columns])
    sheet.append([column.name if column.group else "" for column in columns])
    for number, entry in enumerate(entries, 1):
        sheet.append([xml_text(entry.serial) or str(number), *(xml_text(column.show(entry)) for column in columns[1:])])
    _merge_header(sheet, columns)
    edge = Side(style="thin", color="808080")
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.border = Border(edge, edge, edge, edge)
            cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center" if cell.row < 4 else None)
            if isinstance(cell.value, str) and cell.value.startswith(FORMULA_MARKS):
                cell.data_type = "s"
                cell.quotePrefix = True
    for column, letter in zip(columns, map(get_column_letter, range(1, len(columns) + 1)), strict=True):
        sheet.column_dimensions[letter].width = column.width
    sheet.freeze_panes = "A4"
    sheet.print_title_rows = "2:3"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _merge_header(sheet: Worksheet, columns: Sequence[_Column]) -> None:
    """The caption over all columns, a group over its own, a column without a group over both header rows."""
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(columns))
    sheet["A1"].font = Font(size=16, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center")
    start = 1
    for number, column in enumerate(columns, 1):
        if not column.group:
            sheet.merge_cells(start_row=2, end_row=3, start_column=number, end_column=number)
        if number == len(columns) or columns[number].group != column.group or not column.group:
            if number > start:
                sheet.merge_cells(start_row=2, end_row=2, start_column=start, end_column=number)
            start = number + 1


def catalog_csv(rows: Sequence[tuple[CatalogEntry, str, str]]) -> Iterator[str]:
    """Lines of CSV for (entry, title of its document, address of its page), with one header line.

    The first begins with a byte order mark, so that spreadsheet programs read it as UTF-8; a cell that would be taken
    for a formula is preceded by an apostrophe.
    """
    columns = _columns(with_levels=True)
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow([*(column.name for column in columns), "时期", "领域", "来源文件", "网址"])
    yield "\ufeff" + line.getvalue()
    for entry, title, address in rows:
        line.seek(0)
        line.truncate()
        cells = [*(column.show(entry) for column in columns), entry.period, entry.domain, title, address]
        writer.writerow([csv_cell(cell) for cell in cells])
        yield line.getvalue()


def _tick(ticked: bool) -> str:
    return _TICK if ticked else ""


def _specific_group(entry: CatalogEntry) -> str:
    if Audience.SPECIFIC_GROUP not in entry.audiences:
        return entry.audience_text
    return f"{_TICK}{entry.audience_text}"
