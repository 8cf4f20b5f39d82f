"""Store changes → index: bring the live generation up to date, or build a new one beside it and swap."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock, Timeout
from whoosh import index as whoosh_index

from corpus.models import Document
from corpus.store import DocumentStore
from indexer.catalog_mapping import index_rows
from indexer.columnar.verification import verify_index
from indexer.columnar.writer import ColumnarWriter
from indexer.errors import IndexBusyError, IndexDamagedError, IndexMissingError, IndexOutdatedError
from indexer.fields import schema
from indexer.generations import IndexFolder, read_meta, write_meta

log = logging.getLogger(__name__)


# How many documents, and how many characters of text, one commit takes in. A kill loses at most these: some 20 s of
# work. Memory does not depend on them. No more documents than a segment has (`columnar.tiers`).
COMMIT_DOCUMENTS = 65_000
COMMIT_CHARACTERS = 50_000_000

# How many documents, and how many characters, a worker is given at a time: what bounds the memory of all processes.
_BATCH_DOCUMENTS = 4_000
_BATCH_CHARACTERS = 500_000

# For how long files that were found whole, and that nobody touched since, are taken to be: what rots on a disk does so
# in months.
_TRUSTED_S = 24 * 3600.0

# How many documents are read from the store at a time.
_READ_BATCH = 500

# Starting workers takes about 2 s; without them so many documents take 0.5 s where they are short, 5 s where long.
_WORTH_WORKERS = 1_000

# Each takes some 170 MB and prepares 3,000 short documents a second; the store gives no more than 10,000.
_MOST_WORKERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncSummary:
    """What was done: documents taken in and out, seconds it took, the change number that the index stands at."""

    indexed: int
    removed: int
    seconds: float
    change: int
    rebuilt: bool


Progress = Callable[[int, int], None]  # documents done, documents in all


def sync(
    store: DocumentStore, folder: IndexFolder, *, rebuild: bool = False, on_progress: Progress | None = None
) -> SyncSummary:
    """Bring the index up to the store's last change.

    Without a live index, with an outdated or a damaged one, or with ``rebuild``, a new generation is built beside it
    and swapped in when it is complete; one that a kill left unfinished is gone on with.

    Raises IndexBusyError if another process writes. That one takes in what came while it wrote: it looks at the store
    once more when it has let the index go.
    """
    folder.path.mkdir(parents=True, exist_ok=True)
    summary: SyncSummary | None = None
    while summary is None or store.change_count(after=summary.change):
        try:
            with FileLock(folder.path / "writer.lock", timeout=0):
                done = _sync(store, folder, rebuild and summary is None, on_progress or (lambda *_: None))
        except Timeout:
            if summary is not None:  # the other one has the rest
                break
            raise IndexBusyError("another gongkai is writing the index; wait until it is done") from None
        summary = done if summary is None else _together(summary, done)
    return summary


def purge(store: DocumentStore, folder: IndexFolder) -> SyncSummary:
    """`sync`, and then leave nothing of removed documents on the disk.

    A deleted document's words stay in its segment until that is written anew, so each segment that has one is.
    """
    summary = sync(store, folder)
    try:
        with FileLock(folder.path / "writer.lock", timeout=0):
            generation = folder.live()
            with ColumnarWriter(generation, index_rows) as writer:
                writer.purge()
            write_meta(generation, summary.change)
            folder.go_live(generation)  # it is; what a killed rebuild left beside it goes
    except Timeout:
        raise IndexBusyError("another gongkai is writing the index; purge again when it is done") from None
    return summary


def _together(first: SyncSummary, then: SyncSummary) -> SyncSummary:
    return SyncSummary(
        indexed=first.indexed + then.indexed,
        removed=first.removed + then.removed,
        seconds=first.seconds + then.seconds,
        change=then.change,
        rebuilt=first.rebuilt or then.rebuilt,
    )


def _sync(store: DocumentStore, folder: IndexFolder, rebuild: bool, on_progress: Progress) -> SyncSummary:
    started = time.monotonic()
    generation = None if rebuild else _whole(folder)
    rebuilt = generation is None
    if generation is None:
        generation = _unfinished(folder) or folder.new()
    if not whoosh_index.exists_in(generation):
        whoosh_index.create_in(generation, schema()).close()
    meta = read_meta(generation)
    change = meta.change if meta else 0
    total = store.change_count(after=change)
    indexed = removed = 0
    workers = min(os.cpu_count() or 1, _MOST_WORKERS) if total >= _WORTH_WORKERS else 0
    inside, characters = set[str](), 0  # of what the next commit takes in
    with ColumnarWriter(generation, index_rows, workers=workers) as writer:
        for batch in _batches(store, change):
            full = len(inside) + len(batch.ids) > COMMIT_DOCUMENTS or characters >= COMMIT_CHARACTERS
            # A document that changes while we read comes again; in one commit the first would not be taken out.
            if inside and (full or not inside.isdisjoint(batch.ids)):
                writer.commit()
                write_meta(generation, change)
                inside, characters = set(), 0
            writer.delete("parent", batch.ids)
            if batch.documents:
                writer.add(batch.documents)
            inside.update(batch.ids)
            characters += batch.characters
            change = batch.change
            indexed += len(batch.documents)
            removed += len(batch.ids) - len(batch.documents)
            for done in range(indexed + removed - len(batch.ids), indexed + removed):
                on_progress(done + 1, total)
        writer.commit()
        write_meta(generation, change)
        if writer.merge():
            write_meta(generation, change)  # readers look at it to see that something changed
    if rebuilt:
        folder.go_live(generation)
    return SyncSummary(
        indexed=indexed, removed=removed, seconds=time.monotonic() - started, change=change, rebuilt=rebuilt
    )


def _whole(folder: IndexFolder) -> Path | None:
    """The live generation; None if there is none that can be gone on with."""
    try:
        generation = folder.live()
        verify_index(generation, trusted_s=_TRUSTED_S)
    except (IndexMissingError, IndexOutdatedError):
        return None
    except IndexDamagedError as error:
        log.warning("the index is damaged (%s); it is built anew from the store", error)
        return None
    return generation


def _unfinished(folder: IndexFolder) -> Path | None:
    """What a kill left of a rebuild, if it is whole."""
    generation = folder.unfinished()
    try:
        if generation is not None:
            verify_index(generation)
    except IndexDamagedError:
        return None
    return generation


@dataclass(slots=True)
class _Batch:
    """Changes up to number ``change``: the documents that changed, each once, and those of them to be indexed."""

    ids: list[str] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    characters: int = 0
    change: int = 0


def _batches(store: DocumentStore, after: int) -> Iterator[_Batch]:
    batch, inside = _Batch(), set[str]()
    while changes := store.changes(after, _READ_BATCH):
        after = changes[-1].number
        live = {
            stored.document.id: stored.document
            for stored in store.documents([change.document_id for change in changes if change.live])
            if stored.state == "live"  # still: it may have been withdrawn since
        }
        for change in changes:
            full = len(inside) >= min(_BATCH_DOCUMENTS, COMMIT_DOCUMENTS) or batch.characters >= _BATCH_CHARACTERS
            if full or change.document_id in inside:
                yield batch
                batch, inside = _Batch(), set()
            inside.add(change.document_id)
            batch.ids.append(change.document_id)
            batch.change = change.number
            document = live.get(change.document_id)
            if document is not None:
                batch.documents.append(document)
                batch.characters += _length(document)
    if batch.ids:
        yield batch


def _length(document: Document) -> int:
    """How much text there is in a document and its files, in characters; that of catalog rows stands there as well."""
    return len(document.body) + sum(len(item.text) for item in document.attachments)
