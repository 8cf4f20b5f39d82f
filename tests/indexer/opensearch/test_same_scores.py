"""Of the same documents both engines say the same: ranking again is the embedded engine's ranking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import date

import pytest

from corpus.models import Document, Kind
from indexer.engine import Query, SearchEngine, Sort
from indexer.generations import IndexFolder
from indexer.opensearch.engine import OpenSearchEngine
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.engine_contract import NOTICES, PAPERS
from tests.indexer.indexed import take_in
from tests.indexer.opensearch.conftest import IndexFor

pytestmark = pytest.mark.services

_TODAY = date(2024, 6, 1)
_MORE = (
    Document(id="db", title="最低生活保障审核办法", body="最低生活保障对象由街道审核。" * 5, kind=Kind.POLICY),
    Document(id="dd", title="低保对象公示", body="低保，低保，低保，哈哈哈。", kind=Kind.NOTICE),
)
_QUESTIONS = (
    "高龄津贴怎么申领",
    "低保审核",
    "哈哈",
    "云澜政办规〔2023〕8号",
    "2023年8号文",
    "去年的高龄津贴办法",
    "云澜区民政局 老年人",
    '"老年人可以" 津贴',
    "津贴 -指南",
    "标题：管理办法",
    "检修 储水",
)


@pytest.fixture(scope="module")
def engines(
    index_for: IndexFor, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SearchEngine, SearchEngine]]:
    """The embedded engine and the cluster's, over the same documents."""
    with ExitStack() as opened:
        ours, theirs = tmp_path_factory.mktemp("ours"), tmp_path_factory.mktemp("theirs")
        folder, index = IndexFolder(ours / "index"), index_for(theirs / "index")
        for one, home in ((folder, ours), (index, theirs)):
            take_in(one, home / "store.db", [(*PAPERS, *_MORE, *NOTICES)])
        yield (
            opened.enter_context(closing(WhooshEngine(folder, today=lambda: _TODAY))),
            opened.enter_context(closing(OpenSearchEngine(index, today=lambda: _TODAY))),
        )


@pytest.mark.parametrize("text", _QUESTIONS)
@pytest.mark.parametrize("sort", list(Sort))
def test_the_same_is_found_with_the_same_scores_passages_and_counts(
    engines: tuple[SearchEngine, SearchEngine], text: str, sort: Sort
) -> None:
    ours, theirs = (engine.search(Query(text=text, sort=sort, limit=100, passages=3)) for engine in engines)
    assert theirs.total == ours.total > 0
    assert theirs.understood == ours.understood
    assert theirs.facets == ours.facets
    scores = {hit.id: hit.score for hit in ours.hits}
    assert {hit.id for hit in theirs.hits} == scores.keys()
    for hit in theirs.hits:  # lengths are exact here, in steps there; deleted documents may count or not
        assert hit.score == pytest.approx(scores[hit.id], rel=0.03), hit.id
    if sort is Sort.RELEVANCE:
        assert theirs.hits[0].id in {hit.id for hit in ours.hits if hit.score > 0.97 * ours.hits[0].score}
    marks = {hit.id: (hit.title, hit.snippet) for hit in ours.hits}
    assert {hit.id: (hit.title, hit.snippet) for hit in theirs.hits} == marks
