"""Where on each page of a PDF do its characters, ruling lines and pictures stand?"""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import stream_value

from corpus.parsers.lines import Line
from corpus.parsers.pdf.glyphs import Glyph, set_lines
from corpus.parsers.pdf.grid import Ruling
from corpus.parsers.pdf.symbols import read_symbol

MAX_PAGES = 2000
"""Pages beyond this are not read (20–60 s of work)."""

MAX_SECONDS = 240.0
"""Reading the text of one document; a worker has 900 (`isolation.Limits.ocr_time_s`), the rest is for OCR."""

MAX_OBJECTS = 400_000
"""Characters, shapes and pictures of a page; the densest page of a yearbook has about 20,000."""

MAX_FORMS = 10_000
"""Forms drawn on a page, those within forms too; an atlas of symbols has some hundreds."""

MAX_CONTENT_BYTES = 64 << 20
"""The unpacked drawing commands of a page; maps have 10–20 MB."""

_MAX_THICKNESS = 3.0  # points: a filled shape so thin is a ruling line (Word draws the borders of cells so)
_SLANT = 0.2  # of a character's advance: more is set askew, as watermarks are


@dataclass(slots=True)
class PageContent:
    """A page as a person sees it, turned so that most of its text is upright. Lengths are points, from the left and the
    top edge. ``asides`` are lines at right angles to the text; what is set askew (a watermark) is left out."""

    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    asides: list[Line] = field(default_factory=list)
    pictures: float = 0.0  # the share of the page that pictures cover, at most 1
    shapes: int = 0
    failed: bool = False  # its drawing commands could not be followed
    too_much: bool = False  # failed, as they were too many: no other program should try


def read_pages(data: bytes) -> Iterator[PageContent]:
    """The pages in order, `MAX_PAGES` and one at most. One that ``failed`` is empty.

    Raises what pdfminer raises when the file itself is damaged or locked.
    """
    resources = PDFResourceManager()
    deadline = time.monotonic() + MAX_SECONDS
    for number, page in enumerate(PDFPage.create_pages(PDFDocument(PDFParser(io.BytesIO(data))))):
        if number > MAX_PAGES:
            return
        yield _read(page, resources, deadline)


def _read(page: PDFPage, resources: PDFResourceManager, deadline: float) -> PageContent:
    device = _Device(resources, deadline)
    try:
        if sum(len(stream_value(content).get_data()) for content in page.contents) > MAX_CONTENT_BYTES:
            raise _TooMuchError
        PDFPageInterpreter(resources, device).process_page(page)
        return device.content()
    except MemoryError:
        raise
    except _TooMuchError:
        return PageContent(1.0, 1.0, failed=True, too_much=True)
    except Exception:  # whatever a broken object makes pdfminer stumble over costs this page only
        return PageContent(1.0, 1.0, failed=True)


class _TooMuchError(Exception):
    pass


