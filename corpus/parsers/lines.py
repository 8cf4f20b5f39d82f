"""Which set lines of a page make one paragraph? For all formats that know only where text stands (PDF, OFD, scans)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_LATIN = re.compile(r"[\x21-\x7e\u00c0-\u024f]")
_LEADERS = re.compile(r"[.．·…‥]{3,}\s*[\divxlcIVXLCⅠ-ⅿ]{1,6}$")  # a line of a table of contents: 总则……1
_SENTENCE_END = re.compile(r"[。；：！？;:!?][”’）)]?$")
_OPENING = re.compile(
    r"第[一二三四五六七八九十百零〇\d]+[编章节条款]|[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]+、|\d{1,3}[.．、](?!\d)"
)
# In sizes of the type. Official documents have 22 lines of 16 points on 225 mm: 29 points a line (GB/T 9704-2012, 5.2).
_MAX_SIZE_CHANGE = 0.25
_MAX_GAP = 3.0
_RIGHT_SLACK = 1.6  # a closing mark that hangs over, or a character that may not end a line, leaves so much
_LEFT_SLACK = 0.6  # an indent has two characters
_MIN_LINE = 12.0  # narrower columns are not set; where all lines are short, none is full
_MAX_BEGIN = 0.4  # of the text's width: a line that begins further right is a signature or a date
_TITLE_SIZES = 1.2, 3.0  # of the text's: titles have 22 points over 16 (GB/T 9704-2012, 7.3.1), or 26 over 10.5
_DISPLAY_SIZE = 2.0  # of the text's: lines of so large a type are no running text
_TITLE_WIDTH = 0.5  # of the text's: a title is parted only where it does not fit a line


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is set. ``left``, ``right`` and ``top`` are measured from the left and the top edge of the page, all
    with ``size``, the height of its characters, in one unit (points or pixels).

    ``column`` is 0 on a page of one column, else it counts the page's columns from 1; ``row`` marks a row of a table
    or of the fields of a form, which is a paragraph of its own.
    """

    text: str
    left: float
    right: float
    size: float
    top: float
    column: int = 0
    row: bool = False


def join_lines(pages: Sequence[Sequence[Line]]) -> list[str]:
    """The paragraphs of a document whose lines are given in reading order, page by page.

    Between Latin words the line break was a space, between Chinese characters it was nothing; hyphens stay. A paragraph
    may go on in the next column and on the next page.
    """
    lines = [line for page in pages for line in page]
    edges = _edges(lines)
    sizes = sorted(line.size for line in lines for _ in line.text)
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    paragraphs = [lines[0].text] if lines else []
    for previous, line in pairwise(lines):
        stacked = len(previous.text) == len(line.text) == 1 and not previous.row and not line.row
        running = min(previous.size, line.size) < _DISPLAY_SIZE * usual or stacked
        if (running and _continues(previous, line, edges)) or _is_title(previous, line, edges, usual):
            space = " " if _LATIN.match(paragraphs[-1][-1]) and _LATIN.match(line.text[0]) else ""
            paragraphs[-1] += space + line.text
        else:
            paragraphs.append(line.text)
    return paragraphs


def _continues(previous: Line, line: Line, edges: Mapping[int, tuple[float, float]]) -> bool:
    """Whether a line goes on in the next: it reaches the right edge of the text, and the next begins at the left edge
    or goes on with an unfinished sentence in an indented paragraph.

    Single characters below each other are a title set from top to bottom.
    """
    if previous.row or line.row or abs(previous.size - line.size) > _MAX_SIZE_CHANGE * line.size:
        return False
    if len(previous.text) == len(line.text) == 1:
        return not line.text.isascii() and abs(previous.left - line.left) < line.size
    if line.top - previous.top > _MAX_GAP * max(previous.size, line.size) or _LEADERS.search(previous.text):
        return False
    if _SENTENCE_END.search(previous.text) and _OPENING.match(line.text):
        return False
    begin, end = edges[previous.column]
    short = previous.right - previous.left < _MIN_LINE * previous.size
    if (
        short
        or previous.right < end - _RIGHT_SLACK * previous.size
        or previous.left > begin + _MAX_BEGIN * (end - begin)
    ):
        return False
    unfinished = _SENTENCE_END.search(previous.text) is None and _OPENING.match(line.text) is None
    at_edge = line.left <= edges[line.column][0] + _LEFT_SLACK * line.size
    return at_edge or (unfinished and line.column == previous.column and line.left <= previous.left + 3 * line.size)


def _is_title(previous: Line, line: Line, edges: Mapping[int, tuple[float, float]], usual: float) -> bool:
    """Whether both are centred lines of one title in larger type."""
    if previous.row or line.row or previous.column != line.column:
        return False
    left, right = edges[line.column]
    return (
        _TITLE_SIZES[0] * usual <= min(previous.size, line.size) <= _TITLE_SIZES[1] * usual
        and abs(previous.size - line.size) < 0.1 * line.size
        and abs(previous.left + previous.right - line.left - line.right) < 1.2 * line.size
        and 0 < line.top - previous.top < 2.2 * line.size
        and previous.right - previous.left >= _TITLE_WIDTH * (right - left)
        and _SENTENCE_END.search(previous.text) is None
    )


def _edges(lines: Sequence[Line]) -> dict[int, tuple[float, float]]:
    """The left and the right edge of the text of every column."""
    columns: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if not line.row:
            columns[line.column].append(line)
    return {
        column: (_edge(sorted(line.left for line in found)), -_edge(sorted(-line.right for line in found)))
        for column, found in columns.items()
    }


def _edge(values: Sequence[float]) -> float:
    """The outermost place that several lines share; a single line further out is a stamp or a note in the margin."""
    return values[min(len(values) // 20, len(values) - 1)]
