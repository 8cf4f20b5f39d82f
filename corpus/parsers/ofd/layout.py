"""Which lines and which tables does a page make, in the order in which a person reads them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.parsers import Table
from corpus.parsers.lines import Line
from corpus.parsers.ofd.compose import compose, turn, without_number
from corpus.parsers.ofd.geometry import Box
from corpus.parsers.ofd.grids import find_grids
from corpus.parsers.ofd.paths import Rule
from corpus.parsers.ofd.tables import Filled, caption, fill, make_table, table_lines
from corpus.parsers.ofd.text import Run

_LARGER = 1.15  # than most characters of the page: a heading
_SAME_SIZE = 0.05
_MAX_PITCH = 3.0  # sizes, between the lines of a heading
_MAX_ASIDE = 2.0  # sizes, between their middles
_MIN_TEXT_CHARS = 24  # of a line of running text: a full one has 28 (GB/T 9704-2012, 5.2.3)


@dataclass(frozen=True, slots=True)
class Layout:
    lines: list[Line]  # rows of tables among them
    tables: list[Table]


def lay_out(runs: Sequence[Run], rules: Sequence[Rule], place: str) -> Layout:
    """The lines of a page and its ruled tables; ``place`` names the page in the tables."""
    pieces, rules = turn(runs, rules)
    filled: list[Filled] = []
    for grid in sorted(find_grids(rules), key=lambda grid: _extent(grid.box)):  # a table in a cell of another first
        found, rest = fill(grid, pieces)
        if len(found.pieces) > 1:
            filled.append(found)
            pieces = rest
    lines = without_number(compose(pieces))
    tables: list[Table] = []
    for found in sorted(filled, key=lambda found: found.grid.box.top):
        box = found.grid.box
        before = next((n for n, line in enumerate(lines) if line.top > box.top and line.column == 0), len(lines))
        table = replace(make_table(found), place=place, caption=caption(lines[:before], box))
        tables.append(table)
        lines[before:before] = table_lines(table, found)
    return Layout(lines, tables)


def headings(lines: Sequence[Line]) -> list[str]:
    """What a page sets larger than most of its text, above it; the largest first. Lines of one size below each other
    are one heading.

    Source: GB/T 9704-2012, 7.3.1: the title is of size 2 (22 points), the text of size 3 (16 points).
    """
    sizes = sorted(line.size for line in lines for _ in line.text if not line.row)
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    found: list[list[Line]] = []
    for line in lines:
        large = not line.row and line.size > _LARGER * usual
        if not large and not line.row and len(line.text) > _MIN_TEXT_CHARS:
            break
        if large and found and _goes_on(found[-1][-1], line):
            found[-1].append(line)
        elif large:
            found.append([line])
    return ["".join(line.text for line in heading) for heading in sorted(found, key=lambda heading: -heading[0].size)]


def _goes_on(previous: Line, line: Line) -> bool:
    same = abs(previous.size - line.size) <= _SAME_SIZE * line.size
    aside = abs(previous.left + previous.right - line.left - line.right) / 2
    return same and aside <= _MAX_ASIDE * line.size and 0 < line.top - previous.top <= _MAX_PITCH * line.size


def _extent(box: Box) -> float:
    return (box.right - box.left) * (box.bottom - box.top)
