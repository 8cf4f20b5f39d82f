"""Which places of its table does each cell of an HTML table cover?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bs4.element import Tag

_MAX_SPAN = 100  # colspan and rowspan beyond this are slips (the HTML standard allows 1000 and 65534)


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A ``td`` or ``th``, the first row and column that it covers (from 0), and how many of each."""

    element: Tag
    row: int
    column: int
    rows: int
    columns: int


def place_cells(table: Tag) -> Iterator[PlacedCell]:
    """The cells in reading order. Rows are all ``tr`` of the table; a span ends with the last of them, and makes way
    for a cell that an earlier row already reaches down to."""
    rows = table.find_all("tr")
    covered: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        column = 0
        for cell in row.find_all(["td", "th"], recursive=False):
            while (number, column) in covered:
                column += 1
            height = min(_span(cell, "rowspan"), len(rows) - number)
            width = 1
            while width < _span(cell, "colspan") and (number, column + width) not in covered:
                width += 1
            covered.update((number + down, column + right) for down in range(height) for right in range(width))
            yield PlacedCell(cell, number, column, height, width)
            column += width


def _span(cell: Tag, name: str) -> int:
    value = str(cell.get(name, ""))
    return min(max(int(value), 1), _MAX_SPAN) if value.isdecimal() and len(value) < 6 else 1
