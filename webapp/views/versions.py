"""How did a document stand before, and what is different now?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from corpus.models import Document
from webapp.views.document_text import official_fields

# Longer paragraphs are shown as taken out and put in whole: comparing two costs the product of their lengths.
_MAX_COMPARED_CHARS = 3_000
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
    for how, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if how == "equal":
            changes += [Change((Piece(line),)) for line in before[i1:i2]]
        else:
            changes += _replaced(before[i1:i2], after[j1:j2])
    return _folded(changes)


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


def _replaced(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """Paragraphs one after the other; two that are much alike are one with changes in it."""
    for number in range(max(len(before), len(after))):
        old = before[number] if number < len(before) else ""
        new = after[number] if number < len(after) else ""
        if pieces := _within(old, new):
            yield Change(pieces)
            continue
        if old:
            yield Change((Piece(old, "-"),))
        if new:
            yield Change((Piece(new, "+"),))


def _within(old: str, new: str) -> tuple[Piece, ...]:
    """The characters of two paragraphs that are one; () if they are not."""
    if not old or not new or max(len(old), len(new)) > _MAX_COMPARED_CHARS:
        return ()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < _LEAST_ALIKE:
        return ()
    pieces: list[Piece] = []
    for how, i1, i2, j1, j2 in matcher.get_opcodes():
        if how == "equal":
            pieces.append(Piece(old[i1:i2]))
            continue
        if i1 < i2:
            pieces.append(Piece(old[i1:i2], "-"))
        if j1 < j2:
            pieces.append(Piece(new[j1:j2], "+"))
    return tuple(pieces)


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
