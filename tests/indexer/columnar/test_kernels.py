"""Compiled kernels give what numpy gives, also where numbers are large; where there are none it is told."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh import query
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, TEXT, Schema
from whoosh.query import Query

import indexer.columnar
from indexer.columnar import kernels as choice
from indexer.columnar.codec import ColumnarCodec
from indexer.columnar.evaluate import Evaluator
from indexer.columnar.opened import OpenIndex, open_index
from indexer.columnar.search import TIE, Found, search

WORDS = ("停水", "公告", "望江路", "抢修", "恢复", "供水", "中华人民共和国城市供水条例", "中华人民共和国水法")

# More than a byte holds, and more steps than two bytes hold.
OFTEN, FAR = 700, 70_000


def texts(count: int, seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    weights = [1 / rank for rank in range(1, len(WORDS) + 1)]
    for number in range(count):
        words = chance.choices(WORDS, weights, k=chance.randint(0, 12))
        if number % 40 == 7:
            words += [chance.choice(WORDS)] * OFTEN
        yield " ".join(words)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> OpenIndex:
    """Segments whose document numbers take one and two bytes; some documents deleted."""
    folder: Path = tmp_path_factory.mktemp("kernels")
    words = SpaceSeparatedTokenizer()
    made = whoosh_index.create_in(folder, Schema(id=ID(unique=True), title=TEXT(words), body=TEXT(words)))
    for segment, size in enumerate((3_000, 60, 1)):
        writer = made.writer(codec=ColumnarCodec(), compound=False)
        for number, (title, body) in enumerate(zip(texts(size, segment), texts(size, segment + 9), strict=True)):
            far = f"{body} {'。 ' * FAR}停水 公告" if number == 33 else body
            writer.add_document(id=f"{segment}-{number}", title=title, body=far)
        writer.commit(merge=False)
    writer = made.writer(codec=ColumnarCodec(), compound=False)
    for number in range(0, 3_000, 11):
        writer.delete_by_term("id", f"0-{number}")
    writer.commit(merge=False)
    return open_index(folder)


@pytest.fixture(scope="module")
def compiled(opened: OpenIndex) -> Evaluator:
    found = choice.kernels()
    if found is None:
        pytest.skip("numba is not installed")
    return Evaluator(opened, kernels=found)


def _terms() -> st.SearchStrategy[query.Term]:
    boosts = st.sampled_from((1.0, 2.0, 0.5))
    return st.builds(query.Term, st.sampled_from(("title", "body")), st.sampled_from((*WORDS, "没有的词")), boosts)


_disjunctions = st.builds(query.Or, st.lists(_terms(), min_size=2, max_size=6), st.sampled_from((1.0, 3.0)))
_groups = _terms() | _disjunctions
_conjunctions = st.builds(query.And, st.lists(_groups, min_size=2, max_size=4), st.sampled_from((1.0, 3.0)))
_phrases = st.builds(
    query.Phrase,
    st.sampled_from(("title", "body")),
    st.lists(st.sampled_from((*WORDS[:4], "。")), min_size=1, max_size=4),
    st.sampled_from((0, 1, 2, 5, FAR)),
)


def same(one: Found, other: Found) -> bool:
    return (
        one.total == other.total
        and one.ids.tolist() == other.ids.tolist()
        and np.allclose(one.scores, other.scores, rtol=TIE, atol=TIE)
        and [hits.tolist() for hits in one.hits] == [hits.tolist() for hits in other.hits]
    )


@settings(deadline=None, max_examples=300)
@given(
    asked=_groups | _conjunctions | _phrases,
    limit=st.none() | st.integers(1, 40),
    offset=st.integers(0, 30),
    third=st.booleans(),
    need_hits=st.booleans(),
)
def test_the_same_as_without(
    opened: OpenIndex, compiled: Evaluator, asked: Query, limit: int | None, offset: int, third: bool, need_hits: bool
) -> None:
    allowed = [np.arange(segment.size) % 3 == 0 for segment in opened.segments] if third else None
    with_kernels, without = (
        search(evaluator, asked, limit=limit, offset=offset, allowed=allowed, need_hits=need_hits)
        for evaluator in (compiled, Evaluator(opened))
    )
    assert same(with_kernels, without)


@pytest.mark.parametrize(
    "asked",
    [
        query.Term("body", "停水"),
        query.Or([query.Term("title", "停水"), query.Term("body", "公告")]),
        query.And([query.Or([query.Term("title", "停水"), query.Term("body", "停水")]), query.Term("body", "公告")]),
    ],
    ids=repr,
)
def test_what_kernels_answer(compiled: Evaluator, asked: Query) -> None:
    assert compiled.groups is not None
    assert compiled.groups.words(asked) is not None
    assert search(compiled, asked, limit=10).total > 100


@pytest.mark.parametrize(
    "asked",
    [
        query.Prefix("body", "停"),
        query.Or([query.Term("body", "停水"), query.Prefix("body", "公")]),
        query.And([query.Term("body", "停水"), query.Not(query.Term("body", "公告"))]),
        query.Or([query.Term("body", "停水"), query.Term("body", "公告")], scale=0.5),
        query.Term("id", "0-1"),  # not scored
        query.Term("none", "停水"),
        query.NullQuery,
    ],
    ids=repr,
)
def test_what_numpy_answers(compiled: Evaluator, asked: Query) -> None:
    assert compiled.groups is not None
    assert compiled.groups.words(asked) is None


def test_postings_gathered_at_once_are_those_of_each_word(opened: OpenIndex) -> None:
    for segment in opened.segments:
        postings = segment.arrays.field("body")
        assert postings is not None
        rows = postings.rows([word.encode() for word in (*WORDS, "没有的词", "停水")])
        gathered = postings.gather(rows)
        pieces = [(postings.documents(row), postings.weights(row)) for row in rows if row >= 0]
        assert gathered.ids.tolist() == np.concatenate([ids for ids, _ in pieces]).tolist()
        assert gathered.frequencies.tolist() == np.concatenate([said for _, said in pieces]).tolist()
        assert gathered.counts.tolist() == [postings.document_frequency(row) for row in rows]
        assert gathered.words.tolist() == np.repeat(np.arange(len(rows)), gathered.counts).tolist()


def test_threads_do_not_disturb_each_other(opened: OpenIndex, compiled: Evaluator) -> None:
    asked = [query.Or([query.Term("body", one), query.Term("title", other)]) for one in WORDS for other in WORDS]
    expected = [search(Evaluator(opened), one, limit=10) for one in asked]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            found = list(pool.map(lambda one: search(compiled, one, limit=10), asked))
            assert all(map(same, found, expected))


def _not_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "indexer.columnar.compiled", raising=False)
    monkeypatch.delattr(indexer.columnar, "compiled", raising=False)


def test_without_numba_there_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    _not_imported(monkeypatch)
    monkeypatch.setitem(sys.modules, "numba", None)
    assert choice.kernels.__wrapped__() is None


def test_without_a_folder_for_machine_code_there_are_none_and_it_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    numba = pytest.importorskip("numba")

    def no_locator(*_: object, **__: object) -> None:
        raise RuntimeError("cannot cache function: no locator available")

    _not_imported(monkeypatch)
    monkeypatch.setattr(numba, "njit", no_locator)
    assert choice.kernels.__wrapped__() is None
    assert "NUMBA_CACHE_DIR" in caplog.text
