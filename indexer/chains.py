"""Which titles are meant by the initials of their words (声母: ylbx → 医疗保险)?

A title is meant if letters are an in-order chain of the initials of whole words of it; words between may be left out.
Source: design §4, where a plain substring of a title's initials finds one in six of what the chain finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from indexer.columnar.array_file import Array
from indexer.phrasebook import Phrasebook
from indexer.phrasebook_layout import LONGEST_KEY, Kind

# Fewer letters stand for too much; more are no initials that somebody typed.
SHORTEST, LONGEST = 3, 24
# No syllable of Mandarin begins so.
_NEVER = frozenset("iuv")
# So many titles are ranked by their best chain; the rest only by one.
_MOST = 200

_FAR = np.iinfo(np.int16).max


@dataclass(frozen=True, slots=True)
class Chain:
    """A title, and the words (start, end; in order) whose initials were typed."""

    entry: int
    spans: tuple[tuple[int, int], ...]

    @property
    def cost(self) -> tuple[int, int]:
        """Fewer words are likelier meant, then what stands closer together."""
        return len(self.spans), self.spans[-1][1] - self.spans[0][0]


def chains(book: Phrasebook, letters: str, limit: int = 100) -> tuple[Chain, ...]:
    """The titles that have words with these initials in order, the likeliest first; () for what can be no initials.

    ``letters`` are a–z and digits, `SHORTEST` to `LONGEST`; words that the corpus has in Latin letters (html) are none.
    A chain of more words than half its letters is left out: any letters are one (gbt: 公布 … 退).
    """
    if not SHORTEST <= len(letters) <= LONGEST or not letters.isascii() or not letters.isalnum():
        return ()
    if letters.isdigit() or not _NEVER.isdisjoint(letters) or book.frequency(letters):
        return ()
    found = _Search(book, letters)
    some = found.reached()
    some = some[2 * found.words[-1][some] <= len(letters)]
    fewest = np.argsort(found.words[-1][some], kind="stable")
    ranked = [chain for entry in some[fewest][:_MOST].tolist() if (chain := found.best(entry)) is not None]
    return tuple(sorted(ranked, key=lambda chain: (*chain.cost, chain.entry))[:limit])


class _Search:
    """For one run of letters: the words of titles that have a piece of it, and how far every title gets."""

    def __init__(self, book: Phrasebook, letters: str) -> None:
        titles = book.entries(Kind.TITLE)
        self._first = titles.start
        self._length = len(letters)
        self._pieces: dict[tuple[int, int], tuple[Array, Array]] = {}
        # By letters used and title: where the chain that ends first ends, and of how many words it is.
        self.ends = np.full((len(letters) + 1, len(titles)), _FAR, np.int16)
        self.words = np.full((len(letters) + 1, len(titles)), _FAR, np.int16)
        self.ends[0] = self.words[0] = 0
        for start in range(len(letters)):
            for end in range(start + 1, min(len(letters), start + LONGEST_KEY) + 1):
                if start == 0 or (self.ends[start] < _FAR).any():
                    self._extend(book, letters, start, end)

    def _extend(self, book: Phrasebook, letters: str, start: int, end: int) -> None:
        entries, offsets = book.chains(letters[start:end])
        low = int(np.searchsorted(entries, self._first))
        titles = entries[low:].astype(np.int64) - self._first
        offsets = offsets[low:].astype(np.int16)
        self._pieces[start, end] = titles, offsets
        fits = offsets >= self.ends[start, titles]
        titles, ends = titles[fits], offsets[fits] + np.int16(end - start)
        earliest = np.ones(len(titles), np.bool_)
        earliest[1:] = titles[1:] != titles[:-1]
        titles, ends = titles[earliest], ends[earliest]
        words = self.words[start, titles] + np.int16(1)
        before = self.ends[end, titles]
        self.words[end, titles] = np.minimum(words, self.words[end, titles])
        self.ends[end, titles] = np.minimum(ends, before)

    def reached(self) -> Array:
        """The titles in which all letters are used, by their place among titles."""
        return np.flatnonzero(self.ends[-1] < _FAR)

    def best(self, title: int) -> Chain | None:
        """The best chain of one title."""
        words = {piece: self._offsets(piece, title) for piece in self._pieces}

        @cache
        def from_here(used: int, place: int) -> tuple[tuple[int, int], ...] | None:
            if used == self._length:
                return ()
            ways = []
            for (start, end), offsets in words.items():
                if start != used:
                    continue
                for offset in offsets:
                    if offset >= place and (rest := from_here(end, offset + end - start)) is not None:
                        ways.append(((offset, offset + end - start), *rest))
            return min(ways, key=_cost) if ways else None

        spans = from_here(0, 0)
        return Chain(title + self._first, spans) if spans else None

    def _offsets(self, piece: tuple[int, int], title: int) -> Sequence[int]:
        titles, offsets = self._pieces[piece]
        found: list[int] = offsets[titles.searchsorted(title) : titles.searchsorted(title, "right")].tolist()
        return found


def _cost(spans: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    return len(spans), spans[-1][1] - spans[0][0]
