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

What does not fit into ``F.frequencies`` or ``F.positions`` is in a pair of arrays: ``….large_at`` (where, uint32/64,
ascending) and ``….large`` (the value, uint32).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.columnar.array_file import Array, ArrayFileWriter

Ids = npt.NDArray[np.unsignedinteger[Any]]
Numbers = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class FieldPostings:
    """All postings of a field in memory, ready to be written.

    ``terms`` are ascending and distinct; the postings of term ``t`` are ``starts[t]`` to ``starts[t + 1]``, their
    documents ascending. ``frequencies`` (None: all 1) and ``weights`` (None: the frequencies) are one a posting;
    ``positions`` (None: not kept) are absolute, ``frequencies`` of them a posting, ascending.
    """

    terms: Sequence[bytes]
    starts: npt.NDArray[np.integer[Any]]
    ids: npt.NDArray[np.integer[Any]]
    frequencies: npt.NDArray[np.integer[Any]] | None = None
    weights: npt.NDArray[np.floating[Any]] | None = None
    positions: npt.NDArray[np.integer[Any]] | None = None


class PostingField:
    """The postings of a field as views of a mapped file; all methods may be called from any thread."""

    __slots__ = (
        "_frequencies",
        "_offsets",
        "_position_starts",
        "_positions",
        "_terms",
        "_weights",
        "ids",
        "prefixes",
        "starts",
    )

    def __init__(self, arrays: Mapping[str, Array], field: str) -> None:
        self._terms = arrays[f"{field}.terms"].data
        self._offsets = arrays[f"{field}.term_offsets"]
        self.prefixes: npt.NDArray[np.uint64] = arrays[f"{field}.prefixes"]
        self.starts = arrays[f"{field}.starts"]
        self.ids: Ids = arrays[f"{field}.ids"]
        self._frequencies = _Saturated.of(arrays, f"{field}.frequencies")
        self._weights = arrays.get(f"{field}.weights")
        self._positions = _Saturated.of(arrays, f"{field}.positions")
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
        keys = np.array([prefix_of(term) for term in terms], np.uint64)
        lows = self.prefixes.searchsorted(keys, "left")
        highs = self.prefixes.searchsorted(keys, "right")
        return [
            self._find(term, int(low), int(high)) if low < high else -1
            for term, low, high in zip(terms, lows, highs, strict=True)
        ]

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
        return int(self.starts[row + 1]) - int(self.starts[row]) if row >= 0 else 0

    def documents(self, row: int) -> Ids:
        """The documents of a word, ascending, deleted ones included (a view)."""
        return self.ids[self.starts[row] : self.starts[row + 1]]

    def frequencies(self, row: int) -> Numbers | None:
        """How often the word stands in each of its documents (uint8 or uint32); None if always once."""
        return None if self._frequencies is None else self._frequencies.slice(*self._span(row))

    def weights(self, row: int) -> npt.NDArray[np.float64]:
        """Whoosh's weights of the word, one a document."""
        start, end = self._span(row)
        if self._weights is not None:
            return self._weights[start:end].astype(np.float64)
        if self._frequencies is None:
            return np.ones(end - start)
        return self._frequencies.slice(start, end).astype(np.float64)

    def positions(self, row: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Where the word stands: the positions of its documents one after the other, and how many each has.

        Raises ValueError for a field without positions.
        """
        if self._positions is None or self._position_starts is None:
            raise ValueError("the field keeps no positions")
        start, end = self._span(row)
        found = self.frequencies(row)
        counts = np.ones(end - start, np.int64) if found is None else found.astype(np.int64)
        steps = self._positions.slice(int(self._position_starts[row]), int(self._position_starts[row + 1]))
        walked = np.cumsum(steps, dtype=np.int64)
        first = np.cumsum(counts) - counts
        before = np.where(first > 0, walked[first - 1], 0)
        return walked - np.repeat(before, counts), counts

    def _span(self, row: int) -> tuple[int, int]:
        return int(self.starts[row]), int(self.starts[row + 1])

    def _find(self, term: bytes, low: int, high: int) -> int:
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


def write_postings(writer: ArrayFileWriter, field: str, postings: FieldPostings, document_count: int) -> None:
    """Add the postings of a field to the file of a segment of ``document_count`` documents."""
    lengths = np.fromiter(map(len, postings.terms), np.int64, len(postings.terms))
    writer.add(f"{field}.terms", np.frombuffer(b"".join(postings.terms), np.uint8))
    writer.add(f"{field}.term_offsets", offsets_of(lengths))
    writer.add(f"{field}.prefixes", np.fromiter(map(prefix_of, postings.terms), np.uint64, len(postings.terms)))
    starts = smallest_unsigned(postings.starts, at_least=np.uint32)
    writer.add(f"{field}.starts", starts)
    writer.add(f"{field}.ids", postings.ids.astype(np.min_scalar_type(max(document_count - 1, 0))))
    frequencies = postings.frequencies
    if frequencies is not None and (frequencies == 1).all():
        frequencies = None
    if frequencies is not None:
        _write_saturated(writer, f"{field}.frequencies", frequencies, np.uint8)
    counts = np.ones(len(postings.ids), np.int64) if frequencies is None else frequencies.astype(np.int64)
    if postings.weights is not None and not np.array_equal(postings.weights, counts):
        writer.add(f"{field}.weights", postings.weights.astype(np.float32))
    if postings.positions is not None:
        begins = np.zeros(len(counts) + 1, np.int64)
        np.cumsum(counts, out=begins[1:])
        steps = np.diff(postings.positions.astype(np.int64), prepend=0)
        steps[begins[:-1]] = postings.positions[begins[:-1]]
        _write_saturated(writer, f"{field}.positions", steps, np.uint16)
        writer.add(f"{field}.position_starts", smallest_unsigned(begins[postings.starts], at_least=np.uint32))


def prefix_of(term: bytes) -> int:
    """The first eight bytes of a word as a number that sorts as they do."""
    return int.from_bytes(term[:8].ljust(8, b"\0"), "big")


def offsets_of(lengths: npt.NDArray[np.int64]) -> npt.NDArray[Any]:
    """Where each of things of these lengths begins, and where the last ends."""
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return smallest_unsigned(offsets, at_least=np.uint32)


def smallest_unsigned(values: npt.NDArray[Any], *, at_least: type[np.unsignedinteger[Any]]) -> npt.NDArray[Any]:
    """The same numbers in the smallest unsigned type that holds them."""
    needed = np.min_scalar_type(int(values.max(initial=0)))
    return values.astype(max(np.dtype(at_least), needed, key=lambda kind: kind.itemsize))


def _successor(prefix: bytes) -> bytes:
    """The least bytes above all that begin with ``prefix``; empty if there are none."""
    kept = prefix.rstrip(b"\xff")
    return kept[:-1] + bytes([kept[-1] + 1]) if kept else b""


@dataclass(frozen=True, slots=True)
class _Saturated:
    """Numbers in a small type; its greatest value stands for one that is kept aside."""

    small: npt.NDArray[Any]
    at: npt.NDArray[Any] | None
    large: npt.NDArray[Any] | None

    @classmethod
    def of(cls, arrays: Mapping[str, Array], name: str) -> _Saturated | None:
        if name not in arrays:
            return None
        return cls(arrays[name], arrays.get(f"{name}.large_at"), arrays.get(f"{name}.large"))

    def slice(self, start: int, end: int) -> npt.NDArray[Any]:
        found = self.small[start:end]
        if self.at is None or self.large is None:
            return found
        low, high = self.at.searchsorted((start, end))
        if low == high:
            return found
        whole = found.astype(self.large.dtype)
        whole[self.at[low:high].astype(np.int64) - start] = self.large[low:high]
        return whole


def _write_saturated(
    writer: ArrayFileWriter, name: str, values: npt.NDArray[Any], kind: type[np.unsignedinteger[Any]]
) -> None:
    most = np.iinfo(kind).max
    writer.add(name, np.minimum(values, most).astype(kind))
    at = np.flatnonzero(values >= most)
    if len(at):
        writer.add(f"{name}.large_at", smallest_unsigned(at, at_least=np.uint32))
        writer.add(f"{name}.large", values[at].astype(np.uint32))
