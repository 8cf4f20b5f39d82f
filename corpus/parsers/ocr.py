"""What does the picture of a page say? By RapidOCR (the extra ``ocr``), in this process and without a network."""

from __future__ import annotations

import importlib.util
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from corpus.parsers.lines import Line
from corpus.parsers.pdf.glyphs import Glyph, set_lines
from corpus.parsers.pdf.grid import Ruling
from corpus.parsers.pdf.layout import SetPage, in_reading_order

MAX_PAGES = 200
"""Pages of one document that are recognised: about 20 minutes of one processor; `MAX_SECONDS` mostly comes first."""

MAX_SECONDS = 600.0
"""Recognising one document. A worker has 900 s (`isolation.Limits.ocr_time_s`), of which reading the text takes 240."""

MAX_SIDE = 3000
"""Pixels: larger pictures are made smaller. A3 at 180 dpi; A4 needs no more than 2000."""

CONFIDENT = 0.8
"""Text recognised with less is kept and named as a problem; printed text has .95 and more."""

MISSING = "it has text that only OCR can read: install the extra gongkai[ocr]"
"""The problem of a document that needs the extra."""

_MIN_CONFIDENCE = 0.5  # what has less is a seal, a barcode, a texture: RapidOCR's own threshold
_MIN_UPRIGHT = 0.6  # of the whole page: less is tried upside down
_MAX_SKEW = math.radians(0.2)  # more parts long ruling lines into steps
_PAGE_POINTS = 842.0  # the longer side of A4: the size of a page that does not tell its own

_Image = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class OcrLine(Line):
    """A line as recognised, in pixels; ``confidence`` is from 0 to 1."""

    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class OcrPage:
    """A recognised page, turned upright and straight; ``weak`` counts its pieces of text below `CONFIDENT`."""

    page: SetPage
    weak: int = 0


@dataclass(slots=True)
class Budget:
    """What one document may still have recognised."""

    pages: int = MAX_PAGES
    seconds: float = MAX_SECONDS

    def spent(self) -> bool:
        """Whether no page may be read any more."""
        return self.pages <= 0 or self.seconds <= 0

    def read_page(self, image: Image.Image | _Image, points_per_pixel: float | None = None) -> OcrPage:
        """As `ocr.read_page`, and its cost is noted."""
        started = time.monotonic()
        page = read_page(image, points_per_pixel)
        self.pages -= 1
        self.seconds -= time.monotonic() - started
        return page


@dataclass(frozen=True, slots=True)
class _Found:
    text: str
    confidence: float
    corners: npt.NDArray[np.float64]  # 4 × 2, from the upper left, clockwise as the text stands
    characters: tuple[tuple[str, npt.NDArray[np.float64]], ...]


