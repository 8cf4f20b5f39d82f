"""Compiled ranking gives what numpy gives: the same documents in the same order, scores, facets and explanations."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.models import Document, Kind, Validity
from corpus.store import DocumentStore
from indexer.columnar import arithmetic as counting
from indexer.columnar import tiers
from indexer.columnar.arithmetic import Arithmetic, ByNumpy, Compiled, Said
from indexer.engine import Query, SearchResults, Sort
from indexer.generations import IndexFolder
from indexer.sync import sync
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.papers import keep

PIECES = ("低保", "最低生活保障", "申请", "停水", "公告", "犬只伤人", "偷", "窃取他人财物", "养犬条例", "登记")
LAWS = ("云澜区养犬条例", "云澜区罚则")


def documents(seed: int, count: int) -> list[Document]:
    """Articles that cite each other, and others; some say a word more often than a byte counts."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        said = chance.choices(PIECES, k=chance.randint(1, 9)) + [chance.choice(PIECES)] * (300 * (number % 23 == 7))
        law = chance.choice((*LAWS, ""))
        body = (
            "，".join(said)
            + "。"
            + (f"依照《{chance.choice(LAWS)}》第{chance.choice('一二三四')}条处理。" if law else "")
        )
        title = f"{law}第{'一二三四五六七八九'[number % 9]}条" if law else "".join(chance.choices(PIECES, k=2))
        made.append(
            Document(
                id=f"{seed}-{number}",
                title=title,
                body=body,
                kind=Kind.LAW if law else chance.choice((Kind.GUIDE, Kind.NEWS)),
                validity=chance.choice((Validity.IN_FORCE, Validity.REPEALED)),
            )
        )
    return made


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshEngine]:
    """Two segments, whose document numbers take two bytes and one; some documents deleted."""
    folder = tmp_path_factory.mktemp("arithmetic")
    with (
        pytest.MonkeyPatch.context() as patch,
        DocumentStore.open(f"sqlite:///{folder}/store.db") as store,
        closing(WhooshEngine(IndexFolder(folder / "index"))) as made,
    ):
        patch.setattr(tiers, "SMALL_DOCUMENTS", 0)  # segments stay apart
        for seed, count in enumerate((400, 60)):
            keep(store, documents(seed, count))
            sync(store, IndexFolder(folder / "index"))
        with store.writing() as writer:
            writer.mark_gone(f"0-{number}" for number in range(0, 400, 9))
        sync(store, IndexFolder(folder / "index"))
        yield made


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    found = counting.arithmetic()
    if not isinstance(found, Compiled):
        pytest.skip("numba is not installed")
    return found


@contextmanager
def counted_by(one: Arithmetic) -> Iterator[None]:
    """Whoever counts does it so."""
    users = [module for module in list(sys.modules.values()) if vars(module).get("arithmetic") is counting.arithmetic]
    assert len(users) > 3
    with pytest.MonkeyPatch.context() as patch:
        for module in users:
            patch.setattr(module, "arithmetic", lambda: one)
        yield


@settings(deadline=None, max_examples=60)
@given(
    pieces=st.lists(st.sampled_from((*PIECES, "怎么", "没有的词", "第三条")), min_size=1, max_size=5),
    by_date=st.booleans(),
)
def test_the_same_answers(engine: WhooshEngine, compiled: Compiled, pieces: list[str], by_date: bool) -> None:
    query = Query(text="".join(pieces), limit=60, sort=Sort.DATE if by_date else Sort.RELEVANCE)
    results: list[SearchResults] = []
    explained = []
    for one in (compiled, ByNumpy()):
        with counted_by(one):
            results.append(engine.search(query))
            explained.append([engine.explain(query, hit.id) for hit in results[-1].hits[:2]])
    here, there = results
    assert (here.total, here.facets, here.understood) == (there.total, there.facets, there.understood)
    assert [hit.id for hit in here.hits] == [hit.id for hit in there.hits]
    assert [hit.score for hit in here.hits] == pytest.approx([hit.score for hit in there.hits], rel=0, abs=1e-9)
    assert explained[0] == [pytest.approx(parts, rel=0, abs=1e-9) for parts in explained[1]]


def some_said(chance: np.random.Generator, size: int, ways: int) -> Said:
    found = [chance.permutation(size)[: chance.integers(0, size)] for _ in range(ways)]
    starts = np.cumsum([0, *map(len, found)])
    return Said(np.concatenate(found), chance.random(starts[-1]) * 5 + 0.1, starts)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000), size=st.integers(1, 60))
def test_the_same_sums_and_nothing_left_in_what_was_borrowed(compiled: Compiled, seed: int, size: int) -> None:
    found = []
    for one in (compiled, ByNumpy()):
        chance = np.random.default_rng(seed)
        words, pairs = some_said(chance, size, 5), some_said(chance, size, 3)
        gained, allowed = chance.random(size) * chance.integers(0, 2, size), chance.random(size) < 0.5
        ways, own = np.array([0, 3, 4]), np.array([0, 1])
        one.surpass(gained, words, ways, np.array([1.0, 0.4, 0.7]), 3.3, own, np.array([1.1, 2.2]), 0.9)
        rows = np.array([[0, 0, 1], [0, 1, 2], [1, 0, 4]])
        one.best_of(gained, allowed, rows, np.array([1.0, 2.5, 3.0]), 0.3, words, pairs, 0.9)
        beside = chance.integers(0, size + 1, (2, size))
        targets = np.flatnonzero(chance.random(size) < 0.3)
        cited = targets, np.arange(len(targets) + 1) * 2, chance.integers(0, size, 2 * len(targets))
        around = one.surround(gained, (beside[0], beside[1]), cited, chance.random(size), (0.15, 0.1))
        ids, scores = one.select(gained, allowed if seed % 2 else None)
        counts = [one.tally(chance.integers(0, 9, size).astype(kind), ids, 9) for kind in (np.uint8, np.uint16)]
        found.append([gained, *around, ids, scores, *counts])
    for here, there in zip(*found, strict=True):
        np.testing.assert_allclose(here, there, rtol=0, atol=1e-12)
    assert not compiled._scratch.places(size).any()
    assert not np.any(compiled._scratch.sums(size))
