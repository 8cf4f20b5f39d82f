"""Writing the postings of a field, at once or range by range of its words; `postings` says what the arrays are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from indexer.columnar.array_file import ArrayFileWriter
from indexer.columnar.blocks import Integers, offsets_of, smallest_unsigned, starts_of
from indexer.columnar.saturated import SaturatedWaiting, Waiting
from indexer.columnar.terms import Terms


@dataclass(frozen=True, slots=True)
class FieldPostings:
    """All postings of a field in memory, ready to be written.

    ``terms`` are ascending and distinct; the postings of term ``t`` are ``starts[t]`` to ``starts[t + 1]``, their
    documents ascending. ``frequencies`` (None: all 1) and ``weights`` (None: the frequencies) are one a posting;
    ``positions`` (None: not kept) are absolute, ``frequencies`` of them a posting, ascending.
    """

    terms: Sequence[bytes] | Terms
    starts: Integers
    ids: Integers
    frequencies: Integers | None = None
    weights: npt.NDArray[np.floating[Any]] | None = None
    positions: Integers | None = None


@dataclass(frozen=True, slots=True)
class PostingRange:
    """The postings of the next words: how many each word has, and what `FieldPostings` says of each posting.

    ``steps`` are those between the positions of a posting, the first from 0.
    """

    counts: Integers
    ids: Integers
    frequencies: Integers | None
    weights: npt.NDArray[np.floating[Any]] | None
    steps: Integers | None


class PostingsWriter:
    """Writes the postings of a field of a segment of ``document_count`` documents, its words in ascending order.

    A context manager; within it no other array may be added to the file. ``weights`` and ``positions`` tell whether the
    field has any.
    """

    def __init__(
        self, file: ArrayFileWriter, field: str, document_count: int, *, weights: bool, positions: bool
    ) -> None:
        self._file, self._field = file, field
        self._ids = np.min_scalar_type(max(document_count - 1, 0))
        self._frequencies = SaturatedWaiting(file.folder, np.uint8)
        self._weights = Waiting(file.folder, np.float32) if weights else None
        self._steps = SaturatedWaiting(file.folder, np.uint16) if positions else None
        self._counts: list[Integers] = []
        self._step_counts: list[Integers] = []
        self._repeated = False
        self.occurrences = 0  # the sum of all frequencies

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for waiting in (self._frequencies, self._weights, self._steps):
            if waiting is not None:
                waiting.close()

    def add(self, found: PostingRange) -> None:
        """Add the postings of the next words."""
        frequencies = np.ones(len(found.ids), np.uint8) if found.frequencies is None else found.frequencies
        self._file.extend(f"{self._field}.ids", found.ids.astype(self._ids))
        self._frequencies.append(frequencies)
        self._repeated |= bool((frequencies != 1).any())
        self._counts.append(found.counts)
        if self._weights is not None:
            self._weights.append(frequencies if found.weights is None else found.weights)
        ends = starts_of(frequencies)
        self.occurrences += int(ends[-1])
        if self._steps is not None and found.steps is not None:
            self._steps.append(found.steps)
            self._step_counts.append(np.diff(ends[starts_of(found.counts)]))

    def finish(self, terms: Terms) -> None:
        """Write what waited; ``terms`` are the words of all ranges."""
        file, field = self._file, self._field
        if self._repeated:
            self._frequencies.write(file, f"{field}.frequencies")
        if self._weights is not None:
            self._weights.write(file, f"{field}.weights")
        if self._steps is not None:
            self._steps.write(file, f"{field}.positions")
            file.add(f"{field}.position_starts", offsets_of(np.concatenate(self._step_counts)))
        file.add(f"{field}.starts", offsets_of(np.concatenate(self._counts)))
        file.add(f"{field}.prefixes", terms.prefixes)
        file.add(f"{field}.term_offsets", smallest_unsigned(terms.offsets, at_least=np.uint32))
        file.add(f"{field}.terms", terms.joined)


def write_postings(file: ArrayFileWriter, field: str, postings: FieldPostings, document_count: int) -> None:
    """Add the postings of a field to the file of a segment of ``document_count`` documents."""
    terms, weights = postings.terms, postings.weights
    said = np.ones(len(postings.ids)) if postings.frequencies is None else postings.frequencies
    if weights is not None and np.array_equal(weights, said):
        weights = None
    counts = postings.starts[1:] - postings.starts[:-1]
    with PostingsWriter(
        file, field, document_count, weights=weights is not None, positions=postings.positions is not None
    ) as writer:
        writer.add(PostingRange(counts, postings.ids, postings.frequencies, weights, _steps(postings)))
        writer.finish(terms if isinstance(terms, Terms) else Terms.of(terms))


def _steps(postings: FieldPostings) -> npt.NDArray[np.int64] | None:
    """The steps between the positions of each posting, the first from 0; None if none are kept."""
    if postings.positions is None:
        return None
    frequencies = postings.frequencies
    counts = np.ones(len(postings.ids), np.int64) if frequencies is None else frequencies.astype(np.int64)
    positions = postings.positions.astype(np.int64)
    steps = positions.copy()
    steps[1:] -= positions[:-1]
    begins = starts_of(counts)[:-1]
    steps[begins] = positions[begins]
    return steps
