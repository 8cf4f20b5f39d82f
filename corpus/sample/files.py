"""Which bytes does an attachment have?

The same text gives the same bytes on every machine: archives carry one fixed date, PDFs are written in reportlab's
invariant mode, so that ETags survive a restart.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from docx import Document as WordDocument

from corpus.sample.articles import AttachmentText
from corpus.sample.errors import MissingPdfWriterError
from corpus.sample.markup import Table, blocks

CONTENT_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "rar": "application/x-rar-compressed",
}
_ZIP_DATE = (2024, 1, 1, 0, 0, 0)
# A4 in points; 16 pt text on 28 pt lines and 28 characters a line come near GB/T 9704-2012, 5.2.2 (22 lines × 28).
_A4_WIDTH, _A4_HEIGHT, _MARGIN, _FONT_SIZE, _LEADING, _LINE_CHARS = 595.0, 842.0, 72.0, 16.0, 28.0, 28
# RAR 4 signature and nothing else: enough to be recognised and listed as unsupported.
_RAR_BYTES = b"Rar!\x1a\x07\x00"


def attachment_bytes(attachment: AttachmentText) -> bytes:
    match attachment.format:
        case "pdf":
            return _pdf(attachment.text)
        case "docx":
            return _docx(attachment.text)
        case "xlsx":
            return _xlsx(attachment.text)
        case "zip":
            stem = attachment.name.rsplit(".", 1)[0]
            return _zip({f"{stem}.docx": _docx(attachment.text), "说明.txt": attachment.text.encode()})
        case "rar":
            return _RAR_BYTES


def _zip(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _docx(text: str) -> bytes:
    document = WordDocument()
    for block in blocks(text):
        if isinstance(block, Table):
            table = document.add_table(rows=len(block.rows), cols=max(map(len, block.rows)))
            for row, cells in zip(table.rows, block.rows, strict=True):
                for cell, value in zip(row.cells, cells, strict=False):
                    cell.text = value
        else:
            document.add_paragraph(block.text)
    raw = io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as archive:  # python-docx stamps the members with today's date
        return _zip({name: archive.read(name) for name in archive.namelist()})


def _pdf(text: str) -> bytes:
    try:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.cidfonts import UnicodeCIDFont
        from reportlab.pdfgen.canvas import Canvas
    except ImportError as error:
        raise MissingPdfWriterError from error
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(_A4_WIDTH, _A4_HEIGHT), invariant=1)
    y = 0.0
    for line in _pdf_lines(text):
        if y < _MARGIN:
            if y:
                canvas.showPage()
            y = _A4_HEIGHT - _MARGIN
        canvas.setFont("STSong-Light", _FONT_SIZE)  # a new page forgets its font
        canvas.drawString(_MARGIN, y, line)
        y -= _LEADING
    canvas.save()
    return out.getvalue()


def _pdf_lines(text: str) -> Iterable[str]:
    for block in blocks(text):
        paragraphs = ["　".join(row) for row in block.rows] if isinstance(block, Table) else [block.text]
        for paragraph in paragraphs:
            yield from (paragraph[at : at + _LINE_CHARS] for at in range(0, len(paragraph), _LINE_CHARS))


def _xlsx(text: str) -> bytes:
    """A workbook of one sheet with inline strings; a paragraph is a row of one cell."""
    rows: list[tuple[str, ...]] = []
    for block in blocks(text):
        rows.extend(block.rows if isinstance(block, Table) else [(block.text,)])
    cells = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(ord("A") + at)}{number}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
            for at, value in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    return _zip({name: (head + xml).encode() for name, xml in parts.items()})
