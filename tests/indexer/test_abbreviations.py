"""The corpus's own short names, end to end: from the store to what is found, what is told, and how it is undone."""

from __future__ import annotations

from contextlib import closing

import pytest

from corpus.models import Document
from corpus.store import DocumentStore
from indexer.abbreviations import ABBREVIATIONS, Introductions
from indexer.engine import Query, SearchResults
from indexer.generations import IndexFolder
from indexer.upkeep import bring_up, bring_up_and_purge
from indexer.whoosh_engine import WhooshEngine
from indexer.withdrawals import WithoutWithdrawn
from tests.indexer.papers import notices

PAPERS = (
    Document(
        id="says",
        title="云澜区展览馆管理规定",
        body="科学技术普及（以下简称科普）由展览馆负责。",
    ),
    Document(id="long", title="科学技术普及经费", body="科学技术普及经费列入预算。"),
    Document(id="short", title="停车收费通知", body="科普场馆免收停车费。"),
    *notices(30),
)


def also(results: SearchResults) -> list[tuple[str, str | None]]:
    return [(item.text, item.source) for item in results.understood if item.what == "synonym"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("科普", "科普 → 科学技术普及"),
        ("科学技术普及", "科学技术普及 → 科普"),
    ],
)
def test_either_name_finds_what_has_the_other_and_says_which_document_says_so(
    engine: WhooshEngine, typed: str, told: str
) -> None:
    query = Query(text=typed)
    results = engine.search(query)
    assert {"says", "long", "short"} <= {hit.id for hit in results.hits}
    assert also(results) == [(told, "says")]
    other = "long" if typed == "科普" else "short"
    score = next(hit.score for hit in results.hits if hit.id == other)
    parts = engine.explain(query, other)
    assert parts[told] > 0
    assert sum(parts.values()) == pytest.approx(score)


def test_it_is_undone_by_taking_the_name_literally(engine: WhooshEngine) -> None:
    (told,) = (item for item in engine.search(Query(text="科普 经费")).understood if item.what == "synonym")
    assert told.undo is not None
    undone = engine.search(Query(text=told.undo))
    assert also(undone) == []
    assert "long" not in {hit.id for hit in undone.hits}


def test_what_the_document_that_said_so_took_with_it_is_known_no_more(
    store: DocumentStore, folder: IndexFolder, engine: WhooshEngine
) -> None:
    with store.writing() as writer:
        writer.withdraw("says", reason="其他", note="", purge=True)
    bring_up_and_purge(store, folder)
    assert also(engine.search(Query(text="科普"))) == []
    assert "says" not in (folder.live() / ABBREVIATIONS).read_text("utf-8")


def test_an_index_without_the_file_gets_it_with_the_next_upkeep(store: DocumentStore, folder: IndexFolder) -> None:
    (folder.live() / ABBREVIATIONS).unlink()
    bring_up(store, folder)
    with closing(WhooshEngine(folder)) as engine:
        assert also(engine.search(Query(text="科普")))


def test_a_torn_file_is_logged_and_questions_are_answered(
    folder: IndexFolder, caplog: pytest.LogCaptureFixture
) -> None:
    (folder.live() / ABBREVIATIONS).write_text('[{"short": ', "utf-8")
    with closing(WhooshEngine(folder)) as engine:
        assert engine.search(Query(text="科普")).total
    assert ABBREVIATIONS in caplog.text


def test_a_short_name_that_stands_for_several_things_stands_for_none() -> None:
    said = Introductions()
    for number, long in enumerate(("云澜区城市建设管理局", "云澜区城乡建筑管理局", "云澜区城市建设管理局")):
        said.read(Document(id=str(number), title="通知", body=f"{long}（以下简称云澜城建局）负责。"))
    (one,) = said.agreed()
    assert (one.long, one.documents, one.sources) == ("云澜区城市建设管理局", 2, ("0", "2"))
    said.read(Document(id="3", title="通知", body="云澜区城乡建筑管理局（以下简称云澜城建局）负责。"))
    assert list(said.agreed()) == []


def test_a_withdrawn_document_is_named_as_a_source_no_more(store: DocumentStore, engine: WhooshEngine) -> None:
    answering = WithoutWithdrawn(engine, store.withdrawn)
    assert also(answering.search(Query(text="科普"))) == [("科普 → 科学技术普及", "says")]
    with store.writing() as writer:
        writer.withdraw("says", reason="其他")
    assert also(answering.search(Query(text="科普"))) == []
