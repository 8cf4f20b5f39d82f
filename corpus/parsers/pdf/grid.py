"""Which cells do the ruling lines of a page enclose, and what does each span?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

# In points, or in pixels of a scan made comparable to them by the caller.
TOLERANCE = 3.0
"""Lines so near are one; so much may an end miss the line that it should touch. Double borders are 1.5–2.5 apart."""

MIN_OPEN = 10.0
"""A table is open at a side if its horizontal lines reach so far over its last vertical line, which has room for a
character; less is an overshoot of a pen or a scan."""

MAX_RULINGS = 2000
"""Horizontal or vertical ones of a page after joining; a page with more is a drawing or a map."""

MAX_PLACES = 40_000
"""Rows × columns of a table on one page: more is a drawing."""


class Ruling(NamedTuple):
    """A line parallel to an edge of the page, from its left or upper end."""

    left: float
    top: float
    right: float
    bottom: float


class Span(NamedTuple):
    """The places of a grid that one cell covers."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table: its lines of columns and rows, from the left and the top, and its cells in reading order."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    spans: tuple[Span, ...]

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """The row and the column of this point; None outside the table."""
        row, column = bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1
        inside = 0 <= row < len(self.ys) - 1 and 0 <= column < len(self.xs) - 1
        return (row, column) if inside else None


def find_grids(rulings: Iterable[Ruling]) -> list[Grid]:
    """The tables of at least two cells, from the top. A table that is open at its sides (as those of statistics are) is
    closed where its horizontal lines end."""
    flat, upright = _joined(rulings)
    if not flat or not upright or max(len(flat), len(upright)) > MAX_RULINGS:
        return []
    grids = [grid for group in _touching(flat, upright) if (grid := _grid(*group)) is not None]
    return sorted(grids, key=lambda grid: (grid.ys[0], grid.xs[0]))


def _joined(rulings: Iterable[Ruling]) -> tuple[list[Ruling], list[Ruling]]:
    """The horizontal and the vertical lines; pieces of one line are put together."""
    flat: list[tuple[float, float, float]] = []
    upright: list[tuple[float, float, float]] = []
    for left, top, right, bottom in rulings:
        if right - left >= bottom - top:
            flat.append(((top + bottom) / 2, left, right))
        else:
            upright.append(((left + right) / 2, top, bottom))
    return (
        [Ruling(start, place, end, place) for place, start, end in _pieces(flat)],
        [Ruling(place, start, place, end) for place, start, end in _pieces(upright)],
    )


def _pieces(lines: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    joined: list[tuple[float, float, float]] = []
    places = _clusters([place for place, _, _ in lines])
    by_place: dict[float, list[tuple[float, float]]] = {}
    for place, start, end in lines:
        by_place.setdefault(_nearest(places, place), []).append((start, end))
    for place, ends in by_place.items():
        first, last = min(ends)
        for start, end in sorted(ends):
            if start > last + TOLERANCE:
                joined.append((place, first, last))
                first, last = start, end
            last = max(last, end)
        joined.append((place, first, last))
    return [line for line in joined if line[2] - line[1] > TOLERANCE]


def _clusters(values: Sequence[float]) -> list[float]:
    """The middles of values that are near each other."""
    clusters: list[list[float]] = []
    for value in sorted(values):
        if clusters and value - clusters[-1][0] <= TOLERANCE:
            clusters[-1].append(value)
        else:
            clusters.append([value])
    return [sum(cluster) / len(cluster) for cluster in clusters]


def _nearest(places: Sequence[float], value: float) -> float:
    at = bisect_right(places, value)
    return min(places[max(at - 1, 0) : at + 1], key=lambda place: abs(place - value))


def _touching(flat: Sequence[Ruling], upright: Sequence[Ruling]) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Groups of lines that touch each other, horizontal and vertical ones."""
    across, down = np.array(flat), np.array(upright)
    x, y = down[:, 0], across[:, 1]
    meets = (
        (across[:, :1] - TOLERANCE <= x)
        & (x <= across[:, 2:3] + TOLERANCE)
        & (down[:, 1] - TOLERANCE <= y[:, None])
        & (y[:, None] <= down[:, 3] + TOLERANCE)
    )
    groups: list[tuple[list[Ruling], list[Ruling]]] = []
    left_over = set(range(len(flat)))
    while left_over:
        rows, columns = {left_over.pop()}, np.zeros(len(upright), dtype=bool)
        waiting = set(rows)
        while waiting:
            reached = meets[list(waiting)].any(axis=0) & ~columns
            columns |= reached
            waiting = set(np.flatnonzero(meets[:, reached].any(axis=1)).tolist()) - rows
            rows |= waiting
        left_over -= rows
        groups.append(
            ([flat[row] for row in sorted(rows)], [upright[column] for column in np.flatnonzero(columns).tolist()])
        )
    return groups


def _grid(flat: Sequence[Ruling], upright: Sequence[Ruling]) -> Grid | None:
    if len(flat) < 2 or not upright:
        return None
    places = [line.left for line in upright]
    ends = min(line.left for line in flat), max(line.right for line in flat)
    open_ends = [end for end in ends if min(abs(end - place) for place in places) > MIN_OPEN]
    xs, ys = _clusters([*places, *open_ends]), _clusters([line.top for line in flat])
    height, width = len(ys) - 1, len(xs) - 1
    if height < 1 or width < 1 or height * width > MAX_PLACES:
        return None
    below = np.zeros((height + 1, width), dtype=bool)  # a line at the top of the place
    beside = np.zeros((height, width + 1), dtype=bool)  # a line at its left
    centres_x, centres_y = (np.array(xs)[1:] + xs[:-1]) / 2, (np.array(ys)[1:] + ys[:-1]) / 2
    for line in flat:
        below[ys.index(_nearest(ys, line.top))] |= (centres_x > line.left) & (centres_x < line.right)
    for line in upright:
        beside[:, xs.index(_nearest(xs, line.left))] |= (centres_y > line.top) & (centres_y < line.bottom)
    spans = _spans(below, beside)
    return Grid(tuple(xs), tuple(ys), tuple(spans)) if len(spans) > 1 else None


def _spans(below: np.ndarray, beside: np.ndarray) -> list[Span]:
    """Places without a line between them are one cell, as far as they make a rectangle."""
    height, width = beside.shape[0], below.shape[1]
    taken = np.zeros((height, width), dtype=bool)
    spans: list[Span] = []
    for row in range(height):
        for column in range(width):
            if taken[row, column]:
                continue
            right, bottom = column + 1, row + 1
            while right < width and not beside[row, right] and not taken[row, right]:
                right += 1
            while (
                bottom < height
                and not below[bottom, column:right].any()
                and not beside[bottom, column + 1 : right].any()
                and not taken[bottom, column:right].any()
            ):
                bottom += 1
            taken[row:bottom, column:right] = True
            spans.append(Span(row, column, bottom - row, right - column))
    return spans
