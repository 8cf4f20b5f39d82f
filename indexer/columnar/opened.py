"""An index as it stood at one commit: its segments, mapped, and what holds for all of them together.

A segment never changes; a commit makes new ones and says which documents of the old ones are deleted. So what was
opened goes on answering whatever is written meanwhile, and may be used by any number of threads.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from indexer.columnar.segment import SegmentArrays
from indexer.columnar.whoosh_segment import ColumnarSegment

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class OpenSegment:
    """A segment in an index: ``offset`` is the number of its first document, ``alive`` None if none is deleted."""

    id: str
    arrays: SegmentArrays
    offset: int
    alive: Mask | None

    @property
    def size(self) -> int:
        """How many documents it has, deleted ones too."""
        return self.arrays.size


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """All segments of one commit; ``size`` counts deleted documents too, as Whoosh's statistics do."""

    schema: Schema
    generation: int
    segments: tuple[OpenSegment, ...]
    size: int

    def document_frequency(self, field: str, term: bytes) -> int:
        """How many documents have the word in the field, deleted ones included."""
        found = ((part.arrays.field(field), part) for part in self.segments)
        return sum(postings.document_frequency(postings.row(term)) for postings, _ in found if postings is not None)

    def average_length(self, field: str) -> float:
        """The words of a field over all documents, those without it too; 0 for an empty index."""
        return sum(part.arrays.total_length(field) for part in self.segments) / self.size if self.size else 0.0

    def segment_of(self, number: int) -> tuple[OpenSegment, int]:
        """The segment that holds a document, and its number there. Raises IndexError."""
        for part in self.segments:
            if 0 <= number - part.offset < part.size:
                return part, number - part.offset
        raise IndexError(number)


def open_index(folder: Path, before: OpenIndex | None = None, name: str = "MAIN") -> OpenIndex:
    """Open what was committed last; the segments that ``before`` has mapped already are taken from there.

    Raises EmptyIndexError (Whoosh's) where there is no index, FileNotFoundError when a newer commit has removed files
    meanwhile, IndexDamagedError for a torn file.
    """
    contents = TOC.read(FileStorage(str(folder)), name)
    mapped = {part.id: part.arrays for part in before.segments} if before else {}
    segments: list[OpenSegment] = []
    offset = 0
    for segment in contents.segments:
        size = segment.doc_count_all()
        if not size:
            continue
        found = mapped.get(segment.segment_id()) or SegmentArrays(folder, segment.segment_id(), size)
        segments.append(OpenSegment(segment.segment_id(), found, offset, living(segment)))
        offset += size
    return OpenIndex(contents.schema, contents.generation, tuple(segments), offset)


def living(segment: ColumnarSegment) -> Mask | None:
    """Which documents of a segment are not deleted; None if none is."""
    if not segment.has_deletions():
        return None
    alive: Mask = np.ones(segment.doc_count_all(), np.bool_)
    alive[list(segment.deleted_docs())] = False
    return alive
