"""Which words does a text object set, and where does each of them stand?"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from corpus.parsers.ofd.geometry import Matrix, inside, move, number
from corpus.parsers.ofd.parts import child, children, text_of

_EDGES = re.compile(r"^\s*[\r\n]\s*|\s*[\r\n]\s*$")  # line breaks of a pretty-printed file
# In sizes of the type:
_MAX_GAP = 0.6  # between characters of one word; farther, the text jumps to another place
_MAX_BACK = 0.3  # kerning pulls characters together; further back, it is another place
_MAX_ACROSS = 0.5  # off the line: further, it is another line
_SAME_GAP = 0.2
_MAX_SPREAD = 3.0  # a title of two characters is spread so far to fill its line


@dataclass(frozen=True, slots=True)
class Run:
    """Characters set without a gap, in millimetres on the page.

    ``x`` and ``y`` are where its first character begins on its baseline, ``dx`` and ``dy`` lead to the end of the last;
    ``angle`` is that of its characters, in degrees, clockwise. ``spaced`` says that the file has a space before it,
    ``stacked`` that its upright characters stand below each other (``dx`` and ``dy`` then lead to the last's baseline).
    """

    text: str
    x: float
    y: float
    dx: float
    dy: float
    size: float
    angle: float
    spaced: bool
    stacked: bool


def read_text(element: etree._Element, outer: Matrix) -> list[Run]:
    """The runs of a text object (GB/T 33190-2016, 11: TextObject, TextCode), in the order of the file.

    The characters are those of TextCode; glyph indices (CGTransform) only say how they are drawn.
    """
    matrix = inside(element, outer)
    a, b, c, d, _, _ = matrix
    size = number(element.get("Size"))
    em, height = abs(size * number(element.get("HScale"), 1)) * math.hypot(a, b), abs(size) * math.hypot(c, d)
    turned = math.radians(number(element.get("CharDirection")))
    along = (a * math.cos(turned) + c * math.sin(turned), b * math.cos(turned) + d * math.sin(turned))
    length = math.hypot(*along)
    if not (em and height and length):
        return []
    axis = (along[0] / length, along[1] / length)
    runs: list[Run] = []
    x = y = 0.0
    for code in children(element, "TextCode"):
        x, y = number(code.get("X"), x), number(code.get("Y"), y)  # where missing, that of the code before it holds
        text = _EDGES.sub("", code.text or "")
        places = [move(matrix, *place) for place in _places(text, code, element, x, y)]
        runs.extend(_runs(text, places, axis, em, height))
    return runs


def lost_glyphs(element: etree._Element) -> int:
    """How many glyphs of a text object are drawn by their index while its TextCode names no character."""
    if any((code.text or "").strip() for code in children(element, "TextCode")):
        return 0
    return sum(len(text_of(child(change, "Glyphs")).split()) for change in children(element, "CGTransform"))


def width(char: str) -> float:
    """About how wide a character is, in sizes of the type: Chinese ones are square, Latin ones half of that."""
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5


def _places(
    text: str, code: etree._Element, element: etree._Element, x: float, y: float
) -> Iterator[tuple[float, float]]:
    """Where each character begins, in the coordinates of its object."""
    right, down = (_deltas(code.get(name), len(text) - 1) for name in ("DeltaX", "DeltaY"))
    size, turned = number(element.get("Size")), math.radians(number(element.get("ReadDirection")))
    stretched = size * number(element.get("HScale"), 1)
    for n, char in enumerate(text):
        yield x, y
        if right is None and down is None:
            x += stretched * width(char) * math.cos(turned)
            y += size * width(char) * math.sin(turned)
            continue
        if right is not None:
            x += right[n] if n < len(right) else stretched * width(char)
        if down is not None:
            y += down[n] if n < len(down) else 0 if right is not None else size


def _deltas(text: str | None, wanted: int) -> list[float] | None:
    """The steps from character to character; ``g 3 10`` is 10 10 10. None where none are given."""
    found: list[float] = []
    parts = iter((text or "").replace(",", " ").split())
    for part in parts:
        if len(found) >= wanted:
            break
        if part == "g":
            times, step = number(next(parts, "")), number(next(parts, ""))
            found.extend([step] * min(int(times), wanted - len(found)))
        else:
            found.append(number(part))
    return found if text and text.strip() else None


def _runs(
    text: str, places: Sequence[tuple[float, float]], axis: tuple[float, float], em: float, height: float
) -> Iterator[Run]:
    """The text cut where it jumps to another place."""
    angle = math.degrees(math.atan2(axis[1], axis[0]))
    steps = [_step(here, there, axis) for here, there in pairwise(places)]
    stacked = sum(abs(across) for _, across in steps) > sum(abs(along) for along, _ in steps)
    gaps = [along / em - width(char) for (along, _), char in zip(steps, text, strict=False)]
    even = (
        all(width(char) == 1 and not char.isspace() for char in text)
        and all(abs(across) < _MAX_ACROSS * height for _, across in steps)
        and bool(gaps)
        and max(gaps) - min(gaps) <= _SAME_GAP
        and -_MAX_GAP < min(gaps) <= max(gaps) <= _MAX_SPREAD
    )
    first, spaced = 0, False
    for n, char in enumerate(text):
        last = n + 1 == len(text)
        if not (last or char.isspace() or text[n + 1].isspace() or _jumps(steps[n], gaps[n], height, stacked, even)):
            continue
        if not char.isspace():
            (x, y), (end_x, end_y) = places[first], places[n]
            if not stacked:
                end_x, end_y = end_x + axis[0] * em * width(char), end_y + axis[1] * em * width(char)
            yield Run(text[first : n + 1], x, y, end_x - x, end_y - y, height, angle, spaced, stacked)
        first, spaced = n + 1, char.isspace()


def _step(here: tuple[float, float], there: tuple[float, float], axis: tuple[float, float]) -> tuple[float, float]:
    x, y = there[0] - here[0], there[1] - here[1]
    return x * axis[0] + y * axis[1], y * axis[0] - x * axis[1]


def _jumps(step: tuple[float, float], gap: float, height: float, stacked: bool, even: bool) -> bool:
    along, across = step
    if stacked:
        return abs(along) > _MAX_ACROSS * height or not 0 < across <= _MAX_SPREAD * height
    return abs(across) > _MAX_ACROSS * height or along < -_MAX_BACK * height or (gap > _MAX_GAP and not even)
