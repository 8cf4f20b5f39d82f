"""Reading pictures of documents (PNG, JPEG, GIF, TIFF, BMP), all pages of a TIFF, by OCR."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import replace

from PIL import Image, ImageOps

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source, ocr
from corpus.parsers.lines import join_lines
from corpus.parsers.page_names import name_pages
from corpus.parsers.pdf.layout import LinedPage, lay_out, line_page
from corpus.parsers.plain import read_plain
from corpus.parsers.sniff import BMP, GIF, JPEG, PNG, TIFF, sniff

PARSER = "image/2"

MAX_PIXELS = 100_000_000
"""A larger picture is refused before it is unpacked: A3 at 600 dpi has 70 million."""

_MIN_SIDE = 24  # pixels: an icon
_TOO_LARGE = f"the picture has more than {MAX_PIXELS // 1_000_000} million pixels"
_FORMATS = {PNG: "PNG", JPEG: "JPEG", GIF: "GIF", TIFF: "TIFF", BMP: "BMP"}


def parse_image(source: Source) -> Parsed:
    """Read what a picture says; the first picture of an animation, every page of a TIFF.

    Without the extra ``ocr`` the document is empty and ``needs_ocr``. Raises UnreadableError when the picture is
    damaged, too large, or shows no text.
    """
    media_type = sniff(source.data, source.name, source.content_type)
    problems: list[str] = []
    if not ocr.available():
        next(_frames(source.data, media_type))
        problems.append(ocr.MISSING)
        unread = read_plain([], parser=PARSER, media_type=media_type, name=source.name, problems=problems)
        return replace(unread, needs_ocr=True)
    budget = ocr.Budget()
    pages: list[LinedPage] = []
    weak: list[int] = []
    for number, frame in enumerate(_frames(source.data, media_type), 1):
        if budget.spent():
            problems.append(f"from page {number} on it was not read: recognising takes too long")
            break
        read = budget.read_page(frame)
        pages.append(line_page(read.page, number - 1))
        if read.weak:
            weak.append(number)
    lines, tables = lay_out(pages)
    paragraphs = join_lines(lines)
    if not paragraphs:
        raise UnreadableError("the picture shows no text")
    if weak:
        problems.append(f"some text was recognised with low confidence: {name_pages(weak)}")
    parsed = read_plain(paragraphs, parser=PARSER, media_type=media_type, name=source.name, problems=problems)
    return replace(parsed, tables=tuple(tables))


def _frames(data: bytes, media_type: str) -> Iterator[Image.Image]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of damaged EXIF and the like: the picture is read all the same
        try:
            image = Image.open(io.BytesIO(data), formats=[_FORMATS[media_type]])
            for number in range(ocr.MAX_PAGES + 1 if media_type == TIFF else 1):
                try:
                    image.seek(number)
                except EOFError:
                    return
                yield _frame(image)
        except Image.DecompressionBombError as error:
            raise UnreadableError(_TOO_LARGE) from error
        except (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, struct.error, zlib.error) as error:
            raise UnreadableError("the picture is damaged or incomplete") from error


def _frame(image: Image.Image) -> Image.Image:
    if image.width * image.height > MAX_PIXELS:
        raise UnreadableError(_TOO_LARGE)
    if min(image.size) < _MIN_SIDE:
        raise UnreadableError("the picture is too small to show text")
    image.draft("RGB", (ocr.MAX_SIDE, ocr.MAX_SIDE))  # a JPEG is unpacked no larger than it is read
    image.load()
    return ImageOps.exif_transpose(image)
