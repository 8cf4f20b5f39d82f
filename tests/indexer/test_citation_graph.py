"""Articles of law gain by official terms, by their neighbours, and by being cited; no other document does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from corpus.models import Document, Kind
from corpus.store import DocumentStore
from indexer.engine import Query
from indexer.generations import IndexFolder
from indexer.sync import sync
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.papers import keep

LAW = (
    Document(id="d-1", kind=Kind.LAW, title="云澜区养犬条例第一条", body="养犬应当登记。"),
    Document(id="d-2", kind=Kind.LAW, title="云澜区养犬条例第二条", body="犬只伤人的，饲养人承担责任。"),
    Document(id="d-3", kind=Kind.LAW, title="云澜区养犬条例第三条", body="犬只伤人的，饲养人承担责任。"),
    Document(id="f-9", kind=Kind.LAW, title="云澜区罚则第九条", body="犬只伤人的，依照《云澜区养犬条例》第三条处理。"),
    Document(id="n-1", kind=Kind.NEWS, title="犬只伤人怎么办", body="应当认定为云澜区养犬条例第三条规定的情形。"),
)
ASKED = Query(text="犬只伤人")

Make = Callable[..., WhooshEngine]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Make]:
    with DocumentStore.open(f"sqlite:///{tmp_path}/store.db") as store:
        folder = IndexFolder(tmp_path / "index")

        def make(*documents: Document) -> WhooshEngine:
            keep(store, documents)
            sync(store, folder)
            return engine

        with closing(WhooshEngine(folder)) as engine:
            yield make


def parts(engine: WhooshEngine, name: str) -> dict[str, float]:
    return engine.explain(ASKED, name)


def test_of_articles_that_say_the_same_the_cited_one_comes_first(made: Make) -> None:
    engine = made(*LAW)
    ranks = [hit.id for hit in engine.search(ASKED).hits]
    assert ranks.index("d-3") < ranks.index("d-2")
    cited = parts(engine, "d-3")
    assert cited["articles that cite it"] > 0
    assert cited["how often it is cited"] > parts(engine, "d-2")["how often it is cited"] > 0


def test_an_article_gains_by_its_neighbours_in_its_law(made: Make) -> None:
    engine = made(*LAW)
    assert parts(engine, "d-2")["articles beside it"] > 0
    assert "articles beside it" not in parts(engine, "f-9")
    assert parts(engine, "d-1") == {}  # it says nothing of the matter


def test_no_other_document_gains(made: Make) -> None:
    engine = made(*LAW)
    assert not {label for label in parts(engine, "n-1") if "article" in label or "cited" in label}


def test_the_explanation_adds_up_to_the_score(made: Make) -> None:
    engine = made(*LAW)
    for hit in engine.search(ASKED).hits:
        assert sum(parts(engine, hit.id).values()) == pytest.approx(hit.score), hit.id


def test_a_citation_goes_with_the_document_that_makes_it(made: Make) -> None:
    """Whether the citing document changes or a new one comes: the next commit counts, in whatever segment."""
    engine = made(*LAW)
    before = parts(engine, "d-2")
    made(
        Document(
            id="f-9", kind=Kind.LAW, title="云澜区罚则第九条", body="犬只伤人的，依照《云澜区养犬条例》第二条处理。"
        )
    )
    assert "articles that cite it" not in parts(engine, "d-3")
    assert "articles that cite it" in parts(engine, "d-2")
    assert "articles that cite it" not in before


def test_official_terms_are_looked_for_in_articles(made: Make) -> None:
    body = "窃取他人财物，数额较大的，处拘役。"
    engine = made(
        Document(id="law", kind=Kind.LAW, title="云澜区罚则第一条", body=body),
        Document(id="news", kind=Kind.NEWS, title="云澜区罚则的消息", body=body),
        *(Document(id=f"o-{number}", title="公告", body="东西被偷") for number in range(5)),
    )
    query = Query(text="偷")
    label = next(label for label in engine.explain(query, "news") if label.startswith("偷 → "))
    assert sum(engine.explain(query, "law").values()) > 1.1 * engine.explain(query, "news")[label]
    assert {"law", "news"} <= {hit.id for hit in engine.search(query).hits}


def test_a_collection_without_articles_has_no_graph(made: Make) -> None:
    engine = made(*(Document(id=f"o-{number}", title=f"停水公告{number}", body="停水") for number in range(3)))
    scores = [hit.score for hit in engine.search(Query(text="停水")).hits]
    assert np.all(np.array(scores) > 0)
    assert not any("cited" in label for label in engine.explain(Query(text="停水"), "o-1"))
