"""The signatures of many documents in one file, mapped into memory: who has this key, this band, these shingles?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.stored import StoredDocument
from indexer.columnar.array_file import Array, ArrayFile, ArrayFileWriter
from indexer.columnar.disk import wait_for_disk
from indexer.duplicates.shingles import Hashes
from indexer.duplicates.signing import BANDS, Keys, Signed, band_keys, limits_of, sign
from indexer.errors import IndexOutdatedError

# Raised when what stands in the file, or how it is computed, changes its meaning.
LAYOUT = 1

# How many documents, and how many characters, are signed at a time: what bounds the memory.
_BATCH_DOCUMENTS, _BATCH_CHARACTERS = 2_000, 2_000_000

# A sentence is boilerplate when it stands in so many different texts, and in so large a share of all: 8 is more than
# the versions, columns and departments that one true text was seen to appear in.
_BOILERPLATE_TEXTS, _BOILERPLATE_SHARE = 8, 0.0002

Rows = npt.NDArray[np.uint32]


def write_signatures(path: Path, documents: Iterable[StoredDocument]) -> int:
    """Write the signatures of documents, all or nothing; gives their number."""
    parts = [sign(batch) for batch in _batches(documents)]
    made = _joined(parts) if parts else sign([])
    temporary = path.with_suffix(".new")
    with ArrayFileWriter(temporary) as file:
        file.add("layout", np.array([LAYOUT], np.uint32))
        encoded = [document_id.encode("utf-8", "surrogatepass") for document_id in made.ids]
        file.add("id_starts", np.cumsum([0, *map(len, encoded)], dtype=np.int64))
        file.add("id_bytes", np.frombuffer(b"".join(encoded), np.uint8))
        file.add("minhash", made.minhash)
        file.add("counts", made.counts)
        file.add("kept", made.kept)
        file.add("boilerplate", _boilerplate(made))
        keys = band_keys(made.minhash)
        keys[made.counts == 0] = 0
        order = np.argsort(keys, axis=0, kind="stable").astype(np.uint32)
        file.add("band_rows", np.ascontiguousarray(order.T))
        file.add("band_keys", np.ascontiguousarray(np.take_along_axis(keys, order, axis=0).T))
        every = np.arange(len(made.ids), dtype=np.uint32)
        for name, pairs in (
            ("digest", Keys(made.digests, every)),
            ("title", Keys(made.titles, every)),
            ("number", Keys(made.numbers, every)),
            ("file", made.files),
            ("item", made.items),
        ):
            known = pairs.keys != 0
            _add_sorted(file, name, pairs.keys[known], pairs.rows[known])
        _add_sorted(file, "sample", made.samples.keys.astype(np.uint32), made.samples.rows)
    temporary.replace(path)
    wait_for_disk(path.parent)
    return len(made.ids)


def _batches(documents: Iterable[StoredDocument]) -> Iterator[list[StoredDocument]]:
    batch: list[StoredDocument] = []
    characters = 0
    for stored in documents:
        batch.append(stored)
        characters += len(stored.document.body) + sum(len(item.text) for item in stored.document.attachments)
        if len(batch) >= _BATCH_DOCUMENTS or characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _joined(parts: list[Signed]) -> Signed:
    firsts = np.cumsum([0, *(len(part.ids) for part in parts)])

    def keys(name: str) -> Keys:
        found: list[Keys] = [getattr(part, name) for part in parts]
        rows = [pairs.rows + np.uint32(first) for pairs, first in zip(found, firsts[:-1].tolist(), strict=True)]
        return Keys(np.concatenate([pairs.keys for pairs in found]), np.concatenate(rows))

    return Signed(
        ids=[document_id for part in parts for document_id in part.ids],
        minhash=np.concatenate([part.minhash for part in parts]),
        counts=np.concatenate([part.counts for part in parts]),
        kept=np.concatenate([part.kept for part in parts]),
        digests=np.concatenate([part.digests for part in parts]),
        titles=np.concatenate([part.titles for part in parts]),
        numbers=np.concatenate([part.numbers for part in parts]),
        files=keys("files"),
        items=keys("items"),
        samples=keys("samples"),
        sentences=keys("sentences"),
    )


def _boilerplate(made: Signed) -> Hashes:
    """The sentences of many different texts; copies of one text count once."""
    first = np.zeros(len(made.ids), np.bool_)
    first[np.unique(made.digests, return_index=True)[1]] = True
    sentences, counts = np.unique(made.sentences.keys[first[made.sentences.rows]], return_counts=True)
    enough = max(_BOILERPLATE_TEXTS, int(_BOILERPLATE_SHARE * len(made.ids)))
    return sentences[counts >= enough]


def _add_sorted(file: ArrayFileWriter, name: str, keys: Array, rows: Rows) -> None:
    order = np.argsort(keys, kind="stable")
    file.add(f"{name}_keys", keys[order])
    file.add(f"{name}_rows", rows[order])


@dataclass(frozen=True, slots=True)
class Shared:
    """Documents with shingles of a text: how many of those that each keeps, and how many of the text's it could."""

    rows: Rows
    hits: npt.NDArray[np.int64]
    possible: npt.NDArray[np.int64]


