"""The first hits are ordered by how close together they say the question, the same on every page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from corpus.models import Document
from corpus.store import DocumentStore
from indexer.engine import Query, Sort
from indexer.generations import IndexFolder
from indexer.reranking import HEAD, closeness
from indexer.sync import sync
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.papers import keep

FILLER = "请到政务服务中心窗口咨询，工作人员会一次告知。" * 4
FAR = "高龄的老人由街道登记。" + FILLER + "津贴按月计算。" + FILLER + "发放到账户，标准见附件。"
NEAR = "街道登记老人。" + FILLER + "高龄津贴发放标准按月计算。" + FILLER + "到账户，见附件的。"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshEngine]:
    folder = tmp_path_factory.mktemp("reranking")
    index = IndexFolder(folder / "index")
    with DocumentStore.open(f"sqlite:///{folder}/store.db") as store:
        keep(store, [Document(id="far", title="须知", body=FAR), Document(id="near", title="须知", body=NEAR)])
        keep(
            store,
            [
                Document(id=f"o-{number:02}", title=f"津贴公告{number}", body="津贴发放。" + "标准" * (number % 5))
                for number in range(30)
            ],
        )
        sync(store, index)
    with closing(WhooshEngine(index)) as engine:
        yield engine


def test_the_shares_say_how_much_of_the_question_stands_together() -> None:
    weights = {"高龄": 2.0, "津贴": 1.0, "幽灵": 1.0}
    whole = closeness("高龄津贴", weights, "", "高龄津贴")
    assert (whole.run, whole.line) == (1.0, 0.75)
    apart = closeness("高龄津贴", weights, "高龄", "一" * 60 + "津贴")
    assert (apart.run, apart.line) == (0.5, 0.5)
    assert closeness("高龄津贴", weights, "", "").gains(10.0) == {"said in one piece": 0, "said in one line": 0}
    assert closeness("", {}, "题", "文").gains(10.0) == {"said in one piece": 0, "said in one line": 0}


def test_a_long_question_is_looked_at_in_bounded_time() -> None:
    assert closeness("津贴发放" * 3_000, {"津贴": 1.0}, "", "津贴发放" * 20_000).run == 1.0


def test_what_says_it_in_one_line_gains_more(engine: WhooshEngine) -> None:
    query = Query(text="高龄津贴发放标准")
    near, far = (engine.explain(query, name) for name in ("near", "far"))
    assert near["said in one piece"] > far["said in one piece"]
    assert near["said in one line"] > far["said in one line"]
    assert engine.search(query).hits[0].id == "near"


def test_pages_are_pieces_of_one_list_in_the_order_of_scores(engine: WhooshEngine) -> None:
    text = "高龄津贴发放标准"
    whole = engine.search(Query(text=text, limit=100))
    assert len(whole.hits) == whole.total > HEAD
    scores = [hit.score for hit in whole.hits]
    assert scores == sorted(scores, reverse=True)
    for size in (1, 7, HEAD, HEAD + 3):
        pages = [engine.search(Query(text=text, offset=at, limit=size)) for at in range(0, whole.total, size)]
        assert [hit.id for page in pages for hit in page.hits] == [hit.id for hit in whole.hits]
        assert {page.total for page in pages} == {whole.total}


def test_explanations_add_up_within_the_head_and_behind_it(engine: WhooshEngine) -> None:
    query = Query(text="高龄津贴发放标准", limit=100)
    for rank, hit in enumerate(engine.search(query).hits):
        parts = engine.explain(query, hit.id)
        assert sum(parts.values()) == pytest.approx(hit.score), hit.id
        assert ("said in one piece" in parts) == (rank < HEAD)


def test_what_is_sorted_by_date_is_not_ordered_anew(engine: WhooshEngine) -> None:
    query = Query(text="高龄津贴发放标准", sort=Sort.DATE)
    assert engine.search(query).hits
    assert "said in one line" not in engine.explain(query, "near")
