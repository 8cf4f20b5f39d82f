"""How did a document stand before, and what is different now?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import groupby, takewhile

from corpus.models import Document
from webapp.views.document_text import official_fields

# Clauses are compared first, and only where they differ their characters, up to so many in a row: difflib's time grows
# with the third power of what repeats itself (18 s for 3,000 such characters, 25 ms for 300).
_MAX_COMPARED_CHARS = 300
# The same for all the paragraphs of a page together; what changed beyond is taken out and put in whole.
_MAX_COMPARED_IN_ALL = 40_000
# Paragraphs of each text, from the first that differs, that are looked for in the other: difflib's time grows with the
# square of them where every second one changed (0.2 s for 2,000 of processor time, 0.8 s for 4,000).
_MAX_PARAGRAPHS = 2_000
_CLAUSE = re.compile(r"[^，。；：、！？]+[，。；：、！？]?|[，。；：、！？]")
# Paragraphs that share less are two, not one that was changed (difflib's own advice for close matches is 0.6).
_LEAST_ALIKE = 0.5
# Equal paragraphs that stay in sight beside a change; the rest is folded.
_CONTEXT = 1


@dataclass(frozen=True, slots=True)
class Version:
    number: int
    document: Document
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters: ``change`` is ``-`` (taken out), ``+`` (put in), or empty (equal)."""

    text: str
    change: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One paragraph in the view of differences, or a run of equal ones that is ``folded``."""

    pieces: tuple[Piece, ...] = ()
    folded: tuple[str, ...] = ()

    @property
    def is_change(self) -> bool:
        return any(piece.change for piece in self.pieces)


def changes_between(old: Document, new: Document) -> list[Change]:
    """The paragraphs of the texts in their order, with what was taken out and put in; long equal runs are folded."""
    before, after = _paragraphs(old.body), _paragraphs(new.body)
    changes: list[Change] = []
    compared = 0
    for how, i1, i2, j1, j2 in _steps(before, after):
        if how == "equal":
            changes += [Change((Piece(line),)) for line in before[i1:i2]]
        else:
            changes += _replaced(before[i1:i2], after[j1:j2], _MAX_COMPARED_IN_ALL - compared)
            compared += sum(map(len, (*before[i1:i2], *after[j1:j2])))
    return _folded(changes)


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """As `SequenceMatcher.get_opcodes`; beyond `_MAX_PARAGRAPHS` everything is replaced but the end that is equal."""
    start = _equal_at_begin(before, after)
    end = _equal_at_begin(before[start:][::-1], after[start:][::-1])
    yield "equal", 0, start, 0, start
    i, j = len(before) - end, len(after) - end
    old, new = before[start:i][:_MAX_PARAGRAPHS], after[start:j][:_MAX_PARAGRAPHS]
    for how, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        yield how, start + i1, start + i2, start + j1, start + j2
    yield "replace", start + len(old), i, start + len(new), j
    yield "equal", i, len(before), j, len(after)


def _equal_at_begin(before: Sequence[str], after: Sequence[str]) -> int:
    """How many paragraphs are equal from the first on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))


def changed_facts(old: Document, new: Document) -> list[tuple[str, str, str]]:
    """Title and official fields that differ: label, before, after."""
    before = {"标题": old.title, **dict(official_fields(old, {}))}
    after = {"标题": new.title, **dict(official_fields(new, {}))}
    labels = dict.fromkeys((*before, *after))
    return [
        (label, before.get(label, ""), after.get(label, ""))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _replaced(before: Sequence[str], after: Sequence[str], room: int) -> Iterator[Change]:
    """Paragraphs one after the other; two that are much alike are one with changes in it.

    So are compared the first of them that have ``room`` characters together; the others are taken out and put in whole.
    """
    for number in range(max(len(before), len(after))):
        old = before[number] if number < len(before) else ""
        new = after[number] if number < len(after) else ""
        room -= len(old) + len(new)
        if room >= 0 and (pieces := _within(old, new)):
            yield Change(pieces)
            continue
        if old:
            yield Change((Piece(old, "-"),))
        if new:
            yield Change((Piece(new, "+"),))


def _within(old: str, new: str) -> tuple[Piece, ...]:
    """What is different in a paragraph; () if the two are not one."""
    pieces = [*_pieces(_CLAUSE.findall(old), _CLAUSE.findall(new), by_clause=True)]
    alike = sum(len(piece.text) for piece in pieces if not piece.change)
    if 2 * alike < _LEAST_ALIKE * (len(old) + len(new)):
        return ()
    runs = groupby(pieces, key=lambda piece: piece.change)
    return tuple(Piece("".join(piece.text for piece in run), change) for change, run in runs)


def _pieces(old: Sequence[str], new: Sequence[str], *, by_clause: bool) -> Iterator[Piece]:
    """Clauses, or characters, of both in their order; of clauses that differ, their characters."""
    for how, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=by_clause).get_opcodes():
        gone, come = "".join(old[i1:i2]), "".join(new[j1:j2])
        if how == "equal":
            yield Piece(gone)
        elif by_clause and gone and come and max(len(gone), len(come)) <= _MAX_COMPARED_CHARS:
            yield from _pieces(gone, come, by_clause=False)
        else:
            yield from (Piece(text, change) for text, change in ((gone, "-"), (come, "+")) if text)


def _folded(changes: list[Change]) -> list[Change]:
    near = {
        place
        for number, change in enumerate(changes)
        if change.is_change
        for place in range(number - _CONTEXT, number + _CONTEXT + 1)
    }
    shown: list[Change] = []
    run: list[str] = []
    for number, change in enumerate([*changes, None]):
        if change is not None and number not in near:
            run.append(change.pieces[0].text)
            continue
        if run:
            shown.append(Change(folded=tuple(run)))
            run = []
        if change is not None:
            shown.append(change)
    return shown
