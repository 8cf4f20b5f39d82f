"""Reading PDF files: page by page its text, or what OCR recognises where there is none that can be used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source, ocr
from corpus.parsers.file_info import told
from corpus.parsers.lines import join_lines
from corpus.parsers.page_names import name_pages
from corpus.parsers.pdf.drawing import Drawing
from corpus.parsers.pdf.layout import LinedPage, SetPage, lay_out, line_page
from corpus.parsers.pdf.pages import MAX_PAGES, PageContent, read_pages
from corpus.parsers.plain import read_plain

PARSER = "pdf/3"

_UNMAPPED = re.compile(r"\(cid:\d+\)|[\ue000-\uefff\uf100-\uf8ff\ufffd]")  # U+F0xx: symbols
# Fonts of some publishers without a Unicode map put Latin letters at 犃–犣 of GBK's rows (A = 犃 … ): ICS reads 犐犆犛.
_DISGUISED = re.compile(r"[\u7280-\u72a9]")
_MAX_UNMAPPED = 0.05  # of the characters
_MAX_DISGUISED = 0.005  # 犁, 犊, 犒 are words; running text of agriculture has about 0.001
_MIN_SIGNS = 3  # a lone bullet of an unknown font, a lone 犁 condemn no page
_FEW_CHARACTERS = 50  # a scan may carry a page number, a stamp, the name of the scanner
_SCAN_SHARE = 0.5  # of the page that pictures cover
_OUTLINED_SHAPES = 100  # text turned into curves has a shape or more a character
_TITLE_LINES = 12
_MIN_TITLE_CHARS = 6


@dataclass(slots=True)
class _Findings:
    """Page numbers from 1."""

    failed: list[int] = field(default_factory=list)
    too_large: list[int] = field(default_factory=list)  # not drawn either, as that would take as long
    need_ocr: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)
    weak: list[int] = field(default_factory=list)
    undrawn: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)  # the budget was spent


def parse_pdf(source: Source) -> Parsed:
    """Read the text, the tables and the outline of a PDF.

    A page that is a picture, or whose characters carry no usable Unicode, is recognised (`corpus.parsers.ocr`), within
    the budget of one document; what was not read is named as a problem. ``extra`` has ``outline`` ([level, title, page]
    from 1; page None if it leads nowhere), ``info`` (`file_info.told`, often wrong) and ``ocr_pages``.

    Raises UnreadableError when the file is damaged, incomplete or locked with a password.
    """
    problems = [] if b"%%EOF" in source.data[-2048:] else ["the end of the file is missing"]
    pages, findings = _read_text(source.data, problems)
    with Drawing(source.data) as drawing:
        outline, info = drawing.outline(), told(drawing.info())
        if findings.need_ocr and ocr.available():
            _recognise(pages, findings, drawing)
    if len(findings.failed) + len(findings.too_large) == len(pages) and not findings.recognised:
        raise UnreadableError("the PDF is damaged or incomplete")
    lines, tables = lay_out(pages)
    paragraphs = join_lines(lines)
    needs_ocr = bool(findings.need_ocr) and not ocr.available()
    problems += _problems(findings, needs_ocr)
    if not paragraphs and not problems:
        problems.append("the PDF holds no text")
    extra = {"outline": outline, "info": info, "ocr_pages": findings.recognised}
    parsed = read_plain(
        paragraphs,
        parser=PARSER,
        media_type="application/pdf",
        name=source.name,
        title=_title(info.get("title", ""), paragraphs),
        problems=problems,
    )
    more = {key: value for key, value in extra.items() if value}
    return replace(parsed, tables=tuple(tables), needs_ocr=needs_ocr, extra=MappingProxyType({**parsed.extra, **more}))


def _read_text(data: bytes, problems: list[str]) -> tuple[list[LinedPage], _Findings]:
    pages: list[LinedPage] = []
    findings = _Findings()
    lying: list[_Signs] = []
    try:
        for number, content in enumerate(read_pages(data), 1):
            if number > MAX_PAGES:
                problems.append(f"only the first {MAX_PAGES:,} pages were read")
                break
            lying.append(_Signs.of(content))
            if content.too_much:
                findings.too_large.append(number)
            elif content.failed:
                findings.failed.append(number)
            if (content.failed and not content.too_much) or _is_scan(content):
                findings.need_ocr.append(number)
            pages.append(line_page(_set(content), number - 1))
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise UnreadableError("the PDF is locked with a password") from error
    except MemoryError:
        raise
    except Exception as error:  # pdfminer lets through whatever a broken object makes it stumble over
        if not pages:
            raise UnreadableError("the PDF is damaged or incomplete") from error
        problems.append(f"the file is damaged after page {len(pages)}")
    if any(signs.certain for signs in lying):
        for place, signs in enumerate(lying):
            if signs.any:
                pages[place] = LinedPage(pages[place].height)
                findings.need_ocr.append(place + 1)
        findings.need_ocr = sorted(set(findings.need_ocr))
    return pages, findings


def _set(content: PageContent) -> SetPage:
    return SetPage(content.width, content.height, content.glyphs, content.rulings, content.asides)


@dataclass(frozen=True, slots=True)
class _Signs:
    """Whether a page has characters that it does not show, as its fonts have no usable Unicode map: any, and so many
    that it is certain. Where one page has, the others that have any are not believed."""

    any: bool
    certain: bool

    @classmethod
    def of(cls, content: PageContent) -> _Signs:
        texts = [glyph.text for glyph in content.glyphs if glyph.text.strip()]
        unmapped, disguised = (sum(sign.search(text) is not None for text in texts) for sign in (_UNMAPPED, _DISGUISED))
        return cls(
            unmapped + disguised > 0,
            (unmapped >= _MIN_SIGNS and unmapped > _MAX_UNMAPPED * len(texts))
            or (disguised >= _MIN_SIGNS and disguised > _MAX_DISGUISED * len(texts)),
        )


def _is_scan(content: PageContent) -> bool:
    characters = sum(not glyph.text.isspace() for glyph in content.glyphs)
    outlined = not characters and content.shapes >= _OUTLINED_SHAPES
    return outlined or (characters < _FEW_CHARACTERS and content.pictures >= _SCAN_SHARE)


def _recognise(pages: list[LinedPage], findings: _Findings, drawing: Drawing) -> None:
    """Read the pages that need it, in their order, and put them in the place of what their text was."""
    budget = ocr.Budget()
    for number in findings.need_ocr:
        if budget.spent():
            findings.left.append(number)
        elif (drawn := drawing.draw(number - 1)) is None:
            findings.undrawn.append(number)
        else:
            read = budget.read_page(*drawn)
            pages[number - 1] = line_page(read.page, number - 1)
            findings.recognised.append(number)
            if read.weak:
                findings.weak.append(number)


def _problems(findings: _Findings, needs_ocr: bool) -> list[str]:
    found = []
    if needs_ocr:
        found.append(f"{ocr.MISSING} ({name_pages(findings.need_ocr)})")
    if findings.weak:
        found.append(f"some text was recognised with low confidence: {name_pages(findings.weak)}")
    if findings.left:
        found.append(f"recognising took too long, not read: {name_pages(findings.left)}")
    if damaged := {*findings.undrawn, *findings.failed} - {*findings.recognised, *findings.left}:
        found.append(f"damaged, not read: {name_pages(damaged)}")
    if findings.too_large:
        found.append(f"too large or too slow, not read: {name_pages(findings.too_large)}")
    return found


def _title(given: str, paragraphs: Sequence[str]) -> str:
    """The title in the document information, if the document begins with it: it is whole where a title takes two lines.
    Else it mostly is the name of a template or of a file."""
    start = "".join("".join(paragraphs[:_TITLE_LINES]).split())
    return given if len(given) >= _MIN_TITLE_CHARS and "".join(given.split()) in start else ""
