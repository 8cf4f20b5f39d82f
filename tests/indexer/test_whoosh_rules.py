"""What we know about Whoosh (design §4), held as rules: readers, totals, locks, segments, postings."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread

import pytest
from whoosh import index as whoosh_index
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

import indexer.sync
from corpus.models import Document
from corpus.store import DocumentStore
from indexer.arrays import _read_postings
from indexer.engine import Query
from indexer.generations import IndexFolder
from indexer.matching import Snapshot
from indexer.sync import sync
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.papers import answers, keep, live_ids, notice, notices, segment_count

STEPS_OF_A_COMMIT = (
    "whoosh.writing.SegmentWriter._merge_segments",
    "whoosh.writing.SegmentWriter._finalize_segment",
    "whoosh.index.TOC.write",
    "whoosh.index.clean_files",
)


@pytest.fixture
def folder(tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path / "index")


@pytest.fixture
def engine(folder: IndexFolder) -> Iterator[WhooshEngine]:
    with closing(WhooshEngine(folder)) as opened:
        yield opened


def test_every_thread_has_readers_of_its_own_and_all_share_the_arrays(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine
) -> None:
    keep(store, notices(20))
    sync(store, folder)
    snapshots: list[Snapshot] = []
    together = Barrier(4)

    def ask() -> None:
        together.wait()
        engine.search(Query(text="停水"))
        first = engine._snapshot()
        engine.search(Query(text="储水"))
        assert engine._snapshot() is first
        snapshots.append(first)

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    readers = {id(reader) for snapshot in snapshots for reader in snapshot.readers}
    assert len(readers) == sum(len(snapshot.readers) for snapshot in snapshots) == 4
    assert len({id(snapshot.arrays) for snapshot in snapshots}) == 1


def test_totals_stay_exact_beside_deleted_documents_and_filters(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine
) -> None:
    keep(store, notices(30))
    sync(store, folder)
    with store.writing() as writer:
        writer.mark_gone(["n-1", "n-2", "n-3"])
    sync(store, folder)
    for limit in (0, 1, 10, 100):
        assert engine.search(Query(text="停水", limit=limit)).total == 27
        assert engine.search(Query(text="停水", filters={"site": ("nowhere",)}, limit=limit)).total == 0
        assert engine.search(Query(text="停水 鑫鑫", filters={"kind": ("guide",)}, limit=limit)).total == 9


@pytest.mark.parametrize("step", STEPS_OF_A_COMMIT)
def test_a_commit_that_fails_anywhere_changes_nothing_and_leaves_no_lock(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    keep(store, notices(12))
    sync(store, folder)
    before = answers(folder)
    keep(store, [notice(40, "新的正文。"), replace(notice(1), body="已改。")])

    def disk_full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(step, disk_full)
        with pytest.raises(OSError, match="No space left"):
            sync(store, folder)
    if step != "whoosh.index.clean_files":  # there the new table of contents is on the disk already
        assert answers(folder) == before
        assert engine.search(Query(text="新的正文")).total == 0
    assert sync(store, folder).indexed == 2
    assert engine.search(Query()).total == engine.document_count() == 13
    assert {hit.id for hit in engine.search(Query(limit=100)).hits} == live_ids(store)
    assert engine.search(Query(text='"新的正文"')).hits[0].id == "n-40"


def test_a_document_that_cannot_be_mapped_leaves_no_lock_either(
    store: DocumentStore, folder: IndexFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, notices(3))
    with monkeypatch.context() as broken:
        broken.setattr(SegmentWriter, "add_document", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sync(store, folder)
    assert sync(store, folder).indexed == 3


def test_segments_are_not_compound(store: DocumentStore, folder: IndexFolder) -> None:
    keep(store, notices(3))
    sync(store, folder)
    names = [path.name for path in folder.live().iterdir()]
    assert any(name.endswith(".pst") for name in names)
    assert not any(name.endswith(".seg") for name in names)  # Whoosh copies one into memory for every reader


def test_postings_by_block_are_those_by_step(
    store: DocumentStore, folder: IndexFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists of one posting, of a few, and of several blocks (of 128), some of them of deleted documents."""
    monkeypatch.setattr(indexer.sync, "COMMIT_DOCUMENTS", 600)
    chance = random.Random(128)
    said = {"天": 1.0, "地": 0.5, "玄": 0.21, "黄": 0.02}
    documents = [
        Document(
            id=f"p-{number}",
            title="千字文",
            body="。".join(word for word, share in said.items() for _ in range(3) if chance.random() < share)
            + ("。宇" if number == 77 else "")
            + ("。宙" * 5 if number in (5, 127, 128, 129) else ""),
        )
        for number in range(900)
    ]
    keep(store, documents)
    sync(store, folder)
    with store.writing() as writer:
        writer.mark_gone(f"p-{number}" for number in range(0, 900, 13))
    sync(store, folder)
    assert segment_count(folder.live()) == 2
    blocks, singles, words = 0, 0, 0
    opened = whoosh_index.open_dir(folder.live())
    with closing(opened.reader()) as reader:
        for leaf, _ in reader.leaf_readers():
            for field, text in leaf.all_terms():
                if field not in ("title", "body"):
                    continue
                words += 1
                stepped = _stepped(leaf, field, text)
                ids, frequencies = _read_postings(leaf, field, text.decode())
                assert list(zip(ids.tolist(), frequencies.tolist(), strict=True)) == stepped, text
                blocks += len(stepped) > 128
                singles += len(stepped) == 1
    opened.close()
    assert words > 8
    assert blocks >= 4
    assert singles >= 1


def test_a_word_that_is_nowhere_has_no_postings(store: DocumentStore, folder: IndexFolder) -> None:
    keep(store, notices(2))
    sync(store, folder)
    opened = whoosh_index.open_dir(folder.live())
    with closing(opened.reader()) as reader:
        for leaf, _ in reader.leaf_readers():
            ids, frequencies = _read_postings(leaf, "body", "鑫鑫")
            assert (len(ids), len(frequencies)) == (0, 0)
    opened.close()


def test_words_that_are_nowhere_do_not_fill_the_memory(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, notices(2))
    sync(store, folder)
    monkeypatch.setattr("indexer.arrays.POSTINGS_CACHE_BYTES", 10_000)
    for number in range(200):
        engine.search(Query(text=f"nowhere{number}"))
    assert len(engine._snapshot().arrays._cache) <= 20
    assert engine.search(Query(text="停水")).total == 2


def _stepped(leaf: SegmentReader, field: str, text: bytes) -> list[tuple[int, float]]:
    """One posting after the other, deleted documents included, as Whoosh's own matcher goes."""
    matcher = leaf._terms.matcher(field, text, leaf.schema[field].format)
    found = []
    while matcher.is_active():
        found.append((matcher.id(), matcher.weight()))
        matcher.next()
    return found
