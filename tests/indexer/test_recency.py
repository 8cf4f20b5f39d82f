"""Who asks for what is newest finds it first, and nothing is hidden."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from corpus.models import Document
from corpus.store import DocumentStore
from indexer.engine import Query
from indexer.generations import IndexFolder
from indexer.sync import sync
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.papers import keep, notices

PAPERS = (
    *(
        Document(id=f"y-{year}", title=f"云澜区招生工作通知（{year}）", body=body, published_on=date(year, 3, 1))
        for year, body in ((2012, "招生。招生。"), (2019, "招生。招生。"), (2022, "招生。"), (2024, "招生工作安排。"))
    ),
    Document(id="undated", title="云澜区招生工作通知", body="招生。招生。"),
    *notices(30),
)


def test_the_newest_comes_first_where_it_is_asked_for(store: DocumentStore, tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path / "index")
    keep(store, PAPERS)
    sync(store, folder)
    with closing(WhooshEngine(folder, today=lambda: date(2024, 6, 1))) as engine:
        query = Query(text="最新的招生通知")
        results = engine.search(query)
        found = [hit.id for hit in results.hits if hit.id.startswith("y-")]
        assert found[:2] == ["y-2024", "y-2022"]
        assert {"y-2012", "y-2019", "undated"} <= {hit.id for hit in results.hits}
        (told,) = (item for item in results.understood if item.what == "newest")
        assert told.undo
        parts = engine.explain(query, "y-2024")
        assert parts[told.text] > engine.explain(query, "y-2019")[told.text] > 0
        assert sum(parts.values()) == pytest.approx(results.hits[0].score)
        assert engine.search(Query(text="招生通知")).hits[0].id != "y-2024"
