"""Reading PDF files: lines are joined to the paragraphs that they were before they were set."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTChar, LTContainer, LTTextLineHorizontal
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source
from corpus.parsers.layout import tidy
from corpus.parsers.plain import read_plain

PARSER = "pdf/1"

MAX_PAGES = 2000
"""Pages beyond this are not read (about 45 s of work); the rest is named as a problem."""

_PAGE_NUMBER = re.compile(
    r"[-—–－·\s]*(第\s*)?\d{1,4}(\s*页)?([/／]\d{1,4}|\s*共\s*\d{1,4}\s*页)?[-—–－·\s]*|[-—–－\s]*[ivxIVX]{1,6}[-—–－\s]*"
)
_LATIN = re.compile(r"[\x21-\x7e]")
_UNMAPPED = re.compile(r"\(cid:\d+\)|[\ue000-\uf8ff\ufffd]")
# Fonts of some publishers without a Unicode map put Latin letters at 犃–犣 of GBK's rows (A = 犃 … ): ICS reads 犐犆犛.
_DISGUISED = re.compile(r"[\u7280-\u72a9]")
_MAX_UNMAPPED = 0.05  # of the characters
_MAX_DISGUISED = 0.005  # 犁, 犊, 犒 are words; running text of agriculture has about 0.001


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    left: float
    right: float
    size: float  # height of its characters, in points
    top: float


def parse_pdf(source: Source) -> Parsed:
    """Read the text of a PDF. Pages without text are named as a problem; so is a text whose characters carry no usable
    Unicode, which is left out.

    Raises UnreadableError when the file is damaged, incomplete or locked with a password.
    """
    problems: list[str] = []
    paragraphs: list[str] = []
    try:
        pages = _read_pages(source.data, problems)
        paragraphs = list(_paragraphs(pages))
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise UnreadableError("the PDF is locked with a password") from error
    except Exception as error:  # pdfminer lets through whatever a broken object makes it stumble over
        raise UnreadableError("the PDF is damaged or incomplete") from error
    if not pages:
        raise UnreadableError("the PDF is damaged or incomplete")
    if b"%%EOF" not in source.data[-2048:]:
        problems.append("the end of the file is missing")
    text = "".join(paragraphs)
    if not text:
        problems.append("no text: needs OCR")
    elif _share(_UNMAPPED, text) > _MAX_UNMAPPED or _share(_DISGUISED, text) > _MAX_DISGUISED:
        problems.append("its fonts have no usable Unicode map, the text is not what the page shows: needs OCR")
        paragraphs = []
    elif silent := sum(not page for page in pages):
        problems.append(f"{silent} of {len(pages)} pages hold no text")
    return read_plain(paragraphs, parser=PARSER, media_type="application/pdf", name=source.name, problems=problems)


def _read_pages(data: bytes, problems: list[str]) -> list[list[_Line]]:
    resources = PDFResourceManager()
    # all_texts also reads what stands in form objects (some programs write whole pages as one)
    # boxes_flow=None keeps the order of the file and was measured 1.4× faster than the analysis of columns
    device = PDFPageAggregator(resources, laparams=LAParams(boxes_flow=None, all_texts=True))
    interpreter = PDFPageInterpreter(resources, device)
    pages: list[list[_Line]] = []
    document = PDFDocument(PDFParser(io.BytesIO(data)))
    for page in PDFPage.create_pages(document):
        if len(pages) == MAX_PAGES:
            problems.append(f"only the first {MAX_PAGES:,} pages were read")
            break
        interpreter.process_page(page)
        pages.append(_without_number(sorted(_lines(device.get_result()), key=lambda line: -line.top)))
    return pages


def _lines(container: object) -> Iterator[_Line]:
    """The set lines of a page; what stands beside each other on one height stays in the order of the file."""
    waiting: list[object] = [container]
    while waiting:
        item = waiting.pop()
        if isinstance(item, LTTextLineHorizontal):
            characters = [char for char in item if isinstance(char, LTChar) and char.get_text().strip()]
            if characters and (text := tidy(item.get_text())):  # indents are often set as spaces: not counted
                left, right = min(char.x0 for char in characters), max(char.x1 for char in characters)
                yield _Line(text, left, right, max(char.size for char in characters), item.y1)
        elif isinstance(item, LTContainer):
            waiting.extend(reversed(list(item)))


def _without_number(lines: Sequence[_Line]) -> list[_Line]:
    """Without the page number at the foot or the head."""
    kept = list(lines)
    for place in (-1, 0):
        if kept and _PAGE_NUMBER.fullmatch(kept[place].text):
            kept.pop(place)
    return kept


def _paragraphs(pages: Sequence[Sequence[_Line]]) -> Iterator[str]:
    """Lines that belong together make a paragraph; between Latin words the line break was a space."""
    lines = [line for page in pages for line in page]
    if not lines:
        return
    left, right = _edge(sorted(line.left for line in lines)), -_edge(sorted(-line.right for line in lines))
    paragraph = lines[0].text
    for previous, line in pairwise(lines):
        if _continues(previous, line, left, right):
            space = " " if _LATIN.match(paragraph[-1]) and _LATIN.match(line.text[0]) else ""
            paragraph += space + line.text
        else:
            yield paragraph
            paragraph = line.text
    yield paragraph


def _continues(previous: _Line, line: _Line, left: float, right: float) -> bool:
    """Whether a line goes on in the next: it reaches the right edge of the text and the next begins at the left edge.

    Single characters below each other are a title set from top to bottom.
    """
    if abs(previous.size - line.size) > 0.25 * line.size:
        return False
    if len(previous.text) == len(line.text) == 1:
        return not line.text.isascii() and abs(previous.left - line.left) < line.size
    return previous.right >= right - 1.6 * previous.size and line.left <= left + 0.6 * line.size


def _edge(values: Sequence[float]) -> float:
    """The outermost place that several lines share; a single line further out is a stamp or a note in the margin."""
    return values[min(len(values) // 20, len(values) - 1)]


def _share(pattern: re.Pattern[str], text: str) -> float:
    return len(pattern.findall(text)) / len(text)
