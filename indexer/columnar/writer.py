"""Writing an index: documents come in bulk, go out by a word, and a commit makes all of it visible at once.

What comes is written as segments of some thousand documents (runs), on several cores; a commit merges its runs, waits
until the files are on the disk, and renames a new table of contents to its name: before that nothing has changed, after
it everything has. What a kill leaves behind is removed when the next writer opens.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, clean_files

from indexer.columnar.disk import wait_for_disk
from indexer.columnar.lookup import documents_with
from indexer.columnar.runs import Row, merge_segments, write_runs
from indexer.columnar.segment import DOCUMENTS, POSTINGS, SegmentArrays
from indexer.columnar.tiers import Candidate, Group, packed, tiers
from indexer.columnar.whoosh_segment import ColumnarSegment
from indexer.columnar.workers import Workers, result_of
from indexer.errors import IndexBusyError

Item = TypeVar("Item")


class ColumnarWriter(Generic[Item]):
    """The one writer of the index in ``folder``: ``make_rows`` (a function of a module) says what an item becomes.

    A context manager, of one thread. Raises IndexBusyError while another writer, also one of Whoosh's, has the index;
    EmptyIndexError (Whoosh's) where there is none; IndexerError if a worker died. After an error the last commit
    stands.
    """

    def __init__(
        self, folder: Path, make_rows: Callable[[Item], Iterable[Row]], *, workers: int = 0, name: str = "MAIN"
    ) -> None:
        self._folder, self._name, self._make_rows = folder, name, make_rows
        self._workers = Workers(workers)
        self._storage = _DurableStorage(str(folder))
        self._lock = self._storage.lock(f"{name}_WRITELOCK")
        self._segments: list[ColumnarSegment] = []
        self._committed: list[ColumnarSegment] = []
        self._runs: list[ColumnarSegment] = []
        self._coming: deque[Future[list[ColumnarSegment]]] = deque()
        self._gone: dict[str, set[str]] = {}
        self._arrays: dict[str, SegmentArrays] = {}

    def __enter__(self) -> Self:
        if not self._lock.acquire():
            raise IndexBusyError(f"another program writes the index {self._folder.name}; wait until it is done")
        try:
            contents = TOC.read(self._storage, self._name)
            self._schema, self._generation = contents.schema, contents.generation
            self._segments = list(contents.segments)
            self._committed = list(contents.segments)
            self._clean()
        except BaseException:
            self._lock.release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._workers.close()
            self._clean()
        finally:
            self._lock.release()

    def delete(self, field: str, terms: Iterable[str]) -> None:
        """Take out those documents of earlier commits that have one of these words in a field."""
        self._gone.setdefault(field, set()).update(terms)

    def add(self, items: Sequence[Item]) -> None:
        """Take in what these items become, after what came before. The work may still be going on when this returns."""
        while len(self._coming) > 2 * self._workers.count:  # each worker has one more waiting for it
            self._finish_oldest()
        work = self._workers.submit(write_runs, self._folder, self._name, self._schema, self._make_rows, items)
        self._coming.append(work)

    def commit(self) -> None:
        """Make everything since the last commit visible, and wait until it is on the disk."""
        while self._coming:
            self._finish_oldest()
        runs = self._merged(packed([self._candidate(run) for run in self._runs]), rewrite=[])
        if self._delete() or runs:
            self._publish([*self._segments, *runs])
        self._runs = []

    def merge(self) -> bool:
        """Merge segments where they have become many, or much of one is deleted: a commit that changes no answer.

        Tells if there was anything to do.
        """
        groups = tiers(self._living())
        return self._regroup(groups, [group for group in groups if group[0].is_worn])

    def purge(self) -> bool:
        """Write each segment anew that has a deleted document, so that nothing of that is left on the disk.

        Tells if there was one.
        """
        groups = [[candidate] for candidate in self._living()]
        return self._regroup(groups, [group for group in groups if group[0].segment.has_deletions()])

    def _finish_oldest(self) -> None:
        runs = result_of(self._coming.popleft())
        self._runs += runs

    def _regroup(self, groups: list[Group], rewrite: list[Group]) -> bool:
        segments = self._merged(groups, rewrite)
        changed = segments != self._segments
        if changed:
            self._publish(segments)
        return changed

    def _merged(self, groups: list[Group], rewrite: list[Group]) -> list[ColumnarSegment]:
        """What the groups become: those of several segments, and those to be rewritten, a new segment each."""
        coming = [
            self._workers.submit(
                merge_segments,
                self._folder,
                self._name,
                self._schema,
                [candidate.segment for candidate in group],
            )
            if len(group) > 1 or group in rewrite
            else group[0].segment
            for group in groups
        ]
        return [result_of(segment) if isinstance(segment, Future) else segment for segment in coming]

    def _living(self) -> list[Candidate]:
        """The segments that have a document which is not deleted."""
        candidates = map(self._candidate, self._segments)
        return [candidate for candidate in candidates if candidate.documents]

    def _candidate(self, segment: ColumnarSegment) -> Candidate:
        sizes = ((self._folder / segment.make_filename(end)).stat().st_size for end in (DOCUMENTS, POSTINGS))
        return Candidate(segment, segment.doc_count(), sum(sizes))

    def _delete(self) -> bool:
        """Mark what is to go; tells if there was any."""
        found = False
        for field, terms in self._gone.items():
            wanted = [self._schema[field].to_bytes(term) for term in terms]
            for segment in self._segments:
                deleted = segment.deleted_docs()
                before = len(deleted)
                deleted.update(documents_with(self._arrays_of(segment), field, wanted).tolist())
                found |= len(deleted) > before
        self._gone = {}
        return found

    def _arrays_of(self, segment: ColumnarSegment) -> SegmentArrays:
        key = segment.segment_id()
        if key not in self._arrays:
            self._arrays[key] = SegmentArrays(self._folder, key, segment.doc_count_all())
        return self._arrays[key]

    def _publish(self, segments: list[ColumnarSegment]) -> None:
        self._segments = [segment for segment in segments if segment.doc_count()]
        TOC(self._schema, self._segments, self._generation + 1).write(self._storage, self._name)
        # From here on it is committed; if the table could not be written, cleaning takes everything back.
        self._generation += 1
        self._committed = list(self._segments)
        kept = {segment.segment_id() for segment in self._segments}
        self._arrays = {key: arrays for key, arrays in self._arrays.items() if key in kept}
        self._clean()

    def _clean(self) -> None:
        """Remove the files that the last commit does not name."""
        clean_files(self._storage, self._name, self._generation, self._committed)
        for left in self._folder.glob(f"_{self._name}_*.toc.*"):  # a table that a kill kept from its name
            left.unlink()


class _DurableStorage(FileStorage):  # type: ignore[misc]
    """Whoosh's files, of which a renamed one is on the disk under its new name."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        wait_for_disk(Path(self.folder) / oldname)
        super().rename_file(oldname, newname, safe)
        wait_for_disk(Path(self.folder))
