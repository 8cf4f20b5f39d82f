"""An index that lags behind: what was withdrawn is in no answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.models import CatalogEntry, Document
from corpus.store import DocumentStore, sqlite_url
from indexer.engine import Part, Query
from indexer.generations import IndexFolder
from indexer.upkeep import bring_up
from indexer.whoosh_engine import WhooshEngine
from indexer.withdrawals import WithoutWithdrawn

DOCUMENTS = (
    Document(id="yl-1", title="云澜区高龄津贴发放公告", body="高龄津贴按月发放到社会保障卡。"),
    Document(id="yl-2", title="云澜区高龄津贴申请指南", body="申请高龄津贴应当提交户口簿。"),
    Document(
        id="yl-3",
        title="云澜区养老服务标准目录",
        body="养老服务公开事项。",
        entries=(CatalogEntry(item="高龄津贴", subitem="高龄津贴发放名单", content="姓名、金额"),),
    ),
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[tuple[DocumentStore, WithoutWithdrawn]]:
    """A store, and the engine over an index that was written before anything was withdrawn."""
    folder = IndexFolder(tmp_path / "index")
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as store:
        with store.writing() as writer:
            writer.put_many([(document, None) for document in DOCUMENTS])
        bring_up(store, folder)
        with closing(WhooshEngine(folder)) as engine:
            yield store, WithoutWithdrawn(engine, store.withdrawn)


def withdraw(store: DocumentStore, document_id: str) -> None:
    with store.writing() as writer:
        writer.withdraw(document_id, reason="发布有误")


def test_hits_rows_suggestions_and_texts_go_at_once(world: tuple[DocumentStore, WithoutWithdrawn]) -> None:
    store, engine = world
    before = engine.search(Query(text="高龄津贴"))
    assert {hit.document_id for hit in before.hits} == {"yl-1", "yl-2", "yl-3"}
    assert {"yl-1", "yl-3#1"} <= {item.id for item in engine.suggestions("高龄津贴")}
    assert set(engine.texts(["yl-1", "yl-2"])) == {"yl-1", "yl-2"}
    withdraw(store, "yl-1")
    withdraw(store, "yl-3")
    after = engine.search(Query(text="高龄津贴"))
    assert [hit.document_id for hit in after.hits] == ["yl-2"]
    assert after.total == before.total - (len(before.hits) - 1)
    assert engine.search(Query(text="高龄津贴", part=Part.ENTRY)).hits == ()
    assert {item.id for item in engine.suggestions("高龄津贴") if item.id} == {"yl-2"}
    assert set(engine.texts(["yl-1", "yl-2"])) == {"yl-2"}


def test_the_rest_is_the_engines_own(world: tuple[DocumentStore, WithoutWithdrawn]) -> None:
    _, engine = world
    assert engine.document_count() == 3
    assert engine.document_frequencies(["高龄"]) == (3,)
    assert "高龄" in set(engine.vocabulary("高"))
    assert engine.suggestions("") == ()
