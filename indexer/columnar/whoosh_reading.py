"""What Whoosh's own searcher reads a segment through: documents, columns, words and postings, one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec import base
from whoosh.columns import Column, ColumnReader
from whoosh.fields import FieldType
from whoosh.formats import Format, Frequency
from whoosh.matching import LeafMatcher, ReadTooFar
from whoosh.reading import TermInfo, TermNotFound

from indexer.columnar.postings import PostingField
from indexer.columnar.segment import LENGTHS, SegmentArrays
from indexer.columnar.whoosh_segment import ColumnarSegment


class DocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    def __init__(self, arrays: SegmentArrays, segment: ColumnarSegment) -> None:
        self.arrays = arrays
        self._segment = segment

    def doc_count(self) -> int:
        return self.arrays.size - self._segment.deleted_count()

    def doc_count_all(self) -> int:
        return self.arrays.size

    def has_deletions(self) -> bool:
        return bool(self._segment.has_deletions())

    def is_deleted(self, docnum: int) -> bool:
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> set[int]:
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return self.arrays.has_column(fieldname)

    def column_reader(self, fieldname: str, column: Column) -> _ColumnReader:  # noqa: ARG002 - Whoosh's protocol
        return _ColumnReader(self.arrays, fieldname)

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        lengths = self.arrays.lengths(fieldname)
        return default if lengths is None else int(LENGTHS[lengths[docnum]])

    def field_length(self, fieldname: str) -> int:
        return self.arrays.total_length(fieldname)

    def min_field_length(self, fieldname: str) -> int:
        return self._some_length(fieldname, np.min)

    def max_field_length(self, fieldname: str) -> int:
        return self._some_length(fieldname, np.max)

    def _some_length(self, fieldname: str, choose: Any) -> int:
        lengths = self.arrays.lengths(fieldname)
        return 0 if lengths is None or not len(lengths) else int(LENGTHS[choose(lengths)])

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return self.arrays.stored(docnum)


class _ColumnReader(ColumnReader):  # type: ignore[misc]
    def __init__(self, arrays: SegmentArrays, field: str) -> None:
        self._values = arrays.values(field)
        self._codes = arrays.codes(field)
        self._names = arrays.names(field)
        self._doccount = arrays.size
        self._reverse = False

    def __getitem__(self, docnum: int) -> Any:
        if self._values is not None:
            return self._values[docnum].item()
        return self._names[self._codes[docnum]] if self._codes is not None else b""

    def sort_key(self, docnum: int) -> Any:
        key = self[docnum]
        if isinstance(key, bool):
            return int(key ^ self._reverse)
        return 0 - key if self._reverse else key

    def set_reverse(self) -> None:
        self._reverse = True


class TermsReader(base.TermsReader):  # type: ignore[misc]
    def __init__(self, arrays: SegmentArrays) -> None:
        self._arrays = arrays

    def _find(self, fieldname: str, text: bytes) -> tuple[PostingField, int]:
        field = self._arrays.field(fieldname)
        row = -1 if field is None else field.row(text)
        if field is None or row < 0:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return field, row

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field = self._arrays.field(term[0])
        return field is not None and field.row(term[1]) >= 0

    def indexed_field_names(self) -> tuple[str, ...]:
        return self._arrays.indexed_fields

    def cursor(self, fieldname: str, fieldobj: FieldType) -> base.FieldCursor:
        field = self._arrays.field(fieldname)
        return base.EmptyCursor() if field is None else _Cursor(self, field, fieldname, fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in self._arrays.indexed_fields:
            field = self._arrays.field(name)
            if field is not None:
                yield from ((name, term) for term in field.terms_from(0))

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for name in self._arrays.indexed_fields:
            field = self._arrays.field(name)
            if field is not None and name >= fieldname:
                first = field.first_row_from(prefix) if name == fieldname else 0
                yield from ((name, term) for term in field.terms_from(first))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        field, row = self._find(fieldname, text)
        ids, weights = field.documents(row), field.weights(row)
        lengths = self._arrays.lengths(fieldname)
        said = np.zeros(1) if lengths is None else LENGTHS[lengths[ids]]
        return TermInfo(
            weight=float(weights.sum()),
            df=len(ids),
            minlength=int(said.min()),
            maxlength=int(said.max()),
            maxweight=float(weights.max()),
            minid=int(ids[0]),
            maxid=int(ids[-1]),
        )

    def frequency(self, fieldname: str, text: bytes) -> float:
        field, row = self._find(fieldname, text)
        return float(field.weights(row).sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        field = self._arrays.field(fieldname)
        return 0 if field is None else field.document_frequency(field.row(text))

    def matcher(self, fieldname: str, text: bytes, format_: Format, scorer: Any = None) -> _Matcher:
        field, row = self._find(fieldname, text)
        return _Matcher(field, row, self.term_info(fieldname, text), format_, (fieldname, text), scorer)


class _Cursor(base.FieldCursor):  # type: ignore[misc]
    def __init__(self, reader: TermsReader, field: PostingField, name: str, fieldobj: FieldType) -> None:
        self._reader, self._field, self._name, self._fieldobj = reader, field, name, fieldobj
        self._row = 0

    def first(self) -> str | None:
        self._row = 0
        return self.text()

    def find(self, term: str | bytes) -> str | None:
        text = term if isinstance(term, bytes) else self._fieldobj.to_bytes(term)
        self._row = self._field.first_row_from(text)
        return self.text()

    def next(self) -> str | None:
        self._row += 1
        return self.text()

    def text(self) -> str | None:
        return self._fieldobj.from_bytes(self._field.term(self._row)) if self.is_valid() else None

    def term_info(self) -> TermInfo | None:
        return self._reader.term_info(self._name, self._field.term(self._row)) if self.is_valid() else None

    def is_valid(self) -> bool:
        return self._row < len(self._field)


class _Matcher(LeafMatcher):  # type: ignore[misc]
    """Steps through the postings of a word, all of them as one block, for what asks in Whoosh's own way."""

    def __init__(
        self, field: PostingField, row: int, info: TermInfo, format_: Format, term: tuple[str, bytes], scorer: Any
    ) -> None:
        self.scorer, self.format = scorer, format_
        self._field, self._row, self._info, self._term = field, row, info, term
        self._ids: npt.NDArray[Any] = field.documents(row)
        self._weights = field.weights(row)
        self._place = 0

    def copy(self) -> _Matcher:
        other = _Matcher(self._field, self._row, self._info, self.format, self._term, self.scorer)
        other._place = self._place
        return other

    def is_active(self) -> bool:
        return self._place < len(self._ids)

    def reset(self) -> None:
        self._place = 0

    def id(self) -> int:
        return int(self._ids[self._place])

    def all_ids(self) -> Iterator[int]:
        return iter(self._ids[self._place :].tolist())

    def next(self) -> bool:
        if not self.is_active():
            raise ReadTooFar
        self._place += 1
        return True

    def skip_to(self, id: int) -> None:  # noqa: A002 - Whoosh's protocol
        if not self.is_active():
            raise ReadTooFar
        self._place += int(self._ids[self._place :].searchsorted(id))

    def skip_to_quality(self, minquality: float) -> int:
        if self.is_active() and self.block_quality() <= minquality:
            self._place = len(self._ids)
            return 1
        return 0

    def weight(self) -> float:
        return float(self._weights[self._place])

    def value(self) -> bytes | None:
        """As Whoosh's own codec gives it back."""
        positions = self._positions()
        if positions is not None:
            return bytes(self.format.encode(positions))
        return int(self._frequency()).to_bytes(4, "big") if isinstance(self.format, Frequency) else None

    def value_as(self, astype: str) -> Any:
        if astype == "positions" and (positions := self._positions()) is not None:
            return positions
        return super().value_as(astype)

    def _frequency(self) -> int:
        frequencies = self._field.frequencies(self._row)
        return 1 if frequencies is None else int(frequencies[self._place])

    def _positions(self) -> list[int] | None:
        if not self._field.has_positions:
            return None
        positions, counts = self._field.positions(self._row)
        end = int(counts[: self._place + 1].sum())
        found: list[int] = positions[end - int(counts[self._place]) : end].tolist()
        return found

    def block_min_length(self) -> int:
        return int(self._info.min_length())

    def block_max_length(self) -> int:
        return int(self._info.max_length())

    def block_max_weight(self) -> float:
        return float(self._info.max_weight())

    def block_max_id(self) -> int:
        return int(self._ids[-1])

    def block_min_id(self) -> int:
        return int(self._ids[0])
