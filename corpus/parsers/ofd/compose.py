"""In which lines, and in which order, would a person read the words of a page?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.parsers.lines import Line
from corpus.parsers.ofd.paths import Rule
from corpus.parsers.ofd.text import Run
from corpus.parsers.spacing import tidy

_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff]")
_PAGE_NUMBER = re.compile(
    r"[-—–－·\s]*(第\s*)?\d{1,4}(\s*页)?([/／]\d{1,4}|\s*共\s*\d{1,4}\s*页)?[-—–－·\s]*|[-—–－\s]*[ivxIVX]{1,6}[-—–－\s]*"
)
# In sizes of the type:
_SAME_LINE = 0.5  # between two baselines
_SPACE = 0.3
_SPREAD = 1.0  # between the single characters of a label that is spread to fill its place (校 验 码)
_APART = 1.5  # parts of a line farther from each other are cells, or columns of text
_APART_BY_SPACES = 6.0  # the same where somebody typed spaces between them
_REPEATED = 0.25  # the same character once more, a little aside: a bold face or a shadow drawn with a thin one
_MIN_COLUMN_LINES, _MIN_COLUMN_CHARS, _MIN_FULL = 5, 8, 0.5  # of a column of text: lines, characters a line, share
_MAX_GUTTERS = 8

Axes = tuple[tuple[int, int], tuple[int, int]]
"""Where a turned page has its right and its lower side."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words set without a gap, on a page turned so that its text runs from left to right. Millimetres."""

    text: str
    left: float
    right: float
    baseline: float
    bottom: float  # as the baseline, but for characters that stand below each other
    size: float
    spaced: bool

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.baseline + self.bottom) / 2 - 0.35 * self.size


def turn(runs: Sequence[Run], rules: Sequence[Rule]) -> tuple[list[Piece], list[Rule]]:
    """The page turned to how most of its characters stand: tables are often set across a page."""
    quarters = Counter[int]()
    for run in runs:
        quarters[round(run.angle / 90) % 4] += len(run.text)
    turns = quarters.most_common(1)[0][0] if quarters else 0
    axes: Axes = (((1, 0), (0, 1)), ((0, 1), (-1, 0)), ((-1, 0), (0, -1)), ((0, -1), (1, 0)))[turns]
    return [_piece(run, axes) for run in runs], [_turned(rule, axes) for rule in rules] if turns else list(rules)


def _piece(run: Run, axes: Axes) -> Piece:
    x, y = _seen(run.x, run.y, axes)
    x2, y2 = _seen(run.x + run.dx, run.y + run.dy, axes)
    right = max(x, x2) + (run.size if run.stacked else 0)
    return Piece(run.text, min(x, x2), right, min(y, y2), max(y, y2), run.size, run.spaced)


def _turned(rule: Rule, axes: Axes) -> Rule:
    places = (rule.start, rule.end)
    ends = [_seen(*((place, rule.at) if rule.horizontal else (rule.at, place)), axes) for place in places]
    (left, right), (top, bottom) = (sorted(values) for values in zip(*ends, strict=True))
    lies = right - left > bottom - top
    return Rule(True, top, left, right) if lies else Rule(False, left, top, bottom)


def _seen(x: float, y: float, axes: Axes) -> tuple[float, float]:
    """A point of the page as it is turned."""
    across, down = axes
    return x * across[0] + y * across[1], x * down[0] + y * down[1]


def compose(pieces: Iterable[Piece]) -> list[Line]:
    """The lines of a page, or of a part of it, in reading order: two columns of text one after the other; else what
    stands beside each other on one height is one line, its parts separated by tabs."""
    return _in_columns([_parts(row) for row in rows_of(pieces)])


def without_number(lines: Sequence[Line]) -> list[Line]:
    """Without the page number at the foot or the head."""
    kept = list(lines)
    for choose in (max, min):
        if kept and _PAGE_NUMBER.fullmatch((line := choose(kept, key=lambda line: line.top)).text):
            kept.remove(line)
    return kept


