"""A table of texts that leaves while it is made, as CSV and as XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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
# Styles of cells: 0 is plain; what looks like a formula is marked as text, for when somebody edits it.
_HEADER, _FORMULA_LIKE, _CAPTION, _FRAMED_HEADER, _FRAMED, _FRAMED_FORMULA_LIKE = range(1, 7)
_WRAPPED = '<alignment vertical="center" wrapText="1"/>'
_CENTRED = '<alignment horizontal="center" vertical="center" wrapText="1"/>'
_EDGES = "".join(
    f'<{side} style="thin"><color rgb="FF808080"/></{side}>' for side in ("left", "right", "top", "bottom")
)
# The least that a workbook consists of (ECMA-376, part 1, 12.3).
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
        f'<styleSheet xmlns="{_MAIN}"><fonts count="3"><font><sz val="11"/></font>'
        '<font><b/><sz val="11"/></font><font><b/><sz val="16"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills><borders count="2"><border/>'
        f"<border>{_EDGES}</border></borders>"
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="7"><xf xfId="0"/>'
        '<xf fontId="1" applyFont="1" xfId="0"/><xf quotePrefix="1" xfId="0"/>'
        f'<xf fontId="2" applyFont="1" applyAlignment="1" xfId="0">{_CENTRED}</xf>'
        f'<xf fontId="1" borderId="1" applyFont="1" applyBorder="1" applyAlignment="1" xfId="0">{_CENTRED}</xf>'
        f'<xf borderId="1" applyBorder="1" applyAlignment="1" xfId="0">{_WRAPPED}</xf>'
        f'<xf borderId="1" quotePrefix="1" applyBorder="1" applyAlignment="1" xfId="0">{_WRAPPED}</xf></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


@dataclass(frozen=True, slots=True)
class Form:
    """A printed form: a caption, lines of headings, column widths in characters, cells that are one (``A1:L1``).

    The lines above the rows stay in sight, and the headings are printed on every page.
    """

    caption: str
    headings: Sequence[Sequence[str]]
    widths: Sequence[int]
    merged: Sequence[str]

    @property
    def lines(self) -> int:
        return 1 + len(self.headings)


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
    return _workbook(title, "", _sheet(header, rows))


def form_stream(title: str, form: Form, rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The same, with the rows in a form."""
    repeated = (
        f'<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">'
        f"'{_attribute(title)}'!$2:${form.lines}</definedName></definedNames>"
    )
    return _workbook(title, repeated, _form_sheet(form, rows))


def _workbook(title: str, names: str, sheet: Iterable[bytes]) -> Iterator[bytes]:
    workbook = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        f'<sheet name="{_attribute(title)}" sheetId="1" r:id="r1"/></sheets>{names}</workbook>'
    )
    parts = {**_PARTS, "xl/workbook.xml": workbook}
    members = [Member(name, [(_XML + text).encode()]) for name, text in parts.items()]
    # With sizes of 64 bits Excel would offer to repair the file; a sheet of `MAX_XLSX_ROWS` hits stays below 2 GiB.
    return zip_stream([*members, Member("xl/worksheets/sheet1.xml", sheet)])


def _attribute(text: str) -> str:
    return escape(xml_text(text), {'"': "&quot;"})


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
        _head_of_sheet("", 1) + f'<cols><col min="1" max="{len(header)}" width="20" customWidth="1"/></cols>'
    ).encode()
    yield b"<sheetData>"
    yield _row(header, _HEADER, _HEADER)
    for row in rows:
        yield _row(row, 0, _FORMULA_LIKE)
    yield b"</sheetData></worksheet>"


def _form_sheet(form: Form, rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(form.widths, 1)
    )
    on_one_page = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    yield (_head_of_sheet(on_one_page, form.lines) + f"<cols>{columns}</cols><sheetData>").encode()
    yield _row((form.caption,), _CAPTION, _CAPTION)
    for line in form.headings:
        yield _row(line, _FRAMED_HEADER, _FRAMED_HEADER)
    for row in rows:
        yield _row(row, _FRAMED, _FRAMED_FORMULA_LIKE)
    merged = "".join(f'<mergeCell ref="{cells}"/>' for cells in form.merged)
    yield (
        f'</sheetData><mergeCells count="{len(form.merged)}">{merged}</mergeCells>'
        '<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>'
    ).encode()


def _head_of_sheet(properties: str, fixed: int) -> str:
    """A sheet whose first so many lines stay in sight."""
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}">{properties}'
        '<sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{fixed}" topLeftCell="A{fixed + 1}" activePane="bottomLeft" state="frozen"/>'
        "</sheetView></sheetViews>"
    )


def _row(texts: Sequence[str], style: int, formula_like: int) -> bytes:
    cells = (_cell(text, formula_like if text.startswith(FORMULA_MARKS) else style) for text in texts)
    return f"<row>{''.join(cells)}</row>".encode("utf-8", "replace")


def _cell(text: str, style: int) -> str:
    if not text:
        return f'<c s="{style}"/>'
    shown = escape(xml_text(text[:_MAX_CELL_CHARS]))
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{shown}</t></is></c>'
