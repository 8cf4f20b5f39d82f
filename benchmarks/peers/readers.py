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

Reader = Callable[[Source], object]


def pdfium(source: Source) -> str:
    """pypdfium2: the characters of each page in the order of the file."""
    with pypdfium2.PdfDocument(source.data) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def python_docx(source: Source) -> str:
    """python-docx: paragraphs, and the rows of tables with their cells separated by tabs."""
    return "\n".join(_word_lines(docx.Document(io.BytesIO(source.data))))


def _word_lines(document: Any) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            yield from ("\t".join(cell.text for cell in row.cells) for row in block.rows)
        else:
            yield block.text


def openpyxl_dump(source: Source) -> str:
    """openpyxl: the stored values of every sheet in its fast, read-only mode; no formats, no merged cells."""
    workbook = openpyxl.load_workbook(io.BytesIO(source.data), read_only=True, data_only=True)
    rows = (row for sheet in workbook.worksheets for row in sheet.iter_rows(values_only=True))
    return "\n".join("\t".join("" if value is None else str(value) for value in row) for row in rows)


def rapidocr() -> Reader:
    """RapidOCR as it comes, its models loaded: all processors, no tables. Raises ImportError where it is missing."""
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "critical"})
    return lambda source: engine(source.data)
