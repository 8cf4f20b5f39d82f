"""What does ranking see of an index? All of it, or only the documents that a cluster found first.

Both give the postings of words, norms and columns, segment by segment. Where only some documents are seen, what holds
for the whole index is known beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from indexer.columnar.postings import Gathered

Places = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Whole(Protocol):
    """What is known of a whole index: in how many documents words stand (of fields), and several together (in one)."""

    def of(self, fields: tuple[str, ...], words: Sequence[str]) -> Floats: ...

    def together(self, words: tuple[str, ...]) -> int: ...


class SegmentSeen(Protocol):
    """Where a segment stands among all."""

    @property
    def offset(self) -> int: ...

    @property
    def size(self) -> int: ...


class PartSeen(Protocol):
    """A segment; see `indexer.snapshot.Part`."""

    @property
    def segment(self) -> SegmentSeen: ...

    @property
    def size(self) -> int: ...

    @property
    def days(self) -> npt.NDArray[Any]: ...

    @property
    def number_keys(self) -> Sequence[str]: ...

    def gather(self, field: str, words: Sequence[bytes]) -> Gathered: ...

    def documents(self, field: str, word: str) -> Places: ...

    def norms(self, field: str, b: float, average: float) -> Floats: ...


class ColumnSeen(Protocol):
    """A key column; see `indexer.snapshot.KeyColumn`."""

    @property
    def names(self) -> Sequence[str]: ...


class View(Protocol):
    """An index as it is ranked; see `indexer.snapshot.Snapshot`. ``size`` counts all documents of the index.

    ``whole`` is None where all documents are seen: what holds for the index is counted in them.
    """

    @property
    def size(self) -> int: ...

    @property
    def parts(self) -> Sequence[PartSeen]: ...

    @property
    def whole(self) -> Whole | None: ...

    def average_length(self, field: str) -> float: ...

    def column(self, name: str) -> ColumnSeen: ...

    def having(self, name: str, value: str) -> list[Mask]: ...

    def having_any(self, name: str, values: Sequence[str]) -> list[Mask]: ...

    def number_of(self, document_id: str) -> int | None: ...
