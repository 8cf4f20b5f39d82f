"""What does a question ask for? Text → `Question`: every piece that was understood, its place, and how to undo it.

Nothing here knows an engine or an index. What is read out of free text ranks, and never hides anything; only what the
reader marked (a field word, quotation marks, a minus, AND) limits what is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from analyzers.calendar_spans import Period
from analyzers.document_number import (
    DocumentNumber,
    DocumentNumberError,
    find_document_numbers,
    parse_document_number,
)
from analyzers.field_values import filters_of, read_field, years_of
from analyzers.intents import Intent
from analyzers.lexicon import question_frames
from analyzers.lookup import Typed, blank
from analyzers.markup import Markup, read_markup
from analyzers.partial_number import PartialNumber
from analyzers.pieces import Piece, What
from analyzers.readings import read_freely
from analyzers.searched_words import (
    agency_words,
    amounts_as_words,
    distinct,
    missed_bodies,
    searched_text,
)
from analyzers.synonyms import PlainWord, PlainWords
from analyzers.tokenizer import asks_how, question_core, question_words, words

__all__ = ["Piece", "Question", "What", "read_question"]

# How a number alone is typed by those who surely mean one: brackets, 号, or a code that ends like one.
_SURELY_A_NUMBER = re.compile(r"[〔［\[【（(]|[号號]|[发發函字规規令告]\s?[1１2２]")
_QUOTES = re.compile('["＂]')
# Two words with a space between are no code: 社保 国办发〔2006〕29号 names the matter and a number.
_WORDS_APART = re.compile(r"[\u4e00-\u9fff]{2}\s+[\u4e00-\u9fff]{2}")
_FOLLOWED_BY_OF = (What.PERIOD, What.NEWEST, What.AGENCY, What.REGION, What.VALIDITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, read.

    ``text`` is as typed; ``pieces`` stand in the order of the text and may overlap (低保 names a domain, and leads to
    an official term). ``words`` are the normalised, distinct words to search for, without frames, what is excluded,
    filters, and periods relative to today; ``core`` is the same text in one piece, for pairs of characters.

    ``numbers`` are whole document numbers, ``partial_numbers`` parts of such; ``only_number`` and ``only_partial`` say
    that the question is one and nothing else. ``phrases`` must stand literally in the text, ``excluded`` must not, and
    of ``alternatives`` all terms of one must; all are normalised. ``title`` are texts that a title must have.
    ``plain_words`` are those for which there are official terms, ``amounts`` quantities with their other writings,
    ``agency_words`` short names of bodies with their full ones: what is marked is meant literally and never among them.

    ``filters`` maps fields of a query to the values that are allowed, ``since`` and ``until`` bound its dates: all from
    field words alone. The values of ``issuer`` are full names; where the piece's `AgencyMention` is a kind of body
    (教育体育局 of some 区), its ``matches`` tells which issuers of the index are meant. ``intents`` are what is asked
    for of the matter; ``asks_how`` says that it asks how something is done.
    """

    text: str
    words: tuple[str, ...] = ()
    core: str = ""
    phrases: tuple[str, ...] = ()
    numbers: tuple[DocumentNumber, ...] = ()
    only_number: bool = False
    plain_words: tuple[PlainWord, ...] = ()
    asks_how: bool = False
    pieces: tuple[Piece, ...] = ()
    partial_numbers: tuple[PartialNumber, ...] = ()
    only_partial: bool = False
    excluded: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, ...], ...] = ()
    title: tuple[str, ...] = ()
    amounts: tuple[PlainWord, ...] = ()
    agency_words: tuple[PlainWord, ...] = ()
    intents: tuple[Intent, ...] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    since: date | None = None
    until: date | None = None

    def of(self, *what: What) -> tuple[Piece, ...]:
        """The pieces of these sorts."""
        return tuple(piece for piece in self.pieces if piece.what in what)

    def without(self, piece: Piece) -> str:
        """The text without a piece, and without the 的 that joined it to what follows (去年的通知 → 通知)."""
        end = piece.end
        if piece.what in _FOLLOWED_BY_OF and self.text[end : end + 1] == "的":
            end += 1
        return _tidy(self.text[: piece.start], self.text[end:])

    def literally(self, piece: Piece) -> str:
        """The text with a piece taken as ordinary words: in quotation marks, or freed from the mark around it."""
        if piece.what is What.OPERATOR:
            return self.without(piece)
        start, end = piece.inner or (piece.start, piece.end)
        kept = _QUOTES.sub(" ", self.text[start:end]).strip()
        if piece.inner is None or piece.filters or piece.what is What.UNREAD:
            kept = f'"{kept}"'
        return _tidy(self.text[: piece.start], kept, self.text[piece.end :])


