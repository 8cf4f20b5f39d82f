"""What does a person see on a sheet? Its cells as a table and as lines, whatever file it came from."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from corpus.parsers import Cell, Table
from corpus.parsers.spacing import tidy

MAX_CELLS = 1_000_000
"""Filled cells of a workbook beyond this are not read; a list of 50,000 companies with 20 columns has so many."""

MAX_CHARS = 20_000_000
"""Nor is text beyond this: ten times the longest document that we know. One text may stand in every cell."""

_MAX_PLACES = 10_000_000  # a table that covers more (its filled cells lie far apart) is read as lines only
_MAX_MERGED_PLACES = 2_000_000
_MAX_EMPTY_COLUMNS = 20  # in a row: what lies farther apart is no table, and every row would be padded up to it
_ATTACHMENT = re.compile(r"附\s*[件表]\s*\d*\s*[:：]?")


class FullError(Exception):
    """There is no room for more cells."""


@dataclass(slots=True)
class Budget:
    """What may still be read of a workbook."""

    cells: int = MAX_CELLS
    chars: int = MAX_CHARS

    def spend(self, text: str) -> None:
        """Raises FullError when it is used up."""
        self.cells -= 1
        self.chars -= len(text)
        if self.cells < 0 or self.chars < 0:
            raise FullError


@dataclass(frozen=True, slots=True)
class Merge:
    """Cells shown as one, from the first to the last row and column, both included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """A sheet as it was read; rows and columns are counted from 0."""

    name: str
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)  # comments and text boxes
    problems: list[str] = field(default_factory=list)
    pictures: bool = False

    def put(self, row: int, column: int, text: str, budget: Budget) -> None:
        """Raises FullError when the budget is used up."""
        if not text.isalnum():  # letters and digits only: nothing to tidy
            text = "\n".join(line for part in text.splitlines() if (line := tidy(part)))
        if text:
            budget.spend(text)
            self.rows.setdefault(row, {})[column] = text


@dataclass(frozen=True, slots=True)
class Shown:
    """The table of a sheet (None: nothing to show), its lines, and its title: the first text that stands alone in its
    row above the first row of several cells, and is no mark of an attachment (附件1)."""

    table: Table | None
    lines: tuple[str, ...]
    title: str
    problems: tuple[str, ...]


def show(sheet: Sheet) -> Shown:
    """What is not hidden, without rows that hold no text and without empty columns behind the last that holds some;
    empty ones before it stay, up to 20 together. A title above the header stays the first row of the table and is its
    caption as well."""
    problems = list(sheet.problems)
    where = f"sheet {sheet.name}" if sheet.name else ""
    these = where or "the table"
    hidden = _hide(sheet)
    if hidden:
        problems.append(f"{' and '.join(hidden)} of {these} are left out")
    rows = sorted(sheet.rows)
    columns = _columns(sheet)
    cells, merged_all = _cells(sheet, rows, columns)
    if not merged_all:
        problems.append(f"{these} merges too many cells: not all are joined")
    lines, whole = _lines(cells)
    if not whole:
        problems.append(f"only the first {len(lines):,} rows of {these} were read")
    title = _title(cells)
    table: Table | None = None
    if len(rows) * len(columns) > _MAX_PLACES:
        problems.append(f"the cells of {these} lie too far apart for a table")
    elif cells:
        table = Table(tuple(cells), place=where, caption=title)
    return Shown(table, (*lines, *sheet.notes), title, tuple(problems))


def _hide(sheet: Sheet) -> list[str]:
    """Takes hidden cells out of the sheet; what they were, in words. A merged cell shows in what is left of it."""
    visible = sorted(row for row in sheet.rows if row not in sheet.hidden_rows)
    for merge in sheet.merges:
        text = sheet.rows.get(merge.top, {}).get(merge.left)
        if text and (merge.top in sheet.hidden_rows or merge.left in sheet.hidden_columns):
            at, column = bisect_left(visible, merge.top), merge.left
            while column in sheet.hidden_columns:
                column += 1
            if visible[at : at + 1] and visible[at] <= merge.bottom and column <= merge.right:
                sheet.rows[visible[at]][column] = text
    lost_rows = [row for row in sheet.rows if row in sheet.hidden_rows]
    for row in lost_rows:
        del sheet.rows[row]
    lost_columns: set[int] = set()
    if sheet.hidden_columns:
        for cells in sheet.rows.values():
            lost = sheet.hidden_columns.intersection(cells)
            lost_columns.update(lost)
            for column in lost:
                del cells[column]
        sheet.rows = {row: cells for row, cells in sheet.rows.items() if cells}
    counted = ((len(lost_rows), "row"), (len(lost_columns), "column"))
    return [f"{count:,} hidden {name}{'s' * (count > 1)}" for count, name in counted if count]


def _columns(sheet: Sheet) -> list[int]:
    """The columns that are shown."""
    shown: list[int] = []
    before = -1
    for column in sorted({column for cells in sheet.rows.values() for column in cells}):
        empty = (number for number in range(before + 1, column) if number not in sheet.hidden_columns)
        shown += [*islice(empty, _MAX_EMPTY_COLUMNS), column]
        before = column
    return shown


def _cells(sheet: Sheet, rows: list[int], columns: list[int]) -> tuple[list[Cell], bool]:
    """The cells at their places among the rows and columns that are left, and whether all merged ones were joined."""
    places = {column: at for at, column in enumerate(columns)}
    covered: set[tuple[int, int]] = set()
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    room = _MAX_MERGED_PLACES
    for merge in sheet.merges:
        top, bottom = bisect_left(rows, merge.top), bisect_right(rows, merge.bottom)
        left, right = bisect_left(columns, merge.left), bisect_right(columns, merge.right)
        size = (bottom - top) * (right - left)
        if size < 2 or not sheet.rows[rows[top]].get(columns[left]):
            continue
        room -= size
        if room < 0:
            break
        inside = {(row, column) for row in range(top, bottom) for column in range(left, right)}
        if covered.isdisjoint(inside):
            covered |= inside
            spans[top, left] = (bottom - top, right - left)
    cells: list[Cell] = []
    for at, row in enumerate(rows):
        for column, text in sorted(sheet.rows[row].items()):
            place = (at, places[column])
            if place in spans or place not in covered:
                cells.append(Cell(text, *place, *spans.get(place, (1, 1))))
    return cells, room >= 0


def _lines(cells: Iterable[Cell]) -> tuple[list[str], bool]:
    """A row a line, its cells parted by tabs; and whether all found room."""
    lines: list[str] = []
    current, room = -1, 2 * MAX_CHARS
    for cell in cells:
        if cell.row != current:
            lines.append("")
            current, width = cell.row, 0
        piece = "\t" * (cell.column - width) + cell.text.replace("\n", " ")
        room -= len(piece)
        if room < 0:
            return lines[:-1], False
        lines[-1] += piece
        width = cell.column
    return lines, True


def _title(cells: Iterable[Cell]) -> str:
    above: list[Cell] = []
    for cell in cells:
        if above and above[-1].row == cell.row:
            alone = (tidy(other.text.replace("\n", " ")) for other in above[:-1])
            return next((text for text in alone if _ATTACHMENT.fullmatch(text) is None), "")
        above.append(cell)
    return ""
