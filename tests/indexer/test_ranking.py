"""BM25F proper, against the formula in plain Python; documents, words and fields stay what they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.columnar.postings import Gathered
from indexer.evidence import Heard, each
from indexer.fields import TEXT_FIELDS
from indexer.ranking import BM25F, FieldSum, ScoringModel, join_fields
from indexer.view import View

LENGTHS = {"title": np.array([5.0, 10.0, 10.0, 0.0]), "body": np.array([100.0, 0.0, 300.0, 200.0])}
AVERAGES = {"title": 8.0, "body": 150.0}

Frequencies = Mapping[str, Mapping[int, float]]  # field → document → how often it has the word


class FourDocuments:
    """A view of an index of one segment, in which word ``n`` stands as ``words[n]`` says."""

    whole = None

    def __init__(self, words: Sequence[Frequencies], size: int) -> None:
        self.words, self.size = words, size
        self.parts = (self,)

    def gather(self, field: str, words: Sequence[bytes]) -> Gathered:
        found = [sorted(self.words[int(word)].get(field, {}).items()) for word in words]
        counts = np.array([len(one) for one in found], np.intp)
        ids = np.array([document for one in found for document, _ in one], np.intp)
        said = np.array([often for one in found for _, often in one], float)
        return Gathered(ids, np.arange(len(words)).repeat(counts), said, counts)

    def norms(self, field: str, b: float, average: float) -> npt.NDArray[np.float64]:
        return (1 - b) + b * LENGTHS[field] / average

    def average_length(self, field: str) -> float:
        return AVERAGES[field]


def scored(model: ScoringModel, words: Sequence[Frequencies], documents: int = 10) -> list[dict[int, float]]:
    """The score of each word in each document."""
    view = cast(View, FourDocuments(words, documents))
    names = [f"{number}" for number in range(len(words))]
    heard = [Heard(view, fields, each(names), model) for fields in model.saturated_together(TEXT_FIELDS)]
    found: list[dict[int, float]] = []
    for name in names:
        gained = np.zeros(4)
        for one in heard:
            one.add(0, gained, each([name]))
        found.append({document: score for document, score in enumerate(gained.tolist()) if score})
    return found


def by_hand(word: Frequencies, document: int, documents: int) -> float:
    """BM25F proper of one word in one document, with the parameters of `BM25F`: the reference, in ten lines."""
    with_word = len({number for field in word.values() for number in field})
    idf = log(1 + (documents - with_word + 0.5) / (with_word + 0.5))
    said = 0.0
    for field, weight, b in (("title", 2.0, 0.5), ("body", 1.0, 0.75)):
        relative = LENGTHS[field][document] / AVERAGES[field]
        said += weight * word.get(field, {}).get(document, 0.0) / (1 - b + b * relative)
    return idf * 1.9 * said / (0.9 + said)


_POSTINGS = st.dictionaries(st.integers(0, 3), st.integers(1, 400).map(float), max_size=4)


@given(words=st.lists(st.fixed_dictionaries({"title": _POSTINGS, "body": _POSTINGS}), min_size=1, max_size=4))
def test_it_is_the_formula(words: list[Frequencies]) -> None:
    for word, found in zip(words, scored(BM25F(), words), strict=True):
        assert set(found) == {document for field in word.values() for document in field}
        for document, score in found.items():
            assert score == pytest.approx(by_hand(word, document, 10), rel=1e-12)


def test_a_word_in_both_fields_is_one_word_said_more_often() -> None:
    """The sum of two saturated scores may pass the bound of one word; BM25F proper may not."""
    often: list[Frequencies] = [{"title": {0: 1000.0}, "body": {0: 1000.0}}]
    assert scored(BM25F(), often)[0][0] < log(1 + 9.5 / 1.5) * 1.9
    assert scored(FieldSum(), often)[0][0] > 2 * (log(10 / 3) + 1) * 2.2


def test_the_peer_scores_field_by_field() -> None:
    (found,) = scored(FieldSum(), [{"title": {0: 1.0, 1: 2.0}, "body": {0: 3.0, 2: 1.0}}])
    idf = log(10 / 3) + 1

    def saturated(said: float, relative: float) -> float:
        return idf * said * 2.2 / (said + 1.2 * (0.25 + 0.75 * relative))

    assert found == pytest.approx(
        {0: 2 * saturated(1, 5 / 8) + saturated(3, 100 / 150), 1: 2 * saturated(2, 10 / 8), 2: saturated(1, 2)}
    )


def test_words_that_are_nowhere_give_nothing() -> None:
    assert scored(BM25F(), [{}, {"body": {2: 1.0}}]) == [{}, {2: pytest.approx(by_hand({"body": {2: 1.0}}, 2, 10))}]


@given(fields=st.lists(st.dictionaries(st.integers(0, 40), st.integers(1, 9).map(float)), min_size=1, max_size=3))
def test_fields_are_joined_pair_by_pair(fields: list[dict[int, float]]) -> None:
    found = [(np.array(sorted(one), np.int64), np.array([one[key] for key in sorted(one)])) for one in fields]
    keys, amounts = join_fields(found)
    every = sorted(set[int]().union(*fields))
    assert keys.tolist() == every
    assert amounts.tolist() == [sum(one.get(key, 0.0) for one in fields) for key in every]