def read_question(text: str, today: date, learned: PlainWords | None = None) -> Question:
    """Read a question as typed; ``today`` is what 去年 and 近三年 are told by. No text is refused.

    ``learned`` are plain words with their terms that were read out of a corpus, beside those of our own list.
    """
    typed = Typed.read(text)
    if number := _number_alone(text):
        return _assemble(typed, Markup(), [number], only_number=True)
    markup = read_markup(text, typed.normal)
    pieces = list(_marked(markup, text, today))
    free = typed
    if pieces:
        free = Typed.read(blank(text, [(piece.start, piece.end) for piece in pieces]))
    return _assemble(typed, markup, [*pieces, *read_freely(free, today, learned)])


def _number_alone(text: str) -> Piece | None:
    if _WORDS_APART.search(text):
        return None
    try:
        number = parse_document_number(text)
    except DocumentNumberError:
        return None
    if any(found.number != number for found in find_document_numbers(text)):
        return None  # words of a question stand before it
    start = len(text) - len(text.lstrip())
    sure = 0.99 if _SURELY_A_NUMBER.search(text) else 0.7
    return Piece(What.NUMBER, number, str(number), start, start + len(text.strip()), sure)


def _marked(markup: Markup, text: str, today: date) -> Iterator[Piece]:
    for mark in markup.fields:
        yield read_field(mark, text, today)
    for what, marks in ((What.PHRASE, markup.phrases), (What.EXCLUDED, markup.excluded)):
        for mark in marks:
            inner = (mark.value_start, mark.value_end)
            yield Piece(what, mark.value, mark.value, mark.start, mark.end, 0.95, inner=inner)
    for start, end in markup.operators:
        if text[start:end] != "NOT":  # it is in the span of what it excludes
            yield Piece(What.OPERATOR, text[start:end], text[start:end], start, end, 0.9)


def _assemble(typed: Typed, markup: Markup, pieces: list[Piece], *, only_number: bool = False) -> Question:
    pieces.sort(key=lambda piece: (piece.start, piece.end))
    searched, silent = searched_text(typed.text, pieces), [(one.start, one.end) for one in pieces if one.silent]
    spoken = blank(searched, silent) if silent else searched
    if not (found := question_words(spoken)):
        spoken, found = searched, question_words(searched)
    found += missed_bodies(pieces, typed)
    said = frozenset(found)
    numbers = [one.value for one in pieces if isinstance(one.value, DocumentNumber)]
    partial = [one.value for one in pieces if isinstance(one.value, PartialNumber)]
    plain = [one.value for one in pieces if isinstance(one.value, PlainWord)]
    since, until = _bounds(pieces)
    alone = len(pieces) == 1 and _is_whole(pieces[0], typed)
    return Question(
        text=typed.text,
        words=distinct(found),
        core=question_core(spoken).strip(),
        phrases=tuple(dict.fromkeys(mark.value for mark in markup.phrases)),
        numbers=tuple(dict.fromkeys(numbers)),
        only_number=only_number or (bool(numbers) and alone),
        plain_words=tuple(plain),
        asks_how=asks_how(searched),
        pieces=tuple(pieces),
        partial_numbers=tuple(dict.fromkeys(partial)),
        only_partial=bool(partial) and alone,
        excluded=tuple(dict.fromkeys(mark.value for mark in markup.excluded)),
        alternatives=markup.alternatives,
        title=tuple(dict.fromkeys(str(one.value) for one in pieces if one.what is What.TITLE)),
        amounts=tuple(amounts_as_words(pieces, said)),
        agency_words=tuple(agency_words(pieces, typed, said)),
        intents=tuple(dict.fromkeys(one.value for one in pieces if isinstance(one.value, Intent))),
        filters=_filters(pieces),
        since=since,
        until=until,
    )


def _is_whole(piece: Piece, typed: Typed) -> bool:
    """Whether nothing but words that only ask stands beside it."""
    return question_frames().issuperset(words(blank(typed.text, [(piece.start, piece.end)])))


def _filters(pieces: list[Piece]) -> Mapping[str, tuple[str, ...]]:
    """Any of the values within a field, however often its word stands."""
    filters: dict[str, tuple[str, ...]] = {}
    for piece in pieces:
        if piece.filters:
            for name, values in filters_of(piece):
                filters[name] = tuple(dict.fromkeys((*filters.get(name, ()), *values)))
    return MappingProxyType(filters)


def _bounds(pieces: list[Piece]) -> tuple[date | None, date | None]:
    """The days that field words allow, where they are no list of years; the narrowest of several."""
    periods = [one.value for one in pieces if one.filters and isinstance(one.value, Period) and not years_of(one.value)]
    since = max((period.since for period in periods if period.since), default=None)
    until = min((period.until for period in periods if period.until), default=None)
    return since, until


def _tidy(*parts: str) -> str:
    return " ".join(" ".join(parts).split())
