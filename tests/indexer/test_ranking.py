"""BM25F proper, against the formula in plain Python; documents, words and fields stay what they were."""

from __future__ import annotations

from collections.abc import Mapping
from math import log

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.columnar.postings import Gathered
from indexer.ranking import BM25F, FieldSum, Said, ScoringModel, Statistics, join_fields

LENGTHS = {"title": np.array([5.0, 10.0, 10.0, 0.0]), "body": np.array([100.0, 0.0, 300.0, 200.0])}
AVERAGES = {"title": 8.0, "body": 150.0}

Frequencies = Mapping[str, Mapping[int, float]]  # field → document → how often it has the word


def gathered(words: list[Mapping[int, float]]) -> Gathered:
    """The postings of several words in one field, each ``document → frequency``."""
    ids = [document for word in words for document in sorted(word)]
    said = [word[document] for word in words for document in sorted(word)]
    counts = np.array([len(word) for word in words], np.intp)
    return Gathered(np.array(ids, np.intp), np.repeat(np.arange(len(words)), counts), np.array(said, float), counts)


def norms(field: str, b: float) -> npt.NDArray[np.float64]:
    return (1 - b) + b * LENGTHS[field] / AVERAGES[field]


def scored(model: ScoringModel, words: list[Frequencies], documents: int = 10) -> list[dict[int, float]]:
    """The score of each word in each document."""
    by_field = {name: gathered([word.get(name, {}) for word in words]) for name in LENGTHS}
    said = join_fields(by_field)
    frequencies = np.bincount(said.words, minlength=len(words)).astype(float)
    statistics = Statistics(documents, frequencies, {name: one.counts.astype(float) for name, one in by_field.items()})
    scores = model.score(said, norms, statistics)
    found: list[dict[int, float]] = [{} for _ in words]
    for document, word, score in zip(said.ids, said.words, scores, strict=True):
        assert int(document) not in found[word]
        found[word][int(document)] = float(score)
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
    found = scored(FieldSum(), [{"title": {0: 1.0, 1: 2.0}, "body": {0: 3.0, 2: 1.0}}])[0]
    idf = log(10 / 3) + 1

    def saturated(said: float, relative: float) -> float:
        return idf * said * 2.2 / (said + 1.2 * (0.25 + 0.75 * relative))

    assert found == pytest.approx(
        {0: 2 * saturated(1, 5 / 8) + saturated(3, 100 / 150), 1: 2 * saturated(2, 10 / 8), 2: saturated(1, 2)}
    )


def test_words_that_are_nowhere_give_nothing() -> None:
    assert scored(BM25F(), [{}, {"body": {2: 1.0}}]) == [{}, {2: pytest.approx(by_hand({"body": {2: 1.0}}, 2, 10))}]
    nothing = join_fields({"title": gathered([{}]), "body": gathered([{}])})
    assert len(BM25F().score(Said(nothing.ids, nothing.words, nothing.fields), norms, _nobody())) == 0


def _nobody() -> Statistics:
    return Statistics(0, np.zeros(1), {})
