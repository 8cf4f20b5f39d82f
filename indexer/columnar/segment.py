"""One segment of an index: its two array files, opened and asked.

``<segment>.documents`` holds what is kept of each document, ``<segment>.postings`` the postings of each field (see
`postings`). For ``N`` documents the first has

===================================  ============  ======  ======================================================
``stored``                           uint8         bytes   the stored fields of each document (a pickled dict, zlib)
``stored_offsets``                   uint32/64     N + 1   where each begins
``F.lengths``                        uint8         N       words in field F, rounded to a byte as Whoosh does
``F.total_length``                   int64         1       words in field F over all documents, exact
``F.values``                         any number    N       a column of numbers or bits
``F.codes``, ``F.names``,            uint8/16/32,  N,      a column of byte strings: which of the distinct values
``F.name_offsets``                   uint8, uint   bytes,  each document has, and those values one after the other
===================================  ============  ======  ======================================================
"""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.util.numeric import byte_to_length, length_to_byte

from indexer.columnar.array_file import Array, ArrayFile, ArrayFileWriter
from indexer.columnar.blocks import Integers, offsets_of
from indexer.columnar.layout import FieldLayout, Files, files_of, layout_of
from indexer.columnar.postings import PostingField

DOCUMENTS = ".documents"
POSTINGS = ".postings"

# Stored fields are texts: level 1 is three times faster than the default and a tenth larger.
_COMPRESSION = 1

# What each length byte stands for.
LENGTHS: npt.NDArray[np.float64] = np.array([byte_to_length(code) for code in range(256)], np.float64)


class SegmentArrays:
    """A segment of ``size`` documents (deleted ones too); all methods may be called from any thread."""

    def __init__(self, folder: Path, segment_id: str, size: int) -> None:
        self.size = size
        self.paths = (folder / f"{segment_id}{DOCUMENTS}", folder / f"{segment_id}{POSTINGS}")
        self.documents, self.postings = map(ArrayFile, self.paths)
        self._fields: dict[str, PostingField] = {}
        self._layouts: dict[str, FieldLayout | None] = {}

    @cached_property
    def indexed_fields(self) -> tuple[str, ...]:
        """The fields that have postings, in the order of their names."""
        return tuple(sorted(name.removesuffix(".terms") for name in self.postings if name.endswith(".terms")))

    def field(self, name: str) -> PostingField | None:
        """The postings of a field; None if no document has any."""
        found = self._fields.get(name)
        if found is None and f"{name}.terms" in self.postings:
            found = self._fields[name] = PostingField(self.postings, name)
        return found

    @cached_property
    def files(self) -> Files:
        """Both files as compiled code reads them."""
        return files_of(self.documents, self.postings, self.size)

    def layout(self, field: str) -> FieldLayout | None:
        """Where the postings of a field lie in `files`; None where they cannot be read so, or there are none."""
        if field not in self._layouts:
            self._layouts[field] = layout_of(self.documents, self.postings, field)
        return self._layouts[field]

    def lengths(self, field: str) -> npt.NDArray[np.uint8] | None:
        """The length of a field in each document as a byte (see `LENGTHS`); None if no document has a length."""
        return self.documents.get(f"{field}.lengths")

    def total_length(self, field: str) -> int:
        total = self.documents.get(f"{field}.total_length")
        return 0 if total is None else int(total[0])

    def has_column(self, field: str) -> bool:
        return f"{field}.values" in self.documents or f"{field}.codes" in self.documents

    def values(self, field: str) -> Array | None:
        """A column of numbers or bits; None if there is none."""
        return self.documents.get(f"{field}.values")

    def codes(self, field: str) -> Array | None:
        """A column of byte strings, as places in `names`; None if there is none."""
        return self.documents.get(f"{field}.codes")

    def names(self, field: str) -> list[bytes]:
        """The distinct values of a column of byte strings; [] if there is none."""
        if f"{field}.names" not in self.documents:
            return []
        joined, offsets = self.documents[f"{field}.names"].data, self.documents[f"{field}.name_offsets"]
        return [bytes(joined[start:end]) for start, end in pairwise(offsets)]

    def stored(self, number: int) -> dict[str, Any]:
        """The stored fields of a document."""
        offsets = self.documents["stored_offsets"]
        packed = self.documents["stored"].data[offsets[number] : offsets[number + 1]]
        # Only what `DocumentsWriter` wrote comes here: the index is as private as the store.
        fields: dict[str, Any] = pickle.loads(zlib.decompress(packed)) if len(packed) else {}  # noqa: S301
        return fields

    def verify(self) -> None:
        """Read everything. Raises IndexDamagedError if a byte is not as it was written."""
        self.documents.verify()
        self.postings.verify()


