"""What do the ruled tables of a document say? Text goes into the cells that enclose it, over the ends of pages."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from corpus.parsers import Cell, Table
from corpus.parsers.lines import Line
from corpus.parsers.pdf.glyphs import Glyph, merge_rows, set_lines
from corpus.parsers.pdf.grid import Grid

_MARK = re.compile(
    r"[■□☑☒√✓●○◆◇▲△·•*]|[（(][一二三四五六七八九十\d]+[）)]|[①-⑳]|\d{1,3}[.．、](?!\d)|第[一二三四五六七八九十\d]+条"
)
_LATIN_WORD = re.compile(r"[\x21-\x7e\u00c0-\u024f]+")
_ENDED = re.compile(r"[。；！？;!?]$")
_MAX_PADDING = 0.8  # heights of the type between the border of a cell and its text; Word has 5.4 points beside 10.5
_SAME_COLUMN = 6.0  # points: the columns of a table on the next page stand where they stood, but for rounding
_MAX_HEADER_ROWS = 4


@dataclass(slots=True)
class TablePart:
    """A table as far as it stands on one page (counted from 0); ``xs`` and ``ys`` are its lines of columns and rows."""

    page: int
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: list[Cell]
    caption: str = ""
    lines: list[Line] = field(default_factory=list)  # its rows in the body, filled by `chain_tables`

    @property
    def height(self) -> int:
        return len(self.ys) - 1


def fill_grid(grid: Grid, glyphs: Iterable[Glyph], page: int) -> tuple[TablePart | None, list[Glyph]]:
    """The table that these glyphs make in the grid (None if no cell has text), and the glyphs outside it."""
    owner = {
        (row, column): number
        for number, span in enumerate(grid.spans)
        for row in range(span.row, span.row + span.rows)
        for column in range(span.column, span.column + span.columns)
    }
    inside: defaultdict[int, list[Glyph]] = defaultdict(list)
    outside: list[Glyph] = []
    for glyph in glyphs:
        for part in _parted(grid, glyph, owner):
            place = grid.cell_at((part.left + part.right) / 2, (part.top + part.bottom) / 2)
            (outside if place is None else inside[owner[place]]).append(part)
    if not any(glyph.text.strip() for found in inside.values() for glyph in found):
        return None, [*outside, *(glyph for found in inside.values() for glyph in found)]
    cells = []
    for number, (row, column, rows, columns) in enumerate(grid.spans):
        right = grid.xs[column + columns]
        text = _cell_text(merge_rows(set_lines(inside[number])), grid.xs[column], right)
        cells.append(Cell(text, row, column, rows, columns))
    return TablePart(page, grid.xs, grid.ys, cells), outside


def _parted(grid: Grid, glyph: Glyph, owner: dict[tuple[int, int], int]) -> Sequence[Glyph]:
    """A run that reaches over a line between cells is taken apart."""
    if not glyph.parts:
        return (glyph,)
    middle = (glyph.top + glyph.bottom) / 2
    places = [grid.cell_at((part.left + part.right) / 2, middle) for part in glyph.parts]
    return glyph.parts if len({owner.get(place, -1) if place else -1 for place in places}) > 1 else (glyph,)


def _cell_text(lines: Sequence[Line], left: float, right: float) -> str:
    """The paragraphs of a cell by newline: a line goes on in the next if that one's first word had no room in it."""
    if not lines:
        return ""
    size = lines[0].size
    padding = min(line.left for line in lines) - left, right - max(line.right for line in lines)
    padding_right = min(max(0.0, min(padding)), _MAX_PADDING * size)
    text = lines[0].text
    for previous, line in pairwise(lines):
        word = _LATIN_WORD.match(line.text)
        needed = 0.5 * len(word.group()) if word else 1.0
        stacked = len(previous.text) == len(line.text) == 1
        goes_on = right - padding_right - previous.right < needed * size or stacked
        if goes_on and not _MARK.match(line.text):
            text += (" " if word and _LATIN_WORD.match(text[-1]) else "") + line.text
        else:
            text += "\n" + line.text
    return text


