"""What does a question lean to: which documents fit what it names beside its words, and how much more do they count?

What is read out of free text (去年, 区教体局, 办事指南) never hides a document; what fits it passes what is as much
about the matter and does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from analyzers.agency_mentions import AgencyMention
from analyzers.calendar_spans import Period, months_before
from analyzers.question import Piece, Question, What
from corpus.models import Kind, Validity
from indexer.columnar.opened import Mask
from indexer.view import PartSeen, View

# What a guide (办事指南) gains when the question asks how something is done, as a share of what its words give: enough
# to pass a text that is as much about it, too little to pass one that is more so. Chosen on the sample portal: no
# development topic is answered by a guide, and shares of 0.05 to 0.2 change no measure, beside 2,262 guides.
GUIDE_SHARE = 0.1

# The same for what fits a piece of the question, at full confidence.
PIECE_SHARE = 0.1

# What is gained by what is newer, where the newest is asked for: the last twelve months, and those years before them,
# gain so much each. Together about as much as the words' order within one line, so that of documents about one matter
# those of this year stand first; by judgement, since no development topic asks so.
NEWEST_SHARES = {0: 0.1, 2: 0.1, 5: 0.1}

# What a document loses that says it is repealed or expired (废止, 失效): as much, so that of two that are as much about
# the matter the one in force comes first, and the old one is still found by what only it says. Nothing is lost where
# the question names a validity or a number. Source: no measure of the development topics changes by it.
SUNK_SHARE = -0.1

# A piece that is less certain than this is told to nobody and counts nothing.
LEAST_CONFIDENCE = 0.5

_NOT_IN_FORCE = frozenset({"废止", "失效"})
_SUNK = (Validity.REPEALED, Validity.EXPIRED)
_COLUMNS = {What.KIND: "kind", What.VALIDITY: "validity", What.DOMAIN: "domain"}


@dataclass(frozen=True, slots=True)
class Leaning:
    """The documents that fit, by segment, and what they gain, or lose, as a share of what their words give."""

    label: str
    share: float
    fits: list[Mask]


def leanings_of(question: Question, snapshot: View) -> tuple[Leaning, ...]:
    """Everything that the question leans to; nothing that it filters by."""
    return tuple(_leanings(question, snapshot))


def issuers_meant(mention: AgencyMention, issuers: Iterable[str]) -> tuple[str, ...]:
    """Those of the issuers that a mention can mean."""
    ends = {name[-2:] for name in mention.names}
    return tuple(name for name in issuers if any(end in name for end in ends) and mention.matches(name))


def _leanings(question: Question, snapshot: View) -> Iterator[Leaning]:
    if question.asks_how:
        yield Leaning("guide", GUIDE_SHARE, snapshot.having("kind", Kind.GUIDE))
    meant = question.of(What.VALIDITY, What.NUMBER, What.PARTIAL_NUMBER)
    if not meant and _NOT_IN_FORCE.isdisjoint(question.words):
        yield Leaning("no longer in force", SUNK_SHARE, snapshot.having_any("validity", _SUNK))
    for piece in question.pieces:
        if not piece.filters and piece.confidence >= LEAST_CONFIDENCE:
            if piece.what is What.NEWEST:
                yield from _newest(piece, snapshot)
            elif (fits := _fitting(piece, snapshot)) is not None:
                yield Leaning(piece.text, PIECE_SHARE * piece.confidence, fits)


def _newest(piece: Piece, snapshot: View) -> Iterator[Leaning]:
    """Who asks for what is newest prefers the last twelve months, and after these the last years."""
    if isinstance(piece.value, Period) and piece.value.since:
        for years, share in NEWEST_SHARES.items():
            period = Period(months_before(piece.value.since, 12 * years), None)
            yield Leaning(piece.text, share, [_within(part, period) for part in snapshot.parts])


def _fitting(piece: Piece, snapshot: View) -> list[Mask] | None:
    if isinstance(piece.value, Period):
        period = piece.value
        return [_within(part, period) for part in snapshot.parts]
    if isinstance(piece.value, AgencyMention):
        return snapshot.having_any("issuer", issuers_meant(piece.value, snapshot.column("issuer").names))
    if piece.what in _COLUMNS:
        return snapshot.having(_COLUMNS[piece.what], str(piece.value))
    return None


def _within(part: PartSeen, period: Period) -> Mask:
    fits: Mask = part.days > 0
    if period.since:
        fits = fits & (part.days >= period.since.toordinal())
    if period.until:
        fits = fits & (part.days <= period.until.toordinal())
    return np.asarray(fits, np.bool_)
