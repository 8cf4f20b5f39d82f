"""How does a document stand in a Word file? As official documents do: title centred, paragraphs two characters in."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from corpus.models import Document
from webapp.views.body import Block, Look

# GB/T 9704-2012, 5.2 and 7.3: A4, margins 37/35/28/26 mm, title 小标宋 二号, text 仿宋 三号, 28 pt a line.
_TITLE_PT, _TEXT_PT, _LINE_PT = 22, 16, 28
_FONTS = {Look.CHAPTER: "黑体", Look.HEADING: "黑体", Look.SUBHEADING: "楷体"}
_TEXT_FONT, _TITLE_FONT = "仿宋", "小标宋"
_TABLE_PT = 12
# What XML cannot hold (XML 1.0, 2.2).
_NO_XML = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def docx_bytes(document: Document, blocks: Sequence[Block], fields: Sequence[tuple[str, str]]) -> bytes:
    """The file of a document: title, 发文字号, text and tables, the names of its files, and its facts at the end."""
    file = docx.Document()
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    properties = file.core_properties
    properties.title, properties.author, properties.comments = _clean(document.title)[:255], "", ""
    _put(file, document.title, font=_TITLE_FONT, size=_TITLE_PT, align=WD_ALIGN_PARAGRAPH.CENTER)
    if document.document_number:
        _put(file, document.document_number, align=WD_ALIGN_PARAGRAPH.CENTER)
    for block in blocks:
        if block.look is Look.TABLE:
            _put_table(file, block)
        else:
            _put_block(file, block)
    for number, item in enumerate(document.attachments, start=1):
        _put(file, f"{'附件：' if number == 1 else '　　　'}{number}. {item.name}", indent=True)
    for label, value in [*fields, *([("原网页", document.url)] if document.url else [])]:
        _put(file, f"{label}：{value}", size=_TABLE_PT)
    kept = BytesIO()
    file.save(kept)
    return kept.getvalue()


def _put_block(file: Any, block: Block) -> None:
    align = {Look.CHAPTER: WD_ALIGN_PARAGRAPH.CENTER, Look.SIGNATURE: WD_ALIGN_PARAGRAPH.RIGHT}.get(block.look)
    indent = block.look in (Look.PARAGRAPH, Look.HEADING, Look.SUBHEADING)
    font = _FONTS.get(block.look, _TEXT_FONT)
    _put(file, block.lead + block.text, font=font, align=align, indent=indent)


def _put(
    file: Any, text: str, *, font: str = _TEXT_FONT, size: int = _TEXT_PT, align: Any = None, indent: bool = False
) -> None:
    paragraph = file.add_paragraph()
    shape = paragraph.paragraph_format
    shape.line_spacing, shape.space_after = Pt(_LINE_PT), Pt(0)
    shape.alignment = align
    if indent:
        shape.first_line_indent = Pt(2 * size)
    _set(paragraph.add_run(_clean(text)), font, size)


def _put_table(file: Any, block: Block) -> None:
    table = file.add_table(rows=len(block.rows), cols=len(block.rows[0]), style="Table Grid")
    for row, cells in zip(table.rows, block.rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            _set(cell.paragraphs[0].add_run(_clean(text)), _TEXT_FONT, _TABLE_PT)


def _set(run: Any, font: str, size: int) -> None:
    """The font of Latin letters and, by its own attribute, of Chinese characters (ECMA-376, 17.3.2.26)."""
    run.font.name, run.font.size = font, Pt(size)
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _clean(text: str) -> str:
    return text.translate(_NO_XML).encode("utf-8", "ignore").decode()
