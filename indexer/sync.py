"""Store changes → index: bring the live generation up to date, or build a new one beside it and swap."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from corpus.errors import LockHeldError
from corpus.locks import Held
from corpus.models import Document
from corpus.store import DocumentStore
from indexer.errors import IndexBusyError
from indexer.generations import Generations

# How many documents, and how many characters of text, one commit takes in. A kill loses at most these: some 20 s of
# work. Memory does not depend on them. No more documents than a segment has (`columnar.tiers`).
COMMIT_DOCUMENTS = 65_000
COMMIT_CHARACTERS = 50_000_000

# How many documents, and how many characters, a worker is given at a time: what bounds the memory of all processes.
_BATCH_DOCUMENTS = 4_000
_BATCH_CHARACTERS = 500_000

# How many documents are read from the store at a time.
_READ_BATCH = 500

# Starting workers takes about 2 s; without them so many documents take 0.5 s where they are short, 5 s where long.
_WORTH_WORKERS = 1_000

# Each takes some 170 MB and prepares 3,000 short documents a second; the store gives no more than 10,000.
_MOST_WORKERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncSummary:
    """What was done: documents taken in and out, seconds it took, the change number that the index stands at.

    ``refused`` are the documents that the engine would not take, each with its reason.
    """

    indexed: int
    removed: int
    seconds: float
    change: int
    rebuilt: bool
    refused: tuple[tuple[str, str], ...] = ()


Progress = Callable[[int, int], None]  # documents done, documents in all


def sync(
    store: DocumentStore, index: Generations, *, rebuild: bool = False, on_progress: Progress | None = None
) -> SyncSummary:
    """Bring the index up to the store's last change.

    Without a live index, with an outdated or a damaged one, or with ``rebuild``, a new generation is built beside it
    and swapped in when it is complete; one that a kill left unfinished is gone on with.

    Raises IndexBusyError if another process writes. That one takes in what came while it wrote: it looks at the store
    once more when it has let the index go. Raises LockLostError, and makes nothing final, if another may write now.
    """
    locks = index.locks(store)
    summary: SyncSummary | None = None
    while summary is None or store.change_count(after=summary.change):
        try:
            with locks.held("writer") as lock:
                done = _sync(store, index, rebuild and summary is None, on_progress or (lambda *_: None), lock)
        except LockHeldError:
            if summary is not None:  # the other one has the rest
                break
            raise IndexBusyError("another gongkai is writing the index; wait until it is done") from None
        summary = done if summary is None else _together(summary, done)
    return summary


def purge(store: DocumentStore, index: Generations) -> SyncSummary:
    """`sync`, and then leave nothing of removed documents on the disk.

    A deleted document's words stay in its segment until that is written anew, so each segment that has one is.
    """
    summary = sync(store, index)
    try:
        with index.locks(store).held("writer") as lock:
            generation = index.generation(rebuild=False)
            with generation.writing(0) as writer:
                writer.purge(summary.change)
            lock.assure()
            generation.go_live()  # it is; what a killed rebuild left beside it goes
    except LockHeldError:
        raise IndexBusyError("another gongkai is writing the index; purge again when it is done") from None
    return summary


def _together(first: SyncSummary, then: SyncSummary) -> SyncSummary:
    return SyncSummary(
        indexed=first.indexed + then.indexed,
        removed=first.removed + then.removed,
        seconds=first.seconds + then.seconds,
        change=then.change,
        rebuilt=first.rebuilt or then.rebuilt,
        refused=(*first.refused, *then.refused),
    )


def _sync(store: DocumentStore, index: Generations, rebuild: bool, on_progress: Progress, lock: Held) -> SyncSummary:
    started = time.monotonic()
    generation = index.generation(rebuild=rebuild)
    change = generation.change
    total = store.change_count(after=change)
    indexed = removed = 0
    workers = min(os.cpu_count() or 1, _MOST_WORKERS) if total >= _WORTH_WORKERS else 0
    inside, characters = set[str](), 0  # of what the next commit takes in
    with generation.writing(workers) as writer:
        for batch in _batches(store, change):
            full = len(inside) + len(batch.ids) > COMMIT_DOCUMENTS or characters >= COMMIT_CHARACTERS
            # A document that changes while we read comes again; in one commit the first would not be taken out.
            if inside and (full or not inside.isdisjoint(batch.ids)):
                lock.assure()
                writer.commit(change)
                inside, characters = set(), 0
            writer.take_in(batch.ids, batch.documents)
            inside.update(batch.ids)
            characters += batch.characters
            change = batch.change
            indexed += len(batch.documents)
            removed += len(batch.ids) - len(batch.documents)
            for done in range(indexed + removed - len(batch.ids), indexed + removed):
                on_progress(done + 1, total)
        lock.assure()
        writer.commit(change)
        writer.finish(change)
        refused = tuple(writer.refused)
    if generation.rebuilt:
        lock.assure()
        generation.go_live()
    return SyncSummary(
        indexed=indexed - len(refused),
        removed=removed,
        seconds=time.monotonic() - started,
        change=change,
        rebuilt=generation.rebuilt,
        refused=refused,
    )


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
