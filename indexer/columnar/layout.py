"""Where do the postings of a segment lie in its mapped files? What kernels are told instead of an array for each field.

A kernel gets the files themselves (`Files`), and tables of whole numbers:

``fields``  a row a field: what is common to its lists (the columns `LENGTHS` …)
``lists``   a row a list, which is the postings of one word in one field (the columns `IDS` …)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.columnar.array_file import Array, ArrayFile

# The columns of ``fields``. Where its length bytes begin (in `Files.lengths`); its first
# frequency (in `Files.octets`), and of the large frequencies (see `saturated`) the places and the values (in
# `Files.quads`) and how many there are; the same four of its positions, the first in `Files.pairs`.
LENGTHS = 0
FREQUENCY, FREQUENCY_PLACES, FREQUENCY_VALUES, FREQUENCIES = 1, 2, 3, 4
POSITION, POSITION_PLACES, POSITION_VALUES, POSITIONS = 5, 6, 7, 8

# The columns of ``lists``. Where its documents (in `Files.ids`), its frequencies (in `Files.octets`; -1: always once)
# and its positions (in `Files.pairs`) begin; how many documents it has; its field, a row of ``fields``; its group.
IDS, SAID, STEPS, COUNT, FIELD, GROUP = 0, 1, 2, 3, 4, 5
COLUMNS = 6

Table = npt.NDArray[np.int64]


class Files(NamedTuple):
    """The files of a segment.

    Of postings: as document numbers, and as numbers of one, two and four bytes. Of documents: as bytes.
    """

    ids: Array
    octets: npt.NDArray[np.uint8]
    pairs: npt.NDArray[np.uint16]
    quads: npt.NDArray[np.uint32]
    lengths: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class FieldLayout:
    """Where the lists of a field begin in `Files`, all together (-1: it has none), and its row of ``fields``."""

    ids: int
    frequencies: int
    positions: int
    row: tuple[int, ...]

    def list_of(self, start: int, count: int, field: int, group: int, first_position: int = 0) -> tuple[int, ...]:
        """The row of ``lists`` for ``count`` postings from ``start`` on."""
        said = -1 if self.frequencies < 0 else self.frequencies + start
        return self.ids + start, said, self.positions + first_position, count, field, group

    def lists_of(self, starts: Table, counts: Table) -> Table:
        """The rows of many lists, all of field 0 and group 0, without their positions."""
        lists = np.zeros((len(starts), COLUMNS), np.int64)
        lists[:, IDS], lists[:, COUNT] = self.ids + starts, counts
        lists[:, SAID] = -1 if self.frequencies < 0 else self.frequencies + starts
        return lists


def files_of(documents: ArrayFile, postings: ArrayFile, size: int) -> Files:
    """The files of a segment of so many documents."""
    ids = np.min_scalar_type(max(size - 1, 0))
    return Files(
        postings.whole(ids),
        postings.whole(np.uint8),
        postings.whole(np.uint16),
        postings.whole(np.uint32),
        documents.whole(np.uint8),
    )


def layout_of(documents: ArrayFile, postings: ArrayFile, field: str) -> FieldLayout | None:
    """The layout of a field; None if it has no postings or lengths, weights of its own, or too many large numbers."""
    ids, lengths = postings.offset(f"{field}.ids"), documents.offset(f"{field}.lengths")
    large, far = (_large(postings, f"{field}.{name}") for name in ("frequencies", "positions"))
    if ids is None or lengths is None or f"{field}.weights" in postings or large is None or far is None:
        return None
    first, steps = postings.offset(f"{field}.frequencies"), postings.offset(f"{field}.positions")
    frequencies = -1 if first is None else first
    positions = -1 if steps is None else steps // 2
    row = (lengths, frequencies, *large, positions, *far)
    return FieldLayout(ids // postings[f"{field}.ids"].itemsize, frequencies, positions, row)


def _large(postings: ArrayFile, name: str) -> tuple[int, int, int] | None:
    """Places and values of large numbers, and how many; None if their places are too many for four bytes."""
    places, values = postings.offset(f"{name}.large_at"), postings.offset(f"{name}.large")
    if places is None or values is None:
        return 0, 0, 0
    at = postings[f"{name}.large_at"]
    return (places // 4, values // 4, len(at)) if at.dtype == np.uint32 else None