def available() -> bool:
    """Whether the extra ``ocr`` is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def read_image(image: Image.Image | _Image) -> list[OcrLine]:
    """The lines of a picture in reading order, for `lines.join_lines`; none if it shows no text.

    An array is height × width × 3, blue first (as OpenCV has it). Tables are read as lines. Needs the extra ``ocr``.
    """
    found = _straight(*_upright(_pixels(image)))[1]
    boxes = [(_box(piece.corners), piece.confidence) for piece in found]
    lines = []
    for line in in_reading_order(set_lines(_glyph(piece, 1.0) for piece in found)):
        inside = [
            confidence
            for (left, top, right, bottom), confidence in boxes
            if line.left <= (left + right) / 2 <= line.right and line.top <= (top + bottom) / 2 <= line.top + line.size
        ]
        values = (line.text, line.left, line.right, line.size, line.top, line.column, line.row)
        lines.append(OcrLine(*values, confidence=min(inside, default=0.0)))
    return lines


def read_page(image: Image.Image | _Image, points_per_pixel: float | None = None) -> OcrPage:
    """The text and the ruling lines of a page, in points; without ``points_per_pixel`` it is taken to be A4.

    A page that lies on its side or stands on its head is turned, one that was scanned askew is straightened. Needs the
    extra ``ocr``.
    """
    pixels = _pixels(image)
    given = max(image.size if isinstance(image, Image.Image) else image.shape[:2])
    scale = (points_per_pixel or _PAGE_POINTS / given) * given / max(pixels.shape[:2])
    straight, found = _straight(*_upright(pixels))
    glyphs = [_glyph(piece, scale) for piece in found]
    rulings = [Ruling(*(scale * value for value in ruling)) for ruling in _rulings(straight, found)] if found else []
    page = SetPage(straight.shape[1] * scale, straight.shape[0] * scale, glyphs, rulings)
    return OcrPage(page, sum(piece.confidence < CONFIDENT for piece in found))


def _pixels(image: Image.Image | _Image) -> _Image:
    """Height × width × 3, blue first, not larger than `MAX_SIDE`; what is transparent is white."""
    if not isinstance(image, Image.Image):
        image = Image.fromarray(np.ascontiguousarray(image[:, :, ::-1]))
    if max(image.size) > MAX_SIDE:
        image = image.copy()
        image.thumbnail((MAX_SIDE, MAX_SIDE))
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer)
    return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


@cache
def _engine() -> Any:
    """One a process. One thread: on two processors, two workers with one each read more pages than with two each."""
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(1)
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,  # a page is turned as a whole
            "Global.max_side_len": MAX_SIDE,
            "Global.text_score": 0.0,  # `_upright` must see what is recognised badly
            "Global.return_word_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _recognise(image: _Image) -> list[_Found]:
    read = _engine()(image)
    if read.txts is None or read.boxes is None:
        return []
    return [
        _Found(
            text,
            float(score),
            np.asarray(box, dtype=float),
            tuple((word, np.asarray(at, dtype=float)) for word, _, at in words),
        )
        for text, score, box, words in zip(read.txts, read.scores, read.boxes, read.word_results, strict=True)
    ]


def _upright(image: _Image) -> tuple[_Image, list[_Found]]:
    """The picture as it is to be held, and what it says."""
    found = _recognise(image)
    if not found:
        return image, found
    turns: tuple[int, ...] = ()
    if sum(_stands(piece) * len(piece.text) for piece in found) > 0.5 * sum(len(piece.text) for piece in found):
        turns = (1, 3)
    elif _confidence(found) < _MIN_UPRIGHT:
        turns = (2,)
    tried = [(image, found)]
    for turn in turns:
        turned = np.ascontiguousarray(np.rot90(image, turn))
        tried.append((turned, _recognise(turned)))
    held, read = max(tried, key=lambda one: _confidence(one[1]))
    return held, [piece for piece in read if piece.confidence >= _MIN_CONFIDENCE]


def _stands(piece: _Found) -> bool:
    left, top, right, bottom = _box(piece.corners)
    return len(piece.text) > 1 and bottom - top > 1.5 * (right - left)


def _confidence(found: Sequence[_Found]) -> float:
    """Of a character, on average; 0 where nothing was recognised."""
    characters = sum(len(piece.text) for piece in found)
    return sum(piece.confidence * len(piece.text) for piece in found) / characters if characters else 0.0


def _straight(image: _Image, found: list[_Found]) -> tuple[_Image, list[_Found]]:
    """The same, turned by the few degrees that a page lay askew on the glass."""
    import cv2

    runs = [piece.corners[1] - piece.corners[0] for piece in found if len(piece.text) > 5]
    skew = float(np.median([math.atan2(down, along) for along, down in runs])) if runs else 0.0
    if abs(skew) <= _MAX_SKEW:
        return image, found
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(skew), 1.0)
    turned: Any = cv2.warpAffine(image, matrix, (width, height), borderValue=(255, 255, 255))

    def move(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        moved: npt.NDArray[np.float64] = points @ matrix[:, :2].T + matrix[:, 2]
        return moved

    return turned, [
        _Found(
            piece.text, piece.confidence, move(piece.corners), tuple((word, move(at)) for word, at in piece.characters)
        )
        for piece in found
    ]


def _box(corners: npt.NDArray[np.float64]) -> tuple[float, float, float, float]:
    return tuple(corners.min(axis=0).tolist() + corners.max(axis=0).tolist())


def _glyph(piece: _Found, scale: float) -> Glyph:
    left, top, right, bottom = (scale * value for value in _box(piece.corners))
    parts = []
    for word, corners in piece.characters:
        box = _box(corners)
        parts.append(Glyph(word, scale * box[0], top, scale * box[2], bottom))
    return Glyph(piece.text, left, top, right, bottom, tuple(parts))


def _rulings(image: _Image, found: Sequence[_Found]) -> list[tuple[float, float, float, float]]:
    """The long straight lines of a page, in pixels: what is dark over a whole bar that is longer than the strokes of
    its characters, and of a title twice as large."""
    import cv2

    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    dark = cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15)
    boxes = [_box(piece.corners) for piece in found]
    height = float(np.median([bottom - top for _, top, _, bottom in boxes]))  # 1.25 of the type
    along, down = max(math.ceil(3 * height), 20), max(math.ceil(1.2 * height), 12)
    rulings = []
    for shape in ((1, along), (down, 1)):
        opened = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(shape, np.uint8))
        _, _, parts, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
        for left, top, width, tall, _ in parts[1:].tolist():
            if min(width, tall) < max(width, tall) / 4:  # else a dark field
                rulings.append((left, top, left + width, top + tall))
    return rulings
