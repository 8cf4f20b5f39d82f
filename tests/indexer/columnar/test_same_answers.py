"""Our answers are Whoosh's: the same documents, totals, scores and order, whatever is asked.

Generated queries are put to Whoosh as it is, with its own codec, and ``limit=None``. Where it is wrong by its own
documentation it is put to Whoosh with that error repaired (`repaired_whoosh`; each error is shown in
`test_whoosh_errors`). What only a limit, a filter or an order changes follows from the answer without.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.query import Query
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from indexer.columnar import max_score
from indexer.columnar.evaluate import Evaluator
from indexer.columnar.kernels import kernels
from indexer.columnar.search import TIE, Found, search
from tests.indexer.columnar import same_documents, some_queries
from tests.indexer.columnar.repaired_whoosh import may_be_wrong, repaired
from tests.indexer.columnar.same_documents import Corpus, Pair, indexed

Answer = list[tuple[int, float]]

# Other numbers than the default, so that none of them is taken for granted.
_WEIGHTINGS = (BM25F(), BM25F(B=0.4, K1=2.0, title_B=1.0, notes_B=0.0))


class Both:
    """Asks both indexes of a pair."""

    def __init__(self, pair: Pair, weighting: BM25F) -> None:
        self.pair = pair
        self.stock: Searcher = pair.stock.searcher(weighting=weighting)
        self.fallbacks: Counter[type] = Counter()
        self.ours, *self.others = (
            Evaluator(pair.opened, weighting, on_fallback=lambda kind: self.fallbacks.update([kind]), kernels=which)
            for which in dict.fromkeys((None, kernels()))
        )

    def search(self, asked: Query, **how: Any) -> Found:
        """Our answer: the same with kernels, where this machine has them, and without."""
        found = search(self.ours, asked, **how)
        for other in self.others:
            same = search(other, asked, **how)
            assert same.total == found.total
            assert same.ids.tolist() == found.ids.tolist()
            assert np.allclose(same.scores, found.scores, rtol=TIE, atol=TIE)
            assert [hits.tolist() for hits in same.hits] == [hits.tolist() for hits in found.hits]
        return found

    def expected(self, asked: Query, agrees: Callable[[Answer], bool], **how: Any) -> Answer:
        """Whoosh's answer, in its order; the repaired one's if it is wrong and does not agree."""
        try:
            answer = self._ask(asked, **how)
        except (IndexError, AssertionError):  # AndNot reads beyond the end
            answer = []
        if not agrees(answer) and may_be_wrong(asked):
            with repaired():
                answer = self._ask(asked, **how)
        return answer

    def _ask(self, asked: Query, **how: Any) -> Answer:
        hits = self.stock.search(asked, limit=None, **how)
        return in_order([(hit.docnum, hit.score) for hit in hits])


def in_order(answer: Answer) -> Answer:
    """Best first; what scores the same but for rounding by document number."""
    falling = sorted(answer, key=lambda pair: -pair[1])
    groups: list[Answer] = []
    for pair in falling:
        if groups and groups[-1][-1][1] - pair[1] <= TIE:
            groups[-1].append(pair)
        else:
            groups.append([pair])
    return [pair for group in groups for pair in sorted(group)]


def agree(found: Found, answer: Answer) -> bool:
    return found.ids.tolist() == [number for number, _ in answer] and np.allclose(
        found.scores, [score for _, score in answer], rtol=TIE, atol=TIE
    )


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Both]]:
    pair = indexed(same_documents.small(), tmp_path_factory.mktemp("small"))
    yield [Both(pair, weighting) for weighting in _WEIGHTINGS]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return Both(indexed(same_documents.large(), tmp_path_factory.mktemp("large")), BM25F())


@pytest.fixture(params=["added up", "max score"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Disjunctions are answered in both ways, as if there were few postings and as if there were many."""
    if request.param == "max score":
        monkeypatch.setattr(max_score, "_FEW_POSTINGS", 0)
        monkeypatch.setattr(max_score, "_AT_A_TIME", 1)


