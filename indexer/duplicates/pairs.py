"""Which of all published documents may be the same? Pairs of rows of a signature file, each once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from indexer.columnar.array_file import Array
from indexer.duplicates.signature_file import SignatureFile

Pairs = npt.NDArray[np.uint64]

# A pair is compared from these estimates on: below, the verdict would be that of a template or of nothing.
_LEAST_JACCARD, _LEAST_SHARE = 0.35, 0.5

# What more documents have in common is boilerplate: a band; a title or number; a shingle (whose pairs are all counted).
_MOST_IN_BAND, _MOST_WITH_KEY, _MOST_SHARING = 1_000, 50, 12

# So many entries of the samples are paired at a time: what bounds the memory.
_AT_ONCE = 1 << 20


def find_pairs(file: SignatureFile) -> npt.NDArray[np.uint32]:
    """Two columns of rows, the smaller first, in order. Of many equal documents each is paired with one or two."""
    found = [_estimated(file, pairs) for pairs in _in_bands(file)]
    most_of = {"digest": len(file), "file": len(file), "title": _MOST_WITH_KEY, "number": _MOST_WITH_KEY}
    for name, most in most_of.items():
        found.append(_chained(file.file[f"{name}_keys"], file.file[f"{name}_rows"], most))
    found.append(_contained(file))
    every = np.unique(np.concatenate(found))
    every = every[(every >> np.uint64(32)) != (every & np.uint64(0xFFFFFFFF))]
    return np.stack([every >> np.uint64(32), every & np.uint64(0xFFFFFFFF)], axis=1).astype(np.uint32)


def _in_bands(file: SignatureFile) -> Iterator[Pairs]:
    for keys, rows in file.bands():
        known = keys != 0
        yield _chained(keys[known], rows[known], _MOST_IN_BAND)


def _chained(keys: Array, rows: Array, most: int) -> Pairs:
    """Each row with the next one of its key, and with the first: enough to join them all. ``keys`` are sorted."""
    if not len(keys):
        return np.empty(0, np.uint64)
    starts, lengths = _groups(keys)
    first = np.repeat(starts, lengths)
    fits = np.repeat((lengths > 1) & (lengths <= most), lengths)
    places = np.flatnonzero(fits & (np.arange(len(keys)) > first))
    befores = np.concatenate([rows[places - 1], rows[first[places]]])
    return np.unique(_pairs(befores, np.tile(rows[places], 2)))


def _estimated(file: SignatureFile, pairs: Pairs) -> Pairs:
    """Those whose signatures estimate a Jaccard worth comparing."""
    signatures = file.file["minhash"]
    kept: list[Pairs] = [np.empty(0, np.uint64)]
    for start in range(0, len(pairs), 1 << 16):
        some = pairs[start : start + (1 << 16)]
        one, other = (some >> np.uint64(32)).astype(np.int64), (some & np.uint64(0xFFFFFFFF)).astype(np.int64)
        kept.append(some[(signatures[one] == signatures[other]).mean(axis=1) >= _LEAST_JACCARD])
    return np.concatenate(kept)


def _contained(file: SignatureFile) -> Pairs:
    """Pairs of which one keeps at least half of the rare shingles that the other keeps."""
    keys, rows = file.file["sample_keys"], file.file["sample_rows"]
    if not len(keys):
        return np.empty(0, np.uint64)
    starts, lengths = _groups(keys)
    few = (lengths > 1) & (lengths <= _MOST_SHARING)
    counted, hits = np.empty(0, np.uint64), np.empty(0, np.int64)
    for length in range(2, _MOST_SHARING + 1):
        begins = starts[few & (lengths == length)]
        one, other = np.triu_indices(length, 1)
        step = max(1, _AT_ONCE // len(one))
        for at in range(0, len(begins), step):
            some = begins[at : at + step, None]
            pairs = _pairs(rows[some + one], rows[some + other]).ravel()
            counted, which = np.unique(np.concatenate([counted, pairs]), return_inverse=True)
            weights = np.concatenate([hits, np.ones(len(pairs), np.int64)])
            hits = np.bincount(which, weights, len(counted)).astype(np.int64)
    one, other = (counted >> np.uint64(32)).astype(np.int64), (counted & np.uint64(0xFFFFFFFF)).astype(np.int64)
    fewer = np.minimum(file.kept[one], file.kept[other])
    return counted[(hits > 1) & (hits >= _LEAST_SHARE * fewer)]


def _groups(keys: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Where each run of equal keys begins, and how long it is."""
    new = np.ones(len(keys), np.bool_)
    new[1:] = keys[1:] != keys[:-1]
    starts = np.flatnonzero(new)
    return starts, np.diff(np.append(starts, len(keys)))


def _pairs(one: Array, other: Array) -> Pairs:
    """Two rows as one number, the smaller first."""
    low, high = np.minimum(one, other).astype(np.uint64), np.maximum(one, other).astype(np.uint64)
    return low << np.uint64(32) | high
