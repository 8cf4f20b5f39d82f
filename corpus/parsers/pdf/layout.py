"""In what order is a page read? Tables in their place, columns one after the other, without running heads and feet."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from corpus.parsers import Table
from corpus.parsers.lines import Line
from corpus.parsers.pdf.glyphs import Glyph, merge_rows, set_lines
from corpus.parsers.pdf.grid import Ruling, find_grids
from corpus.parsers.pdf.tables import TablePart, chain_tables, fill_grid

# Shares of the page's height. The margins of GB/T 9704-2012, 5.2, are .125 and .118; Word's are .085, its heads at .05.
_HEAD, _FOOT = 0.10, 0.90
_NUMBER_HEAD, _NUMBER_FOOT = 0.12, 0.85
_EDGE_ROWS = 3
_SAME_PLACE = 0.008

_N = r"(?:[\d０-９]{1,4}|[ivxlcIVXLCⅠ-Ⅻⅰ-ⅻ]{1,8})"
_ANY = r"(?:[\d０-９]{1,4}|[ivxlcIVXLCⅠ-Ⅻⅰ-ⅻ]{1,8}|[一二三四五六七八九十百零〇]{1,6})"
_DASH = r"[-—–－―─·•~～_\s〔〕\[\]（）()]*"
_PAGE_NUMBER = re.compile(
    rf"{_DASH}{_N}(\s*[/／]\s*{_N})?{_DASH}"
    rf"|{_DASH}([共总]\s*{_ANY}\s*页)?[\s,，/／]*第\s*{_ANY}\s*页[\s,，/／]*([共总]\s*{_ANY}\s*页)?{_DASH}"
    rf"|{_DASH}[Pp](age|\.)?\s*\d{{1,4}}(\s*(of|/)\s*\d{{1,4}})?{_DASH}|{_DASH}\d{{1,4}}\s*页{_DASH}"
)

_YEAR = re.compile(r"(19|20)\d\d")  # above a table of years; no document has so many pages

# A gutter parts columns whose lines mostly fill them: the fields of a form and the signature beside a seal do not.
_MIN_COLUMN_LINES = 4
_MIN_COLUMN_FILL = 0.6
_MIN_COLUMN_WIDTH = 0.3  # of the text's width
_MAX_CROSSING = 0.34
_MAX_CAPTION_CHARS = 60
_UNIT = re.compile(r"[（(]?(计量|金额)?单位\s*[:：].{0,20}")


@dataclass(frozen=True, slots=True)
class SetPage:
    """A page to be read: lengths in points, from the left and the top edge. ``asides`` are lines that stand outside the
    flow of the page and are read last."""

    width: float
    height: float
    glyphs: Sequence[Glyph] = ()
    rulings: Sequence[Ruling] = ()
    asides: Sequence[Line] = ()


@dataclass(slots=True)
class LinedPage:
    """A page whose characters have been put together to lines and tables, in no order yet."""

    height: float
    lines: list[Line] = field(default_factory=list)
    parts: list[TablePart] = field(default_factory=list)
    asides: Sequence[Line] = ()


def line_page(page: SetPage, number: int) -> LinedPage:
    """The lines and tables of a page; ``number`` is its place in the document, from 0."""
    rest: list[Glyph] = list(page.glyphs)
    parts: list[TablePart] = []
    for grid in find_grids(page.rulings) if rest else ():
        part, rest = fill_grid(grid, rest, number)
        if part is not None:
            parts.append(part)
    return LinedPage(page.height, set_lines(rest), parts, page.asides)


def lay_out(pages: Sequence[LinedPage]) -> tuple[list[list[Line]], list[Table]]:
    """The lines of each page in reading order, for `lines.join_lines`, and the tables of the document. The pages are
    changed.

    A table is read where it stands, each row a line of its own. Text that stands at the same place of several pages'
    heads or feet is left out, as are page numbers.
    """
    _drop_running(pages)
    parts = [part for page in pages for part in page.parts]
    goes_on = [number for number in range(1, len(parts)) if _may_go_on(pages, parts[number - 1], parts[number])]
    for page in pages:
        for part in page.parts:
            part.caption = _caption(page, part)
    tables = chain_tables(parts, goes_on)
    read = []
    for page in pages:
        rows = [line for part in page.parts for line in part.lines]
        read.append([*in_reading_order([*page.lines, *rows]), *(replace(line, row=True) for line in page.asides)])
    return read, tables


def _drop_running(pages: Sequence[LinedPage]) -> None:
    """Without them; but pages that show nothing else are copies of one page, and keep it."""
    edges = [_edge_rows(page) for page in pages]
    seen: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    for number, (page, lines) in enumerate(zip(pages, edges, strict=True)):
        for line in lines:
            seen[line.text, _place(line, page)].add(number)
    needed = 2 if len(pages) < 5 else 3
    running = [
        {line for line in lines if len(_seen_on(seen, line, page)) >= needed}
        for page, lines in zip(pages, edges, strict=True)
    ]
    copies = not any(page.parts or set(page.lines) - heads for page, heads in zip(pages, running, strict=True))
    for page, heads in zip(pages, running, strict=True):
        page.lines = [line for line in page.lines if copies or line not in heads]
        page.lines = [line for line in page.lines if not _is_page_number(line, page)]


def _seen_on(seen: Mapping[tuple[str, int], set[int]], line: Line, page: LinedPage) -> set[int]:
    """The pages with this text at this height, or next to it by rounding."""
    place = _place(line, page)
    return set().union(*(seen.get((line.text, near), ()) for near in (place - 1, place, place + 1)))


def _place(line: Line, page: LinedPage) -> int:
    return round(line.top / (_SAME_PLACE * page.height))


def _edge_rows(page: LinedPage) -> list[Line]:
    """The lines in the margins, of the outermost rows only."""
    ordered = sorted(page.lines, key=lambda line: line.top)
    head = [line for line in ordered if line.top < _HEAD * page.height]
    foot = [line for line in ordered[::-1] if line.top + line.size > _FOOT * page.height]
    rows: list[Line] = []
    for side in (head, foot):
        tops: list[float] = []
        for line in side:
            if not tops or abs(line.top - tops[-1]) > 0.5 * line.size:
                tops.append(line.top)
            if len(tops) <= _EDGE_ROWS:
                rows.append(line)
    return rows


def _is_page_number(line: Line, page: LinedPage) -> bool:
    outermost = (
        line.top < _NUMBER_HEAD * page.height
        and all(other.top > line.top - line.size for other in page.lines)
        and all(part.ys[0] > line.top for part in page.parts)
    ) or (
        line.top + line.size > _NUMBER_FOOT * page.height
        and all(other.top < line.top + line.size for other in page.lines)
        and all(part.ys[-1] < line.top + line.size for part in page.parts)
    )
    return outermost and _PAGE_NUMBER.fullmatch(line.text) is not None and _YEAR.fullmatch(line.text) is None


def _may_go_on(pages: Sequence[LinedPage], before: TablePart, part: TablePart) -> bool:
    """Whether nothing but the end of a page stands between two tables."""
    return (
        part.page == before.page + 1
        and all(line.top < before.ys[-1] for line in pages[before.page].lines)
        and all(other.ys[0] <= before.ys[0] for other in pages[before.page].parts)
        and all(line.top > part.ys[0] for line in pages[part.page].lines)
        and all(other.ys[0] >= part.ys[0] for other in pages[part.page].parts)
    )


def _caption(page: LinedPage, part: TablePart) -> str:
    """The line above the table, if it stands over its middle as a title does."""
    above = [line for line in merge_rows(page.lines) if line.top + line.size <= part.ys[0] + 0.5 * line.size]
    for line in above[:-3:-1]:
        if _UNIT.fullmatch(line.text):
            continue
        near = part.ys[0] - line.top < 5 * line.size
        off_centre = abs(line.left + line.right - part.xs[0] - part.xs[-1]) / 2
        titled = len(line.text) <= _MAX_CAPTION_CHARS and line.text[-1] not in "。；，、"
        return line.text if near and titled and off_centre < 2 * line.size else ""
    return ""


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """The lines of one page from the top, the pieces of a row as one line; where the page has two columns, one column
    after the other, between the lines that cross both."""
    gutter = _gutter(lines)
    if gutter is None:
        return merge_rows(lines)
    ordered: list[Line] = []
    columns: tuple[list[Line], list[Line]] = ([], [])
    for line in sorted(lines, key=lambda line: line.top):
        if line.right <= gutter:
            columns[0].append(replace(line, column=1))
        elif line.left >= gutter:
            columns[1].append(replace(line, column=2))
        else:
            ordered += [*merge_rows(columns[0]), *merge_rows(columns[1]), line]
            columns = ([], [])
    return [*ordered, *merge_rows(columns[0]), *merge_rows(columns[1])]


def _gutter(lines: Sequence[Line]) -> float | None:
    """Where the space between two columns begins; None on a page of one column."""
    text = [line for line in lines if not line.row]
    if len(text) < 2 * _MIN_COLUMN_LINES:
        return None
    left, right = min(line.left for line in text), max(line.right for line in text)
    width = right - left
    best, best_gap = None, 0.4 * median(line.size for line in text)
    for place in sorted({round(line.right, 1) for line in text if 0.3 < (line.right - left) / width < 0.7})[:200]:
        before = [line for line in text if line.right <= place + 0.1]
        after = [line for line in text if line.left > place]
        if min(len(before), len(after)) < _MIN_COLUMN_LINES:
            continue
        gap = min(line.left for line in after) - place
        crossing = len(text) - len(before) - len(after)
        if (
            gap > best_gap
            and crossing <= _MAX_CROSSING * len(text)
            and _filled(before, width)
            and _filled(after, width)
        ):
            best, best_gap = place + gap / 2, gap
    return best


def _filled(column: Sequence[Line], width: float) -> bool:
    extent = max(line.right for line in column) - min(line.left for line in column)
    usual = median(line.right - line.left for line in column)
    return extent >= _MIN_COLUMN_WIDTH * width and usual >= _MIN_COLUMN_FILL * extent
