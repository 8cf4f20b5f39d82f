"""What the evaluator does beyond Whoosh's own queries: queries of the product, fallbacks, threads, errors."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from whoosh import query
from whoosh.query import Query
from whoosh.query.spans import SpanNear2

from indexer.columnar.evaluate import Evaluator, Matches
from indexer.columnar.opened import OpenSegment
from indexer.columnar.search import search
from tests.indexer.columnar import same_documents
from tests.indexer.columnar.same_documents import WORDS, Pair, indexed


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return indexed(same_documents.small(), tmp_path_factory.mktemp("evaluate"))


@dataclass(frozen=True)
class EveryOther:
    """A query of the product's own: every other document, each worth its number in the segment."""

    def matches(self, _: Evaluator, segment: OpenSegment) -> Matches:
        ids = np.arange(0, segment.size, 2)
        return Matches(ids, lambda places: (ids if places is None else ids[places]).astype(np.float64))


def test_a_query_may_evaluate_itself(pair: Pair) -> None:
    evaluator = Evaluator(pair.opened)
    deleted = {number for segment in pair.opened.segments for number in _deleted(segment)}
    expected = [number for number in range(68, -1, -2) if number not in deleted]
    found = search(evaluator, EveryOther(), limit=10)
    assert found.ids.tolist() == expected[:10]
    assert evaluator.mask(EveryOther(), pair.opened.segments[0]).tolist() == [True, False] * 35


def _deleted(segment: OpenSegment) -> list[int]:
    if segment.alive is None:
        return []
    return [int(number) + segment.offset for number in (~segment.alive).nonzero()[0]]


@pytest.mark.parametrize(
    "asked",
    [
        query.Or([query.Term("body", "医疗"), query.Term("body", "保险")], scale=0.9),
        SpanNear2([query.Term("body", "医疗"), query.Term("body", "保险")], slop=3, ordered=False),
        query.Sequence([query.Term("body", "医疗"), query.Prefix("body", "保")]),
        query.Otherwise(query.Term("body", "没有的词"), query.Term("body", "保险")),
    ],
    ids=lambda asked: type(asked).__name__,
)
def test_what_it_does_not_know_is_asked_of_whoosh_and_told(pair: Pair, asked: Query) -> None:
    told: list[type] = []
    evaluator = Evaluator(pair.opened, on_fallback=told.append)
    nested = query.And([asked, query.Term("valid", True)])
    found = search(evaluator, nested, limit=None)
    assert set(told) == {type(asked)}
    with pair.ours.searcher() as searcher:
        hits = {hit.docnum: hit.score for hit in searcher.search(nested, limit=None)}
    assert set(found.ids.tolist()) == hits.keys()
    if type(asked) is not query.Or:  # where Whoosh's own bonus changes while it goes on
        assert dict(zip(found.ids.tolist(), found.scores.tolist(), strict=True)) == pytest.approx(hits)


def test_a_phrase_needs_positions(pair: Pair) -> None:
    with pytest.raises(query.QueryError, match="notes"):
        search(Evaluator(pair.opened), query.Phrase("notes", ["医疗", "保险"]), limit=10)


def test_a_range_of_numbers_needs_numbers(pair: Pair) -> None:
    with pytest.raises(query.QueryError, match="body"):
        search(Evaluator(pair.opened), query.NumericRange("body", 1, 2), limit=10)


@pytest.mark.parametrize(
    "asked",
    [
        query.Term("missing", "医疗"),
        query.Term("year", "not a number"),
        query.Phrase("missing", ["医疗"]),
        query.Prefix("missing", "医"),
        query.Every("missing"),
        query.NumericRange("missing", 1, 2),
        query.TermRange("year", "a", "b"),
        query.Phrase("body", []),
        query.And([]),
        query.Or([]),
        query.NumericRange("year", 7, 6),
        query.DateRange("day", datetime(1990, 1, 1), datetime(1991, 1, 1)),  # noqa: DTZ001 - Whoosh's have no zone
    ],
    ids=repr,
)
def test_what_cannot_be_found_is_not_found(pair: Pair, asked: Query) -> None:
    found = search(Evaluator(pair.opened), asked, limit=10, need_hits=True)
    assert (found.total, found.ids.tolist(), [len(hits) for hits in found.hits]) == (0, [], [0, 0, 0, 0])


def test_a_page_beyond_the_end_is_empty(pair: Pair) -> None:
    found = search(Evaluator(pair.opened), query.Term("body", "医疗"), limit=10, offset=1000)
    assert found.total > 0
    assert len(found.ids) == len(found.scores) == 0


def test_threads_share_an_evaluator(pair: Pair) -> None:
    chance = random.Random(8)
    queries = [
        query.Or([query.Or([query.Term("body", word), query.Prefix("title", word[:1])]), query.Term("notes", word)])
        for word in chance.choices(WORDS, k=200)
    ]
    evaluator, other = Evaluator(pair.opened), Evaluator(pair.opened)
    alone = [search(other, asked, limit=5).ids.tolist() for asked in queries]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda asked: search(evaluator, asked, limit=5).ids.tolist(), queries))
    assert together == alone


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    empty = indexed(same_documents.Corpus((), ()), tmp_path)
    for asked in (query.Term("body", "医疗"), query.Every(), query.Or([query.Term("body", word) for word in WORDS])):
        assert search(Evaluator(empty.opened), asked, limit=10, need_hits=True).total == 0
        assert search(Evaluator(empty.opened), asked, limit=10, by=[]).total == 0
