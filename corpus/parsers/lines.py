"""Which set lines of a page make one paragraph? For all formats that know only where text stands (PDF, OFD, scans)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_LATIN = re.compile(r"[\x21-\x7e\u00c0-\u024f]")
_LEADERS = re.compile(r"[.．·…‥]{3,}\s*[\divxlcIVXLCⅠ-ⅿ]{1,6}$")  # a line of a table of contents: 总则……1
_SENTENCE_END = re.compile(r"[。；：！？;:!?][”’）)]?$")
_OPENING = re.compile(
    r"第[一二三四五六七八九十百零〇\d]+[编章节条款]|[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]+、|\d{1,3}[.．、](?!\d)"
)
_LABEL = re.compile(r"[\u4e00-\u9fff\s]{2,8}[:：]")  # a field of a notice: 时间：…
_PUNCTUATION = re.compile(r"[，。；,;.]")  # running text has one; the slogans of a poster have none
_MAX_SLOGANS = 3  # below each other in one type
_FULL_STOP = re.compile(r"[。.][”’）)]?$")
# In sizes of the type. Official documents have 22 lines of 16 points on 225 mm: 29 points a line (GB/T 9704-2012, 5.2).
_MAX_SIZE_CHANGE = 0.25
_MAX_GAP = 3.0
_RIGHT_SLACK = 1.6  # a closing mark that hangs over, or a character that may not end a line, leaves so much
_LEFT_SLACK = 0.6
_INDENT = 1.2, 2.8  # of a paragraph: two characters (GB/T 9704-2012, 7.3.3), also where OCR's boxes are too high
_SHARED = 1.0  # lines that end so near to each other share an edge: one ends a character early
_AT_EDGE = 0.5  # where the right edge tells one of two lines with the same indent from a paragraph of one line
_MAX_SLOGAN = 20.0  # wider lines are running text; those of an official document have 28 (GB/T 9704-2012, 5.2.3)
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


@dataclass(frozen=True, slots=True)
class _Column:
    """The left and the right edge of the text of a column, and whether several lines end at the right one."""

    left: float
    right: float
    shared: bool


def join_lines(pages: Sequence[Sequence[Line]]) -> list[str]:
    """The paragraphs of a document whose lines are given in reading order, page by page.

    Between Latin words the line break was a space, between Chinese characters it was nothing; hyphens stay. A paragraph
    may go on in the next column and on the next page. Lines of a poster, each a statement of its own, are paragraphs.
    """
    lines = [line for page in pages for line in page]
    columns = _columns(lines)
    sizes = sorted(line.size for line in lines for _ in line.text)
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    pairs = list(zip(lines, lines[1:], _running(lines), strict=False))
    goes_on = [
        _stacked(previous, line)
        or (running and min(previous.size, line.size) < _DISPLAY_SIZE * usual and _continues(previous, line, columns))
        for previous, line, running in pairs
    ]
    document = any(goes_on) or any(line.row for line in lines)  # else it has nothing that a title could stand above
    paragraphs = [lines[0].text] if lines else []
    for (previous, line, _), joined in zip(pairs, goes_on, strict=True):
        if joined or (document and _is_title(previous, line, columns[line.column], usual)):
            space = " " if _LATIN.match(paragraphs[-1][-1]) and _LATIN.match(line.text[0]) else ""
            paragraphs[-1] += space + line.text
        else:
            paragraphs.append(line.text)
    return paragraphs


def _same_type(previous: Line, line: Line) -> bool:
    """Whether two lines of text may belong together: in one type, and not far apart."""
    return (
        not previous.row
        and not line.row
        and abs(previous.size - line.size) <= _MAX_SIZE_CHANGE * line.size
        and line.top - previous.top <= _MAX_GAP * max(previous.size, line.size)
    )


def _running(lines: Sequence[Line]) -> list[bool]:
    """Whether each line stands in a block of running text: it has punctuation, many lines, or a wide one."""
    blocks: list[list[Line]] = []
    for line in lines:
        if blocks and _same_type(blocks[-1][-1], line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return [
        len(block) > _MAX_SLOGANS
        or any(_PUNCTUATION.search(one.text) or one.right - one.left > _MAX_SLOGAN * one.size for one in block)
        for block in blocks
        for _ in block
    ]


def _stacked(previous: Line, line: Line) -> bool:
    """Single characters below each other: a title set from top to bottom."""
    return (
        len(previous.text) == len(line.text) == 1
        and not line.text.isascii()
        and not previous.row
        and not line.row
        and abs(previous.size - line.size) <= _MAX_SIZE_CHANGE * line.size
        and abs(previous.left - line.left) < line.size
    )


def _continues(previous: Line, line: Line, columns: Mapping[int, _Column]) -> bool:
    """Whether a line goes on in the next: it reaches the right edge of the text, and the next begins at the left edge
    or goes on with an unfinished sentence in an indented paragraph."""
    if not _same_type(previous, line) or _LEADERS.search(previous.text):
        return False
    ended = _SENTENCE_END.search(previous.text) is not None
    opens, labelled = _OPENING.match(line.text) is not None, _LABEL.match(line.text) is not None
    if (ended and (opens or labelled)) or (labelled and _LABEL.match(previous.text)):
        return False
    column = columns[previous.column]
    return _is_full(previous, line, column) and _goes_on_at(
        previous, line, column, columns[line.column].left, unfinished=not ended and not opens
    )


def _is_full(previous: Line, line: Line, column: _Column) -> bool:
    """Whether a line fills its column. Of lines that all end elsewhere the longest fills nothing: it does only if it
    begins with the indent of a paragraph, or its sentence ends with the next."""
    short = previous.right - previous.left < _MIN_LINE * previous.size
    far = previous.left > column.left + _MAX_BEGIN * (column.right - column.left)
    if short or far or previous.right < column.right - _RIGHT_SLACK * previous.size:
        return False
    paragraph = _is_indent(previous.left - line.left, line.size) or _FULL_STOP.search(line.text) is not None
    return column.shared or paragraph


def _goes_on_at(previous: Line, line: Line, column: _Column, left: float, *, unfinished: bool) -> bool:
    """Whether the next line begins where a paragraph goes on; ``left`` is the edge of its column."""
    if line.left <= left + _LEFT_SLACK * line.size:
        return True
    aside = line.left - previous.left
    if not unfinished or line.column != previous.column or aside > _MAX_GAP * line.size:
        return False
    centred = abs(aside - (previous.right - line.right)) < line.size and aside > _LEFT_SLACK * line.size
    if centred:
        return False
    if not _is_indent(line.left - left, line.size):
        return True
    if abs(aside) > _LEFT_SLACK * line.size:  # the indent of a new paragraph, or what hangs below a number
        return aside > 0 and _OPENING.match(previous.text) is not None
    return previous.right >= column.right - _AT_EDGE * previous.size


def _is_indent(distance: float, size: float) -> bool:
    return _INDENT[0] * size <= distance <= _INDENT[1] * size


def _is_title(previous: Line, line: Line, column: _Column, usual: float) -> bool:
    """Whether both are centred lines of one title in larger type."""
    if previous.row or line.row or previous.column != line.column:
        return False
    return (
        _TITLE_SIZES[0] * usual <= min(previous.size, line.size) <= _TITLE_SIZES[1] * usual
        and abs(previous.size - line.size) < 0.1 * line.size
        and abs(previous.left + previous.right - line.left - line.right) < 1.2 * line.size
        and 0 < line.top - previous.top < 2.2 * line.size
        and previous.right - previous.left >= _TITLE_WIDTH * (column.right - column.left)
        and _SENTENCE_END.search(previous.text) is None
    )


def _columns(lines: Sequence[Line]) -> dict[int, _Column]:
    columns: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        columns[line.column].extend([] if line.row else [line])
    return {column: _column(found) for column, found in columns.items()}


def _column(lines: Sequence[Line]) -> _Column:
    if not lines:
        return _Column(0.0, 0.0, False)
    left, right = _edge(sorted(line.left for line in lines)), -_edge(sorted(-line.right for line in lines))
    return _Column(left, right, sum(abs(line.right - right) <= _SHARED * line.size for line in lines) > 1)


def _edge(values: Sequence[float]) -> float:
    """The outermost place that several lines share; a single line further out is a stamp or a note in the margin."""
    return values[min(len(values) // 20, len(values) - 1)]
