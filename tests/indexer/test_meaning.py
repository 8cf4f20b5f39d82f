"""Vectors of articles of law follow the change log, and re-order the first hits alone: with a small encoder of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

import numpy as np
import numpy.typing as npt
import pytest

from corpus.models import Document
from corpus.store import DocumentStore
from indexer.engine import Query
from indexer.generations import IndexFolder
from indexer.meaning import Meanings
from indexer.upkeep import bring_up, bring_up_and_purge
from indexer.vectors import VECTORS, Vectors
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.papers import keep, notices

LAW = "中华人民共和国云澜水域法"
PAPERS = (
    Document(id="a-1", title=f"{LAW}第一条", body="在水域游泳的，应当遵守秩序。在水域游泳的人数有限额。"),
    Document(id="a-2", title=f"{LAW}第二条", body="禁止捕捞，违反规定的没收渔具和渔获物。"),
    Document(id="a-3", title=f"{LAW}第三条", body="在水域划船的，应当穿救生衣。"),
    Document(id="notice", title="水域安全通知", body="在水域游泳注意安全。"),
    *notices(30),
)


class OfFishing:
    """Stands for an encoder: texts of fishing are near to each other, all others to nothing else."""

    def __init__(self, name: str = "fishing 1") -> None:
        self.name = name
        self.asked: list[str] = []

    def query(self, text: str) -> npt.NDArray[np.float32]:
        self.asked.append(text)
        return np.asarray(self.passages([text])[0], np.float32)

    def passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.array([[1, 0] if "捕" in text or "钓" in text else [0, 1] for text in texts], np.float32)


@pytest.fixture
def vectors(store: DocumentStore, folder: IndexFolder) -> Vectors:
    vectors = Vectors(folder.path)
    assert vectors.refresh(store, OfFishing()) == 3  # articles of law alone
    return vectors


@pytest.fixture
def engine(folder: IndexFolder, vectors: Vectors) -> Iterator[WhooshEngine]:
    with closing(WhooshEngine(folder, meanings=Meanings(OfFishing(), vectors))) as opened:
        yield opened


def test_an_article_that_means_the_same_comes_up_and_the_explanation_says_so(
    folder: IndexFolder, engine: WhooshEngine
) -> None:
    query = Query(text="水域钓鱼")
    with closing(WhooshEngine(folder)) as plain:
        before = plain.search(query)
        assert before.hits[0].id != "a-2"
    results = engine.search(query)
    assert results.hits[0].id == "a-2"
    assert {hit.id for hit in results.hits} == {hit.id for hit in before.hits}
    parts = engine.explain(query, "a-2")
    assert parts["near in meaning"] > 0
    assert sum(parts.values()) == pytest.approx(results.hits[0].score)


def test_a_question_is_encoded_once(folder: IndexFolder, vectors: Vectors) -> None:
    encoder = OfFishing()
    with closing(WhooshEngine(folder, meanings=Meanings(encoder, vectors))) as engine:
        for offset in (0, 2):
            engine.search(Query(text="水域钓鱼", offset=offset, limit=2))
        assert engine.search(Query(text="停水")).total
    assert encoder.asked == ["水域钓鱼"]  # what has no vectors to compare with is not encoded


def test_a_hit_without_a_vector_gains_as_much_as_the_others_mean(vectors: Vectors) -> None:
    gains = Meanings(OfFishing(), vectors).gains("钓鱼", {"a-1": 1.0, "a-2": 1.0, "notice": 1.0, "nobody": 2.0})
    assert gains["a-2"] > gains["notice"] > gains["a-1"] == 0
    assert gains["notice"] == pytest.approx((gains["a-1"] + gains["a-2"]) / 2)
    assert gains["nobody"] == pytest.approx(2 * gains["notice"])


def test_only_what_changed_is_encoded_again(store: DocumentStore, folder: IndexFolder, vectors: Vectors) -> None:
    assert vectors.refresh(store, OfFishing()) == 0
    keep(store, [Document(id="a-1", title=f"{LAW}第一条", body="捕捞须有许可。"), Document(id="x", title="通知")])
    bring_up(store, folder)
    assert set(vectors.of(["a-1", "a-2"])) == {"a-2"}  # a vector of an older text is compared with nothing
    assert vectors.refresh(store, OfFishing()) == 1
    assert vectors.of(["a-1"])["a-1"].tolist() == [1, 0]
    assert vectors.refresh(store, OfFishing("fishing 2")) == 3  # those of another encoder say nothing to this one


def test_what_is_withdrawn_has_no_vector(store: DocumentStore, folder: IndexFolder, vectors: Vectors) -> None:
    with store.writing() as writer:
        writer.withdraw("a-2", reason="其他", note="", purge=True)
    bring_up_and_purge(store, folder)
    assert set(vectors.of(["a-1", "a-2", "a-3"])) == {"a-1", "a-3"}


def test_without_vectors_nothing_is_encoded_and_nothing_written(folder: IndexFolder) -> None:
    encoder = OfFishing()
    with closing(WhooshEngine(folder, meanings=Meanings(encoder, Vectors(folder.path)))) as engine:
        assert engine.search(Query(text="水域钓鱼")).total
    assert encoder.asked == []
    assert not (folder.path / VECTORS).exists()
