"""Which places of its table does each cell of a Word table cover?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from corpus.parsers.word.styles import W, value

_MAX_COLUMNS = 64  # Word allows 63
WRAPPERS = frozenset(W + tag for tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
"""Elements around paragraphs, rows, cells and runs that show nothing of their own."""


@dataclass(slots=True)
class PlacedCell:
    """A cell, the first row and column that it covers (from 0), how many of each, and the elements that make it up."""

    elements: list[etree._Element]
    row: int
    column: int
    rows: int = 1
    columns: int = 1


def place_cells(table: etree._Element) -> Iterator[PlacedCell]:
    """The cells in reading order. Cells merged downwards (``vMerge``) or, in old files, sideways (``hMerge``) are one;
    rows that were deleted as a tracked change are left out."""
    found: list[PlacedCell] = []
    above: dict[int, PlacedCell] = {}
    rows = [row for row in _children(table, "tr") if row.find(f"{W}trPr/{W}del") is None]
    for number, row in enumerate(rows):
        column = min(_count(value(row, "trPr/gridBefore"), 0), _MAX_COLUMNS - 1)
        current: dict[int, PlacedCell] = {}
        for cell in _children(row, "tc"):
            if column >= _MAX_COLUMNS:
                found[-1].elements.append(cell)  # nothing is lost of a row that is longer than Word allows
                continue
            width = min(_count(value(cell, "tcPr/gridSpan"), 1), _MAX_COLUMNS - column)
            properties = cell.find(W + "tcPr")
            upper = above.get(column)
            if _continues(properties, "vMerge") and upper is not None and upper.columns == width:
                upper.rows += 1  # what stands in the covered cell is not shown
                current[column] = upper
            elif _continues(properties, "hMerge") and found and found[-1].row == number:
                found[-1].columns += width
            else:
                current[column] = PlacedCell([cell], number, column, 1, width)
                found.append(current[column])
            column += width
        above = current
    yield from found


def _continues(properties: etree._Element | None, tag: str) -> bool:
    merge = None if properties is None else properties.find(W + tag)
    return merge is not None and merge.get(W + "val", "continue") == "continue"


def _count(text: str | None, least: int) -> int:
    return max(min(int(text), _MAX_COLUMNS), least) if text and text.isdecimal() and len(text) < 6 else least


def _children(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag == W + tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _children(child, tag)
