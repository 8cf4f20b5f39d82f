"""Blocks of numbers laid end to end: where each block begins, and where each of its numbers stands."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.integer[Any]]


def starts_of(counts: Integers | npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Where each of ``N`` blocks of these lengths begins, and where the last ends: ``N + 1`` numbers."""
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def places_of(begins: Integers, counts: Integers) -> npt.NDArray[np.int64]:
    """The place of each number of blocks that begin at ``begins``, block by block.

    ``[7, 2], [3, 2]`` gives ``[7, 8, 9, 2, 3]``.
    """
    ends = np.cumsum(counts, dtype=np.int64)
    places = np.arange(int(ends[-1]) if len(ends) else 0)
    places += np.repeat(begins - (ends - counts), counts)
    return places


def offsets_of(counts: Integers) -> npt.NDArray[Any]:
    """`starts_of` in uint32, or in uint64 where that is too small."""
    return smallest_unsigned(starts_of(counts), at_least=np.uint32)


def smallest_unsigned(values: npt.NDArray[Any], *, at_least: type[np.unsignedinteger[Any]]) -> npt.NDArray[Any]:
    """The same numbers in the smallest unsigned type that holds them."""
    needed = np.min_scalar_type(int(values.max(initial=0)))
    return values.astype(max(np.dtype(at_least), needed, key=lambda kind: kind.itemsize))
