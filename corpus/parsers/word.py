"""Reading Word files (.docx): paragraphs and tables in their order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import docx
from lxml.etree import _Element

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source
from corpus.parsers.layout import tidy
from corpus.parsers.plain import read_plain

PARSER = "word/1"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

MAX_UNPACKED_BYTES = 256 << 20
"""A file that unpacks to more is refused (a zip bomb); annual reports full of pictures have about 60 MB."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def parse_docx(source: Source) -> Parsed:
    """Read the text: a paragraph a line, a table row a line with its cells separated by tabs.

    A cell over several columns leaves the others empty, as does the continuation of a cell from the row above. Inserted
    text of tracked changes is read, deleted text is not; text boxes are read once, with the paragraph they hang on.

    Raises UnreadableError when the package is damaged, incomplete, encrypted or no Word file, or unpacks to too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableError("the Word file is damaged or incomplete") from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise UnreadableError(f"the Word file unpacks to more than {MAX_UNPACKED_BYTES >> 20} MB")
    try:
        body: _Element = docx.Document(io.BytesIO(source.data)).element.body
    except Exception as error:  # python-docx lets through what zipfile, lxml and its own part lookup raise
        raise UnreadableError("the Word file is damaged or incomplete") from error
    lines = [line for line in _lines(body) if line.strip()]
    pictures = next(body.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"), None) is not None
    problems = [] if lines else ["no text: needs OCR" if pictures else "the file holds no text"]
    return read_plain(lines, parser=PARSER, media_type=MEDIA_TYPE, name=source.name, problems=problems)


def _lines(parent: _Element) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield from (line for part in _text(child).split("\n") if (line := tidy(part)))
        elif child.tag == f"{_W}tbl":
            yield from (_row(row) for row in child.iterchildren(f"{_W}tr"))
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"}:
            yield from _lines(child)


def _row(row: _Element) -> str:
    cells: list[str] = []
    for cell in row.iter(f"{_W}tc"):
        if next((parent for parent in cell.iterancestors(f"{_W}tr")), None) is row:
            paragraphs = (tidy(_text(paragraph).replace("\n", " ")) for paragraph in cell.iter(f"{_W}p"))
            cells.append(" ".join(text for text in paragraphs if text))
            cells.extend("" for _ in range(_columns(cell) - 1))
    return "\t".join(cells).rstrip("\t")


def _columns(cell: _Element) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = "1" if span is None else str(span.get(f"{_W}val", "1"))
    return min(int(value), 64) if value.isdecimal() else 1  # Word allows 63 columns


def _text(paragraph: _Element) -> str:
    pieces: list[str] = []
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if next(node.iterancestors(_FALLBACK), None) is not None:
            continue
        if node.tag == f"{_W}t":
            pieces.append(node.text or "")
        elif node.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif (parent := node.getparent()) is not None and parent.tag == f"{_W}r":
            pieces.append(" " if node.tag == f"{_W}tab" else "\n")
    return "".join(pieces)
