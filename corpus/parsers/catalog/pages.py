"""Which rows and tables belong to a catalog: its next page, a section row, a row that numbers the columns?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from corpus.parsers import Cell, Table
from corpus.parsers.catalog.header import Columns, Grid, Header, find_headers
from corpus.parsers.catalog.marks import read_mark, squeeze

_SERIAL = re.compile(r"[A-Za-z]{0,4}[-\d.]{1,12}|[一二三四五六七八九十]{1,4}")
_MIN_PLAUSIBLE = 0.8  # of the rows of a table without a header: so many must look like the catalog's before they go on
_MAX_MARK_WORDS = 40  # characters: what stands in a mark column is a mark, or the name of a group


def body_spans(table: Table) -> bool:
    """Whether a cell below the headers of the table covers several rows."""
    if all(cell.rows == 1 for cell in table.cells):
        return False
    heads = {row for header in find_headers(table.grid()) for row in range(header.first, header.end)}
    return any(cell.rows > 1 and cell.row not in heads for cell in table.cells)


def cells_at(grid: Grid, row: int, places: Iterable[int]) -> list[Cell]:
    """The cells over these columns of a row, each once; empty ones are left out."""
    found = (cell for place in places if (cell := grid[row][place]) is not None and cell.text.strip())
    return list(dict.fromkeys(found))


def own_cells(grid: Grid, row: int) -> list[Cell]:
    """The cells with text that begin in this row."""
    return [cell for cell in cells_at(grid, row, range(len(grid[row]))) if cell.row == row]


def is_serial(text: str) -> bool:
    """Whether the text reads like a serial (序号): 12, 0507, A-3, 十二."""
    return _SERIAL.fullmatch(squeeze(text)) is not None


def section_text(grid: Grid, row: int, columns: Columns | None) -> str:
    """The text of a row that says only one thing; empty for any other row.

    Its cell covers half of the width or more; or it stands in the first column or in that of the item, alone because
    its span was lost, and does not read like a serial.
    """
    said = cells_at(grid, row, range(len(grid[row])))
    if len(said) != 1 or said[0].row != row:
        return ""
    cell = said[0]
    first = cell.column == 0 or (columns is not None and cell.column in columns.texts.get("item", ()))
    if cell.columns * 2 >= len(grid[row]) or (first and not is_serial(cell.text)):
        return cell.text
    return ""


def numbers_columns(grid: Grid, row: int) -> bool:
    """Whether the row, below a header, only numbers its columns: 1 2 3 …, （1）（2）（3） …."""
    if row >= len(grid):
        return False
    said = [squeeze(cell.text).strip("()栏次") for cell in own_cells(grid, row)]
    numbers = [int(text) for text in said if text.isdecimal() and len(text) < 3]
    return 3 < len(numbers) == len(said) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def repeats(header: Header, columns: Columns) -> bool:
    """Whether the header says of the columns what the last one said, as on the next page."""
    new = header.columns
    return (new.texts, new.marks, new.channels) == (columns.texts, columns.marks, columns.channels)


def restarts(grid: Grid, headers: Sequence[Header]) -> bool:
    """Whether the rows below the first header begin with number 1: another catalog, not another page of it."""
    if not headers or "serial" not in headers[0].columns.texts:
        return False
    places, first = headers[0].columns.texts["serial"], headers[0].end
    said = [cell.text for row in range(first, min(len(grid), first + 3)) for cell in cells_at(grid, row, places)]
    return bool(said) and squeeze(said[0]) in {"1", "01", "001"}


def widened(grid: list[list[Cell | None]], columns: Columns) -> list[list[Cell | None]]:
    """The grid with the columns at its right that are missing where all are empty on this page; as it is if a column of
    text would be among them."""
    texts = [place for name, places in columns.texts.items() for place in places if name != "audiences"]
    width = len(grid[0]) if grid else 0
    if max(texts, default=0) < width < columns.width:
        return [[*line, *[None] * (columns.width - width)] for line in grid]
    return grid


def goes_on(grid: Grid, columns: Columns) -> bool:
    """Whether a table without a header is the next page of the catalog: no more columns than that has, and serials and
    marks in most of the rows where they belong."""
    if not grid or len(grid[0]) < columns.width:
        return False
    if any(cell.column >= columns.width for row in range(len(grid)) for cell in own_cells(grid, row)):
        return False
    rows = [row for row in range(len(grid)) if own_cells(grid, row) and not section_text(grid, row, columns)]
    good = telling = 0
    for row in rows:
        serials = cells_at(grid, row, columns.texts.get("serial", ()))
        marks = [read_mark(cell.text) for cell in cells_at(grid, row, columns.marks)]
        plain = all(len(mark.text) < _MAX_MARK_WORDS for mark in marks)
        good += plain and all(is_serial(cell.text) for cell in serials)
        telling += bool(serials) or any(mark.ticked and not mark.text for mark in marks)
    return bool(rows) and good >= _MIN_PLAUSIBLE * len(rows) and (telling > 0 or len(rows) == 1)


def single_values(grid: Grid, headers: Sequence[Header]) -> set[str]:
    """The fields for which the whole table gives one value, in its first row: the span over all rows was lost."""
    heads = {row for header in headers for row in range(header.first, header.end)}
    body = [row for row in range(headers[0].end, len(grid)) if row not in heads and own_cells(grid, row)]
    single = set()
    for name in ("basis", "time_limit", "publisher", "channels"):
        said = [row for row in body if cells_at(grid, row, headers[0].columns.texts.get(name, ()))]
        if len(body) > 2 and len(said) == 1 and said[0] in body[:2]:  # above it may stand a section row
            single.add(name)
    return single