class DocumentsWriter:
    """Writes ``<segment>.documents``: stored fields as they come, the rest when it is closed."""

    def __init__(self, folder: Path, segment_id: str) -> None:
        self._file = ArrayFileWriter(folder / f"{segment_id}{DOCUMENTS}")
        self._stored_sizes: list[Integers] = []

    def store(self, packed: Iterable[bytes]) -> None:
        """Add the stored fields of the next documents, packed by `pack_stored`."""
        items = list(packed)
        self._stored_sizes.append(np.fromiter(map(len, items), np.int64, len(items)))
        self._file.extend("stored", np.frombuffer(b"".join(items), np.uint8))

    def copy_stored(self, arrays: Mapping[str, Array], alive: npt.NDArray[np.bool_] | None) -> None:
        """Add the stored fields of the documents of another segment that are alive, all if None, as they are packed."""
        stored, offsets = arrays["stored"], arrays["stored_offsets"].astype(np.int64)
        sizes = np.diff(offsets)
        # Where a row of living documents begins, and where it ends.
        changes = [0, len(sizes)] if alive is None else np.flatnonzero(np.diff(alive, prepend=False, append=False))
        edges = list(map(int, changes))
        for first, end in zip(edges[::2], edges[1::2], strict=True):
            self._file.extend("stored", stored[offsets[first] : offsets[end]])
        self._stored_sizes.append(sizes if alive is None else sizes[alive])

    def close(
        self,
        lengths: Mapping[str, npt.NDArray[np.uint8]],
        total_lengths: Mapping[str, int],
        values: Mapping[str, Array],
        names: Mapping[str, tuple[Sequence[bytes], Array]],
    ) -> None:
        """Write the rest, by field: length bytes and totals, columns of numbers, columns of (names, codes)."""
        self._file.extend("stored", np.zeros(0, np.uint8))  # it is there, if no document came
        self._file.add("stored_offsets", offsets_of(np.concatenate([np.zeros(0, np.int64), *self._stored_sizes])))
        for field, length_bytes in lengths.items():
            self._file.add(f"{field}.lengths", length_bytes)
            self._file.add(f"{field}.total_length", np.array([total_lengths[field]], np.int64))
        for field, column in values.items():
            self._file.add(f"{field}.values", column)
        for field, (distinct, codes) in names.items():
            self._file.add(f"{field}.codes", codes.astype(np.min_scalar_type(max(len(distinct) - 1, 0))))
            self._file.add(f"{field}.names", np.frombuffer(b"".join(distinct), np.uint8))
            self._file.add(f"{field}.name_offsets", offsets_of(np.array([len(name) for name in distinct], np.int64)))
        self._file.close()

    def discard(self) -> None:
        self._file.discard()


def pack_stored(fields: Mapping[str, object]) -> bytes:
    """The stored fields of a document as they are kept; nothing for none."""
    return zlib.compress(pickle.dumps(dict(fields), pickle.HIGHEST_PROTOCOL), _COMPRESSION) if fields else b""


def length_bytes_of(lengths: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.uint8]:
    """Lengths in words, rounded to a byte as Whoosh does."""
    distinct, places = np.unique(lengths, return_inverse=True)
    return np.array([length_to_byte(int(length)) for length in distinct], np.uint8)[places]
