"""What follows a change of the corpus: the index is brought up to it, and then what is made of the index.

The phrasebook (words, titles, numbers, agencies and catalog items, for corrections and suggestions) stands beside the
segments of its generation as ``phrasebook.gk``, and what documents say to be other names of things as
``abbreviations.json``; ``phrasebook.json`` says at which change of the store both were made.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from itertools import islice
from pathlib import Path

from filelock import FileLock

from corpus.models import Document
from corpus.store import DocumentStore
from indexer.abbreviations import ABBREVIATIONS, Introductions, write_abbreviations
from indexer.catalog_mapping import index_rows
from indexer.duplicates.signatures import refresh_signatures
from indexer.engine import SearchEngine
from indexer.engines import open_engine
from indexer.generations import Generations, write_atomically
from indexer.mapping import date_of, issuers_of
from indexer.phrasebook_layout import Kind
from indexer.phrasebook_writer import Entry, build
from indexer.sync import Progress, SyncSummary, purge, sync
from indexer.twins import refresh_twins
from indexer.vectors import Vectors
from indexer.whoosh_engine import PHRASEBOOK

# A phrasebook of so many documents is made in some 3 s, so always; of more only when one in a hundred has changed.
_ALWAYS_DOCUMENTS = 20_000
_CHANGED_SHARE = 0.01

# How many words are counted at a time: what bounds the postings in memory.
_COUNTED_AT_ONCE = 2_000


def bring_up(
    store: DocumentStore, folder: Generations, *, rebuild: bool = False, on_progress: Progress | None = None
) -> SyncSummary:
    """`sync`, and then make the phrasebook anew where it lags behind. Raises what `sync` raises."""
    summary = sync(store, folder, rebuild=rebuild, on_progress=on_progress)
    _refresh(store, folder)
    refresh_signatures(store, folder.live())
    refresh_twins(store, folder.live())
    Vectors(folder.path).drop_changed(store)
    return summary


def bring_up_and_purge(store: DocumentStore, folder: Generations) -> SyncSummary:
    """`purge`, and a phrasebook without what was removed. Raises what `purge` raises."""
    summary = purge(store, folder)
    _refresh(store, folder, always=True)
    refresh_signatures(store, folder.live(), rebuild=True)
    refresh_twins(store, folder.live())
    Vectors(folder.path).drop_changed(store)
    return summary


def _refresh(store: DocumentStore, folder: Generations, *, always: bool = False) -> None:
    """One at a time: who made it from an older state of the store must not be the last to write it."""
    with FileLock(folder.path / "phrasebook.lock"):
        _refresh_alone(store, folder, always=always)


def _refresh_alone(store: DocumentStore, folder: Generations, *, always: bool) -> None:
    generation = folder.live()
    change = store.last_change()
    made_at = _made_at(generation)
    with closing(open_engine(folder)) as engine:
        documents = engine.document_count()
        # What was taken out must not be suggested, whoever took it out: another machine, or a process that was killed.
        if made_at is not None and not always and not store.has_removed(after=made_at):
            behind, few = change - made_at, documents <= _ALWAYS_DOCUMENTS
            if behind == 0 or not (few or behind > documents * _CHANGED_SHARE):
                return
        titles: list[tuple[date, str, str]] = []
        issuers: Counter[str] = Counter()
        more: list[Entry] = []
        introductions = Introductions()
        for stored in store.live_documents():
            document = stored.document
            titles.append((date_of(document) or date.min, document.id, document.title))
            issuers.update(issuers_of(document))
            more += _entries(document)
            introductions.read(document)
        titles.sort(key=lambda item: item[0], reverse=True)
        more += [Entry(Kind.AGENCY, name, "", count) for name, count in issuers.items()]
        write_abbreviations(generation, introductions.agreed())
        build(generation / PHRASEBOOK, _counted(engine), ((name, title) for _, name, title in titles), more)
    write_atomically(_note(generation), json.dumps({"change": change}))


def _entries(document: Document) -> Iterator[Entry]:
    if document.document_number:
        yield Entry(Kind.NUMBER, document.document_number, document.id)
    if document.all_entries:
        for row in index_rows(document)[1:]:
            yield Entry(Kind.ITEM, str(row["title"]), str(row["id"]))


def _counted(engine: SearchEngine) -> Iterator[tuple[str, int]]:
    """Every word of the index with the number of documents that have it."""
    words = engine.vocabulary()
    while some := list(islice(words, _COUNTED_AT_ONCE)):
        yield from zip(some, engine.document_frequencies(some), strict=True)


def _made_at(generation: Path) -> int | None:
    """The change at which the phrasebook was made; None if there is none."""
    try:
        change: int = json.loads(_note(generation).read_text("utf-8"))["change"]
    except (FileNotFoundError, ValueError, KeyError):
        return None
    return change if all((generation / name).is_file() for name in (PHRASEBOOK, ABBREVIATIONS)) else None


def _note(generation: Path) -> Path:
    return generation / "phrasebook.json"
