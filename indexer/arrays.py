"""The Whoosh index as arrays: lengths, columns and postings, over all segments in one numbering.

A segment never changes, so what is read from one is read once (`SegmentArrays`); a commit makes a new `IndexArrays` out
of the segments that there are then. Both are shared by all threads. Whoosh's readers are not: whoever asks brings their
own.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from whoosh.reading import SegmentReader, TermNotFound

from indexer.fields import KEY_COLUMNS, SEPARATOR, TEXT_FIELDS

# How many bytes of decoded postings are kept, those that were asked for last: at 60,000 documents the 1,000 commonest
# words of questions fit in.
POSTINGS_CACHE_BYTES = 64 << 20

Ids = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Number = TypeVar("Number", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Postings:
    """Where one word stands in one field: ``ids`` (int32, ascending) and ``frequencies`` (float32), one a document."""

    ids: Ids
    frequencies: npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column of texts: entry ``i`` says that document ``owners[i]`` (ascending) has the value ``names[codes[i]]``."""

    names: tuple[str, ...]
    codes: npt.NDArray[np.int32]
    owners: Ids


class SegmentArrays:
    """What one segment holds: ``size`` documents (deleted ones too), lengths in words, days, and key columns.

    Lengths are as Whoosh keeps them, rounded to a byte; their total is exact. Days are date ordinals, 0 for none.
    """

    def __init__(self, reader: SegmentReader) -> None:
        self.size: int = reader.doc_count_all()
        numbers = range(self.size)
        self.lengths: dict[str, Floats] = {
            field: np.fromiter((reader.doc_field_length(d, field) or 0 for d in numbers), np.float64, self.size)
            for field in TEXT_FIELDS
        }
        self.total_length = {field: int(reader.field_length(field)) for field in TEXT_FIELDS}
        days = reader.column_reader("day")
        self.days = np.fromiter((days[d] for d in numbers), np.int32, self.size)
        self.columns = {name: _read_column(reader, name, self.size) for name in KEY_COLUMNS}


class IndexArrays:
    """All segments of one commit in one numbering: a segment's documents follow those of the segment before.

    ``alive`` says which documents are not deleted; ``average_length`` is in words, by text field.
    """

    def __init__(self, parts: Sequence[SegmentArrays], deleted: Sequence[Sequence[int]]) -> None:
        sizes = [part.size for part in parts]
        self._offsets = [sum(sizes[:number]) for number in range(len(sizes))]
        self.size = sum(sizes)
        self.alive: Mask = np.ones(self.size, np.bool_)
        for offset, numbers in zip(self._offsets, deleted, strict=True):
            self.alive[[offset + number for number in numbers]] = False
        self.days = _joined([part.days for part in parts], np.int32)
        self.lengths: dict[str, Floats] = {
            field: _joined([part.lengths[field] for part in parts], np.float64) for field in TEXT_FIELDS
        }
        self.average_length = {
            field: sum(part.total_length[field] for part in parts) / (self.size or 1) for field in TEXT_FIELDS
        }
        self.columns = {
            name: _join_columns([part.columns[name] for part in parts], self._offsets) for name in KEY_COLUMNS
        }
        self._cache: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._cached_bytes = 0
        self._lock = threading.Lock()

    def postings(self, readers: Sequence[SegmentReader], field: str, word: str) -> Postings:
        """The postings of a word over all segments, deleted documents included; empty if it is nowhere."""
        key = (field, word)
        with self._lock:
            if (kept := self._cache.get(key)) is not None:
                self._cache.move_to_end(key)
                return kept
        parts = [_read_postings(reader, field, word) for reader in readers]
        found = Postings(
            _joined([ids + offset for (ids, _), offset in zip(parts, self._offsets, strict=True)], np.int32),
            _joined([frequencies for _, frequencies in parts], np.float32),
        )
        with self._lock:
            if key not in self._cache:
                self._cache[key] = found
                self._cached_bytes += _bytes(found)
            while self._cached_bytes > POSTINGS_CACHE_BYTES:
                self._cached_bytes -= _bytes(self._cache.popitem(last=False)[1])
        return found

    def having(self, name: str, value: str) -> Ids:
        """The documents (ascending) that have a value in a key column, deleted documents included."""
        column = self.columns[name]
        if value not in column.names:
            return np.zeros(0, np.int32)
        owners: Ids = column.owners[column.codes == column.names.index(value)]
        return owners


def _read_postings(reader: SegmentReader, field: str, word: str) -> tuple[Ids, npt.NDArray[np.float32]]:
    ids: list[int] = []
    frequencies: list[float] = []
    try:
        # Not `reader.postings`: that leaves deleted documents out, which Whoosh's own document frequencies count.
        key = reader.schema[field].to_bytes(word)
        matcher = reader._terms.matcher(field, key, reader.schema[field].format)
    except TermNotFound:
        matcher = None
    while matcher is not None and matcher.is_active():
        ids.append(matcher.id())
        frequencies.append(matcher.weight())
        # A block is decoded as a whole at its first posting; taking it as a whole is ten times faster than stepping
        # through it. The codec is frozen, and a test compares this with stepping.
        ids += matcher._ids[1:]
        frequencies += matcher._weights[1:]
        matcher._next_block()
    return np.array(ids, np.int32), np.array(frequencies, np.float32)


def _read_column(reader: SegmentReader, name: str, size: int) -> KeyColumn:
    column = reader.column_reader(name)
    known: dict[str, int] = {}
    codes: list[int] = []
    owners: list[int] = []
    for number in range(size):
        for value in column[number].decode().split(SEPARATOR):
            if value:
                codes.append(known.setdefault(value, len(known)))
                owners.append(number)
    return KeyColumn(tuple(known), np.array(codes, np.int32), np.array(owners, np.int32))


def _join_columns(columns: Sequence[KeyColumn], offsets: Sequence[int]) -> KeyColumn:
    names = tuple(dict.fromkeys(name for column in columns for name in column.names))
    codes = {name: code for code, name in enumerate(names)}
    translated = [
        np.array([codes[name] for name in column.names], np.int32)[column.codes] if column.names else column.codes
        for column in columns
    ]
    owners = [column.owners + offset for column, offset in zip(columns, offsets, strict=True)]
    return KeyColumn(names, _joined(translated, np.int32), _joined(owners, np.int32))


def _joined(parts: Sequence[npt.NDArray[Number]], dtype: type[Number]) -> npt.NDArray[Number]:
    return np.concatenate(parts).astype(dtype, copy=False) if parts else np.zeros(0, dtype)


def _bytes(postings: Postings) -> int:
    # What the key and the empty arrays take: a word that is nowhere is kept as well, and there is no end of them.
    return 500 + postings.ids.nbytes + postings.frequencies.nbytes
