"""What follows from a question that was understood: the filters of its field words, and what people are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from analyzers.agency_mentions import AgencyMention
from analyzers.question import Piece, Question, What
from analyzers.synonyms import PlainWord
from indexer.engine import Query, Understood
from indexer.leanings import LEAST_CONFIDENCE, issuers_meant

# What changes the answer, and so is told. Synonyms are told by the terms that the index has; the rest is only words.
_TOLD = frozenset(
    {
        *(What.NUMBER, What.PARTIAL_NUMBER, What.PERIOD, What.NEWEST, What.AGENCY),
        *(What.KIND, What.VALIDITY, What.DOMAIN),
        *(What.PHRASE, What.EXCLUDED, What.TITLE, What.SITE, What.COLUMN, What.OPERATOR, What.UNREAD),
    }
)


def asks_for_something(question: Question) -> bool:
    """Does it ask for anything but what its filters allow? An empty question, or one of field words alone, does not."""
    if any(piece.filters for piece in question.pieces):
        return bool(question.words or question.phrases or question.title or question.numbers or question.alternatives)
    return bool(question.text.strip())


def narrowed_by(question: Question, query: Query, issuers: Sequence[str]) -> Query:
    """The query with the filters of the question's field words; what was chosen beside the text goes before them.

    ``issuers`` are those of the index: a field word may name a kind of body (发文机关：区教体局).
    """
    found = {name: values for name, values in question.filters.items() if name not in query.filters}
    if "issuer" in found:
        meant = [
            name
            for piece in question.of(What.AGENCY)
            if piece.filters and isinstance(piece.value, AgencyMention)
            for name in issuers_meant(piece.value, issuers)
        ]
        found["issuer"] = tuple(dict.fromkeys((*meant, *found["issuer"])))
    return replace(
        query,
        filters=MappingProxyType({**found, **query.filters}),
        since=query.since or question.since,
        until=query.until or question.until,
    )


def understood(
    question: Question, synonyms: Mapping[str, tuple[str, ...]], *, read_from: str | None = None
) -> Iterator[Understood]:
    """What people are told: each piece that changes the answer, and the official terms that were looked for too.

    Where the question was read out of another text (``read_from``), its pieces stand in none that could be changed:
    they are undone with the correction.
    """
    corrected = read_from is not None and read_from != question.text
    for piece in question.pieces:
        if piece.what in _TOLD and (piece.filters or piece.confidence >= LEAST_CONFIDENCE or piece.what is What.UNREAD):
            yield Understood(piece.what, piece.text, None if corrected else _undone(question, piece))
    for plain, terms in synonyms.items():
        said = next((one for one in question.of(What.SYNONYM) if _is_of(one, plain)), None)
        undo = question.literally(said) if said is not None and not corrected else None
        source = said.value.source or None if said is not None and isinstance(said.value, PlainWord) else None
        yield Understood("synonym", f"{plain} → {'、'.join(terms)}", undo, source)


def _undone(question: Question, piece: Piece) -> str:
    taken_literally = question.literally(piece)
    return taken_literally if taken_literally != question.text else question.without(piece)


def _is_of(piece: Piece, plain: str) -> bool:
    return isinstance(piece.value, PlainWord) and piece.value.text == plain
