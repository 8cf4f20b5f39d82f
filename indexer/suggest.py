"""What may somebody who is typing mean: titles, terms, document numbers, agencies, items of catalogs?

Found by what the typed text is: characters at the beginning or inside, pinyin whose last syllable may be unfinished, or
initials. Every search looks at a bounded number of places, the important entries first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analyzers.normalize import normalize
from analyzers.pinyin import split_pinyin, syllables
from indexer.columnar.array_file import Array
from indexer.phrasebook import Phrasebook, Spot
from indexer.phrasebook_layout import KINDS, LONGEST_KEY, NUMBER_MARKS, Kind, codes, sound_numbers

# Nobody types more and waits for suggestions.
LONGEST_TYPED = 40
_MOST_PIECES = 4
# Two terms and two agencies leave most of the list to titles, which lead straight to a document.
_SHARES = {Kind.TERM: 3, Kind.AGENCY: 2, Kind.NUMBER: 2, Kind.ITEM: 3, Kind.TITLE: 10}
# Ways to split pinyin that are tried, and candidates looked at for each one that is wanted (titles repeat themselves).
_SPLITS = 3
_SPARE = 4
# Of several pieces one is looked for, and the others in the first so many entries of each kind that have it.
_WITH_PIECE = 64
# Words with the same initials that are looked at, and of each where letters begin many of them.
_MOST_CHAINS = 4_000
_OF_EACH = 16

_PIECE = re.compile("(?P<latin>[a-z'’ü]+)|(?P<other>.)")
_SAYING = re.compile(r"[^\W_]")
# No syllable begins with i, u or v.
_INITIALS = re.compile("(?=.*[a-z])[a-hj-tw-z0-9]{2,}")


class By(StrEnum):
    """How a suggestion was found."""

    TEXT = "text"
    PINYIN = "pinyin"
    INITIALS = "initials"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An entry, its id (of a document, or empty), and the spans of its text that were typed (start, end; ascending)."""

    kind: Kind
    text: str
    id: str
    spans: tuple[tuple[int, int], ...]
    by: By


@dataclass(frozen=True, slots=True)
class _Found:
    entry: int
    spans: tuple[tuple[int, int], ...]
    by: By


def suggest(book: Phrasebook, typed: str, limit: int = 10) -> tuple[Suggestion, ...]:
    """Up to ``limit`` suggestions, kind by kind; of a kind those that begin with what was typed first, then by weight.

    Pieces with a space between must all stand in an entry, in any order. () for nothing but marks, for a single Latin
    letter, and for more than `LONGEST_TYPED` characters.
    """
    pieces = [piece for piece in normalize(typed).split() if _SAYING.search(piece)][: _MOST_PIECES + 1]
    if not pieces or len(typed) > LONGEST_TYPED or len(pieces) > _MOST_PIECES:
        return ()
    main = max(pieces, key=_meaning)
    others = [_Piece(piece) for piece in pieces if piece != main]
    suggestions: list[Suggestion] = []
    wish = _Wish(book, main)
    for kind in KINDS:
        wanted = min(_SHARES[kind], limit - len(suggestions))
        texts: set[str] = set()
        for found in wish.found(kind, _WITH_PIECE if others else wanted * _SPARE):
            if len(texts) == wanted:
                break
            spans = _with_others(book, found, others)
            text = book.text(found.entry)
            if spans is not None and text not in texts:
                texts.add(text)
                spans = _in_number(text, spans) if kind is Kind.NUMBER else spans
                suggestions.append(Suggestion(kind, text, book.id(found.entry), spans, found.by))
    return tuple(suggestions)


class _Wish:
    """A typed piece, read in every way, and what has it."""

    def __init__(self, book: Phrasebook, piece: str) -> None:
        self._book = book
        self._piece = piece
        self._plans = [(by, pattern, book.plan(pattern)) for by, pattern in _patterns(piece)]
        bare = NUMBER_MARKS.sub("", piece)
        self._number_plans = self._plans
        if bare != piece:
            self._number_plans = [(by, pattern, book.plan(pattern)) for by, pattern in _patterns(bare)]
        self._begun = _begun(book, piece) if _INITIALS.fullmatch(piece) else None

    def found(self, kind: Kind, most: int) -> Iterator[_Found]:
        """The entries of a kind that have it, those that begin with it first; by text, then pinyin, then initials."""
        for by, pattern, plan in self._number_plans if kind is Kind.NUMBER else self._plans:
            if len(pattern) > 1:
                places = self._book.find(plan, kind, most)
            else:
                places = self._book.find_one(pattern[0], kind, most)
            yield from _as_found(self._book, places, len(pattern), by)
        if self._begun is not None:
            places = _by_initials(self._book, self._piece, self._begun, kind)[:most]
            yield from _as_found(self._book, places, len(self._piece), By.INITIALS)


def _as_found(book: Phrasebook, places: Array, length: int, by: By) -> Iterator[_Found]:
    entries = book.entry_of(places)
    offsets = places - book.starts[entries]
    for at in np.argsort(offsets > 0, kind="stable").tolist():
        offset = int(offsets[at])
        yield _Found(int(entries[at]), ((offset, offset + length),), by)


