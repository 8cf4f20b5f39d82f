"""Which straight rules and which filled areas does a path object draw?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lxml import etree

from corpus.parsers.ofd.geometry import Box, Matrix, inside, move, number
from corpus.parsers.ofd.parts import child, text_of
from corpus.parsers.ofd.visible import Ink, filled, stroked

_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}  # GB/T 33190-2016, 9.1
_MAX_COMMANDS = 20_000  # of one path: a table of 100 columns and 100 rows, every cell by itself, has 40,000 numbers
_MIN_LENGTH_MM = 1.5  # shorter strokes belong to characters and drawings
_MAX_THICKNESS_MM = 1.0
_MAX_SLANT_MM = 0.2


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal or vertical line: ``at`` is its height (or its place from the left), from ``start`` to ``end``."""

    horizontal: bool
    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a path draws: its rules, the areas that it fills with colour, and how many commands that took."""

    rules: tuple[Rule, ...]
    areas: tuple[Box, ...]
    commands: int


Point = tuple[float, float]


def read_path(element: etree._Element, outer: Matrix) -> Drawing:
    """What a path object (AbbreviatedData) draws. Thin filled areas are rules: many programs draw the lines of a table
    that way. White and invisible lines are none."""
    fill, stroke = filled(element, default=False), stroked(element, default=True)
    parts = text_of(child(element, "AbbreviatedData")).split(maxsplit=3 * _MAX_COMMANDS)
    matrix = inside(element, outer)
    rules: list[Rule] = []
    areas: list[Box] = []
    commands = 0
    for points, straight in _outlines(parts):
        commands += len(points)
        placed = [move(matrix, *point) for point in points]
        if stroke is Ink.SHOWN and straight:
            rules.extend(_strokes(placed))
        if fill is Ink.SHOWN:
            area = _around(placed)
            if straight and (rule := _thin(area)) is not None:
                rules.append(rule)
            else:
                areas.append(area)
    return Drawing(tuple(rules), tuple(areas), commands)


def _outlines(parts: Sequence[str]) -> Iterator[tuple[list[Point], bool]]:
    """The outlines of a path: their corners, and whether all of their sides are straight."""
    points: list[Point] = []
    straight = True
    place = commands = 0
    while place < len(parts) and commands < _MAX_COMMANDS:
        command = parts[place]
        wanted = _ARGUMENTS.get(command)
        if wanted is None:
            place += 1  # a stray number
            continue
        values = [number(part) for part in parts[place + 1 : place + 1 + wanted]]
        place, commands = place + 1 + wanted, commands + 1
        if len(values) < wanted:
            break
        if command == "C":
            if points:
                points.append(points[0])
            continue
        if command in "SM":
            if len(points) > 1:
                yield points, straight
            points, straight = [], True
        straight = straight and command in "SML"
        points.append((values[-2], values[-1]))
    if len(points) > 1:
        yield points, straight


def _strokes(points: Sequence[Point]) -> Iterator[Rule]:
    for (x, y), (x2, y2) in pairwise(points):
        if abs(y - y2) <= _MAX_SLANT_MM and abs(x - x2) >= _MIN_LENGTH_MM:
            yield Rule(True, (y + y2) / 2, min(x, x2), max(x, x2))
        elif abs(x - x2) <= _MAX_SLANT_MM and abs(y - y2) >= _MIN_LENGTH_MM:
            yield Rule(False, (x + x2) / 2, min(y, y2), max(y, y2))


def _around(points: Sequence[Point]) -> Box:
    across, down = [x for x, _ in points], [y for _, y in points]
    return Box(min(across), min(down), max(across), max(down))


def _thin(area: Box) -> Rule | None:
    wide, high = area.right - area.left, area.bottom - area.top
    if high <= _MAX_THICKNESS_MM and wide >= _MIN_LENGTH_MM:
        return Rule(True, (area.top + area.bottom) / 2, area.left, area.right)
    if wide <= _MAX_THICKNESS_MM and high >= _MIN_LENGTH_MM:
        return Rule(False, (area.left + area.right) / 2, area.top, area.bottom)
    return None
