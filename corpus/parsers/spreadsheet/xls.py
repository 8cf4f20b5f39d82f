"""Which sheets does an old .xls workbook hold? (BIFF 2 to 8, read by xlrd)"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import xlrd

from corpus.errors import UnreadableError
from corpus.parsers.spreadsheet.formats import BUILTIN_FORMATS, show_number
from corpus.parsers.spreadsheet.sheet import Budget, FullError, Merge, Sheet

# Formats that a country's Excel writes into the file itself; all others below 164 are known by their number only.
_WRITTEN_OUT = frozenset((*range(5, 9), *range(37, 45)))
_FIRST_OWN = 164


def read_sheets(data: bytes) -> Iterator[tuple[str, Callable[[Budget], Sheet] | None]]:
    """The name of each sheet in the order of the tabs, and a function that reads it; None if it is hidden.

    Raises UnreadableError when the file is damaged or locked with a password.
    """
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, on_demand=True, ragged_rows=True, logfile=io.StringIO()
        )
    except MemoryError:
        raise
    except Exception as error:  # xlrd lets through whatever a broken record makes it stumble over
        if "encrypted" in str(error):
            raise UnreadableError("the workbook is locked with a password") from error
        raise UnreadableError("the workbook is damaged or incomplete") from error
    for number, name in enumerate(book.sheet_names()):
        yield name, None if book._sheet_visibility[number] else _reader(book, number, name)


def _reader(book: Any, number: int, name: str) -> Callable[[Budget], Sheet]:
    return lambda budget: _sheet(book, number, name, budget)


def _sheet(book: Any, number: int, name: str, budget: Budget) -> Sheet:
    sheet = Sheet(name)
    try:
        read = book.sheet_by_index(number)
    except MemoryError:
        raise
    except Exception as error:
        raise UnreadableError("the workbook is damaged or incomplete") from error
    sheet.merges = [Merge(top, left, bottom - 1, right - 1) for top, bottom, left, right in read.merged_cells]
    sheet.hidden_rows = {row for row, info in read.rowinfo_map.items() if info.hidden}
    sheet.hidden_columns = {column for column, info in read.colinfo_map.items() if info.hidden}
    try:
        for row in range(read.nrows):
            for column, cell in enumerate(read.row(row)):
                sheet.put(row, column, _text(book, cell), budget)
    except FullError:
        sheet.problems.append(f"sheet {name} is too large: only its beginning was read")
    notes = (" ".join(read.cell_note_map[place].text.split()) for place in sorted(read.cell_note_map))
    sheet.notes = [note for note in notes if note]
    book.unload_sheet(number)
    return sheet


def _text(book: Any, cell: Any) -> str:
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return str(cell.value)
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            return show_number(float(cell.value), _format(book, cell.xf_index), since_1904=bool(book.datemode))
        case xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, ""))
        case _:
            return ""


def _format(book: Any, style: int | None) -> str:
    """The number format of a cell style."""
    if style is None or not 0 <= style < len(book.xf_list):
        return ""
    key = book.xf_list[style].format_key
    own = str(book.format_map[key].format_str) if key in book.format_map else ""
    return own if key >= _FIRST_OWN or key in _WRITTEN_OUT else BUILTIN_FORMATS.get(key, own)
