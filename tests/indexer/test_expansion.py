"""What official terms add: the less the commoner the plain word is, and never enough to win twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest

from analyzers.synonyms import find_plain_words
from corpus.models import Document, Kind, Validity
from corpus.store import DocumentStore
from indexer.columnar.postings import Gathered
from indexer.engine import Query, SearchResults, Sort, Understood
from indexer.evidence import Heard, Way
from indexer.expansion import SYNONYM_WEIGHT, Concept, concept_of, ways_of
from indexer.fields import TEXT_FIELDS
from indexer.generations import IndexFolder
from indexer.ranking import BM25F
from indexer.sync import sync
from indexer.view import View
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.papers import keep

(LOW_INCOME,) = find_plain_words("低保")  # → 最低生活保障
(UNCARED,) = find_plain_words("没人管的孩子")  # → 事实无人抚养儿童, 困境儿童

OTHERS = tuple(
    Document(id=f"o-{number}", title=f"第{number}号公告", body="管网检修，沿线停水。") for number in range(20)
)

Ask = Callable[..., SearchResults]


class OneSegment:
    """Stands for a snapshot of one segment that holds ``field → word → document → frequency``."""

    whole = None

    def __init__(self, postings: dict[str, dict[str, dict[int, float]]], size: int) -> None:
        self.size = size
        self._postings = postings
        self.parts = (self,)

    def gather(self, field: str, words: Sequence[bytes]) -> Gathered:
        by_word = [sorted(self._postings.get(field, {}).get(word.decode(), {}).items()) for word in words]
        counts = np.array([len(found) for found in by_word], np.intp)
        ids = np.array([document for found in by_word for document, _ in found], np.intp)
        said = np.array([frequency for found in by_word for _, frequency in found], float)
        return Gathered(ids, np.arange(len(words)).repeat(counts), said, counts)

    def norms(self, field: str, b: float, average: float) -> npt.NDArray[np.float64]:  # noqa: ARG002
        return np.ones(self.size)

    def average_length(self, field: str) -> float:  # noqa: ARG002
        return 1.0


def heard_of(
    postings: dict[str, dict[str, dict[int, float]]], plain: str = "低保", documents: int = 100
) -> tuple[Concept, Heard]:
    (found,) = find_plain_words(plain)
    heard = Heard(cast(View, OneSegment(postings, documents)), TEXT_FIELDS, ways_of([found]), BM25F())
    return concept_of(found, documents, heard, BM25F()), heard


def concept(postings: dict[str, dict[str, dict[int, float]]], plain: str = "低保", documents: int = 100) -> Concept:
    return heard_of(postings, plain, documents)[0]


def loudness(heard: Heard, way: Way) -> dict[int, float]:
    """How loud each document says it; a word in a body counts 1, in a title 2."""
    (said,) = heard.said
    here = slice(said.starts[heard.number(way)], said.starts[heard.number(way) + 1])
    return dict(zip(said.ids[here].tolist(), said.heard[here].tolist(), strict=True))


def everywhere(words: Sequence[str], *ids: int) -> dict[str, dict[int, float]]:
    return {word: dict.fromkeys(ids, 1.0) for word in words}


def test_a_term_of_several_words_counts_where_one_field_has_them_all() -> None:
    term = LOW_INCOME.terms[0]
    body = everywhere(term.words, 3) | {"最低": {1: 5.0, 3: 2.0}, "生活": {2: 9.0, 3: 4.0}}
    found, heard = heard_of({"body": body, "title": {"最低生活保障": {7: 1.0}}})
    assert loudness(heard, term.words) == {3: 1.0}  # as often as the rarest of its words
    assert found.terms == ((term, 1),)


def test_the_plain_word_counts_in_full_and_its_terms_less() -> None:
    (term,) = LOW_INCOME.terms
    found, heard = heard_of({"body": everywhere(term.words, 2, 3, 4) | {"低保": {1: 4.0, 2: 1.0}}})
    assert 0 < found.weight < SYNONYM_WEIGHT
    assert (found.ways, found.shares.tolist()) == ((LOW_INCOME.words, term.words), [1.0, found.weight])
    assert loudness(heard, LOW_INCOME.words) == {1: 4.0, 2: 1.0}
    assert found.factor == BM25F().factors(TEXT_FIELDS, 100, np.array([3.0]))[0]  # of the commonest


def test_terms_count_less_the_commoner_the_plain_word() -> None:
    def weight(common: int) -> float:
        return concept({"body": {"低保": dict.fromkeys(range(common), 1.0)}}).weight

    weights = [weight(common) for common in (0, 1, 10, 50, 100)]
    assert weights[0] == SYNONYM_WEIGHT
    assert weights == sorted(weights, reverse=True)
    assert 0 < weights[-1] < 0.01


def test_what_the_collection_does_not_have_adds_nothing() -> None:
    nothing = concept({"body": {"停水": {1: 1.0}}})
    assert (nothing.terms, nothing.ways) == ((), (LOW_INCOME.words,))
    only = concept({"title": everywhere(UNCARED.terms[1].words, 4)}, "没人管的孩子")
    assert [term.text for term, _ in only.terms] == ["困境儿童"]


@pytest.fixture
def asked(store: DocumentStore, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., WhooshEngine]:
    def engine(*documents: Document) -> WhooshEngine:
        keep(store, [*documents, *OTHERS])
        folder = IndexFolder(tmp_path / "index")
        sync(store, folder)
        opened = WhooshEngine(folder)
        request.addfinalizer(opened.close)
        return opened

    return engine


PLAIN = Document(id="plain", title="低保申请问答", body="低保怎样申请。")
OFFICIAL = Document(id="official", title="最低生活保障申请指南", body="申请最低生活保障。", kind=Kind.GUIDE)
BOTH = Document(id="both", title="最低生活保障（低保）", body="低保，即最低生活保障。")


def test_the_official_term_is_found_and_the_users_own_word_stays_first(asked: Callable[..., WhooshEngine]) -> None:
    engine = asked(PLAIN, OFFICIAL)
    results = engine.search(Query(text="低保"))
    assert [hit.id for hit in results.hits] == ["plain", "official"]
    assert results.total == 2
    assert results.understood == (Understood("synonym", "低保 → 最低生活保障", '"低保"'),)
    title = results.hits[1].title
    assert [title.text[start:end] for start, end in title.spans] == ["最低生活保障"]
    assert {hit.id for hit in engine.search(Query(text="低保 申请", sort=Sort.DATE)).hits} == {"plain", "official"}


def test_a_text_that_says_both_does_not_win_twice(asked: Callable[..., WhooshEngine]) -> None:
    engine = asked(PLAIN, OFFICIAL, BOTH)
    parts = engine.explain(Query(text="低保"), "both")
    assert parts["低保 → 最低生活保障"] < 0.5 * parts["低保"]
    assert "低保 → 最低生活保障" not in engine.explain(Query(text="低保"), "plain")


def test_an_explanation_adds_up_to_the_score_and_names_what_was_added(asked: Callable[..., WhooshEngine]) -> None:
    engine = asked(PLAIN, OFFICIAL, BOTH)
    query = Query(text="低保怎么申请")
    for hit in engine.search(query).hits:
        assert sum(engine.explain(query, hit.id).values()) == pytest.approx(hit.score), hit.id
    named = {"申请", "低保 → 最低生活保障", "neighbouring characters", "said in one piece", "said in one line"}
    assert set(engine.explain(query, "official")) == {*named, "guide"}
    assert set(engine.explain(Query(text="低保申请"), "official")) == named


def test_a_question_how_prefers_the_guide_among_equals(asked: Callable[..., WhooshEngine]) -> None:
    twins = [Document(id=kind.value, title="高龄津贴申领", kind=kind) for kind in (Kind.NEWS, Kind.GUIDE, Kind.POLICY)]
    engine = asked(*twins)
    assert engine.search(Query(text="高龄津贴如何申领")).hits[0].id == "guide"
    assert len({hit.score for hit in engine.search(Query(text="高龄津贴申领")).hits}) == 1


def test_what_stands_in_a_phrase_or_has_no_document_is_not_replaced(asked: Callable[..., WhooshEngine]) -> None:
    engine = asked(PLAIN, OFFICIAL)
    results = engine.search(Query(text='"低保"'))
    assert [hit.id for hit in results.hits] == ["plain"]
    assert [item.what for item in results.understood] == ["phrase"]
    assert engine.search(Query(text="没人管的孩子")).understood == ()


def test_a_number_alone_explains_itself(asked: Callable[..., WhooshEngine]) -> None:
    numbered = Document(id="numbered", title="低保办法", document_number="云澜政办规〔2023〕8号")
    with closing(asked(numbered)) as engine:
        query = Query(text="云澜政办规〔2023〕8号")
        assert engine.explain(query, "numbered") == {"云澜政办规〔2023〕8号": engine.search(query).hits[0].score}


def test_what_is_no_longer_in_force_sinks_below_its_equal_and_says_why(asked: Callable[..., WhooshEngine]) -> None:
    old, new = (
        Document(id=name, title="高龄津贴发放办法", validity=validity, document_number=f"云澜政办规〔{year}〕8号")
        for name, validity, year in (("a-old", Validity.REPEALED, 2013), ("b-new", Validity.IN_FORCE, 2023))
    )
    with closing(asked(old, new)) as engine:
        query = Query(text="高龄津贴发放办法")
        hits = engine.search(query).hits
        assert [(hit.id, hit.validity) for hit in hits] == [("b-new", "in_force"), ("a-old", "repealed")]
        parts = engine.explain(query, "a-old")
        assert parts["no longer in force"] < 0
        assert sum(parts.values()) == pytest.approx(hits[1].score)
        for text in ("已废止的高龄津贴发放办法", "云澜政办规〔2013〕8号"):
            assert engine.search(Query(text=text)).hits[0].id == "a-old"
            assert "no longer in force" not in engine.explain(Query(text=text), "a-old")
        assert "no longer in force" not in engine.explain(Query(text="高龄津贴发放办法 废止"), "a-old")
