"""How are texts, catalogs and scans written as .pdf? By reportlab, in its invariant mode; scans by Pillow."""

from __future__ import annotations

import io
import time
from collections.abc import Iterable, Sequence
from typing import Any

from PIL import Image

from corpus.sample.articles import Catalog
from corpus.sample.errors import MissingPdfWriterError
from corpus.sample.files.tables import HEADER_ROWS, catalog_cells, width
from corpus.sample.files.wrapping import SetLine, wrapped
from corpus.sample.markup import Table, blocks

_FONT = "STSong-Light"
# A4 in points; 16 pt text on 28 pt lines and 28 characters a line come near GB/T 9704-2012, 5.2.2 (22 lines × 28).
_A4_WIDTH, _A4_HEIGHT, _MARGIN, _FONT_SIZE, _LEADING, _LINE_CHARS = 595.0, 842.0, 72.0, 16.0, 28.0, 28
# Of a catalog, on A4 turned: the widths of its columns in points, 序号 to 依申请公开 (and 县级, 乡级).
_COLUMN_WIDTHS = (26, 54, 58, 120, 124, 78, 62, 148, 28, 44, 28, 30, 26, 26)
_CELL_SIZE, _SIDE_MARGIN = 7.0, 18.0
SCAN_DPI = 150
_SCANNED_AT = time.struct_time((2024, 1, 1, 0, 0, 0, 0, 1, 0))


def text_pdf(text: str) -> bytes:
    """Lines of text over as many pages as they need."""
    canvas_of = _writer()
    out = io.BytesIO()
    canvas = canvas_of(out, pagesize=(_A4_WIDTH, _A4_HEIGHT), invariant=1)
    y = 0.0
    for line in _lines(text):
        if y < _MARGIN:
            if y:
                canvas.showPage()
            y = _A4_HEIGHT - _MARGIN
        canvas.setFont(_FONT, _FONT_SIZE)  # a new page forgets its font
        canvas.drawString(_MARGIN, y, line.text, charSpace=line.spread * _FONT_SIZE)
        y -= _LEADING
    canvas.save()
    return out.getvalue()


def catalog_pdf(catalogs: Sequence[Catalog]) -> bytes:
    """Ruled tables over as many pages as they need, their header repeated on each."""
    _writer()
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

    in_cell = ParagraphStyle("cell", fontName=_FONT, fontSize=_CELL_SIZE, leading=_CELL_SIZE * 1.25, wordWrap="CJK")
    title = ParagraphStyle("title", fontName=_FONT, fontSize=16, leading=24, alignment=1)
    note = ParagraphStyle("note", fontName=_FONT, fontSize=10, leading=15, wordWrap="CJK")
    story: list[Any] = []
    for catalog in catalogs:
        cells = catalog_cells(catalog)
        columns = width(cells)
        shown: list[list[Any]] = [[""] * columns for _ in range(max(cell.row + cell.rows for cell in cells))]
        looks: list[tuple[Any, ...]] = [
            ("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0)),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ]
        for cell in cells:
            text = cell.text.replace("\n", "<br/>").replace(" ", "&nbsp;")
            shown[cell.row][cell.column] = Paragraph(text, in_cell)
            end = (cell.column + cell.columns - 1, cell.row + cell.rows - 1)
            if cell.rows > 1 or cell.columns > 1:
                looks.append(("SPAN", (cell.column, cell.row), end))
        table = LongTable(shown, _COLUMN_WIDTHS[:columns], repeatRows=HEADER_ROWS, style=TableStyle(looks))
        story += [Paragraph(catalog.title, title), Spacer(1, 6), table]
        story += [Spacer(1, 6), Paragraph(catalog.note, note)] if catalog.note else []
    out = io.BytesIO()
    sides = {"leftMargin": _SIDE_MARGIN, "rightMargin": _SIDE_MARGIN, "topMargin": 24, "bottomMargin": 24}
    SimpleDocTemplate(out, pagesize=(_A4_HEIGHT, _A4_WIDTH), invariant=1, **sides).build(story)
    return out.getvalue()


def scan_pdf(picture: bytes) -> bytes:
    """A page that is nothing but a picture, in the fax code of scanners (CCITT group 4)."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as page:
        page.convert("1").save(out, "PDF", resolution=SCAN_DPI, creationDate=_SCANNED_AT, modDate=_SCANNED_AT)
    return out.getvalue()


def _writer() -> Any:
    """reportlab's canvas, with the Chinese font that every reader of PDF has (Adobe-GB1)."""
    try:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.pdfgen.canvas import Canvas
    except ImportError as error:
        raise MissingPdfWriterError from error
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    return Canvas


def _lines(text: str) -> Iterable[SetLine]:
    for block in blocks(text):
        paragraphs = ["　".join(row) for row in block.rows] if isinstance(block, Table) else [block.text]
        for paragraph in paragraphs:
            yield from wrapped(paragraph, _LINE_CHARS)
