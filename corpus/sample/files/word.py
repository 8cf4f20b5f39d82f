"""How are texts and catalogs written as .docx and .rtf?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from docx import Document as WordDocument

from corpus.sample.articles import Catalog
from corpus.sample.files.packing import zip_bytes
from corpus.sample.files.tables import catalog_cells, width
from corpus.sample.markup import Table, blocks


def docx(text: str) -> bytes:
    """Paragraphs and plain tables."""
    document = WordDocument()
    for block in blocks(text):
        if isinstance(block, Table):
            table = document.add_table(rows=len(block.rows), cols=max(map(len, block.rows)))
            for row, cells in zip(table.rows, block.rows, strict=True):
                for cell, value in zip(row.cells, cells, strict=False):
                    cell.text = value
        else:
            document.add_paragraph(block.text)
    return _saved(document)


def catalog_docx(catalogs: Sequence[Catalog]) -> bytes:
    """Catalogs one below the other, each with its title, merged cells in the table, and its note."""
    document = WordDocument()
    for catalog in catalogs:
        document.add_paragraph(catalog.title)
        cells = catalog_cells(catalog)
        columns = width(cells)
        table = document.add_table(rows=max(cell.row + cell.rows for cell in cells), cols=columns, style="Table Grid")
        places = table._cells  # `Table.cell` lists all of them anew for each
        for cell in cells:
            first = places[cell.row * columns + cell.column]
            last = places[(cell.row + cell.rows - 1) * columns + cell.column + cell.columns - 1]
            merged = first if first is last else first.merge(last)
            merged.text = cell.text
        if catalog.note:
            document.add_paragraph(catalog.note)
    return _saved(document)


def rtf(text: str) -> bytes:
    """Rich Text Format 1.9: what is not ASCII stands as ``\\u`` escapes (signed, 16 bits), nothing to fall back to."""
    lines: list[str] = []
    for block in blocks(text):
        if isinstance(block, Table):
            for row in block.rows:
                edges = "".join(f"\\cellx{2200 * (at + 1)}" for at in range(len(row)))  # in twips
                cells = "".join(f"\\pard\\intbl {_rtf_text(value)}\\cell" for value in row)
                lines.append(f"\\trowd{edges}{cells}\\row")
        else:
            align = {"left": "ql", "right": "qr", "center": "qc"}[block.align]
            lines.append(f"\\pard\\{align} {_rtf_text(block.text)}\\par")
    head = "{\\rtf1\\ansi\\ansicpg936\\deff0\\uc0{\\fonttbl{\\f0\\fnil\\fcharset134 SimSun;}}\\f0\\fs32"
    return ("\n".join([head, *lines]) + "\n}").encode("ascii")


def _rtf_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("{", "\\{").replace("}", "\\}")
    return "".join(sign if sign.isascii() else _rtf_escapes(sign) for sign in escaped)


def _rtf_escapes(sign: str) -> str:
    raw = sign.encode("utf-16-le")
    numbers = [int.from_bytes(raw[at : at + 2], "little", signed=True) for at in range(0, len(raw), 2)]
    return "".join(f"\\u{number} " for number in numbers)


def _saved(document: object) -> bytes:
    raw = io.BytesIO()
    document.save(raw)  # type: ignore[attr-defined]  # python-docx has no types
    with zipfile.ZipFile(raw) as archive:  # python-docx stamps the members with today's date
        return zip_bytes({name: archive.read(name) for name in archive.namelist()})
