"""The libraries that our parsers are compared with: how do people read a file with each, in a few lines?"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import docx
import openpyxl
import pypdfium2
from docx.table import Table

from corpus.parsers import Source
from corpus.parsers.dispatch import parse

Reader = Callable[[Source], object]


def ours() -> Reader:
    """All our parsers, in this process."""
    return parse


def pdfium() -> Reader:
    """pypdfium2: the characters of each page in the order of the file."""

    def read(source: Source) -> str:
        with pypdfium2.PdfDocument(source.data) as document:
            return "\n".join(page.get_textpage().get_text_bounded() for page in document)

    return read


def python_docx() -> Reader:
    """python-docx: paragraphs, and the rows of tables with their cells separated by tabs."""
    return lambda source: "\n".join(_word_lines(docx.Document(io.BytesIO(source.data))))


def _word_lines(document: Any) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from ("\t".join(cell.text for cell in row.cells) for row in block.rows)
        else:
            yield block.text


def openpyxl_dump() -> Reader:
    """openpyxl: the stored values of every sheet in its fast, read-only mode; no formats, no merged cells."""

    def read(source: Source) -> str:
        workbook = openpyxl.load_workbook(io.BytesIO(source.data), read_only=True, data_only=True)
        rows = (row for sheet in workbook.worksheets for row in sheet.iter_rows(values_only=True))
        return "\n".join("\t".join("" if value is None else str(value) for value in row) for row in rows)

    return read


def rapidocr() -> Reader:
    """RapidOCR as it comes: all processors, no tables."""
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "critical"})
    return lambda source: engine(source.data)


def markitdown() -> Reader:
    """markitdown: Markdown out of many formats, as prepared for language models."""
    from markitdown import MarkItDown, StreamInfo

    converter = MarkItDown(enable_plugins=False)

    def read(source: Source) -> str:
        extension = f".{source.name.rpartition('.')[2]}"
        found = converter.convert_stream(io.BytesIO(source.data), stream_info=StreamInfo(extension=extension))
        return str(found.text_content)

    return read


READERS: dict[str, Callable[[], Reader]] = {
    "ours": ours,
    "pypdfium2": pdfium,
    "python-docx": python_docx,
    "openpyxl": openpyxl_dump,
    "rapidocr": rapidocr,
    "markitdown": markitdown,
}
