"""Where on the page is a point of an object? Millimetres from the left and the top edge."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lxml import etree

Matrix = tuple[float, float, float, float, float, float]
"""``a b c d e f`` of GB/T 33190-2016, 8.5 (CTM): x' = a·x + c·y + e, y' = b·x + d·y + f."""

IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
_FARTHEST = 1e5  # millimetres: no page is larger, and products of such numbers stay finite


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def holds(self, x: float, y: float, slack: float = 0) -> bool:
        return self.left - slack <= x <= self.right + slack and self.top - slack <= y <= self.bottom + slack


def number(text: str | None, default: float = 0) -> float:
    """A number as written in an attribute; the default where there is none or it makes no sense."""
    try:
        value = float(text) if text else default
    except ValueError:
        return default
    return value if abs(value) <= _FARTHEST else default  # also for nan, which compares false


def numbers(text: str | None) -> list[float]:
    """The numbers of an array (ST_Array), parted by spaces, by commas in some files."""
    return [number(part) for part in (text or "").replace(",", " ").split()[:16]]


def box(text: str | None) -> Box | None:
    """A box (ST_Box: left, top, width, height) with an area; None for anything else."""
    values = numbers(text)
    if len(values) != 4 or values[2] <= 0 or values[3] <= 0:
        return None
    return Box(values[0], values[1], values[0] + values[2], values[1] + values[3])


def move(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where the point is that an object calls (x, y)."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def inside(element: etree._Element, outer: Matrix) -> Matrix:
    """The coordinates inside an object: its CTM, then the corner of its Boundary, then what is around it."""
    corner = numbers(element.get("Boundary"))[:2]
    own = numbers(element.get("CTM"))
    a, b, c, d, e, f = own if len(own) == 6 else IDENTITY
    left, top = corner if len(corner) == 2 else (0, 0)
    x, y = move(outer, e + left, f + top)
    oa, ob, oc, od, _, _ = outer
    made = (oa * a + oc * b, ob * a + od * b, oa * c + oc * d, ob * c + od * d, x, y)
    return made if all(math.isfinite(value) and abs(value) <= _FARTHEST for value in made) else IDENTITY
