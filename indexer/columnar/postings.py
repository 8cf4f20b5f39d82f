"""The postings of one field in one segment, as arrays: which words there are, where they stand, how often.

In the array file of a segment a field ``F`` with ``T`` words and ``P`` postings has

=========================  ===========  =======  ==============================================================
``F.terms``                uint8        bytes    the words (their bytes in Whoosh's sense) in ascending order, joined
``F.term_offsets``         uint32/64    T + 1    where each begins
``F.prefixes``             uint64       T        the first eight bytes of each, big-endian, padded with zeros
``F.starts``               uint32/64    T + 1    where the postings of each begin
``F.ids``                  uint8/16/32  P        the documents of a word, ascending
``F.frequencies``          uint8        P        how often it stands there (255: see ``large``); missing if always once
``F.weights``              float32      P        Whoosh's weights; missing if they are the frequencies
``F.positions``            uint16       sum of   steps between the positions of a word in a document, the first from 0
                                        freq.    (65535: see ``large``); missing if the field keeps no positions
``F.position_starts``      uint32/64    T + 1    where the positions of each word begin
=========================  ===========  =======  ==============================================================

What does not fit into ``F.frequencies`` or ``F.positions`` is kept aside (see `saturated`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.columnar.array_file import Array
from indexer.columnar.blocks import places_of
from indexer.columnar.saturated import Saturated

# So many words are looked up one by one as fast as all at once.
_WORTH_AN_ARRAY = 12

Ids = npt.NDArray[np.unsignedinteger[Any]]
Numbers = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Postings of several words, one after the other: documents, which word, how often; and how many each word has."""

    ids: npt.NDArray[np.intp]
    words: npt.NDArray[np.intp]
    frequencies: npt.NDArray[np.float64]
    counts: npt.NDArray[np.intp]


