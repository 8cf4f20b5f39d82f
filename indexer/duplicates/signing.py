"""What is kept of documents so that their copies are found: signatures, samples of shingles, and exact keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from rensa import RMinHash  # type: ignore[import-untyped]

from corpus.models import CatalogEntry
from corpus.stored import StoredDocument
from indexer.duplicates.shingles import (
    Hashes,
    Places,
    digests_of,
    letters_of,
    sentence_digests,
    sentence_starts,
    shingles_of,
)
from indexer.mapping import own_number_key, searchable_text

# 42 bands of 3: of two texts with a Jaccard of .5 that share no band there are 4 in 1,000, of .4 there are 6 in 100;
# of .1, one pair in 25 shares one by chance. R-MinHash with 126 permutations has a root mean square error of .03.
BANDS, ROWS = 42, 3
PERMUTATIONS = BANDS * ROWS
_SEED = 1

# A text keeps about so many of its shingles: one in `SPARSEST` of a long text, all of a short one. An excerpt of 50
# characters from a text of 500 has 6 of them.
SAMPLE = 64
SPARSEST = 32

# Shorter sentences are no boilerplate, they are words.
SENTENCE_LETTERS = 6

# A shorter title (公告, 公示, 通知) is that of too many.
TITLE_LETTERS = 6

_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Keys:
    """Pairs of a key and the row (the number of its document) that has it."""

    keys: Hashes
    rows: npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Signed:
    """What is kept of some documents, the row of each its place in ``ids``.

    ``minhash`` has `PERMUTATIONS` columns. ``counts`` are the numbers of shingles, ``kept`` how many different ones are
    in ``samples``; ``sentences`` is each document's different sentences.
    """

    ids: list[str]
    minhash: npt.NDArray[np.uint32]
    counts: npt.NDArray[np.uint32]
    kept: npt.NDArray[np.uint32]
    digests: Hashes
    titles: Hashes
    numbers: Hashes
    files: Keys
    items: Keys
    samples: Keys
    sentences: Keys


def sign(batch: Sequence[StoredDocument]) -> Signed:
    """Sign documents as they stand in the store."""
    documents = [stored.document for stored in batch]
    letters = letters_of([searchable_text(document) for document in documents])
    hashes, starts = shingles_of(letters)
    counts = np.diff(starts)
    rows = np.repeat(np.arange(len(documents), dtype=np.uint32), counts)
    samples = _different(hashes, rows, hashes < limits_of(counts)[rows])
    begins = sentence_starts(letters)
    owner = np.searchsorted(letters.starts, begins[:-1], "right").astype(np.uint32) - np.uint32(1)
    long = np.diff(begins) >= SENTENCE_LETTERS
    files = [
        (int(sha256[:16], 16), row)
        for row, stored in enumerate(batch)
        for sha256 in {
            *([stored.original.sha256] if stored.original else []),
            *(item.sha256 for item in stored.document.attachments),
        }
        if sha256
    ]
    items = [
        (item_text(entry), row)
        for row, document in enumerate(documents)
        for entry in document.all_entries
        if entry.publisher and (entry.item or entry.subitem)
    ]
    return Signed(
        ids=[document.id for document in documents],
        minhash=minhash(hashes, starts),
        counts=counts.astype(np.uint32),
        kept=np.bincount(samples.rows, minlength=len(documents)).astype(np.uint32),
        digests=digests_of(letters),
        titles=title_keys([document.title for document in documents]),
        numbers=text_keys([own_number_key(document) for document in documents]),
        files=_keys(files),
        items=Keys(text_keys([text for text, _ in items]), np.array([row for _, row in items], np.uint32)),
        samples=samples,
        sentences=_different(sentence_digests(letters), owner, long),
    )


def minhash(hashes: Hashes, starts: Places) -> npt.NDArray[np.uint32]:
    """A signature of each text: the share of equal columns of two estimates their Jaccard."""
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(hashes, starts.astype(np.uint64), PERMUTATIONS, _SEED)
    return np.array(matrix.to_rows(), np.uint32).reshape(-1, PERMUTATIONS)


def limits_of(counts: npt.NDArray[Any]) -> Hashes:
    """Below which number a text with so many shingles keeps them."""
    share = np.maximum(SAMPLE / np.maximum(counts, 1), 1 / SPARSEST)
    limits = np.where(share < 1, share, 0.5) * 2.0**64
    return np.where(share < 1, limits.astype(np.uint64), _ALL)


def band_keys(signatures: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """A key for each band of each signature: documents (rows) by bands (columns)."""
    parts = signatures.reshape(-1, BANDS, ROWS).astype(np.uint64)
    keys = np.zeros(parts.shape[:2], np.uint64)
    for row in range(ROWS):
        keys = (keys ^ parts[:, :, row]) * np.uint64(0x9E3779B97F4A7C15)
        keys ^= keys >> np.uint64(29)
    return (keys >> np.uint64(32)).astype(np.uint32)


def title_keys(titles: Sequence[str]) -> Hashes:
    """The key of each title as it reads without spaces and punctuation; 0 for one of fewer than `TITLE_LETTERS`."""
    letters = letters_of(titles)
    keys = digests_of(letters)
    keys[np.diff(letters.starts) < TITLE_LETTERS] = 0
    return keys


def text_keys(texts: Sequence[str]) -> Hashes:
    """The key of each text; 0 for an empty one."""
    return digests_of(letters_of(texts))


def item_text(entry: CatalogEntry) -> str:
    """What makes a catalog item the same as another: item, sub-item, period, and who publishes it."""
    return "\n".join((entry.item, entry.subitem, entry.period, entry.publisher))


def _different(hashes: Hashes, rows: npt.NDArray[np.uint32], chosen: npt.NDArray[np.bool_]) -> Keys:
    """The chosen pairs, each once."""
    hashes, rows = hashes[chosen], rows[chosen]
    order = np.lexsort((hashes, rows))
    hashes, rows = hashes[order], rows[order]
    new = np.ones(len(hashes), np.bool_)
    new[1:] = (hashes[1:] != hashes[:-1]) | (rows[1:] != rows[:-1])
    return Keys(hashes[new], rows[new])


def _keys(pairs: Sequence[tuple[int, int]]) -> Keys:
    return Keys(np.array([key for key, _ in pairs], np.uint64), np.array([row for _, row in pairs], np.uint32))
