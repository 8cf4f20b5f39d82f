"""Numbers of which few are large: a small type, whose greatest value stands for one that is kept aside.

Three arrays: ``NAME`` in the small type; ``NAME.large_at`` (places of large ones, uint32/64, ascending) and
``NAME.large`` (their values, uint32), both missing if there are none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.columnar.array_file import Array, ArrayFileWriter
from indexer.columnar.blocks import Integers, places_of, smallest_unsigned

# A column that waits to be written stays in memory up to this size, then in a file without a name.
_IN_MEMORY = 16 << 20

# How much of it is copied at a time.
_COPIED_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Saturated:
    """Such numbers as views of mapped arrays."""

    small: npt.NDArray[Any]
    at: npt.NDArray[Any] | None
    large: npt.NDArray[Any] | None

    @classmethod
    def of(cls, arrays: Mapping[str, Array], name: str) -> Saturated | None:
        """Those of this name; None if there are none."""
        if name not in arrays:
            return None
        return cls(arrays[name], arrays.get(f"{name}.large_at"), arrays.get(f"{name}.large"))

    def slice(self, start: int, end: int) -> npt.NDArray[Any]:
        """The numbers from ``start`` to ``end``: in the small type (a view), or in uint32 if a large one is there."""
        found = self.small[start:end]
        if self.at is None or self.large is None:
            return found
        low, high = self.at.searchsorted((start, end))
        if low == high:
            return found
        whole = found.astype(self.large.dtype)
        whole[self.at[low:high].astype(np.int64) - start] = self.large[low:high]
        return whole

    def joined(self, starts: Integers, ends: Integers) -> npt.NDArray[Any]:
        """`slice` of several ranges, one after the other."""
        found = np.concatenate([self.small[start:end] for start, end in zip(starts, ends, strict=True)])
        if self.at is None or self.large is None:
            return found
        large = np.flatnonzero(found == np.iinfo(found.dtype).max)
        if not len(large):
            return found
        whole = found.astype(self.large.dtype)
        whole[large] = self.large[self.at.searchsorted(places_of(starts, ends - starts)[large])]
        return whole


class Waiting:
    """Numbers that come piece by piece and are written when all are there, beside other columns that grow with them."""

    def __init__(self, folder: Path, kind: type[np.number[Any]]) -> None:
        self._kind = np.dtype(kind)
        self._file = SpooledTemporaryFile(_IN_MEMORY, dir=str(folder))  # noqa: SIM115 - closed by `close`

    def append(self, values: npt.NDArray[Any]) -> None:
        self._file.write(np.ascontiguousarray(values, self._kind).data)

    def write(self, file: ArrayFileWriter, name: str) -> None:
        self._file.seek(0)
        file.add(name, np.zeros(0, self._kind))
        while piece := self._file.read(_COPIED_BYTES):
            file.extend(name, np.frombuffer(piece, self._kind))

    def close(self) -> None:
        self._file.close()


class SaturatedWaiting:
    """Numbers that come piece by piece and are written as `Saturated`."""

    def __init__(self, folder: Path, kind: type[np.unsignedinteger[Any]]) -> None:
        self._most = np.iinfo(kind).max
        self._small = Waiting(folder, kind)
        self._count = 0
        self._at: list[npt.NDArray[np.int64]] = []
        self._large: list[npt.NDArray[np.uint32]] = []

    def append(self, values: npt.NDArray[np.integer[Any]]) -> None:
        at = np.flatnonzero(values >= self._most)
        if len(at):
            self._at.append(at + self._count)
            self._large.append(values[at].astype(np.uint32))
        self._small.append(np.minimum(values, self._most))
        self._count += len(values)

    def write(self, file: ArrayFileWriter, name: str) -> None:
        self._small.write(file, name)
        if self._at:
            file.add(f"{name}.large_at", smallest_unsigned(np.concatenate(self._at), at_least=np.uint32))
            file.add(f"{name}.large", np.concatenate(self._large))

    def close(self) -> None:
        self._small.close()
