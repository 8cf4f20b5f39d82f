"""What Whoosh's own writer writes a segment through: documents and postings one at a time, kept until the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.columns import BitColumn, Column, NumericColumn, RefBytesColumn, VarBytesColumn
from whoosh.fields import FieldType
from whoosh.formats import Existence, Format, Frequency, Positions

from indexer.columnar.array_file import Array, ArrayFileWriter
from indexer.columnar.posting_writer import FieldPostings, write_postings
from indexer.columnar.segment import POSTINGS, DocumentsWriter, length_bytes_of, pack_stored
from indexer.columnar.whoosh_segment import ColumnarSegment

_FORMATS = (Existence, Frequency, Positions)


class DocumentWriter(base.PerDocumentWriter):  # type: ignore[misc]
    def __init__(self, folder: Path, segment: ColumnarSegment) -> None:
        self._file = DocumentsWriter(folder, segment.segment_id())
        self._count = 0
        self._stored: dict[str, object] = {}
        self._lengths: dict[str, dict[int, int]] = {}
        self._columns: dict[str, tuple[Column, dict[int, Any]]] = {}
        self.is_closed = False

    def start_doc(self, docnum: int) -> None:
        if docnum != self._count:
            raise ValueError(f"document {docnum} cannot follow {self._count - 1}")
        self._stored = {}

    def add_field(self, fieldname: str, fieldobj: FieldType, value: object, length: int) -> None:  # noqa: ARG002
        if value is not None:
            self._stored[fieldname] = value
        if length:
            self._lengths.setdefault(fieldname, {})[self._count] = length

    def add_column_value(self, fieldname: str, columnobj: Column, value: object) -> None:
        if not isinstance(columnobj, NumericColumn | BitColumn | RefBytesColumn | VarBytesColumn):
            raise ValueError(f"the column of {fieldname} is a {type(columnobj).__name__}, which is not kept")
        self._columns.setdefault(fieldname, (columnobj, {}))[1][self._count] = value

    def add_vector_items(self, fieldname: str, fieldobj: FieldType, items: object) -> None:  # noqa: ARG002
        raise ValueError(f"{fieldname} asks for term vectors, which are not kept")

    def finish_doc(self) -> None:
        self._file.store([pack_stored(self._stored)])
        self._count += 1

    def cancel_doc(self) -> None:
        for lengths in self._lengths.values():
            lengths.pop(self._count, None)
        for _, values in self._columns.values():
            values.pop(self._count, None)

    def close(self) -> None:
        lengths = {name: _filled(found, 0, self._count, np.dtype(np.int64)) for name, found in self._lengths.items()}
        values: dict[str, Array] = {}
        names: dict[str, tuple[list[bytes], Array]] = {}
        for field, (column, found) in self._columns.items():
            default = column.default_value()
            if isinstance(column, NumericColumn):
                values[field] = _filled(found, default, self._count, np.dtype(column._typecode))
            elif isinstance(column, BitColumn):
                values[field] = _filled(found, default, self._count, np.dtype(np.bool_))
            else:
                known: dict[bytes, int] = {}
                codes = [known.setdefault(found.get(number, default), len(known)) for number in range(self._count)]
                names[field] = list(known), np.array(codes, np.int64)
        self._file.close(
            {name: length_bytes_of(found) for name, found in lengths.items()},
            {name: int(found.sum()) for name, found in lengths.items()},
            values,
            names,
        )
        self.is_closed = True


def _filled(found: dict[int, Any], default: object, count: int, dtype: np.dtype[Any]) -> Array:
    column = np.full(count, default, dtype)
    column[list(found)] = list(found.values())
    return column


class FieldWriter(base.FieldWriter):  # type: ignore[misc]
    def __init__(self, folder: Path, segment: ColumnarSegment) -> None:
        self._file = ArrayFileWriter(folder / segment.make_filename(POSTINGS))
        self._name = ""
        self._format: Format | None = None
        self._begin("", None)
        self._size = 0
        self._written: list[tuple[str, FieldPostings]] = []
        self.is_closed = False

    def _begin(self, name: str, format_: Format | None) -> None:
        self._name, self._format = name, format_
        self._terms: list[bytes] = []
        self._starts: list[int] = []
        self._ids: list[int] = []
        self._weights: list[float] = []
        self._frequencies: list[int] = []
        self._positions: list[int] = []

    def start_field(self, fieldname: str, fieldobj: FieldType) -> None:
        if type(fieldobj.format) not in _FORMATS:
            raise ValueError(f"{fieldname} has the format {type(fieldobj.format).__name__}, which is not kept")
        self._begin(fieldname, fieldobj.format)

    def start_term(self, text: bytes) -> None:
        self._terms.append(text)
        self._starts.append(len(self._ids))

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int) -> None:  # noqa: ARG002 - Whoosh's protocol
        self._ids.append(docnum)
        self._weights.append(weight)
        frequency = self._format.decode_frequency(vbytes)  # type: ignore[union-attr]
        self._frequencies.append(frequency)
        if isinstance(self._format, Positions):
            self._positions += self._format.decode_positions(vbytes)
        self._size = max(self._size, docnum + 1)

    def finish_term(self) -> None:
        pass

    def finish_field(self) -> None:
        postings = FieldPostings(
            self._terms,
            np.array([*self._starts, len(self._ids)], np.int64),
            np.array(self._ids, np.int64),
            np.array(self._frequencies, np.int64),
            np.array(self._weights, np.float64),
            np.array(self._positions, np.int64) if isinstance(self._format, Positions) else None,
        )
        self._written.append((self._name, postings))
        self._begin("", None)

    def close(self) -> None:
        for name, postings in self._written:
            write_postings(self._file, name, postings, self._size)
        self._file.close()
        self.is_closed = True
