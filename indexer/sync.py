"""Store changes → index: bring the live generation up to date, or build a new one beside it and swap."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from whoosh import index as whoosh_index
from whoosh.codec.base import Segment
from whoosh.reading import SegmentReader
from whoosh.writing import MERGE_SMALL, NO_MERGE, SegmentWriter

from corpus.store import DocumentStore
from corpus.stored import Change
from indexer.catalog_mapping import index_rows
from indexer.errors import IndexBusyError, IndexMissingError, IndexOutdatedError
from indexer.fields import schema
from indexer.generations import IndexFolder, read_meta, write_meta

# How many documents one commit takes in. A kill loses at most these; fewer would leave many small segments.
COMMIT_DOCUMENTS = 20_000

# How much text one commit takes in at most, in characters: what bounds the writer's memory when documents are long.
COMMIT_CHARACTERS = 20_000_000

# How many documents are read from the store at a time.
_READ_BATCH = 200

_WRITER_MEMORY_MB = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncSummary:
    """What was done: documents taken in and out, seconds it took, the change number that the index stands at."""

    indexed: int
    removed: int
    seconds: float
    change: int
    rebuilt: bool


Progress = Callable[[int, int], None]  # documents done, documents in all
MergePolicy = Callable[[SegmentWriter, list[Segment]], list[Segment]]


def sync(
    store: DocumentStore, folder: IndexFolder, *, rebuild: bool = False, on_progress: Progress | None = None
) -> SyncSummary:
    """Bring the index up to the store's last change.

    Without a live index, with an outdated one, or with ``rebuild``, a new generation is built beside it and swapped in
    when it is complete; one that a kill left unfinished is gone on with.

    Raises IndexBusyError if another process writes.
    """
    folder.path.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder.path / "writer.lock", timeout=0):
            return _sync(store, folder, rebuild, on_progress or (lambda *_: None))
    except Timeout:
        raise IndexBusyError("another gongkai is writing the index; wait until it is done") from None


def purge(store: DocumentStore, folder: IndexFolder) -> SyncSummary:
    """`sync`, and then leave nothing of removed documents on the disk.

    A deleted document's words stay in its segment until that is written anew, so each segment that has one is.
    """
    summary = sync(store, folder)
    try:
        with FileLock(folder.path / "writer.lock", timeout=0):
            generation = folder.live()
            with _writing(generation, _rewrite_segments_with_deletions):
                pass
            write_meta(generation, summary.change)
            folder.go_live(generation)  # it is; what a killed rebuild left beside it goes
    except Timeout:
        raise IndexBusyError("another gongkai is writing the index; purge again when it is done") from None
    return summary


def _sync(store: DocumentStore, folder: IndexFolder, rebuild: bool, on_progress: Progress) -> SyncSummary:
    started = time.monotonic()
    try:
        generation = folder.live()
    except (IndexMissingError, IndexOutdatedError):
        rebuild = True
    if rebuild:
        generation = folder.unfinished() or folder.new()
    if not whoosh_index.exists_in(generation):
        whoosh_index.create_in(generation, schema()).close()
    meta = read_meta(generation)
    change = meta.change if meta else 0
    total = store.change_count(after=change)
    indexed = removed = 0
    for batch in _commits(store, change):
        with _writing(generation, NO_MERGE if rebuild else MERGE_SMALL) as writer:
            for entry, rows in batch:
                writer.delete_by_term("parent", entry.document_id)
                for fields in rows:
                    writer.add_document(**fields)
                indexed += bool(rows)
                removed += not rows
                change = entry.number
                on_progress(indexed + removed, total)
        write_meta(generation, change)
    if meta is None:
        write_meta(generation, change)
    if rebuild:
        folder.go_live(generation)
    return SyncSummary(
        indexed=indexed, removed=removed, seconds=time.monotonic() - started, change=change, rebuilt=rebuild
    )


def _commits(store: DocumentStore, after: int) -> Iterator[list[tuple[Change, list[dict[str, object]]]]]:
    """What each commit takes in: changes with what to index, nothing for a document to take out.

    A document that changes while we read comes again; never twice in one commit, where Whoosh would not see the first.
    """
    batch: list[tuple[Change, list[dict[str, object]]]] = []
    characters, inside = 0, set[str]()
    while changes := store.changes(after, _READ_BATCH):
        after = changes[-1].number
        live = {
            stored.document.id: stored.document
            for stored in store.documents([change.document_id for change in changes if change.live])
            if stored.state == "live"  # still: it may have been withdrawn since
        }
        for change in changes:
            full = len(batch) >= COMMIT_DOCUMENTS or characters >= COMMIT_CHARACTERS
            if batch and (full or change.document_id in inside):
                yield batch
                batch, characters, inside = [], 0, set()
            document = live.get(change.document_id)
            rows = index_rows(document) if document else []
            batch.append((change, rows))
            inside.add(change.document_id)
            characters += sum(len(str(fields["body"])) for fields in rows)
    if batch:
        yield batch


@contextmanager
def _writing(generation: Path, merge_policy: MergePolicy) -> Iterator[SegmentWriter]:
    """A Whoosh writer that commits at the end of the block, or changes nothing and leaves no lock behind."""
    opened = whoosh_index.open_dir(generation)
    writer = opened.writer(limitmb=_WRITER_MEMORY_MB, compound=False)
    try:
        yield writer
        writer.commit(mergetype=merge_policy)
    except BaseException:
        if not writer.is_closed:
            try:
                writer.cancel()
            except Exception:  # after a commit that failed half-way cancel fails as well, and leaves the lock
                writer.writelock.release()
        raise
    finally:
        opened.close()


def _rewrite_segments_with_deletions(writer: SegmentWriter, segments: list[Segment]) -> list[Segment]:
    kept = []
    for segment in segments:
        if segment.has_deletions():
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
        else:
            kept.append(segment)
    return kept
