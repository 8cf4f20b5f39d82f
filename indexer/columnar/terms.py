"""The words of a field as arrays: in order, compared and united without touching them one by one where that can be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from indexer.columnar.array_file import Array
from indexer.columnar.blocks import Integers, places_of, starts_of

# How many bytes of a word its prefix holds.
_PREFIX = 8


@dataclass(frozen=True)
class Terms:
    """Words in ascending order: their bytes joined (uint8), and where each begins (one more than there are words)."""

    joined: Array
    offsets: Integers

    @classmethod
    def of(cls, terms: Sequence[bytes]) -> Terms:
        lengths = np.fromiter(map(len, terms), np.int64, len(terms))
        return cls(np.frombuffer(b"".join(terms), np.uint8), starts_of(lengths))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @cached_property
    def lengths(self) -> npt.NDArray[np.int64]:
        """How many bytes each word has."""
        offsets = self.offsets.astype(np.int64)
        return offsets[1:] - offsets[:-1]

    @cached_property
    def prefixes(self) -> npt.NDArray[np.uint64]:
        """The first eight bytes of each word as a number that sorts as they do, big-endian, padded with zeros."""
        first = np.zeros((len(self), _PREFIX), np.uint8)
        for place in range(_PREFIX):
            long_enough = np.flatnonzero(self.lengths > place)
            first[long_enough, place] = self.joined[self.offsets[:-1][long_enough].astype(np.int64) + place]
        return first.reshape(-1).view(">u8").astype(np.uint64)

    @property
    def are_prefixes(self) -> bool:
        """Does the prefix of each word tell its bytes: has none more than eight, or a zero at its end?"""
        if not len(self) or self.lengths.min() == 0 or self.lengths.max() > _PREFIX:
            return not len(self)
        return bool(self.joined[self.offsets[1:].astype(np.int64) - 1].all())

    def to_list(self) -> list[bytes]:
        joined = self.joined.tobytes()
        return [joined[start:end] for start, end in pairwise(self.offsets.tolist())]

    def take(self, rows: Integers) -> Terms:
        """Only the words of these rows, which ascend."""
        lengths = self.lengths[rows]
        return Terms(self.joined[places_of(self.offsets[rows].astype(np.int64), lengths)], starts_of(lengths))


def union(tables: Sequence[Terms]) -> tuple[Terms, list[npt.NDArray[np.int64]]]:
    """All words of several tables, each once; and for each table, where its words are there."""
    if len(tables) == 1:
        return tables[0], [np.arange(len(tables[0]))]
    if all(table.are_prefixes for table in tables):
        prefixes = np.unique(np.concatenate([table.prefixes for table in tables]))
        return _from_prefixes(prefixes), [prefixes.searchsorted(table.prefixes) for table in tables]
    lists = [table.to_list() for table in tables]
    every = sorted(set[bytes]().union(*lists))
    places = {term: place for place, term in enumerate(every)}
    return Terms.of(every), [_places(terms, places) for terms in lists]


def _places(terms: list[bytes], places: dict[bytes, int]) -> npt.NDArray[np.int64]:
    found: Iterable[int] = map(places.__getitem__, terms)
    return np.fromiter(found, np.int64, len(terms))


def _from_prefixes(prefixes: npt.NDArray[np.uint64]) -> Terms:
    first = prefixes.astype(">u8").view(np.uint8).reshape(-1, _PREFIX)
    lengths = _PREFIX - (first[:, ::-1] != 0).argmax(axis=1)
    inside = np.arange(_PREFIX) < lengths[:, None]
    return Terms(first[inside], starts_of(lengths))
