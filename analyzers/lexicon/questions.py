"""Which word lists help to understand a question? Places, nicknames of offices, kinds of documents, intents, plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, cast

from analyzers.lexicon import LexiconError, _names, _packaged, _rows

INTENTS = ("condition", "material", "process", "time_limit", "place", "phone", "standard", "fee")


@dataclass(frozen=True, slots=True)
class Place:
    """A province or a prefecture; ``province`` is that of a city."""

    name: str
    level: Literal["province", "city"]
    short_forms: tuple[str, ...]
    province: str


@dataclass(frozen=True, slots=True)
class KindWords:
    """A kind of document by its code: its names as a field's value, and the words that ask for it."""

    code: str
    names: tuple[str, ...]
    sure: tuple[str, ...]
    likely: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IntentWords:
    """Words that ask for a part of the matter, or for one of several.

    ``frame`` says that they do nothing else, ``last`` that they do so only at the end of a phrase.
    """

    intents: tuple[str, ...]
    frame: bool
    last: bool
    words: tuple[str, ...]


@cache
def places() -> tuple[Place, ...]:
    return tuple(
        Place(name, cast(Literal["province", "city"], level), _names(short), province.strip("-"))
        for level, name, short, province in _place_rows()
        if level != "none"
    )


@cache
def no_places() -> frozenset[str]:
    """Words that end like a place and are none (小区, 超市)."""
    return frozenset(
        word for level, name, more, _ in _place_rows() if level == "none" for word in (name, *_names(more))
    )


@cache
def office_nicknames() -> Mapping[str, tuple[str, ...]]:
    """What people call an office → the kinds of bodies that it can be."""
    return MappingProxyType({word: names for sort, word, names in _nickname_rows() if sort == "nickname"})


@cache
def generic_offices() -> frozenset[str]:
    """Kinds of bodies that are meant only where their place is named."""
    return frozenset(word for sort, word, _ in _nickname_rows() if sort == "generic")


@cache
def kind_words() -> tuple[KindWords, ...]:
    file, seen = "kinds.tsv", set[str]()
    found = []
    for line, (code, names, sure, likely) in _rows(file, _packaged(file), 4):
        if code in seen:
            raise LexiconError(file, line, f"{code} has a row already; keep one")
        seen.add(code)
        found.append(KindWords(code, _names(names), _names(sure), _names(likely)))
    return tuple(found)


@cache
def intent_words() -> tuple[IntentWords, ...]:
    file, seen = "intents.tsv", set[str]()
    found = []
    for line, (intents, manner, words, _note) in _rows(file, _packaged(file), 4):
        if not set(_names(intents)) <= set(INTENTS):
            raise LexiconError(file, line, f"the intent is {intents!r}; write one of {', '.join(INTENTS)}")
        if manner not in ("frame", "last", "named"):
            raise LexiconError(file, line, f"the manner is {manner!r}; write frame, last or named")
        for word in _names(words):
            if word in seen:
                raise LexiconError(file, line, f"{word} is listed already; keep it once")
            seen.add(word)
        found.append(IntentWords(_names(intents), manner != "named", manner == "last", _names(words)))
    return tuple(found)


def _place_rows() -> Iterator[tuple[str, ...]]:
    file = "regions.tsv"
    for line, row in _rows(file, _packaged(file), 4):
        if row[0] not in ("province", "city", "none"):
            raise LexiconError(file, line, f"the level is {row[0]!r}; write province, city or none")
        yield row


def _nickname_rows() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    file, seen = "agency_nicknames.tsv", set[str]()
    for line, (sort, word, names, _note) in _rows(file, _packaged(file), 4):
        if sort not in ("nickname", "generic"):
            raise LexiconError(file, line, f"the sort is {sort!r}; write nickname or generic")
        if word in seen:
            raise LexiconError(file, line, f"{word} has a row already; keep one")
        seen.add(word)
        yield sort, word, _names(names)
