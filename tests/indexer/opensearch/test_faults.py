"""A cluster that fails: nodes die while it is written to and asked, the disk is full, all of it is away."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from corpus.models import Document
from corpus.store import DocumentStore
from indexer.engine import Query
from indexer.errors import IndexAwayError
from indexer.opensearch.cluster import Cluster, Patience
from indexer.opensearch.engine import OpenSearchEngine
from indexer.opensearch.index import ClusterIndex
from indexer.sync import sync
from tests.cluster import RunningCluster
from tests.indexer.papers import keep, notice, notices

_STAGES = tuple(f"cluster.routing.allocation.disk.watermark.{name}" for name in ("low", "high", "flood_stage"))
SHORT = Patience(answer_s=5.0, repeat_s=0.5)


@contextmanager
def impatient(cluster: Cluster) -> Iterator[None]:
    """A cluster that is given up soon."""
    asking, writing = cluster.asking, cluster.writing
    cluster.asking = cluster.writing = SHORT
    yield
    cluster.asking, cluster.writing = asking, writing


def test_a_refused_connection_is_an_error_by_its_name_and_changes_nothing(store: DocumentStore, tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # and nobody listens
        cluster = Cluster((f"http://127.0.0.1:{held.getsockname()[1]}",), asking=SHORT, writing=SHORT)
        index = ClusterIndex(cluster, "away", tmp_path / "index")
        keep(store, notices(2))
        with pytest.raises(IndexAwayError, match="does not answer"):
            sync(store, index)
        with closing(OpenSearchEngine(index)) as engine:
            for asked in (lambda: engine.search(Query(text="停水")), engine.document_count, lambda: index.state()):
                with pytest.raises(IndexAwayError):
                    asked()
        assert store.change_count(after=0) == 2
        index.close()


@pytest.mark.services
def test_a_node_that_dies_while_it_is_written_to_and_asked_loses_nothing(
    store: DocumentStore, index: ClusterIndex, opensearch: RunningCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.sync.COMMIT_DOCUMENTS", 60)
    monkeypatch.setattr("indexer.sync._READ_BATCH", 20)
    keep(store, notices(40))
    sync(store, index)
    keep(store, [notice(number, "管网检修，沿线停电。") for number in range(200)])
    answers: list[tuple[int, int, int]] = []
    wrong: list[BaseException] = []
    done = Event()

    def read() -> None:
        with closing(OpenSearchEngine(index)) as engine:
            while not done.is_set():
                try:
                    results = engine.search(Query(text="沿线", limit=400, facets=()))
                    old = sum("停水" in hit.snippet.text for hit in results.hits)
                    new = sum("停电" in hit.snippet.text for hit in results.hits)
                    answers.append((results.total, old, new))
                except IndexAwayError:
                    answers.append((-1, 0, 0))
                except BaseException as error:
                    wrong.append(error)
                    return

    def kill(number: int, _: int) -> None:
        if number == 100:
            opensearch.nodes[2].kill()

    readers = [Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    try:
        summary = sync(store, index, on_progress=kill)
    finally:
        done.set()
        for reader in readers:
            reader.join()
        state = index.state()
        opensearch.restore()
    assert wrong == []
    assert state is not None
    assert state.health == "yellow"  # it answers, and says that copies are missing
    assert (summary.indexed, summary.refused) == (200, ())
    told = [answer for answer in answers if answer[0] >= 0]
    assert told
    assert all(total == old + new >= 40 for total, old, new in told)  # never half, never fewer than there were
    with closing(OpenSearchEngine(index)) as engine:
        found = engine.search(Query(text="停电", limit=400))
        assert found.total == len(found.hits) == 200
        assert {hit.id for hit in found.hits} == {f"n-{number}" for number in range(200)}


@pytest.mark.services
def test_a_full_disk_stops_writing_and_when_there_is_room_the_change_log_catches_up(
    store: DocumentStore, index: ClusterIndex, opensearch: RunningCluster
) -> None:
    keep(store, notices(3))
    sync(store, index)
    (live,) = opensearch.ask("GET", f"/{index.name}/_alias")
    _flood_stage(opensearch, live, full=True)
    try:
        keep(store, [Document(id="late", title="关于停电的通知")])
        with impatient(index.cluster), pytest.raises(IndexAwayError, match=r"disk|FORBIDDEN|TOO_MANY"):
            sync(store, index)
        with closing(OpenSearchEngine(index)) as engine:
            assert engine.search(Query(text="停水")).total == 3
            _flood_stage(opensearch, live, full=False)
            assert sync(store, index).indexed == 1  # it waits until the cluster has noticed
            assert engine.search(Query(text="停电")).total == 1
    finally:
        _as_before(opensearch, live)


@pytest.mark.services
def test_after_a_restart_all_is_there_and_what_came_meanwhile_is_taken_in(
    store: DocumentStore, index: ClusterIndex, opensearch: RunningCluster
) -> None:
    keep(store, notices(5))
    sync(store, index)
    for node in opensearch.nodes:
        node.kill()
    keep(store, [Document(id="late", title="关于停电的通知")])
    with closing(OpenSearchEngine(index)) as engine:
        with impatient(index.cluster):
            with pytest.raises(IndexAwayError):
                engine.search(Query(text="停水"))
            with pytest.raises(IndexAwayError):
                sync(store, index)
        opensearch.restore()
        assert engine.search(Query(text="停水")).total == 5
        assert sync(store, index).indexed == 1
        assert engine.document_count() == 6


def _flood_stage(opensearch: RunningCluster, index: str, *, full: bool) -> None:
    """Let the cluster find its disks full, by its own watermark, and wait until it did; or let it find room again."""
    free = "900tb" if full else "1b"  # what has to be free
    settings = {
        **dict.fromkeys(_STAGES, free),
        "cluster.routing.allocation.disk.threshold_enabled": True,
        "cluster.info.update.interval": "10s",  # the least that there is
    }
    opensearch.ask("PUT", "/_cluster/settings", {"transient": settings})
    until = time.monotonic() + 40.0
    while full and time.monotonic() < until:
        found = opensearch.ask("GET", f"/{index}/_settings")[index]["settings"]["index"]
        if found.get("blocks", {}).get("read_only_allow_delete") == "true":
            return
        time.sleep(0.25)
    assert not full, "the watermark was not noticed"


def _as_before(opensearch: RunningCluster, index: str) -> None:
    """Take away what the watermark has set, and it."""
    settings = dict.fromkeys((*_STAGES, "cluster.info.update.interval", "cluster.blocks.create_index"))
    kept = {"cluster.routing.allocation.disk.threshold_enabled": False}
    for scope in ("transient", "persistent"):
        opensearch.ask("PUT", "/_cluster/settings", {scope: {**settings, **kept}})
    opensearch.ask("PUT", f"/{index}/_settings", {"index.blocks.read_only_allow_delete": None})
