"""Which characters of a page stand on one line, and where are the spaces between its words?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from corpus.parsers.lines import Line
from corpus.parsers.spacing import tidy

_LATIN_END = re.compile(r"[\x21-\x7e\u00c0-\u024f]$")
_LATIN_START = re.compile(r"^[\x21-\x7e\u00c0-\u024f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\ud800-\udfff]")
# In heights of the type.
_MAX_GAP = 2.0  # further apart begins another piece of the row: a column, a field of a form
_MAX_OVERHANG = 1.0  # so much may a character begin before the last one ends: kerning, overprinting
_LATIN_SPACE = 0.17  # a space has 0.25; justified text presses it to 0.2
_HAN_SPACE = 0.8  # more than the usual distance in its line: headings are set apart (目　次)
_RUN_SPACE = 0.3  # the same between runs that OCR found: their boxes reach into the space
_OVERPRINT = 0.3  # of the width: a bold character drawn as the same one twice
_MAX_RATIO = 2.0  # of the types of one row: a logo beside two lines belongs to neither


class Glyph(NamedTuple):
    """A character, or a run of them read as one, in its box, measured from the left and the top edge of the page.
    ``parts`` are the boxes of a run's characters where they are known."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    parts: tuple[Glyph, ...] = ()


def set_lines(glyphs: Iterable[Glyph]) -> list[Line]:
    """The lines that the glyphs make, from the top; pieces far apart on one height are lines of their own."""
    found = sorted((glyph for glyph in glyphs if glyph.bottom > glyph.top), key=lambda glyph: (glyph.left, glyph.top))
    if not found:
        return []
    step = median(glyph.bottom - glyph.top for glyph in found)
    runs: list[list[Glyph]] = []
    open_runs: defaultdict[int, list[list[Glyph]]] = defaultdict(list)  # by height on the page, in steps
    for glyph in found:
        place = int((glyph.top + glyph.bottom) / 2 / step)
        run = _best([run for near in (place - 1, place, place + 1) for run in open_runs[near]], glyph)
        if run is None:
            run = []
            runs.append(run)
            kept = [other for other in open_runs[place] if glyph.left - other[-1].right < 4 * _MAX_GAP * step]
            open_runs[place] = [*kept, run]
        run.append(glyph)
    lines = [line for run in runs if (line := _line(run)) is not None]
    return sorted(lines, key=lambda line: (line.top, line.left))


def _best(runs: Sequence[list[Glyph]], glyph: Glyph) -> list[Glyph] | None:
    best, best_overlap = None, 0.5  # at least half of the lower one
    for run in runs:
        last = run[-1]
        size = min(last.bottom - last.top, glyph.bottom - glyph.top)
        overlap = (min(last.bottom, glyph.bottom) - max(last.top, glyph.top)) / size
        if overlap > best_overlap and -_MAX_OVERHANG * size < glyph.left - last.right < _MAX_GAP * size:
            best, best_overlap = run, overlap
    return best


def _line(run: Sequence[Glyph]) -> Line | None:
    shown = [glyph for glyph in run if glyph.text.strip()]
    if not shown:
        return None
    size = max(glyph.bottom - glyph.top for glyph in shown)
    gaps = [other.left - one.right for one, other in pairwise(run) if len(one.text) == len(other.text) == 1]
    usual = max(median(gaps), 0.0) if gaps else 0.0
    pieces = [run[0].text]
    for one, other in pairwise(run):
        if one.text == other.text and other.left - one.left < _OVERPRINT * (one.right - one.left):
            continue
        gap = other.left - one.right
        latin = _LATIN_END.search(one.text) and _LATIN_START.match(other.text)
        words = len(one.text) > 1 or len(other.text) > 1
        if gap > size * (_LATIN_SPACE if latin else _RUN_SPACE if words else _HAN_SPACE) + (0.0 if latin else usual):
            pieces.append(" ")
        pieces.append(other.text)
    text = tidy(_CONTROL.sub("", "".join(pieces)))
    if not text:
        return None
    left, right = min(glyph.left for glyph in shown), max(glyph.right for glyph in shown)
    return Line(text, left, right, size, min(glyph.top for glyph in shown))


def merge_rows(lines: Iterable[Line]) -> list[Line]:
    """From the top, with the pieces of one height as one line, a space between them, that no other goes on;
    characters that stand alone far apart (``发　　布``) are one word."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.top + line.size / 2, line.left)):
        first = rows[-1][0] if rows else line
        overlap = min(first.top + first.size, line.top + line.size) - max(first.top, line.top)
        low, high = sorted((first.size, line.size))
        if rows and not line.row and not first.row and overlap > 0.5 * low and high < _MAX_RATIO * low:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_merged(sorted(row, key=lambda line: line.left)) for row in rows]


def _merged(row: Sequence[Line]) -> Line:
    if len(row) == 1:
        return row[0]
    apart = all(len(piece.text) == 1 and not piece.text.isascii() for piece in row)
    return Line(
        ("" if apart else " ").join(piece.text for piece in row),
        row[0].left,
        max(piece.right for piece in row),
        max(piece.size for piece in row),
        min(piece.top for piece in row),
        row[0].column,
        row=not apart,
    )
