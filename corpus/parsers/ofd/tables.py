"""What does each cell of a ruled table say?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.parsers import Cell, Table
from corpus.parsers.lines import Line
from corpus.parsers.ofd.compose import Piece, compose, rows_of
from corpus.parsers.ofd.geometry import Box
from corpus.parsers.ofd.grids import Area, Grid

_LATIN = re.compile(r"[\x21-\x7e]")
_ITEM = re.compile(r"[■□☑☐√✓●○◆▪·•*]|[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]")  # begins a paragraph in a cell
_ENDS = re.compile(r"[。；;，,！？]$")
_MAX_CAPTION_CHARS = 60
_MAX_CAPTION_GAP = 4.0  # sizes of its type above the table
_CELL_SLACK = 1.2  # sizes: a line of a cell that leaves less room goes on in the next
_MAX_PADDING_MM = 2.0  # Word sets 1.9
_MIN_LISTED = 2  # cells with several lines that make a row of a table several rows


@dataclass(frozen=True, slots=True)
class Filled:
    """A ruled table, and what stands in each of its cells that is not empty."""

    grid: Grid
    pieces: Mapping[Area, Sequence[Piece]]


def fill(grid: Grid, pieces: Sequence[Piece]) -> tuple[Filled, list[Piece]]:
    """The table filled with what stands in it, and what stands elsewhere."""
    inside: dict[Area, list[Piece]] = {}
    rest: list[Piece] = []
    for piece in pieces:
        cell = grid.cell_at(*piece.middle)
        if cell is None:
            rest.append(piece)
        else:
            inside.setdefault(cell, []).append(piece)
    return Filled(grid, inside), rest


def make_table(filled: Filled) -> Table:
    """The cells with their texts. A row without rules inside, whose cells list their values line by line (the goods of
    an invoice), makes as many rows as its first cell has lines."""
    by_row: dict[int, list[Area]] = {}
    for area in filled.grid.cells:
        by_row.setdefault(area.row, []).append(area)
    split = {row: _listed(areas, filled) for row, areas in by_row.items()}
    cells: list[Cell] = []
    added = 0
    for row in range(len(filled.grid.rows) - 1):
        lines = split.get(row, [])
        for n, line in enumerate(lines):
            cells.extend(
                Cell(_cell_text(line.get(area, ()), area.box), row + added + n, area.column, 1, area.columns)
                for area in by_row[row]
            )
        if not lines:
            for area in by_row.get(row, ()):
                # rows below that were split are covered by none of these cells: a split row has cells of one row only
                text = _cell_text(filled.pieces.get(area, ()), area.box)
                cells.append(Cell(text, row + added, area.column, area.rows, area.columns))
        added += max(len(lines) - 1, 0)
    return Table(tuple(cells))


def caption(lines: Sequence[Line], box: Box) -> str:
    """The line above the table, if it is short, set in the middle of the table and no sentence."""
    if not lines:
        return ""
    line = lines[-1]
    aside = abs(line.left + line.right - box.left - box.right) / 2
    near = line.top + (1 + _MAX_CAPTION_GAP) * line.size >= box.top and aside <= 0.1 * (box.right - box.left)
    short = len(line.text) <= _MAX_CAPTION_CHARS and not line.row and not _ENDS.search(line.text)
    return line.text if near and short else ""


def table_lines(table: Table, filled: Filled) -> list[Line]:
    """The rows of a table as lines: cells parted by tabs, those that others cover empty; empty rows are left out."""
    box, sizes = filled.grid.box, sorted(piece.size for pieces in filled.pieces.values() for piece in pieces)
    texts = [
        "\t".join(
            cell.text.replace("\n", " ") if cell is not None and (cell.row, cell.column) == (row, column) else ""
            for column, cell in enumerate(cells)
        ).rstrip("\t")
        for row, cells in enumerate(table.grid())
    ]
    return [Line(text, box.left, box.right, sizes[len(sizes) // 2], box.top, row=True) for text in texts if text]


def _listed(areas: Sequence[Area], filled: Filled) -> list[dict[Area, list[Piece]]]:
    """The lines of a row whose cells list values, each with its pieces by cell; empty if they hold paragraphs.

    They do if the first cell has a value on every line, of which less than half are broken off at the end of the cell.
    """
    texts = [area for area in areas if area in filled.pieces]
    whole = sum(area.columns for area in areas) == len(filled.grid.columns) - 1
    if not whole or any(area.rows > 1 for area in areas):
        return []
    owners = {id(piece): area for area in texts for piece in filled.pieces[area]}
    lines: list[dict[Area, list[Piece]]] = []
    for row in rows_of([piece for area in texts for piece in filled.pieces[area]]):
        lines.append({})
        for piece in row:
            lines[-1].setdefault(owners[id(piece)], []).append(piece)
    several = [area for area in texts if sum(area in line for line in lines) > 1]
    if len(lines) < 2 or len(several) < _MIN_LISTED or not all(texts[0] in line for line in lines):
        return []
    broken = sum(_full(line[texts[0]], texts[0].box) for line in lines[:-1])
    return [] if 2 * broken >= len(lines) - 1 else lines


def _full(pieces: Sequence[Piece], box: Box) -> bool:
    """Whether a line of a cell, its padding apart, leaves no room for another character. Numbers are not broken."""
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    padding = min(max(left - box.left, 0), _MAX_PADDING_MM)
    free = box.right - box.left - (right - left) - 2 * padding
    return free <= _CELL_SLACK * pieces[0].size and not all(piece.text.isdecimal() for piece in pieces)


def _cell_text(pieces: Sequence[Piece], box: Box) -> str:
    """The paragraphs of a cell: a line that fills it goes on in the next, single characters stand below each other."""
    lines = compose(pieces)
    if not lines:
        return ""
    text = lines[0].text
    padding = min(max(min(line.left for line in lines) - box.left, 0), _MAX_PADDING_MM)
    for previous, line in pairwise(lines):
        full = previous.right >= box.right - padding - _CELL_SLACK * previous.size
        if len(previous.text) == len(line.text) == 1 or (full and not _ITEM.match(line.text)):
            text += (" " if _LATIN.match(text[-1]) and _LATIN.match(line.text[0]) else "") + line.text
        else:
            text += "\n" + line.text
    return text.replace("\t", " ")