def chain_tables(parts: Sequence[TablePart], goes_on: Iterable[int]) -> list[Table]:
    """The tables of the document. ``goes_on`` are the places in ``parts`` of those that may go on from the part before:
    nothing stands between them but the end of a page.

    They do if their columns stand at the same places. Header rows that are repeated are left out; a row that the end of
    the page cut in two (its 序号 is empty) is put together. Each part's ``lines`` are filled.
    """
    chains: list[list[TablePart]] = []
    followers = set(goes_on)
    for number, part in enumerate(parts):
        if number in followers and chains and _same_columns(chains[-1][0], part):
            chains[-1].append(part)
        else:
            chains.append([part])
    return [_table(chain) for chain in chains]


def _same_columns(one: TablePart, other: TablePart) -> bool:
    return len(one.xs) == len(other.xs) and all(
        abs(x - y) < _SAME_COLUMN for x, y in zip(one.xs, other.xs, strict=True)
    )


def _table(chain: Sequence[TablePart]) -> Table:
    first = chain[0]
    cells: list[Cell] = list(first.cells)
    total = first.height
    starts = [(first, 0, 0)]  # part, its row that is the first to count, and that row's number in the table
    for part in chain[1:]:
        skipped = _repeated_rows(first, part)
        rest = [replace(cell, row=cell.row - skipped) for cell in part.cells if cell.row >= skipped]
        if part.height > skipped and _is_cut_row(cells, rest, total):
            cells, rest = _with_cut_row(cells, rest, total)
            skipped += 1
        starts.append((part, skipped, total))
        cells += [replace(cell, row=cell.row + total) for cell in rest]
        total += part.height - skipped
    texts = _row_texts(cells, total)
    for place, (part, skipped, start) in enumerate(starts):
        end = starts[place + 1][2] if place + 1 < len(starts) else total
        part.lines = [
            Line(text, part.xs[0], part.xs[-1], 1.0, part.ys[min(row - start + skipped, part.height)], row=True)
            for row, text in enumerate(texts[start:end], start)
            if text
        ]
    pages = f"page {first.page + 1}" if len(chain) == 1 else f"pages {first.page + 1}–{chain[-1].page + 1}"
    return Table(tuple(cells), place=pages, caption=first.caption)


def _repeated_rows(first: TablePart, part: TablePart) -> int:
    """How many rows at the top of the part are those at the top of the table."""
    for count in range(min(_MAX_HEADER_ROWS, part.height, first.height), 0, -1):
        one, other = ([cell for cell in table.cells if cell.row < count] for table in (first, part))
        closed = all(cell.row + cell.rows <= count for cell in one)
        if closed and one == other and any(cell.text for cell in one):
            return count
    return 0


def _is_cut_row(cells: Sequence[Cell], rest: Sequence[Cell], total: int) -> bool:
    """Whether the first row of the rest is the end of the last: only the first column, of serial numbers, tells."""
    last = [cell for cell in cells if cell.column == 0 and cell.row + cell.rows == total]
    following = [cell for cell in rest if cell.row == 0]
    return (
        bool(last)
        and last[0].text.isdecimal()
        and any(cell.column == 0 and not cell.text for cell in following)
        and all(cell.rows == 1 for cell in following)
        and {cell.column for cell in following} <= {cell.column for cell in cells if cell.row + cell.rows == total}
    )


def _with_cut_row(cells: Sequence[Cell], rest: Sequence[Cell], total: int) -> tuple[list[Cell], list[Cell]]:
    ends = {cell.column: cell.text for cell in rest if cell.row == 0}
    whole = []
    for cell in cells:
        end = ends.get(cell.column, "") if cell.row + cell.rows == total else ""
        glue = "\n" if cell.text and (_ENDED.search(cell.text) or _MARK.match(end)) else ""
        whole.append(replace(cell, text=cell.text + glue + end) if end else cell)
    return whole, [replace(cell, row=cell.row - 1) for cell in rest if cell.row > 0]


def _row_texts(cells: Sequence[Cell], height: int) -> list[str]:
    rows: list[dict[int, str]] = [{} for _ in range(height)]
    for cell in cells:
        rows[cell.row][cell.column] = cell.text.replace("\n", " ")
    width = max((cell.column for cell in cells), default=0) + 1
    return ["\t".join(row.get(column, "") for column in range(width)).rstrip("\t") for row in rows]