class PostingField:
    """The postings of a field as views of a mapped file; all methods may be called from any thread."""

    __slots__ = (
        "_frequencies",
        "_keys",
        "_offsets",
        "_position_starts",
        "_positions",
        "_starts",
        "_terms",
        "_weights",
        "ids",
        "prefixes",
        "starts",
    )

    def __init__(self, arrays: Mapping[str, Array], field: str) -> None:
        self._terms = arrays[f"{field}.terms"].data
        self.prefixes: npt.NDArray[np.uint64] = arrays[f"{field}.prefixes"]
        self.starts = arrays[f"{field}.starts"]
        # The same as Python reads them one by one, which takes a tenth of the time.
        self._offsets = arrays[f"{field}.term_offsets"].data
        self._keys, self._starts = self.prefixes.data, self.starts.data
        self.ids: Ids = arrays[f"{field}.ids"]
        self._frequencies = Saturated.of(arrays, f"{field}.frequencies")
        self._weights = arrays.get(f"{field}.weights")
        self._positions = Saturated.of(arrays, f"{field}.positions")
        self._position_starts = arrays.get(f"{field}.position_starts")

    def __len__(self) -> int:
        """How many words the field has."""
        return len(self.prefixes)

    @property
    def has_positions(self) -> bool:
        return self._positions is not None

    @property
    def has_weights(self) -> bool:
        """Are there weights that are not the frequencies?"""
        return self._weights is not None

    def term(self, row: int) -> bytes:
        return bytes(self._terms[self._offsets[row] : self._offsets[row + 1]])

    def rows(self, terms: Sequence[bytes]) -> list[int]:
        """The rows of these words; -1 for one that the field does not have."""
        keys = [prefix_of(term) for term in terms]
        if len(terms) < _WORTH_AN_ARRAY:
            return [
                self._row_from(bisect_left(self._keys, key), key, term) for key, term in zip(keys, terms, strict=True)
            ]
        lows = self.prefixes.searchsorted(np.array(keys, np.uint64)).tolist()
        return list(map(self._row_from, lows, keys, terms))

    def row(self, term: bytes) -> int:
        """The row of a word; -1 if the field does not have it."""
        return self.rows((term,))[0]

    def first_row_from(self, term: bytes) -> int:
        """The row of the first word that is not less than this one; ``len(self)`` if there is none."""
        key = np.uint64(prefix_of(term))
        low, high = int(self.prefixes.searchsorted(key, "left")), int(self.prefixes.searchsorted(key, "right"))
        while low < high:
            middle = (low + high) // 2
            if self.term(middle) < term:
                low = middle + 1
            else:
                high = middle
        return low

    def rows_with_prefix(self, prefix: bytes) -> range:
        """The rows of all words that begin so."""
        start = self.first_row_from(prefix)
        after = _successor(prefix)
        return range(start, self.first_row_from(after) if after else len(self))

    def terms_from(self, row: int) -> Iterator[bytes]:
        return (self.term(number) for number in range(row, len(self)))

    def document_frequency(self, row: int) -> int:
        """How many documents have the word, deleted ones included; 0 for row -1."""
        return self._starts[row + 1] - self._starts[row] if row >= 0 else 0

    def spans(self, rows: Sequence[int]) -> list[tuple[int, int]]:
        """Of each word, where its postings begin and how many there are; (0, 0) for row -1."""
        starts = self._starts
        return [(starts[row], starts[row + 1] - starts[row]) if row >= 0 else (0, 0) for row in rows]

    def first_positions(self, rows: Sequence[int]) -> list[int]:
        """Where the positions of each word begin. Raises ValueError for a field without positions."""
        if self._position_starts is None:
            raise ValueError("the field keeps no positions")
        return [int(self._position_starts[row]) for row in rows]

    def documents(self, row: int | range) -> Ids:
        """The documents of a word, ascending, deleted ones included (a view); of a range of words, word by word."""
        start, end = self._span(row)
        return self.ids[start:end]

    def frequencies(self, row: int | range) -> Numbers | None:
        """How often the word stands in each of its documents (uint8 or uint32); None if always once."""
        return None if self._frequencies is None else self._frequencies.slice(*self._span(row))

    def weights(self, row: int | range) -> npt.NDArray[np.float64]:
        """Whoosh's weights of the word, one a document."""
        start, end = self._span(row)
        if self._weights is not None:
            return self._weights[start:end].astype(np.float64)
        if self._frequencies is None:
            return np.ones(end - start)
        return self._frequencies.slice(start, end).astype(np.float64)

    def gather(self, rows: Sequence[int]) -> Gathered:
        """The postings of several words one after the other; row -1 has none."""
        wanted = np.array(rows, np.intp)
        found = wanted[wanted >= 0]
        counts = np.zeros(len(rows), np.intp)
        if not len(found):
            return Gathered(np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0), counts)
        starts, ends = self.starts[found].astype(np.int64), self.starts[found + 1].astype(np.int64)
        counts[wanted >= 0] = ends - starts
        ids = np.concatenate([self.ids[start:end] for start, end in zip(starts, ends, strict=True)], dtype=np.intp)
        told = self._frequencies
        frequencies = np.ones(len(ids)) if told is None else told.joined(starts, ends).astype(np.float64)
        return Gathered(ids, np.arange(len(rows)).repeat(counts), frequencies, counts)

    def positions(
        self, row: int, places: npt.NDArray[np.intp] | None = None
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Where the word stands: the positions of its documents one after the other, and how many each has.

        With ``places``, only of the documents at these places of its postings. Raises ValueError for a field without
        positions.
        """
        if self._positions is None or self._position_starts is None:
            raise ValueError("the field keeps no positions")
        start, end = self._span(row)
        found = self.frequencies(row)
        counts = np.ones(end - start, np.int64) if found is None else found.astype(np.int64)
        steps = self._positions.slice(int(self._position_starts[row]), int(self._position_starts[row + 1]))
        if places is not None:
            begins = np.cumsum(counts)[places] - counts[places]
            counts = counts[places]
            steps = steps[places_of(begins, counts)]
        walked = np.cumsum(steps, dtype=np.int64)
        first = np.cumsum(counts) - counts
        before = np.where(first > 0, walked[first - 1], 0)
        return walked - np.repeat(before, counts), counts

    def _span(self, row: int | range) -> tuple[int, int]:
        first, after = (row.start, row.stop) if isinstance(row, range) else (row, row + 1)
        return self._starts[first], self._starts[after]

    def _row_from(self, low: int, key: int, term: bytes) -> int:
        """The row of a word, given the first row whose prefix is not below the word's; -1 if it is not there."""
        if low == len(self._keys) or self._keys[low] != key:
            return -1
        if self.term(low) == term:
            return low
        high = int(self.prefixes.searchsorted(np.uint64(key), "right"))
        while low < high:
            middle = (low + high) // 2
            found = self.term(middle)
            if found == term:
                return middle
            if found < term:
                low = middle + 1
            else:
                high = middle
        return -1


def prefix_of(term: bytes) -> int:
    """The first eight bytes of a word as a number that sorts as they do."""
    return int.from_bytes(term[:8].ljust(8, b"\0"), "big")


def _successor(prefix: bytes) -> bytes:
    """The least bytes above all that begin with ``prefix``; empty if there are none."""
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes([kept[-1] + 1]) if kept else b""