def _patterns(piece: str) -> Iterator[tuple[By, Sequence[Spot]]]:
    """As written; and, where there are Latin letters, as the syllables or the initials that they may be."""
    literal = [Spot(code) for code in codes(piece).tolist()]
    if len(literal) > 1 or (not piece.isascii() and piece.isalnum()):
        yield By.TEXT, literal
    ways: list[list[Spot]] = [[]]
    parts = list(_PIECE.finditer(piece))
    for number, part in enumerate(parts, 1):
        last = number == len(parts)
        if part["latin"] and (last or split_pinyin(part["latin"])):
            said = _ways(part["latin"], last=last, alone=len(parts) == 1)
            ways = [[*way, *(_said(one) for one in split)] for way in ways for split in said][:_SPLITS]
        else:
            ways = [[*way, *(Spot(code) for code in codes(part[0]).tolist())] for way in ways]
    if len(piece) == 1:
        return
    for way in (*ways, *filter(None, map(_gone_on, ways))):
        if any(spot.sounds for spot in way) and all(spot.code or spot.sounds for spot in way):
            yield By.PINYIN, way


def _gone_on(way: list[Spot]) -> list[Spot] | None:
    """The same, where the last syllable is only the beginning of another (xian → xiang); None if it can be none."""
    last = way[-1].sounds if way else frozenset()
    if len(last) != 1:
        return None
    longer = _said(syllables()[min(last) - 1], whole=False)
    return [*way[:-1], longer] if len(longer.sounds) > 1 else None


def _ways(letters: str, *, last: bool, alone: bool) -> Sequence[Sequence[str]]:
    """The ways to split pinyin; of what is none, the longest beginning that is, with initials behind it (yiliaobx).

    Letters ``alone`` that do not begin with a syllable are initials, which are found otherwise.
    """
    if splits := split_pinyin(letters, limit=_SPLITS, unfinished=last):
        return splits
    for end in range(len(letters) - 1, -1, -1):
        begun = split_pinyin(letters[:end], limit=1) if end else ((),) if not alone else ()
        if begun:
            return [[*begun[0], *letters[end:]]]
    return ()


def _said(beginning: str, *, whole: bool = True) -> Spot:
    """A ``whole`` syllable if it is one, or all that begin so."""
    numbers = sound_numbers()
    if whole and beginning in numbers:
        return Spot(sounds=frozenset([numbers[beginning]]))
    return Spot(sounds=frozenset(numbers[one] for one in syllables() if one.startswith(beginning)))


def _begun(book: Phrasebook, letters: str) -> Array:
    """The places where words of all kinds begin whose initials begin with these letters."""
    entries, offsets = book.chains(letters[:LONGEST_KEY], unfinished=True, most=_MOST_CHAINS, each=_OF_EACH)
    return np.asarray(book.starts[entries] + offsets)


def _by_initials(book: Phrasebook, letters: str, begun: Array, kind: Kind) -> Array:
    """The places of a kind where words begin whose initials, one after the other, are these letters."""
    section = book.entries(kind)
    start, stop = book.section(kind)
    found = [begun[(begun >= start) & (begun < stop)]]
    for length in range(min(len(letters) - 1, LONGEST_KEY), 0, -1):
        entries, offsets = book.chains(letters[:length])
        low, high = np.searchsorted(entries, np.array([section.start, section.stop], np.uint32)).tolist()
        high = min(high, low + _MOST_CHAINS)
        places = book.starts[entries[low:high]] + offsets[low:high]
        for at in range(length, len(letters)):
            places = places[book.letters[places + np.uint32(at)] == ord(letters[at])]
        found.append(places)
    places = np.unique(np.concatenate(found))
    for at in range(LONGEST_KEY, len(letters)):
        places = places[book.letters[places + np.uint32(at)] == ord(letters[at])]
    return places


def _meaning(piece: str) -> int:
    """How much a piece says: a character as much as three letters."""
    return sum(1 if character.isascii() else 3 for character in piece)


class _Piece:
    """A piece that is looked for within entries."""

    def __init__(self, piece: str) -> None:
        self._patterns = [pattern for _, pattern in _patterns(piece)]
        self._letters = np.frombuffer(piece.encode("ascii"), np.uint8) if _INITIALS.fullmatch(piece) else None

    def place_in(self, book: Phrasebook, entry: int) -> tuple[int, int] | None:
        """Where it stands first in an entry, from its beginning; None for nowhere."""
        start, end = int(book.starts[entry]), int(book.starts[entry + 1])
        for pattern in self._patterns:
            places = np.arange(start, max(start, end - len(pattern)), dtype=np.uint32)
            if len(places := book.verified(places, pattern)):
                return int(places[0]) - start, int(places[0]) - start + len(pattern)
        if self._letters is not None and end - start > len(self._letters):
            windows = np.lib.stride_tricks.sliding_window_view(book.letters[start:end], len(self._letters))
            where = np.flatnonzero((windows == self._letters).all(axis=1))
            if len(where):
                return int(where[0]), int(where[0]) + len(self._letters)
        return None


def _with_others(book: Phrasebook, found: _Found, others: Sequence[_Piece]) -> tuple[tuple[int, int], ...] | None:
    """The spans of all pieces in an entry; None if one is not there."""
    spans = list(found.spans)
    for piece in others:
        place = piece.place_in(book, found.entry)
        if place is None:
            return None
        spans.append(place)
    return _merged(spans)


def _merged(spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def _in_number(text: str, spans: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans of a number without its marks, as spans of the number as published."""
    kept = [place for place, character in enumerate(normalize(text)) if not NUMBER_MARKS.fullmatch(character)]
    return tuple((kept[start], kept[end - 1] + 1) for start, end in spans)
