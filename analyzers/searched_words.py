"""Which text of an understood question is looked for, and which other writings stand for its words?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzers.agency_mentions import AgencyMention
from analyzers.lookup import Spans, Typed, blank
from analyzers.numerals import Amount
from analyzers.pieces import Piece, What
from analyzers.synonyms import PlainWord, Term
from analyzers.tokenizer import words

_LIKELY_NAMES = 2  # 文旅局 is 文化和旅游局 or 文化广电旅游局; what comes after is rare
_TELLING_CHARS = 3  # shorter ones (政府, 教委) say little without their place, and 省政府 is a word


def searched_text(text: str, pieces: list[Piece]) -> str:
    """The text without what is not searched for: filters, what is excluded, operators, and the words of fields."""
    hidden: Spans = []
    for piece in pieces:
        if piece.what in (What.TITLE, What.NUMBER, What.PARTIAL_NUMBER, What.UNREAD) and piece.inner:
            hidden.append((piece.start, piece.inner[0]))
        elif piece.filters or piece.what in (What.EXCLUDED, What.OPERATOR):
            hidden.append((piece.start, piece.end))
    return blank(text, hidden) if hidden else text


def missed_bodies(pieces: list[Piece], typed: Typed) -> list[str]:
    """The words of bodies whose beginning the segmenter missed (区卫健委 as one word)."""
    found: list[str] = []
    for piece in pieces:
        start = piece.body_start
        if start is not None and start not in typed.edges and piece.end - start >= _TELLING_CHARS:
            found += words(typed.normal[start : piece.end])
    return found


def amounts_as_words(pieces: list[Piece], said: frozenset[str]) -> Iterator[PlainWord]:
    """Quantities as words with other writings, where the question's own words hold them."""
    for piece in pieces:
        if isinstance(piece.value, Amount):
            own = distinct(words(piece.value.text))
            if own and said.issuperset(own):
                others = tuple(Term(other, distinct(words(other))) for other in piece.value.others)
                yield PlainWord(piece.value.text, own, others)


def agency_words(pieces: list[Piece], typed: Typed, said: frozenset[str]) -> Iterator[PlainWord]:
    """Short names of bodies (卫健委) as words for their likeliest full names, as far as the text does not say those."""
    for piece in pieces:
        if isinstance(piece.value, AgencyMention) and piece.body_start is not None:
            short = typed.normal[piece.body_start : piece.end]
            own = distinct(words(short))
            names = [name for name in piece.value.names[:_LIKELY_NAMES] if name not in typed.normal]
            if names and own and said.issuperset(own):
                yield PlainWord(short, own, tuple(Term(name, distinct(words(name))) for name in names))


def distinct(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
