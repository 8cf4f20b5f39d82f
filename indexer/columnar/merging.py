"""Several segments → one: without their deleted documents, the others renumbered in their order.

The words of the sources are united; then, range by range of the words, each posting is moved to its computed place, so
that what is held in memory depends neither on the size of the sources nor on their number. Positions are copied as the
steps that they are kept as.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.fields import Schema

from indexer.columnar.array_file import Array, ArrayFileWriter
from indexer.columnar.blocks import Integers, places_of, starts_of
from indexer.columnar.merged_documents import Mask, Source, merge_documents
from indexer.columnar.posting_writer import PostingRange, PostingsWriter
from indexer.columnar.saturated import Saturated
from indexer.columnar.segment import POSTINGS
from indexer.columnar.terms import Terms, union

# How many postings and positions are moved at a time: each costs some 40 bytes while it is moved.
_MOVED = 2_000_000


def merge(folder: Path, segment_id: str, schema: Schema, sources: Sequence[Source]) -> int:
    """Write a segment of the living documents of ``sources``, in their order; gives their number."""
    size = sum(source.size for source in sources)
    occurrences: dict[str, int] = {}
    with ArrayFileWriter(folder / f"{segment_id}{POSTINGS}") as file:
        for field in sorted({name for source in sources for name in source.arrays.indexed_fields}):
            found = _merge_field(file, field, sources, size)
            if found:
                occurrences[field] = found
    merge_documents(folder, segment_id, schema, sources, occurrences)
    return size


def _merge_field(file: ArrayFileWriter, field: str, sources: Sequence[Source], size: int) -> int:
    """Merge the postings of a field; gives the number of occurrences of its words (0: nothing was written)."""
    parts: list[_Part] = []
    base = 0
    for source in sources:
        if f"{field}.terms" in source.arrays.postings:
            parts.append(_Part(source, field, base))
        base += source.size
    terms, places = union([part.terms for part in parts])
    if not len(terms):
        return 0
    cost = np.zeros(len(terms), np.int64)
    for part, place in zip(parts, places, strict=True):
        cost[place] += part.costs
    weights, positions = (any(getattr(part, name) is not None for part in parts) for name in ("weights", "steps"))
    with PostingsWriter(file, field, size, weights=weights, positions=positions) as writer:
        for low, high in _ranges(cost):
            found: list[tuple[Integers, _Postings]] = []
            for part, place in zip(parts, places, strict=True):
                first, end = place.searchsorted((low, high))
                if first < end:
                    found.append((place[first:end] - low, part.postings(int(first), int(end))))
            writer.add(_join(found, high - low))
        writer.finish(terms)
        return writer.occurrences


def _ranges(costs: Integers) -> Iterator[tuple[int, int]]:
    """Ranges of rows that cost at most `_MOVED` together, or are one row."""
    ends = np.cumsum(costs)
    low = 0
    while low < len(costs):
        done = int(ends[low - 1]) if low else 0
        high = max(low + 1, int(ends.searchsorted(done + _MOVED, "right")))
        yield low, high
        low = high


@dataclass(frozen=True, slots=True)
class _Postings:
    """Postings of some words of one source: ``counts`` and ``step_counts`` are by word, the documents are the new."""

    counts: Integers
    ids: Integers
    frequencies: Integers | None
    weights: npt.NDArray[np.floating[Any]] | None
    steps: Integers | None
    step_counts: Integers


class _Part:
    """The postings of a field in one source; a row is a word that a living document has."""

    def __init__(self, source: Source, field: str, base: int) -> None:
        arrays = source.arrays.postings
        self._base, self._alive = base, source.alive
        self._ids = arrays[f"{field}.ids"]
        self._frequencies = Saturated.of(arrays, f"{field}.frequencies")
        self.weights = arrays.get(f"{field}.weights")
        self.steps = Saturated.of(arrays, f"{field}.positions")
        starts = arrays[f"{field}.starts"].astype(np.int64)
        step_starts = arrays[f"{field}.position_starts"].astype(np.int64) if self.steps is not None else starts
        self._begins, self._ends = starts[:-1], starts[1:]
        self._step_begins, self._step_ends = step_starts[:-1], step_starts[1:]
        self.terms = Terms(arrays[f"{field}.terms"], arrays[f"{field}.term_offsets"])
        self._counts = np.diff(starts)
        # The new number of each document; that of a dead one is never used.
        self._numbers = None if self._alive is None else np.cumsum(self._alive) - 1 + base
        if self._alive is not None:
            self._keep_rows_that_live(self._alive)

    def _keep_rows_that_live(self, alive: Mask) -> None:
        counts = np.zeros(len(self._counts), np.int64)
        for low, high in _ranges(self._counts):
            start, end = self._begins[low], self._ends[high - 1]
            living = starts_of(alive[self._ids[start:end]])
            counts[low:high] = living[self._ends[low:high] - start] - living[self._begins[low:high] - start]
        rows = np.flatnonzero(counts)
        self.terms, self._counts = self.terms.take(rows), counts[rows]
        self._begins, self._ends = self._begins[rows], self._ends[rows]
        self._step_begins, self._step_ends = self._step_begins[rows], self._step_ends[rows]

    @property
    def costs(self) -> Integers:
        """How many postings and positions are read for each row, those of rows that died apart."""
        return self._ends - self._begins + (self._step_ends - self._step_begins)

    def postings(self, low: int, high: int) -> _Postings:
        """Those of the living documents in rows ``low`` to ``high``."""
        start, end = int(self._begins[low]), int(self._ends[high - 1])
        step_start, step_end = int(self._step_begins[low]), int(self._step_ends[high - 1])
        ids = self._ids[start:end]
        frequencies = None if self._frequencies is None else self._frequencies.slice(start, end)
        weights = None if self.weights is None else self.weights[start:end]
        steps = None if self.steps is None else self.steps.slice(step_start, step_end)
        counts = self._counts[low:high]
        if self._alive is None or self._numbers is None:
            step_counts = self._step_ends[low:high] - self._step_begins[low:high]
            return _Postings(counts, ids.astype(np.int64) + self._base, frequencies, weights, steps, step_counts)
        kept = self._alive[ids]
        if steps is not None:
            steps = steps[kept if frequencies is None else np.repeat(kept, frequencies)]
        ids = self._numbers[ids[kept]]
        frequencies = None if frequencies is None else frequencies[kept]
        ends = np.arange(len(ids) + 1) if frequencies is None else starts_of(frequencies)
        return _Postings(
            counts,
            ids,
            frequencies,
            None if weights is None else weights[kept],
            steps,
            np.diff(ends[starts_of(counts)]),
        )


def _join(found: Sequence[tuple[Integers, _Postings]], words: int) -> PostingRange:
    """Postings of several sources, in their order, for a range of ``words`` words; with each, its words in there."""
    counts, step_counts = np.zeros(words, np.int64), np.zeros(words, np.int64)
    for at, postings in found:
        counts[at] += postings.counts
        step_counts[at] += postings.step_counts
    next_, next_step = starts_of(counts)[:-1], starts_of(step_counts)[:-1]
    total, step_total = int(counts.sum()), int(step_counts.sum())
    ids = np.empty(total, np.int64)
    frequencies = _room([postings.frequencies for _, postings in found], total)
    weights = _room([postings.weights for _, postings in found], total)
    steps = _room([postings.steps for _, postings in found], step_total)
    for at, postings in found:
        places = places_of(next_[at], postings.counts)
        next_[at] += postings.counts
        ids[places] = postings.ids
        if frequencies is not None:
            frequencies[places] = 1 if postings.frequencies is None else postings.frequencies
        if weights is not None:
            weights[places] = _weights_of(postings)
        if steps is not None:
            if postings.steps is None:
                raise ValueError("a field keeps positions in one segment and none in another")
            steps[places_of(next_step[at], postings.step_counts)] = postings.steps
            next_step[at] += postings.step_counts
    return PostingRange(counts, ids, frequencies, weights, steps)


def _weights_of(postings: _Postings) -> Array:
    if postings.weights is not None:
        return postings.weights
    return np.ones(len(postings.ids)) if postings.frequencies is None else postings.frequencies


def _room(found: Sequence[Array | None], size: int) -> Array | None:
    """An array for what at least one source has."""
    kinds = [values.dtype for values in found if values is not None]
    return np.empty(size, np.result_type(*kinds)) if kinds else None
