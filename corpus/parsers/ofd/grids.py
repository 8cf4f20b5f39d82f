"""Which tables do the rules of a page draw, and which places does each of their cells cover?"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from corpus.parsers.ofd.geometry import Box
from corpus.parsers.ofd.paths import Rule

MAX_RULES = 1500
"""A page with more rules of one direction is a drawing; a table of 100 rows and 20 columns has 121 of both."""

_MAX_GRIDS = 50  # of a page: more are the boxes of a drawing
_MAX_PLACES = 20_000  # of a table
_TOUCH_MM = 1.0  # lines of a table that end so close to another meet it
_SAME_MM = 0.8  # lines so close to each other are one: cells drawn one by one have double borders


@dataclass(frozen=True, slots=True)
class Area:
    """A cell: its first row and column, how many of each it covers, and its box in millimetres."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table: its cells in reading order, its box, and the places of its edges."""

    cells: tuple[Area, ...]
    box: Box
    rows: tuple[float, ...]
    columns: tuple[float, ...]
    places: Mapping[tuple[int, int], Area]  # by row and column

    def cell_at(self, x: float, y: float) -> Area | None:
        """The cell that a point stands in."""
        return self.places.get((bisect_right(self.rows, y) - 1, bisect_right(self.columns, x) - 1))


def find_grids(rules: Sequence[Rule]) -> list[Grid]:
    """The tables of a page from top to bottom: rules that meet, with two rows, two columns and three cells at least.

    A table that is open at its sides gets its outer edges from its horizontal rules.
    """
    lying = _joined([rule for rule in rules if rule.horizontal])
    standing = _joined([rule for rule in rules if not rule.horizontal])
    if not lying or not standing or max(len(lying), len(standing)) > MAX_RULES:
        return []
    groups = _groups(lying, standing)
    grids = [grid for group in groups if (grid := _grid(*group)) is not None]
    return sorted(grids, key=lambda grid: (grid.box.top, grid.box.left)) if len(grids) <= _MAX_GRIDS else []


def _joined(rules: Sequence[Rule]) -> list[Rule]:
    """Rules on one line that touch or overlap as one."""
    lines: list[list[Rule]] = []
    for rule in sorted(rules, key=attrgetter("at")):
        if lines and rule.at - lines[-1][0].at <= _SAME_MM:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    joined: list[Rule] = []
    for line in lines:
        at = sum(rule.at for rule in line) / len(line)
        ordered = sorted(line, key=attrgetter("start"))
        start, end = ordered[0].start, ordered[0].end
        for rule in ordered[1:]:
            if rule.start > end + _TOUCH_MM:
                joined.append(Rule(rule.horizontal, at, start, end))
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        joined.append(Rule(line[0].horizontal, at, start, end))
    return joined


def _groups(lying: Sequence[Rule], standing: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """The rules that meet each other, directly or by others."""
    parents = list(range(len(lying) + len(standing)))

    def root(n: int) -> int:
        while parents[n] != n:
            parents[n] = parents[parents[n]]
            n = parents[n]
        return n

    places = [rule.at for rule in standing]
    for n, rule in enumerate(lying):
        first, last = bisect_left(places, rule.start - _TOUCH_MM), bisect_right(places, rule.end + _TOUCH_MM)
        for m in range(first, last):
            if standing[m].start - _TOUCH_MM <= rule.at <= standing[m].end + _TOUCH_MM:
                parents[root(len(lying) + m)] = root(n)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for n, rule in enumerate((*lying, *standing)):
        groups.setdefault(root(n), ([], []))[0 if rule.horizontal else 1].append(rule)
    return [group for group in groups.values() if len(group[0]) > 1 and group[1]]


def _grid(lying: Sequence[Rule], standing: Sequence[Rule]) -> Grid | None:
    left, right = min(rule.start for rule in lying), max(rule.end for rule in lying)
    rows = _edges([rule.at for rule in lying])
    columns = _edges([left, right, *(rule.at for rule in standing)])
    height, width = len(rows) - 1, len(columns) - 1
    if height < 2 or width < 2 or height * width > _MAX_PLACES:
        return None
    above = _crossed(lying, rows, columns)
    beside = _crossed(standing, columns, rows)
    taken: dict[tuple[int, int], Area] = {}
    cells: list[Area] = []
    for row in range(height):
        for column in range(width):
            if (row, column) in taken:
                continue
            wide, high = 1, 1
            while column + wide < width and not ((column + wide, row) in beside or (row, column + wide) in taken):
                wide += 1
            while row + high < height and not _closed(above, beside, row + high, column, wide):
                high += 1
            box = Box(columns[column], rows[row], columns[column + wide], rows[row + high])
            cells.append(Area(row, column, high, wide, box))
            taken |= {(row + down, column + over): cells[-1] for down in range(high) for over in range(wide)}
    box = Box(columns[0], rows[0], columns[-1], rows[-1])
    return Grid(tuple(cells), box, tuple(rows), tuple(columns), taken) if len(cells) > 2 else None


def _closed(above: set[tuple[int, int]], beside: set[tuple[int, int]], row: int, column: int, wide: int) -> bool:
    """Whether a cell ends above this row: a rule lies there, or another stands in the row."""
    lies = any((row, column + over) in above for over in range(wide))
    return lies or any((column + over, row) in beside for over in range(1, wide))


def _edges(values: Sequence[float]) -> list[float]:
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _SAME_MM:
            edges.append(value)
    return edges


def _crossed(rules: Sequence[Rule], edges: Sequence[float], others: Sequence[float]) -> set[tuple[int, int]]:
    """The pairs of an edge and a place along it (between two of the others) where a rule lies on the edge."""
    middles = [(start + end) / 2 for start, end in pairwise(others)]
    found: set[tuple[int, int]] = set()
    for rule in rules:
        edge = bisect_right(edges, rule.at) - 1
        found.update((edge, n) for n in range(bisect_left(middles, rule.start), bisect_right(middles, rule.end)))
    return found
