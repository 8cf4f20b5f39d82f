"""What the table of contents of an index says of a segment: its name, its size, which documents are deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whoosh.codec import base

if TYPE_CHECKING:
    from indexer.columnar.codec import ColumnarCodec


class ColumnarSegment(base.Segment):  # type: ignore[misc]
    """What the table of contents of the index says of a segment: its name, its size, which documents are deleted."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self._size = 0
        self._deleted: set[int] = set()

    def codec(self) -> ColumnarCodec:
        from indexer.columnar.codec import ColumnarCodec  # the codec makes segments, and a segment names its codec

        return ColumnarCodec()

    def should_assemble(self) -> bool:
        return False

    def set_doc_count(self, doccount: int) -> None:
        self._size = doccount

    def doc_count_all(self) -> int:
        return self._size

    def deleted_count(self) -> int:
        return len(self._deleted)

    def deleted_docs(self) -> set[int]:
        return self._deleted

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        if delete:
            self._deleted.add(docnum)
        else:
            self._deleted.discard(docnum)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self._deleted