class SignatureFile:
    """What `write_signatures` wrote; any number of threads may ask it. A row is the number of a document in it.

    Raises FileNotFoundError, IndexDamagedError, and IndexOutdatedError for a file of another layout.
    """

    def __init__(self, path: Path) -> None:
        file = ArrayFile(path)
        if "layout" not in file or int(file["layout"][0]) != LAYOUT:
            raise IndexOutdatedError(f"{path.name} has another layout; run `gongkai index`")
        self.file = file
        self.counts: Array = file["counts"]
        self.kept: Array = file["kept"]
        self.boilerplate: Hashes = file["boilerplate"]
        self._limits = limits_of(self.counts)

    def __len__(self) -> int:
        return len(self.counts)

    def id(self, row: int) -> str:
        starts = self.file["id_starts"]
        content: bytes = self.file["id_bytes"][int(starts[row]) : int(starts[row + 1])].tobytes()
        return content.decode("utf-8", "surrogatepass")

    def with_key(self, name: str, key: int) -> Rows:
        """The rows with this ``digest``, ``title``, ``number``, ``file`` or ``item``; none for 0."""
        keys, rows = self.file[f"{name}_keys"], self.file[f"{name}_rows"]
        low, high = np.searchsorted(keys, np.uint64(key)), np.searchsorted(keys, np.uint64(key), "right")
        found: Rows = rows[low:high]
        return found

    def in_a_band(self, signature: npt.NDArray[np.uint32], most: int) -> tuple[Rows, npt.NDArray[np.float64]]:
        """Rows that share a band with a signature, and the Jaccard that their signatures estimate; the best first.

        A band that more than ``most`` share is that of a text of boilerplate and is passed over.
        """
        keys, rows = self.file["band_keys"], self.file["band_rows"]
        found: list[Rows] = []
        for band, key in enumerate(band_keys(signature[None, :])[0]):
            low, high = np.searchsorted(keys[band], key), np.searchsorted(keys[band], key, "right")
            if 0 < high - low <= most:
                found.append(rows[band, low:high])
        every = np.unique(np.concatenate(found)) if found else np.empty(0, np.uint32)
        equal = (self.file["minhash"][every] == signature).mean(axis=1)
        order = np.argsort(-equal, kind="stable")
        return every[order], equal[order]

    def sharing(self, hashes: Hashes, most: int) -> Shared:
        """Rows that keep any of these different shingles (sorted); one that more than ``most`` keep says nothing."""
        keys, rows = self.file["sample_keys"], self.file["sample_rows"]
        wanted = np.unique(hashes.astype(np.uint32))
        low, high = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, "right")
        found = [
            rows[one:other] for one, other in zip(low.tolist(), high.tolist(), strict=True) if 0 < other - one <= most
        ]
        if not found:
            nothing = np.empty(0, np.int64)
            return Shared(np.empty(0, np.uint32), nothing, nothing)
        every, hits = np.unique(np.concatenate(found), return_counts=True)
        possible = np.searchsorted(hashes, self._limits[every])
        return Shared(every, hits, possible)

    def bands(self) -> Iterator[tuple[Array, Array]]:
        """Of each band its keys, sorted, and their rows; rows without a shingle have the key 0."""
        for band in range(BANDS):
            yield self.file["band_keys"][band], self.file["band_rows"][band]
