"""Several segments → one, as far as single documents go: stored fields, lengths and columns, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.fields import Schema

from indexer.columnar.array_file import Array
from indexer.columnar.segment import DocumentsWriter, SegmentArrays

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Source:
    """A segment to be merged; ``alive`` tells which documents go along, None: all."""

    arrays: SegmentArrays
    alive: Mask | None

    @property
    def size(self) -> int:
        """How many documents go along."""
        return self.arrays.size if self.alive is None else int(np.count_nonzero(self.alive))


def merge_documents(
    folder: Path, segment_id: str, schema: Schema, sources: Sequence[Source], occurrences: Mapping[str, int]
) -> None:
    """Write what is kept of each document: stored fields as they are packed, lengths, and columns.

    A source without a column gives its default value; ``occurrences`` are the words of each field over all documents.
    """

    def living(source: Source, column: Array | None, default: object, kind: np.dtype[Any]) -> Array:
        if column is None:
            return np.full(source.size, default, kind)
        return column if source.alive is None else column[source.alive]

    def joined(name: str, default: object) -> Array:
        columns = [source.arrays.documents.get(name) for source in sources]
        kind = next(column.dtype for column in columns if column is not None)
        return np.concatenate(
            [living(source, column, default, kind) for source, column in zip(sources, columns, strict=True)]
        )

    def fields_with(suffix: str) -> list[str]:
        return sorted(
            {
                name.removesuffix(suffix)
                for source in sources
                for name in source.arrays.documents
                if name.endswith(suffix)
            }
        )

    writer = DocumentsWriter(folder, segment_id)
    for source in sources:
        writer.copy_stored(source.arrays.documents, source.alive)
    scored = [field for field in fields_with(".lengths") if field in occurrences]
    writer.close(
        {field: joined(f"{field}.lengths", 0) for field in scored},
        {field: occurrences[field] for field in scored},
        {field: joined(f"{field}.values", _default(schema, field)) for field in fields_with(".values")},
        {field: _merge_names(field, _default(schema, field), sources) for field in fields_with(".codes")},
    )


def _default(schema: Schema, field: str) -> Any:
    return schema[field].column_type.default_value()


def _merge_names(field: str, default: bytes, sources: Sequence[Source]) -> tuple[list[bytes], Array]:
    """A column of byte strings: the values that a living document has, and which each has."""
    places: dict[bytes, int] = {}
    parts: list[Array] = []
    for source in sources:
        codes, names = source.arrays.codes(field), source.arrays.names(field)
        if codes is None:
            codes, names = np.zeros(source.arrays.size, np.uint8), [default]
        used, ours = np.unique(codes if source.alive is None else codes[source.alive], return_inverse=True)
        new = [places.setdefault(names[code], len(places)) for code in used.tolist()]
        parts.append(np.array(new, np.int64)[ours])
    return list(places), np.concatenate(parts)
