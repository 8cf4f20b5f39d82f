"""Where in the corpus's words and titles does something stand: these characters, these sounds, these initials?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.columnar.array_file import Array, ArrayFile
from indexer.errors import IndexOutdatedError
from indexer.phrasebook_layout import (
    BLOCK,
    KINDS,
    LAYOUT,
    LONGEST_PATTERN,
    Kind,
    codes,
    initials_key,
    initials_range,
    near_numbers,
    row_keys,
)

Places = npt.NDArray[np.uint32]

_NOWHERE: Places = np.empty(0, np.uint32)
# So many places are looked at in one go while searching for the first few.
_CHUNK = 4096
# So many characters are looked through in one go, and in all: the texts of 8,000 titles.
_SCAN = 1 << 14
_MOST_SCANNED = 1 << 18
# So many lists of places are joined at most: two beginnings of syllables (b, x) have 17 × 14 pairs of sounds.
_MOST_LISTS = 400
_FEW_LISTS = 4


@dataclass(frozen=True, slots=True)
class Spot:
    """What stands at one place of a pattern: this character (its code), or a character that sounds so (numbers)."""

    code: int = 0
    sounds: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """A pattern, and the places of the two neighbouring spots (from ``anchor`` on) by which it is found."""

    pattern: tuple[Spot, ...]
    anchor: int
    lists: list[Places]


class Phrasebook:
    """The file that `phrasebook_writer.build` wrote, mapped into memory; any number of threads may ask it.

    A place is where a character stands in the texts of all entries, one behind the other; within a section of one kind
    the important entries come first. Raises FileNotFoundError, IndexDamagedError, and IndexOutdatedError for a file of
    another layout.
    """

    def __init__(self, path: Path) -> None:
        file = ArrayFile(path)
        if "layout" not in file or int(file["layout"][0]) != LAYOUT:
            raise IndexOutdatedError(f"{path.name} has another layout; run `gongkai index`")
        self.file = file
        self.starts: Array = file["starts"]
        self.codes: Array = file["codes"]
        self.sounds: Array = file["sounds"]
        self.letters: Array = file["letters"]
        self.begins: Array = file["begins"]
        self.weights: Array = file["weights"]
        self._bounds: list[int] = file["bounds"].tolist()
        self._sections = [(int(self.starts[first]), int(self.starts[end])) for first, end in self._pairs_of_bounds()]
        self.word_total = max(1, int(self.weights[: self._bounds[1]].sum(dtype=np.int64)))

    def _pairs_of_bounds(self) -> Iterator[tuple[int, int]]:
        return pairwise(self._bounds)

    def entries(self, kind: Kind) -> range:
        """The numbers of all entries of a kind."""
        place = KINDS.index(kind)
        return range(self._bounds[place], self._bounds[place + 1])

    def section(self, kind: Kind) -> tuple[int, int]:
        """The places of all entries of a kind: from the first on, before the second."""
        return self._sections[KINDS.index(kind)]

    def entry_of(self, places: Array) -> Array:
        """The numbers of the entries in which these places are."""
        found: Array = self.file["blocks"][places // BLOCK].astype(np.int64)
        while (behind := self.starts[found + 1] <= places).any():
            found += behind
        return found

    def entries_with(self, places: Array) -> Array:
        """The numbers of the entries that have these places (in order), each once."""
        found = self.entry_of(places)
        new = np.ones(len(found), np.bool_)
        new[1:] = found[1:] != found[:-1]
        return found[new]

    def text(self, entry: int) -> str:
        """An entry's text as published."""
        return self._text("text", entry)

    def id(self, entry: int) -> str:
        return self._text("id", entry)

    def passage(self, place: int, length: int) -> str:
        """The normalised characters from a place on."""
        return "".join(map(chr, self.codes[place : place + length].tolist()))

    # What stands where

    def plan(self, pattern: Sequence[Spot]) -> Plan:
        """Choose by which two neighbouring spots a pattern of two spots or more is found: the rarest."""
        best: tuple[int, int, list[Places]] | None = None
        if 2 <= len(pattern) <= LONGEST_PATTERN:
            # A spot that may sound in many ways needs as many lists: only where there is no other.
            ways = [max(1, len(one.sounds)) * max(1, len(other.sounds)) for one, other in pairwise(pattern)]
            for at, count in enumerate(ways):
                if count <= max(_FEW_LISTS, min(ways)) and count <= _MOST_LISTS:
                    lists = self._lists_of(pattern[at], pattern[at + 1])
                    size = sum(map(len, lists or ()))
                    if lists is not None and (best is None or size < best[0]):
                        best = size, at, lists
                    if best and not best[0]:
                        break
        return Plan(tuple(pattern), best[1], best[2]) if best else Plan(tuple(pattern), 0, [])

    def find(self, pattern: Sequence[Spot] | Plan, kind: Kind, first: int | None = None) -> Places:
        """The places of a kind where a pattern of two spots or more begins, in order; ``first`` so many suffice."""
        plan = pattern if isinstance(pattern, Plan) else self.plan(pattern)
        start, stop = self.section(kind)
        lists = [some for each in plan.lists if len(some := _within(each, start, stop))]
        if first is None:
            return self.verified(_before(_joined(lists), plan.anchor), plan.pattern, plan.anchor)
        found: list[Places] = []
        enough, at = 0, 0
        longest = max(map(len, lists), default=0)
        while at < longest and enough < first:
            size = _CHUNK << len(found)
            chunk = _before(_joined([each[at : at + size] for each in lists]), plan.anchor)
            found.append(self.verified(chunk, plan.pattern, plan.anchor))
            enough += len(found[-1])
            at += size
        return np.concatenate([_NOWHERE, *found])

    def find_text(self, text: str, kind: Kind = Kind.TITLE, *, whole_words: bool = False) -> Places:
        """The places where a normalised text of two characters or more stands; optionally as whole words only."""
        places = self.find([Spot(code) for code in codes(text).tolist()], kind)
        if whole_words:
            places = places[self.begins[places] & self.begins[places + np.uint32(len(text))]]
        return places

    def find_one(self, spot: Spot, kind: Kind, first: int) -> Places:
        """The first places of a kind where one spot stands, among its most important texts (`_MOST_SCANNED`)."""
        start, stop = self.section(kind)
        stop = min(stop, start + _MOST_SCANNED)
        found, enough, size = [_NOWHERE], 0, _SCAN
        while start < stop and enough < first:
            end = min(stop, start + size)
            found.append(self.verified(np.arange(start, end, dtype=np.uint32), [spot]))
            enough += len(found[-1])
            start, size = end, size * 2
        return np.concatenate(found)[:first]

    def _lists_of(self, one: Spot, other: Spot) -> list[Places] | None:
        """The places of all kinds where two spots stand side by side, or may do so: of near sounds.

        None where one is a letter or a digit and the other a sound, by which nothing is found.
        """
        if one.code and other.code:
            name, keys = "pair", [one.code << 16 | other.code]
        else:
            firsts, seconds = self._near(one), self._near(other)
            if not firsts or not seconds:
                return None
            name, keys = "near", sorted(first << 16 | second for first, second in product(firsts, seconds))
        every, ends, places = self._lists(name)
        wanted = np.array(keys, np.uint32)
        found = np.searchsorted(every, wanted)
        hits = found[found < len(every)]
        hits = hits[every[hits] == wanted[found < len(every)]].tolist()
        return [places[ends[at] : ends[at + 1]] for at in hits]

    def _near(self, spot: Spot) -> set[int]:
        near = near_numbers()
        sounds = self.readings(spot.code) if spot.code else spot.sounds
        return {int(near[sound]) for sound in sounds}

    def verified(self, places: Places, pattern: Sequence[Spot], anchor: int | None = None) -> Places:
        """Those places at which the whole pattern stands; characters of the pair at ``anchor`` are known to."""
        for at, spot in enumerate(pattern):
            if spot.code:
                if anchor is None or at - anchor not in (0, 1) or not self._by_codes(pattern, anchor):
                    places = places[self.codes[places + np.uint32(at)] == spot.code]
            elif len(spot.sounds) == 1:
                places = places[self.sounds[places + np.uint32(at)] == next(iter(spot.sounds))]
            else:
                places = places[_table(spot.sounds)[self.sounds[places + np.uint32(at)]]]
        return places

    @staticmethod
    def _by_codes(pattern: Sequence[Spot], anchor: int) -> bool:
        pair = pattern[anchor : anchor + 2]
        return len(pair) == 2 and all(spot.code for spot in pair)

    def _lists(self, name: str) -> tuple[Array, Array, Array]:
        return self.file[f"{name}_keys"], self.file[f"{name}_ends"], self.file[f"{name}_places"]

    # What is a word

    def terms(self, how: str, keys: Array) -> Iterator[tuple[int, int]]:
        """(place in ``keys``, entry) of the terms that have these keys: `row_keys` of codes, or of near sounds.

        ``how`` is ``as_written``, ``as_said`` or ``with_gap``. A key of 64 bits may clash, once in 10^12 questions.
        """
        every, owners = self.file[f"{how}_keys"], self.file[f"{how}_terms"]
        low = np.searchsorted(every, keys)
        high = np.searchsorted(every, keys, "right")
        for place in np.flatnonzero(high > low).tolist():
            for owner in owners[low[place] : high[place]].tolist():
                yield place, owner

    def in_dictionary(self, keys: Array) -> npt.NDArray[np.bool_]:
        """Which of these keys are those of words of general Chinese."""
        every = self.file["dictionary"]
        found = np.minimum(np.searchsorted(every, keys), len(every) - 1)
        return np.asarray(every[found] == keys)

    def frequency(self, word: str) -> int:
        """In how many documents a normalised word stands."""
        found = self.terms("as_written", row_keys(codes(word)[None, :]))
        return max((int(self.weights[term]) for _, term in found if self.text(term) == word), default=0)

    def terms_said(self, spots: Sequence[Spot]) -> Iterator[tuple[str, int]]:
        """The terms that are written or said as the spots say, with in how many documents they stand."""
        near = near_numbers()
        heard = [self.readings(spot.code)[:1] if spot.code else list(spot.sounds)[:1] for spot in spots]
        if not all(heard):
            return
        row = near[[sounds[0] for sounds in heard]][None, :]
        for _, term in self.terms("as_said", row_keys(row)):
            start = int(self.starts[term])
            written, said = self.codes[start : start + len(spots)].tolist(), self.sounds[start : start + len(spots)]
            if all(
                code == spot.code if spot.code else sound in spot.sounds
                for code, sound, spot in zip(written, said.tolist(), spots, strict=True)
            ):
                yield self.text(term), int(self.weights[term])

    def count_near(self, one: int, other: int) -> int:
        """How often two syllables, or near ones, stand side by side."""
        near = near_numbers()
        keys, ends, _ = self._lists("near")
        key = int(near[one]) << 16 | int(near[other])
        at = int(np.searchsorted(keys, np.uint32(key)))
        return int(ends[at + 1] - ends[at]) if at < len(keys) and int(keys[at]) == key else 0

    def commonest_said(self, sound: int) -> int:
        """The code of the character, mostly said so, that is most often a word in general Chinese; 0 for none."""
        said = np.flatnonzero(self.file["readings"][:, 0] == sound)
        return int(said[np.argmax(self.file["alone"][said])]) if len(said) else 0

    def readings(self, code: int) -> list[int]:
        """The numbers of a character's sounds, the commonest first."""
        return [sound for sound in self.file["readings"][code].tolist() if sound]

    # What stands by its initials

    def chains(
        self, letters: str, *, unfinished: bool = False, most: int | None = None, each: int = 0
    ) -> tuple[Array, Array]:
        """Entries and offsets of the words with these initials (or that begin with them), in order of entries.

        With ``most``, no more are given; of more that begin so, the first ``each`` of every word's initials.
        """
        keys, ends = self.file["chain_keys"], self.file["chain_ends"]
        entries, offsets = self.file["chain_entries"], self.file["chain_offsets"]
        if not initials_key(letters):
            return entries[:0], offsets[:0]
        first, last = initials_range(letters)
        low = int(np.searchsorted(keys, np.uint64(first)))
        if not unfinished:
            high = low + (low < len(keys) and int(keys[low]) == first)
            some = slice(int(ends[low]), int(ends[high]))
            return entries[some][:most], offsets[some][:most]
        high = int(np.searchsorted(keys, np.uint64(last)))
        places = np.arange(int(ends[low]), int(ends[high]))
        if most is not None and len(places) > most:
            counts: Array = np.diff(ends[low : high + 1].astype(np.int64))
            rank = places - np.repeat(ends[low:high].astype(np.int64), counts)
            places = places[rank < each][:most]
        order = np.argsort(entries[places], kind="stable")
        return entries[places][order], offsets[places][order]

    def _text(self, name: str, entry: int) -> str:
        start, end = self.file[f"{name}_ends"][entry : entry + 2].tolist()
        return bytes(self.file[f"{name}_bytes"][start:end]).decode("utf-8", "surrogatepass")


def _joined(lists: Sequence[Places]) -> Places:
    """Lists of places as one, in order."""
    if len(lists) == 1:
        return lists[0]
    return np.sort(np.concatenate([_NOWHERE, *lists]))


def _within(places: Places, start: int, stop: int) -> Places:
    return places[places.searchsorted(np.uint32(start)) : places.searchsorted(np.uint32(stop))]


def _before(places: Places, distance: int) -> Places:
    """Where patterns begin whose anchor, so far inside, is at these places."""
    return places[places >= distance] - np.uint32(distance) if distance else places


@lru_cache(maxsize=256)
def _table(sounds: frozenset[int]) -> npt.NDArray[np.bool_]:
    table = np.zeros(len(near_numbers()), np.bool_)
    table[list(sounds)] = True
    return table