def rows_of(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """What stands on one height, from top to bottom, each from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.baseline):
        if rows and piece.baseline - rows[-1][0].baseline < _SAME_LINE * min(piece.size, rows[-1][0].size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [_once(sorted(row, key=lambda piece: piece.left)) for row in rows]


def _once(row: Sequence[Piece]) -> list[Piece]:
    kept: list[Piece] = []
    for piece in row:
        near = (other for other in reversed(kept[-4:]) if abs(other.left - piece.left) < _REPEATED * piece.size)
        if not any(other.text == piece.text for other in near):
            kept.append(piece)
    return kept


def _parts(row: Sequence[Piece]) -> list[Line]:
    """The parts of a row that stand apart."""
    parts: list[list[Piece]] = [[row[0]]]
    for piece in row[1:]:
        before = parts[-1][-1]
        gap = (piece.left - max(other.right for other in parts[-1][-4:])) / max(before.size, piece.size)
        if gap > (_APART_BY_SPACES if piece.spaced else _APART):
            parts.append([])
        parts[-1].append(piece)
    return [line for part in parts if (line := _line(part)) is not None]


def _line(part: Sequence[Piece]) -> Line | None:
    text = part[0].text
    for before, piece in pairwise(part):
        gap = (piece.left - before.right) / max(before.size, piece.size)
        spread = len(before.text) == 1 and _CHINESE.match(before.text) and _CHINESE.match(piece.text)
        text += (" " if piece.spaced or gap > (_SPREAD if spread else _SPACE) else "") + piece.text
    size, shown = max(piece.size for piece in part), tidy(text)
    left, right = part[0].left, max(piece.right for piece in part)
    return Line(shown, left, right, size, min(piece.baseline for piece in part) - size) if shown else None


def _whole(row: Sequence[Line]) -> Line:
    """The parts of a row as one line."""
    if len(row) == 1:
        return row[0]
    text = "\t".join(part.text for part in row)
    size, top = max(part.size for part in row), min(part.top for part in row)
    return Line(text, row[0].left, max(part.right for part in row), size, top, row=True)


def _in_columns(rows: Sequence[Sequence[Line]]) -> list[Line]:
    """Between lines that reach over the gutter, first all lines on its left, then all on its right."""
    rows = [row for row in rows if row]
    gutter = _gutter([part for row in rows for part in row])
    lines: list[Line] = []
    zone: list[Sequence[Line]] = []
    for row in [*rows, None]:
        if row is not None and gutter is not None and not any(_over(part, gutter) for part in row):
            zone.append(row)
            continue
        sides = _sides([part for found in zone for part in found], gutter or 0)
        if all(_is_text(side) for side in sides):
            lines.extend(
                Line(part.text, part.left, part.right, part.size, part.top, column=column)
                for column, side in enumerate(sides, 1)
                for part in side
            )
        else:
            lines.extend(_whole(found) for found in zone)
        zone = []
        lines.extend([_whole(row)] if row is not None else [])
    return lines


def _gutter(parts: Sequence[Line]) -> float | None:
    """Where the right column begins, if the page has two columns of text."""
    if len(parts) < 2 * _MIN_COLUMN_LINES:
        return None
    left = min(part.left for part in parts)
    starts = Counter(round(part.left) for part in parts if part.left > left + 10 * part.size)
    for start, times in starts.most_common(_MAX_GUTTERS):
        gutter = start - 1.0  # of rounding
        if times >= _MIN_COLUMN_LINES // 2 and all(_is_text(side) for side in _sides(parts, gutter)):
            return gutter
    return None


def _over(part: Line, gutter: float) -> bool:
    return part.left < gutter < part.right


def _sides(parts: Sequence[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    clear = [part for part in parts if not _over(part, gutter)]
    return [part for part in clear if part.right <= gutter], [part for part in clear if part.left >= gutter]


def _is_text(side: Sequence[Line]) -> bool:
    """Whether these are lines of running text: half of them fill the column's width."""
    if len(side) < _MIN_COLUMN_LINES or sum(len(part.text) for part in side) < _MIN_COLUMN_CHARS * len(side):
        return False
    wide = max(part.right for part in side) - min(part.left for part in side)
    return sum(part.right - part.left >= 0.85 * wide for part in side) >= _MIN_FULL * len(side)
