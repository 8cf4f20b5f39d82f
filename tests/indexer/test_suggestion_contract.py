"""What every engine suggests while somebody types, whatever else it may offer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.store import DocumentStore, sqlite_url
from indexer.engine import SearchEngine
from indexer.engines import open_engine, open_index
from indexer.generations import IndexFolder
from indexer.phrasebook_layout import Kind
from indexer.sync import sync
from indexer.upkeep import bring_up
from indexer.whoosh_engine import WhooshEngine
from tests.cluster import RunningCluster
from tests.indexer.engine_contract import PAPERS
from tests.indexer.scan_engine import ScanEngine


def _stored(folder: Path) -> DocumentStore:
    store = DocumentStore.open(sqlite_url(folder / "store.db"))
    with store.writing() as writer:
        writer.put_many([(paper, None) for paper in PAPERS])
    return store


@pytest.fixture(scope="module", params=["whoosh", "scan", pytest.param("opensearch", marks=pytest.mark.services)])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchEngine]:
    if request.param == "scan":
        yield ScanEngine(PAPERS)
        return
    folder = tmp_path_factory.mktemp("suggestions")
    cluster: RunningCluster | None = request.getfixturevalue("opensearch") if request.param == "opensearch" else None
    url = f"{','.join(cluster.urls)}/suggestions" if cluster else ""
    index = open_index(folder / "index", url)
    with closing(_stored(folder)) as store:
        bring_up(store, index)
    with closing(open_engine(index)) as opened:
        yield opened
    if cluster:
        cluster.ask("DELETE", "/suggestions-*")


@pytest.mark.parametrize(
    ("typed", "kind", "text", "own"),
    [
        ("滨河路", Kind.TITLE, "关于滨河路沿线停水的公告", "ts-2024"),
        ("云澜区民", Kind.AGENCY, "云澜区民政局", ""),
        ("云澜政办规〔2023〕", Kind.NUMBER, "云澜政办规〔2023〕8号", "jt-2023"),
    ],
)
def test_titles_agencies_and_numbers_are_suggested(
    engine: SearchEngine, typed: str, kind: Kind, text: str, own: str
) -> None:
    found = {(one.kind, one.text): one for one in engine.suggestions(typed)}
    assert found[kind, text].id == own
    for one in found.values():
        bounds = [place for span in one.spans for place in span]
        assert bounds == sorted(bounds)
        assert bounds[-1] <= len(one.text)


def test_no_more_are_given_than_are_wanted(engine: SearchEngine) -> None:
    assert len(engine.suggestions("高龄津贴", 2)) <= 2
    assert len(engine.suggestions("高龄津贴")) >= 2


@pytest.mark.parametrize("typed", ["", "。、？", "没有这样的词语组合鑫"])
def test_nothing_is_suggested_for_nothing(engine: SearchEngine, typed: str) -> None:
    assert engine.suggestions(typed) == ()


def test_without_a_phrasebook_there_are_none(tmp_path: Path) -> None:
    with closing(_stored(tmp_path)) as store:
        sync(store, IndexFolder(tmp_path / "index"))
    with closing(WhooshEngine(IndexFolder(tmp_path / "index"))) as engine:
        assert engine.suggestions("高龄津贴") == ()
