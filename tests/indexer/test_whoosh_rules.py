"""What we know about Whoosh (design §4), held as rules: snapshots, totals, locks, segments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread

import pytest

from corpus.store import DocumentStore
from indexer.columnar import tiers
from indexer.engine import Query
from indexer.generations import IndexFolder
from indexer.snapshot import Snapshot
from indexer.sync import sync
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.papers import answers, keep, live_ids, notice, notices

STEPS_OF_A_COMMIT = (
    "indexer.columnar.writer.write_runs",
    "indexer.columnar.writer.documents_with",
    "whoosh.index.TOC.write",
    "indexer.columnar.writer.clean_files",
)


@pytest.fixture
def folder(tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path / "index")


@pytest.fixture
def engine(folder: IndexFolder) -> Iterator[WhooshEngine]:
    with closing(WhooshEngine(folder)) as opened:
        yield opened


def test_all_threads_share_one_snapshot_until_the_next_commit(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiers, "SMALL_DOCUMENTS", 0)  # segments of falling size stay apart
    keep(store, notices(20))
    sync(store, folder)
    snapshots: list[Snapshot] = []
    together = Barrier(4)

    def ask() -> None:
        together.wait()
        engine.search(Query(text="停水"))
        snapshots.append(engine._snapshot())

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(snapshots) == 4
    assert len(set(map(id, snapshots))) == 1
    keep(store, [notice(30)])
    sync(store, folder)
    before, after = snapshots[0].index, engine._snapshot().index
    assert after.size == before.size + 1
    assert after.segments[0].arrays is before.segments[0].arrays  # what did not change is not opened again


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
    if step != "indexer.columnar.writer.clean_files":  # there the new table of contents is on the disk already
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
        broken.setattr("indexer.embedded.index_rows", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            sync(store, folder)
    assert sync(store, folder).indexed == 3


def test_segments_are_not_compound(store: DocumentStore, folder: IndexFolder) -> None:
    keep(store, notices(3))
    sync(store, folder)
    names = [path.name for path in folder.live().iterdir()]
    assert any(name.endswith(".postings") for name in names)
    assert not any(name.endswith(".seg") for name in names)  # Whoosh copies one into memory for every reader
