"""A file of named numpy arrays: written once, then mapped into memory as it is.

The format: the arrays, each from a multiple of 64 bytes on; a directory (JSON, UTF-8: name → dtype, shape, offset and
CRC-32 of its bytes); and a tail of 24 bytes: CRC-32 and length of the directory (4 and 8 bytes), 4 bytes of zeros, and
the magic word. Numbers are little-endian.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from indexer.errors import IndexDamagedError

_MAGIC = b"GKARRAY1"
_TAIL = struct.Struct("<IQ4x8s")
_ALIGNMENT = 64

Array = npt.NDArray[Any]


@dataclass(slots=True)
class _Entry:
    dtype: str
    shape: list[int]
    offset: int
    crc: int


class ArrayFileWriter:
    """Writes an array file from beginning to end; it is whole, and on the disk, when `close` returns."""

    def __init__(self, path: Path) -> None:
        self.folder = path.parent
        self._file = path.open("wb")
        self._entries: dict[str, _Entry] = {}

    def add(self, name: str, array: Array) -> None:
        """Add an array under a name that is not in the file yet."""
        if name in self._entries:
            raise ValueError(f"the file has an array {name!r} already")
        self._file.write(b"\0" * (-self._file.tell() % _ALIGNMENT))
        kept = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)
        self._entries[name] = _Entry(kept.dtype.str, list(kept.shape), self._file.tell(), 0)
        self._write(name, kept)

    def extend(self, name: str, array: Array) -> None:
        """Lengthen the array that was added last, or begin it."""
        if name not in self._entries:
            self.add(name, array)
            return
        if name != next(reversed(self._entries)) or array.dtype.str != self._entries[name].dtype:
            raise ValueError(f"only the last array can be lengthened, by its own kind, not {name!r}")
        self._entries[name].shape[0] += len(array)
        self._write(name, np.ascontiguousarray(array))

    def close(self) -> None:
        """Write the directory and wait until everything is on the disk."""
        directory = json.dumps(
            {name: [entry.dtype, entry.shape, entry.offset, entry.crc] for name, entry in self._entries.items()}
        ).encode()
        self._file.write(directory)
        self._file.write(_TAIL.pack(zlib.crc32(directory), len(directory), _MAGIC))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def discard(self) -> None:
        """Give the file up: it stays without a directory, which nobody can open."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def _write(self, name: str, array: Array) -> None:
        content = array.reshape(-1).view(np.uint8).data if array.size else b""
        self._entries[name].crc = zlib.crc32(content, self._entries[name].crc)
        self._file.write(content)


class ArrayFile(Mapping[str, Array]):
    """An array file mapped into memory: opening copies nothing, and its arrays cannot be written to.

    The mapping lives as long as the file object or any of its arrays does. Raises FileNotFoundError, and
    IndexDamagedError for a file that is torn or is none of ours.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < _TAIL.size:
                raise IndexDamagedError(f"{path.name} is not whole")
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        crc, length, magic = _TAIL.unpack_from(self._map, size - _TAIL.size)
        start = size - _TAIL.size - length
        if magic != _MAGIC or start < 0 or zlib.crc32(self._map[start : start + length]) != crc:
            raise IndexDamagedError(f"{path.name} is not whole")
        self._entries = {name: _Entry(*entry) for name, entry in json.loads(self._map[start : start + length]).items()}
        self._arrays: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        array = self._arrays.get(name)
        if array is None:
            entry = self._entries[name]
            count = int(np.prod(entry.shape))
            array = np.frombuffer(self._map, np.dtype(entry.dtype), count, entry.offset).reshape(entry.shape)
            self._arrays[name] = array
        return array

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def whole(self, dtype: npt.DTypeLike) -> Array:
        """The whole file as numbers of one type: what stands at `offset` of an array begins at that byte of it."""
        kind = np.dtype(dtype)
        return np.frombuffer(self._map, kind, len(self._map) // kind.itemsize)

    def offset(self, name: str) -> int | None:
        """At which byte of the file an array begins; None if there is no such array."""
        entry = self._entries.get(name)
        return None if entry is None else entry.offset

    def verify(self) -> None:
        """Read everything. Raises IndexDamagedError if a byte is not as it was written."""
        for name, entry in self._entries.items():
            array = self[name]
            content = array.reshape(-1).view(np.uint8).data if array.size else b""
            if zlib.crc32(content) != entry.crc:
                raise IndexDamagedError(f"{self._path.name} is damaged in {name}")
