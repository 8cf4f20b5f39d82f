"""The codec by which Whoosh writes and reads our segments: any Whoosh code works on the same files that numpy maps."""

from __future__ import annotations

from pathlib import Path

from whoosh.codec import base
from whoosh.filedb.filestore import FileStorage

from indexer.columnar.segment import SegmentArrays
from indexer.columnar.whoosh_reading import DocumentReader, TermsReader
from indexer.columnar.whoosh_segment import ColumnarSegment
from indexer.columnar.whoosh_writing import DocumentWriter, FieldWriter


class ColumnarCodec(base.Codec):  # type: ignore[misc]
    """Keeps postings, lengths, columns and stored fields as array files in the folder of the index.

    It keeps fields of the formats Existence, Frequency and Positions, and columns of numbers, bits and byte strings;
    term vectors, other formats and other columns are refused with ValueError when they are written.
    """

    length_stats = False  # what `TermInfo` says of lengths is read from the lengths themselves

    def per_document_writer(self, storage: FileStorage, segment: ColumnarSegment) -> DocumentWriter:
        return DocumentWriter(Path(storage.folder), segment)

    def field_writer(self, storage: FileStorage, segment: ColumnarSegment) -> FieldWriter:
        return FieldWriter(Path(storage.folder), segment)

    def terms_reader(self, storage: FileStorage, segment: ColumnarSegment) -> TermsReader:
        return TermsReader(arrays_of(storage, segment))

    def per_document_reader(self, storage: FileStorage, segment: ColumnarSegment) -> DocumentReader:
        return DocumentReader(arrays_of(storage, segment), segment)

    def new_segment(self, storage: FileStorage, indexname: str) -> ColumnarSegment:  # noqa: ARG002 - Whoosh's protocol
        return ColumnarSegment(indexname)


class OpenedCodec(ColumnarCodec):
    """Reads one segment whose files are open already."""

    def __init__(self, arrays: SegmentArrays) -> None:
        self._arrays = arrays

    def terms_reader(self, storage: FileStorage, segment: ColumnarSegment) -> TermsReader:  # noqa: ARG002
        return TermsReader(self._arrays)

    def per_document_reader(self, storage: FileStorage, segment: ColumnarSegment) -> DocumentReader:  # noqa: ARG002
        return DocumentReader(self._arrays, segment)


def arrays_of(storage: FileStorage, segment: ColumnarSegment) -> SegmentArrays:
    """Open the files of a segment."""
    return SegmentArrays(Path(storage.folder), segment.segment_id(), segment.doc_count_all())