def _generated(count: int) -> Callable[[Any], Any]:
    return settings(
        max_examples=count,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def _normalized(asked: Query) -> Query:
    try:
        return asked.normalize()
    except AttributeError:  # Whoosh cannot normalize a constant score inside a disjunction of a disjunction
        return asked


@_generated(700)
@given(some_queries.trees, st.sampled_from((0, 1)), st.booleans(), st.integers(1, 20), st.integers(0, 30))
def test_queries_of_every_type(
    small: list[Both], asked: Query, weighting: int, normalize: bool, limit: int, offset: int
) -> None:
    asked = _normalized(asked) if normalize else asked
    both = small[weighting]
    whole = both.search(asked, limit=None, need_hits=True)
    answer = both.expected(asked, lambda answer: agree(whole, answer))
    assert agree(whole, answer)
    assert whole.total == len(answer)
    page = both.search(asked, limit=limit, offset=offset)
    assert page.total == len(answer)
    assert agree(page, answer[offset : offset + limit])
    assert not both.fallbacks
    _hits_are(both, whole, [number for number, _ in answer])


def _hits_are(both: Both, found: Found, numbers: Sequence[int]) -> None:
    offsets = [segment.offset for segment in both.pair.opened.segments]
    hits = [int(hit) + offset for offset, part in zip(offsets, found.hits, strict=True) for hit in part]
    assert hits == sorted(numbers)


@_generated(400)
@given(some_queries.leaves, st.sampled_from((0, 1)))
def test_queries_of_one_part(small: list[Both], asked: Query, weighting: int) -> None:
    _answers_agree(small[weighting], asked)


@pytest.mark.usefixtures("either_way")
@_generated(300)
@given(some_queries.disjunctions, st.sampled_from((0, 1)), st.integers(1, 20), st.integers(0, 20))
def test_the_best_of_a_disjunction(small: list[Both], asked: query.Or, weighting: int, limit: int, offset: int) -> None:
    both = small[weighting]
    answer = both.expected(asked, lambda _: True)
    found = both.search(asked, limit=limit, offset=offset, need_hits=True)
    assert found.total == len(answer)
    assert agree(found, answer[offset : offset + limit])
    _hits_are(both, found, [number for number, _ in answer])


@pytest.mark.usefixtures("either_way")
@_generated(100)
@given(some_queries.disjunctions | some_queries.trees, some_queries.leaves, st.integers(1, 20))
def test_only_what_a_filter_lets_through(small: list[Both], asked: Query, wanted: Query, limit: int) -> None:
    both = small[0]
    allowed = [both.ours.mask(wanted, segment) for segment in both.pair.opened.segments]
    whole = both.search(asked, limit=None, allowed=allowed)
    answer = both.expected(asked, lambda answer: agree(both.search(asked, limit=None), answer))
    let_through = {
        number for number, _ in both.expected(wanted, lambda got: agree(both.search(wanted, limit=None), got))
    }
    answer = [pair for pair in answer if pair[0] in let_through]
    assert agree(whole, answer)
    found = both.search(asked, limit=limit, allowed=allowed)
    assert found.total == len(answer)
    assert agree(found, answer[:limit])


@_generated(100)
@given(some_queries.trees, st.sampled_from(("year", "day", "serial")), st.integers(1, 20), st.integers(0, 10))
def test_sorted_by_a_column(small: list[Both], asked: Query, field: str, limit: int, offset: int) -> None:
    both = small[0]
    answer = both.expected(asked, lambda answer: agree(both.search(asked, limit=None), answer))
    column = [segment.arrays.values(field) for segment in both.pair.opened.segments]
    keys = np.concatenate([part for part in column if part is not None])
    falling = sorted(answer, key=lambda pair: (-int(keys[pair[0]]), pair[0]))
    by = [np.zeros(0) if part is None else part for part in column]
    found = both.search(asked, limit=limit, offset=offset, by=by)
    assert found.total == len(answer)
    assert agree(found, falling[offset : offset + limit])


@pytest.mark.parametrize(
    "asked",
    [
        query.Prefix("body", "app", 2.0),
        query.Prefix("body", "医", 2.0),
        query.Wildcard("body", "*保*", 0.5),
        query.Regex("body", "[公保低].", 2.0),
        query.Regex("body", "医疗$", 2.0),
        query.FuzzyTerm("body", "公积金", 2.0, 2, 0),
        query.TermRange("body", "低保", "提取", boost=2.0),
        query.TermRange("body", "低保", "提取", boost=2.0, constantscore=False),
        query.And([query.Prefix("body", "app"), query.Wildcard("body", "*保*")], boost=2.0),
        query.NumericRange("year", 20, 250, boost=2.0),
    ],
    ids=repr,
)
def test_patterns_in_a_segment_of_many_documents(large: Both, asked: Query) -> None:
    """There Whoosh scores each word that a pattern stands for."""
    _answers_agree(large, asked)


_corpora = st.builds(
    same_documents.seeded,
    st.lists(st.integers(1, 12), min_size=1, max_size=4),
    st.integers(0, 10_000),
    st.sampled_from((0.0, 0.3, 0.9)),
)


@_generated(25)
@given(_corpora, st.lists(some_queries.trees, min_size=4, max_size=8))
def test_any_documents(tmp_path_factory: pytest.TempPathFactory, corpus: Corpus, queries: list[Query]) -> None:
    both = Both(indexed(corpus, tmp_path_factory.mktemp("corpus")), BM25F())
    for asked in queries:
        _answers_agree(both, asked)


def _answers_agree(both: Both, asked: Query) -> None:
    found = both.search(asked, limit=None)
    assert agree(found, both.expected(asked, lambda answer: agree(found, answer)))
