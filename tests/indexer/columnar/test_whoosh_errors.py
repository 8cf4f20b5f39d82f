"""Where Whoosh 2.7.5 is wrong by its own documentation, and our answer is right: each case by a plain example."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from whoosh import query
from whoosh.query import Query

from indexer.columnar.evaluate import Evaluator
from indexer.columnar.search import Found, search
from tests.indexer.columnar.repaired_whoosh import repaired
from tests.indexer.columnar.same_documents import Corpus, Pair, indexed

Answer = dict[int, float]


def word(text: str, boost: float = 1.0) -> query.Term:
    return query.Term("topics", text, boost)


@pytest.fixture
def pair(tmp_path: Path) -> Callable[..., Pair]:
    """Makes two indexes of documents with these topics (each of which scores its boost), and deletes some."""

    def make(*topics: str, deleted: Sequence[int] = (), **columns: Sequence[object]) -> Pair:
        documents = tuple(
            {"id": str(number), "topics": text, **{name: values[number] for name, values in columns.items()}}
            for number, text in enumerate(topics)
        )
        return indexed(Corpus((documents,), tuple(map(str, deleted))), tmp_path)

    return make


def stock(pair: Pair, asked: Query, limit: int | None = None) -> Answer:
    with pair.stock.searcher() as searcher:
        return {hit.docnum: hit.score for hit in searcher.search(asked, limit=limit)}


def ours(pair: Pair, asked: Query) -> Answer:
    found = search(Evaluator(pair.opened), asked, limit=None)
    return dict(zip(found.ids.tolist(), found.scores.tolist(), strict=True))


def check(pair: Pair, asked: Query, *, right: Answer, wrong: Answer) -> None:
    """Whoosh says what is wrong, we say what is right, and so does Whoosh when it is repaired."""
    assert stock(pair, asked) == wrong
    assert ours(pair, asked) == right
    with repaired():
        assert stock(pair, asked) == right


def test_not_finds_a_document_that_was_deleted(pair: Callable[..., Pair]) -> None:
    documents = pair("住房", "教育", "教育", deleted=[1])
    check(documents, query.Not(word("住房")), right={2: 1.0}, wrong={1: 1.0, 2: 1.0})


def test_and_not_keeps_a_first_document_that_is_unwanted(pair: Callable[..., Pair]) -> None:
    """ "Documents that match b are removed from the matches for a." """
    documents = pair("住房", "住房 教育", "教育")
    check(documents, query.AndNot(word("教育"), word("住房")), right={2: 1.0}, wrong={1: 1.0, 2: 1.0})


def test_disjunction_max_takes_the_score_of_another_document(pair: Callable[..., Pair]) -> None:
    """ "Scores each document using the maximum score from the subqueries." """
    documents = pair("住房", "教育")
    asked = query.DisjunctionMax([word("住房"), word("教育", 3.0)])
    check(documents, asked, right={0: 1.0, 1: 3.0}, wrong={0: 3.0, 1: 3.0})


def test_and_maybe_forgets_a_score_inside_a_conjunction(pair: Callable[..., Pair]) -> None:
    """ "The score from the second query will be added." """
    documents = pair("住房", "", "教育 医疗", "", "教育 医疗 住房")
    maybe = query.AndMaybe(word("住房"), word("医疗", 5.0))
    asked = query.And([maybe, word("教育")])
    check(documents, asked, right={4: 7.0}, wrong={4: 2.0})


def test_a_range_from_the_beginning_of_a_field_finds_everything(pair: Callable[..., Pair]) -> None:
    documents = pair("", "", "", serial=[3, 400, 60_000])
    asked = query.NumericRange("serial", None, 200)
    check(documents, asked, right={0: 1.0}, wrong={0: 1.0, 1: 1.0, 2: 1.0})


def test_a_range_of_numbers_loses_its_boost(pair: Callable[..., Pair]) -> None:
    """ "Boost factor that should be applied to the raw score of results matched by this query." """
    documents = pair("", "", year=[5, 9])
    asked = query.NumericRange("year", 5, 6, boost=3.0, constantscore=False)
    check(documents, asked, right={0: 3.0}, wrong={0: 1.0})


@pytest.mark.parametrize("asked", [query.ConstantScoreQuery(word("住房"), 0.0), query.Every("topics", boost=0.0)])
def test_a_constant_score_of_zero_is_one(pair: Callable[..., Pair], asked: Query) -> None:
    documents = pair("住房", "")
    assert stock(documents, asked) == {0: 1.0}
    assert ours(documents, asked) == {0: 0.0}


def test_the_bonus_for_many_words_changes_when_a_word_has_no_more_documents(pair: Callable[..., Pair]) -> None:
    """The bonus is for "the number of query terms that matched in the document", of all terms of the query."""
    documents = pair("住房", *["教育 医疗"] * 30)
    asked = query.Or([word("住房"), word("教育"), word("医疗")], scale=0.5)
    # (score + (matching - 1) / (terms - scale) ** 2) * (terms - 1) / terms
    both = (2 + 1 / 2.5**2) * 2 / 3
    right = {0: 1 * 2 / 3, **dict.fromkeys(range(1, 31), both)}
    assert ours(documents, asked) == pytest.approx(right)
    assert stock(documents, asked) != pytest.approx(right)


def test_a_total_with_a_limit_is_wrong(pair: Callable[..., Pair]) -> None:
    """ "``len(results)``: the total number of documents" - but not when a filter lets nothing through."""
    documents = pair(*["住房"] * 5)
    nothing = word("没有")
    with documents.stock.searcher() as searcher:
        assert len(searcher.search(word("住房"), limit=3, filter=nothing)) == 5
    evaluator = Evaluator(documents.opened)
    allowed = [evaluator.mask(nothing, segment) for segment in documents.opened.segments]
    found = search(evaluator, word("住房"), limit=3, allowed=allowed)
    assert (found.total, len(found.ids)) == (0, 0)


def test_a_page_of_a_disjunction_max_is_wrong(pair: Callable[..., Pair]) -> None:
    documents = pair(*["教育"] * 20, *["住房"] * 20)
    asked = query.DisjunctionMax([word("住房", 2.0), word("教育")])
    found: Found = search(Evaluator(documents.opened), asked, limit=3)
    assert found.ids.tolist() == [20, 21, 22]
    assert np.array_equal(found.scores, [2.0, 2.0, 2.0])
    assert list(stock(documents, asked, limit=3)) != [20, 21, 22]
