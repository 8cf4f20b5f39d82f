"""A table of texts to take away, as CSV and as XLSX; personal numbers in it are masked, and no cell is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from analyzers.personal_data import mask_personal_data
from webapp.exports.cells import csv_cell, xml_text

# By this mark Excel knows that a CSV file is UTF-8.
_BOM = "\ufeff"
_WIDTH = 24


def table_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of the file, in UTF-8 as Excel reads it."""
    yield _BOM
    for row in (header, *rows):
        line = io.StringIO()
        csv.writer(line).writerow([csv_cell(mask_personal_data(cell)) for cell in row])
        yield line.getvalue()


def table_xlsx(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A workbook of one sheet, its header in bold and fixed."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number in range(len(header)):
        sheet.column_dimensions[chr(ord("A") + number)].width = _WIDTH
    for place, row in enumerate((header, *rows)):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, xml_text(mask_personal_data(text)))
            cell.data_type = "s"
            cell.font = Font(bold=place == 0)
            cells.append(cell)
        sheet.append(cells)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()