class _Device(PDFTextDevice):
    """Notes what is drawn, in the page's own coordinates (y upwards)."""

    def __init__(self, resources: PDFResourceManager, deadline: float) -> None:
        super().__init__(resources)
        self._deadline = deadline
        self._objects = 0
        self._forms = 0
        self._area = (0.0, 0.0, 1.0, 1.0)
        self._glyphs: list[tuple[str, int, float, float, float, float]] = []  # text, direction, box
        self._rulings: list[tuple[float, float, float, float]] = []
        self._pictures = 0.0
        self._shapes = 0
        self.ctm: Any = (1, 0, 0, 1, 0, 0)

    def _count(self) -> None:
        self._objects += 1
        if self._objects > MAX_OBJECTS or (self._objects % 1024 == 0 and time.monotonic() > self._deadline):
            raise _TooMuchError

    def begin_page(self, page: PDFPage, ctm: Any) -> None:
        if time.monotonic() > self._deadline:
            raise _TooMuchError
        visible, media = _box(ctm, *page.cropbox), _box(ctm, *page.mediabox)
        area = _clipped(visible, media)
        self._area = area if area[2] > area[0] and area[3] > area[1] else media

    def end_page(self, page: PDFPage) -> None:
        pass

    def begin_figure(self, _name: str, _bbox: Any, _matrix: Any) -> None:
        self._forms += 1
        if self._forms > MAX_FORMS:
            raise _TooMuchError

    def end_figure(self, name: str) -> None:
        pass

    def render_image(self, _name: str, _stream: Any) -> None:
        left, bottom, right, top = _clipped(_box(self.ctm, 0, 0, 1, 1), self._area)
        self._pictures += max(0.0, right - left) * max(0.0, top - bottom)

    def render_char(
        self,
        matrix: Any,
        font: Any,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        _colors: Any,
        _state: Any,
    ) -> float:
        self._count()
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = f"(cid:{cid})"
        if "\uf000" <= text <= "\uf0ff":
            text = read_symbol(text, str(getattr(font, "fontname", "")))
        advance: float = font.char_width(cid) * fontsize * scaling
        if font.is_vertical():
            shift, rest = font.char_disp(cid)
            x = -fontsize * (0.5 if shift is None else shift * 0.001)
            y = (1000 - rest) * fontsize * 0.001 + rise
            box = _box(matrix, x, y + advance, x + fontsize, y)
        else:
            y = font.get_descent() * fontsize + rise
            box = _box(matrix, 0, y, advance, y + fontsize)
        a, b = matrix[:2]
        if abs(b) <= _SLANT * abs(a):
            direction = 0 if a > 0 else 2
        elif abs(a) <= _SLANT * abs(b):
            direction = 1 if b > 0 else 3
        else:
            direction = -1
        left, bottom, right, top = self._area
        if left <= (box[0] + box[2]) / 2 <= right and bottom <= (box[1] + box[3]) / 2 <= top:
            self._glyphs.append((text, direction, *box))
        return advance

    def paint_path(self, _state: Any, stroke: bool, _fill: bool, _evenodd: bool, path: Any) -> None:
        points: list[tuple[float, float]] = []
        for operator, *operands in path:
            self._count()
            if operator == "m":
                self._shape(points, stroke)
                points = []
            if operator == "h" and points:
                points.append(points[0])
            elif operator in {"m", "l"}:
                points.append(_point(self.ctm, *operands))
            elif operands:
                points += [(float("nan"), float("nan")), _point(self.ctm, *operands[-2:])]
        self._shape(points, stroke)

    def _shape(self, points: list[tuple[float, float]], stroke: bool) -> None:
        if len(points) < 2:
            return
        self._shapes += 1
        if stroke:
            for (x0, y0), (x1, y1) in pairwise(points):
                if abs(x1 - x0) < 1 or abs(y1 - y0) < 1:  # false for a curve
                    self._rulings.append((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
            return
        xs, ys = [x for x, _ in points], [y for _, y in points]
        if min(max(xs) - min(xs), max(ys) - min(ys)) <= _MAX_THICKNESS:
            self._rulings.append((min(xs), min(ys), max(xs), max(ys)))

    def content(self) -> PageContent:
        """The page, turned upright."""
        left, bottom, right, top = self._area
        counts = Counter(direction for text, direction, *_ in self._glyphs if direction >= 0 and text.strip())
        upright = counts.most_common(1)[0][0] if counts else 0
        size = (right - left, top - bottom)

        def turned(box: tuple[float, ...], turns: int) -> tuple[float, float, float, float]:
            x0, y0, x1, y1 = box[0] - left, top - box[3], box[2] - left, top - box[1]
            width, height = size
            for _ in range(turns):  # a quarter clockwise
                x0, y0, x1, y1 = height - y1, x0, height - y0, x1
                width, height = height, width
            return x0, y0, x1, y1

        page = PageContent(*(size if upright % 2 == 0 else size[::-1]))
        page.rulings = [Ruling(*turned(ruling, upright)) for ruling in self._rulings]
        for direction in range(4):
            glyphs = [
                Glyph(text, *turned(tuple(box), direction)) for text, way, *box in self._glyphs if way == direction
            ]
            if direction == upright:
                page.glyphs = glyphs
            else:
                page.asides += set_lines(glyphs)
        page.pictures = min(1.0, self._pictures / (size[0] * size[1]))
        page.shapes = self._shapes
        return page


def _point(matrix: Any, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _box(matrix: Any, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
    a, b, c, d, e, f = matrix
    if b == 0 == c:  # the usual case
        x0, x1, y0, y1 = a * x0 + e, a * x1 + e, d * y0 + f, d * y1 + f
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
    corners = [_point(matrix, x, y) for x in (x0, x1) for y in (y0, y1)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _clipped(box: tuple[float, ...], area: tuple[float, ...]) -> tuple[float, float, float, float]:
    return max(box[0], area[0]), max(box[1], area[1]), min(box[2], area[2]), min(box[3], area[3])
