"""The index in a cluster follows the store: what is new, changed, gone; swaps; crashes; and what it will not take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

import indexer.opensearch.bulk
from corpus.models import CatalogEntry, Document
from corpus.store import DocumentStore
from indexer.engine import Query, Sort
from indexer.errors import IndexMissingError, IndexOutdatedError
from indexer.generations import GenerationMeta
from indexer.opensearch.documents import row_of
from indexer.opensearch.engine import OpenSearchEngine
from indexer.opensearch.index import ClusterIndex
from indexer.sync import purge, sync
from tests.cluster import RunningCluster
from tests.indexer.papers import keep, notices

pytestmark = pytest.mark.services


@pytest.fixture
def engine(index: ClusterIndex) -> Iterator[OpenSearchEngine]:
    with closing(OpenSearchEngine(index)) as opened:
        yield opened


def ids(engine: OpenSearchEngine, text: str = "") -> set[str]:
    return {hit.id for hit in engine.search(Query(text=text, limit=1_000)).hits}


def catalog(*items: str) -> Document:
    return Document(id="ml", title="社会救助标准目录", entries=tuple(CatalogEntry(item=item) for item in items))


def test_what_is_new_changed_and_gone_is_taken_over_and_rows_go_with_their_document(
    store: DocumentStore, index: ClusterIndex, engine: OpenSearchEngine
) -> None:
    with pytest.raises(IndexMissingError):
        engine.search(Query(text="停水"))
    keep(store, [*notices(3), catalog("低保", "特困", "临时救助")])
    first = sync(store, index)
    assert (first.indexed, first.removed, first.rebuilt) == (4, 0, True)
    assert ids(engine) == {"n-0", "n-1", "n-2", "ml", "ml#1", "ml#2", "ml#3"}
    keep(store, [Document(id="n-1", title="关于停电的通知"), catalog("低保")])
    with store.writing() as writer:
        writer.mark_gone(["n-2"])
    then = sync(store, index)
    assert not then.rebuilt
    assert then.change == store.last_change()
    assert ids(engine, "停电") == {"n-1"}
    assert ids(engine) == {"n-0", "n-1", "ml", "ml#1"}


def test_a_rebuild_is_swapped_in_by_one_step_and_the_old_one_goes(
    store: DocumentStore, index: ClusterIndex, engine: OpenSearchEngine, opensearch: RunningCluster
) -> None:
    keep(store, notices(5))
    sync(store, index)
    before = index.live_index().name
    seen = []

    def look(*_: int) -> None:
        seen.append(engine.search(Query(text="停水")).total)

    assert sync(store, index, rebuild=True, on_progress=look).rebuilt
    assert set(seen) == {5}  # from the old one until the new one is whole
    assert engine.search(Query(text="停水")).total == 5
    assert index.live_index().name > before
    assert list(opensearch.ask("GET", f"/{index.name}-*/_mapping")) == [index.live_index().name]
    assert not (index.path / before).exists()


def test_an_index_of_other_words_is_outdated_and_built_anew(
    store: DocumentStore, index: ClusterIndex, engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, notices(2))
    sync(store, index)
    monkeypatch.setattr(GenerationMeta, "is_current", property(lambda self: self.schema != self.schema))
    index.look_again()
    with pytest.raises(IndexOutdatedError, match="gongkai index --rebuild"):
        engine.search(Query(text="停水"))
    monkeypatch.undo()
    assert sync(store, index, rebuild=True).rebuilt
    assert engine.search(Query(text="停水")).total == 2


def test_what_a_writer_sent_that_died_is_not_seen_and_its_work_is_done_again(
    store: DocumentStore, index: ClusterIndex, engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, notices(4))
    sync(store, index)
    keep(store, [Document(id="n-1", title="关于停电的通知"), Document(id="late", title="关于停电的公告")])

    class KilledError(Exception):
        pass

    def killed(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as broken:
        broken.setattr("indexer.opensearch.generation.ClusterWriter.commit", killed)
        with pytest.raises(KilledError):
            sync(store, index)
    assert ids(engine) == {"n-0", "n-1", "n-2", "n-3"}
    assert ids(engine, "停电") == set()
    assert sync(store, index).indexed == 2
    assert ids(engine, "停电") == {"n-1", "late"}


def test_an_interrupted_rebuild_is_gone_on_with(
    store: DocumentStore, index: ClusterIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.sync.COMMIT_DOCUMENTS", 2)
    monkeypatch.setattr("indexer.sync._READ_BATCH", 2)
    keep(store, notices(6))

    def killed(done: int, _: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(store, index, on_progress=killed)
    assert index.state() is None
    summary = sync(store, index)
    assert summary.rebuilt
    assert summary.indexed < 6
    with closing(OpenSearchEngine(index)) as engine:
        assert engine.document_count() == 6


def test_what_the_cluster_will_not_take_is_named_and_the_rest_is_taken(
    store: DocumentStore, index: ClusterIndex, engine: OpenSearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, notices(3))

    def with_a_field_too_many(fields: dict[str, Any]) -> dict[str, Any]:
        return row_of(fields) | ({"colour": "red"} if fields["id"] == "n-1" else {})

    monkeypatch.setattr(indexer.opensearch.bulk, "row_of", with_a_field_too_many)
    summary = sync(store, index)
    ((refused, reason),) = summary.refused
    assert refused == "n-1"
    assert "colour" in reason
    assert summary.indexed == 2
    assert ids(engine) == {"n-0", "n-2"}


def test_a_purge_leaves_no_deleted_row(
    store: DocumentStore, index: ClusterIndex, engine: OpenSearchEngine, opensearch: RunningCluster
) -> None:
    keep(store, notices(6))
    sync(store, index)
    with store.writing() as writer:
        writer.withdraw("n-1", reason="个人信息", note="", purge=True)
    purge(store, index)
    assert "n-1" not in ids(engine)
    (stats,) = opensearch.ask("GET", f"/{index.live_index().name}/_stats/docs")["indices"].values()
    assert stats["total"]["docs"]["deleted"] == 0


@pytest.mark.parametrize("query", [Query(text="停水"), Query(), Query(text="停水", sort=Sort.DATE)])
def test_pages_beyond_the_window_go_on_without_gaps_while_the_index_changes(
    store: DocumentStore,
    index: ClusterIndex,
    engine: OpenSearchEngine,
    monkeypatch: pytest.MonkeyPatch,
    query: Query,
) -> None:
    monkeypatch.setattr("indexer.opensearch.engine.RANKED_AGAIN", 5)
    monkeypatch.setattr("indexer.opensearch.engine.WINDOW", 8)
    monkeypatch.setattr("indexer.opensearch.deep.WINDOW", 8)
    keep(store, notices(30))
    sync(store, index)
    whole: list[str] = []
    for offset in range(0, 30, 4):
        page = engine.search(Query(text=query.text, sort=query.sort, offset=offset, limit=4))
        assert page.total == 30 + (offset > 12)
        whole += [hit.id for hit in page.hits]
        if offset == 12:
            keep(store, [Document(id="new", title="关于停水停水停水的公告", body="停水")])
            sync(store, index)
    assert len(whole) == len(set(whole)) == 30
    assert engine.search(Query(text=query.text, sort=query.sort, offset=40, limit=4)).hits == ()
