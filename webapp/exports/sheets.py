"""A table of texts that leaves while it is made, as CSV and as XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

from webapp.exports.cells import FORMULA_MARKS, csv_cell, xml_text
from webapp.exports.zip_stream import Member, zip_stream

# By this mark Excel knows that a CSV file is UTF-8.
_BOM = "\ufeff"
# Of a worksheet and of a cell (Excel, specifications and limits); the header is one of the rows.
MAX_XLSX_ROWS = 1_048_575
_MAX_CELL_CHARS = 32_767
# Rows that are handed on together.
_ROWS_A_PIECE = 50

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# The least that a workbook consists of (ECMA-376, part 1, 12.3). Styles: 0 plain, 1 the header, 2 text that Excel must
# not take for a formula when somebody edits the cell.
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/></font>'
        '<font><b/><sz val="11"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/>'
        '<xf fontId="1" applyFont="1" xfId="0"/><xf quotePrefix="1" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


def csv_stream(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The file in UTF-8 as Excel reads it; a cell that would be run as a formula stands behind an apostrophe."""
    yield _BOM.encode()
    line = io.StringIO()
    writer = csv.writer(line)
    for number, row in enumerate(_headed(header, rows), 1):
        writer.writerow([csv_cell(cell) for cell in row])
        if number % _ROWS_A_PIECE == 0:
            yield _taken(line)
    yield _taken(line)


def xlsx_stream(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """A workbook of one sheet, its header in bold and fixed; every cell is a text, none a formula."""
    workbook = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{escape(xml_text(title), {chr(34): "&quot;"})}" sheetId="1" r:id="r1"/></sheets></workbook>'
    )
    parts = {**_PARTS, "xl/workbook.xml": workbook}
    members = [Member(name, [(_XML + text).encode()]) for name, text in parts.items()]
    # With sizes of 64 bits Excel would offer to repair the file; a sheet of `MAX_XLSX_ROWS` hits stays below 2 GiB.
    return zip_stream([*members, Member("xl/worksheets/sheet1.xml", _sheet(header, rows))])


def _headed(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[Sequence[str]]:
    yield header
    yield from rows


def _taken(line: io.StringIO) -> bytes:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text.encode("utf-8", "replace")


def _sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    yield (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{len(header)}" width="20" customWidth="1"/></cols><sheetData>'
    ).encode()
    for number, row in enumerate(_headed(header, rows)):
        cells = "".join(_cell(text, heads=number == 0) for text in row)
        yield f"<row>{cells}</row>".encode("utf-8", "replace")
    yield b"</sheetData></worksheet>"


def _cell(text: str, *, heads: bool) -> str:
    if not text:
        return "<c/>"
    style = 1 if heads else 2 if text.startswith(FORMULA_MARKS) else 0
    shown = escape(xml_text(text[:_MAX_CELL_CHARS]))
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{shown}</t></is></c>'
