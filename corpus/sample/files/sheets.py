"""How are tables written as .xlsx and .csv?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from corpus.sample.articles import Catalog
from corpus.sample.files.packing import zip_bytes
from corpus.sample.files.tables import CatalogCell, catalog_cells, width
from corpus.sample.markup import Table, blocks

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    cells: Sequence[CatalogCell]


def xlsx(text: str) -> bytes:
    """A workbook of one sheet; a paragraph is a row of one cell."""
    cells = [CatalogCell(value, row, column) for row, values in enumerate(_rows(text)) for column, value in values]
    return _workbook([_Sheet("Sheet1", cells)])


def catalog_xlsx(catalogs: Sequence[Catalog]) -> bytes:
    """A workbook of a sheet a catalog: its title over all columns, the table with merged cells, the note below."""
    return _workbook([_Sheet(catalog.sheet, list(_with_title(catalog))) for catalog in catalogs])


def csv(text: str) -> bytes:
    """The rows in GBK with CRLF, as Excel writes them on Chinese Windows."""
    lines = [",".join(_quoted(value) for _, value in values) for values in _rows(text)]
    return "".join(f"{line}\r\n" for line in lines).encode("gbk")


def _rows(text: str) -> Iterator[list[tuple[int, str]]]:
    for block in blocks(text):
        for row in block.rows if isinstance(block, Table) else [(block.text,)]:
            yield list(enumerate(row))


def _quoted(value: str) -> str:
    return f'"{value.replace(chr(34), chr(34) * 2)}"' if any(sign in value for sign in ',"\n') else value


def _with_title(catalog: Catalog) -> Iterator[CatalogCell]:
    cells = catalog_cells(catalog)
    columns = width(cells)
    yield CatalogCell(catalog.title, 0, 0, columns=columns)
    for cell in cells:
        yield CatalogCell(cell.text, cell.row + 1, cell.column, cell.rows, cell.columns)
    if catalog.note:
        yield CatalogCell(catalog.note, max(cell.row for cell in cells) + 2, 0, columns=columns)


def _workbook(sheets: Sequence[_Sheet]) -> bytes:
    """The package (ECMA-376, part 1, 18) with inline strings."""
    numbered = list(enumerate(sheets, 1))
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
            for number, _ in numbered
        )
        + "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{escape(sheet.name)}" sheetId="{number}" r:id="rId{number}"/>' for number, sheet in numbered
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            for number, _ in numbered
        )
        + "</Relationships>",
    }
    parts |= {f"xl/worksheets/sheet{number}.xml": _worksheet(sheet.cells) for number, sheet in numbered}
    return zip_bytes({name: (_HEAD + xml).encode() for name, xml in parts.items()})


def _worksheet(cells: Sequence[CatalogCell]) -> str:
    rows: dict[int, str] = {}
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        place = f'<c r="{_address(cell.row, cell.column)}" t="inlineStr">'
        rows[cell.row] = rows.get(cell.row, "") + f"{place}<is><t>{escape(cell.text)}</t></is></c>"
    merged = "".join(
        f'<mergeCell ref="{_address(cell.row, cell.column)}:'
        f'{_address(cell.row + cell.rows - 1, cell.column + cell.columns - 1)}"/>'
        for cell in cells
        if cell.rows > 1 or cell.columns > 1
    )
    data = "".join(f'<row r="{row + 1}">{inside}</row>' for row, inside in rows.items())
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData>'
        + (f"<mergeCells>{merged}</mergeCells>" if merged else "")
        + "</worksheet>"
    )


def _address(row: int, column: int) -> str:
    return f"{chr(ord('A') + column)}{row + 1}"
