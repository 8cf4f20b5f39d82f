"""BM25F proper, against the formula computed by hand; documents and scores stay in order."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from indexer.arrays import Postings
from indexer.ranking import BM25F, FieldStatistics, FieldSum

LENGTHS = {"title": np.array([5.0, 10.0, 10.0, 0.0]), "body": np.array([100.0, 0.0, 300.0, 200.0])}
STATISTICS = {"title": FieldStatistics(8.0, 2), "body": FieldStatistics(150.0, 2)}


def postings(ids: list[int], frequencies: list[float]) -> Postings:
    return Postings(np.array(ids, np.int32), np.array(frequencies, np.float32))


FOUND = {"title": postings([0, 1], [1, 2]), "body": postings([0, 2], [3, 1])}


def test_frequencies_are_weighted_normalised_summed_and_then_saturated() -> None:
    ids, scores = BM25F().score(FOUND, LENGTHS, STATISTICS, 10, 3)
    idf = log(1 + (10 - 3 + 0.5) / (3 + 0.5))
    said = [
        2 * 1 / (0.5 + 0.5 * 5 / 8) + 3 / (0.25 + 0.75 * 100 / 150),
        2 * 2 / (0.5 + 0.5 * 10 / 8),
        1 / (0.25 + 0.75 * 300 / 150),
    ]
    assert ids.tolist() == [0, 1, 2]
    assert scores == pytest.approx([idf * 2.2 * value / (1.2 + value) for value in said])


def test_a_word_in_both_fields_is_one_word_said_more_often() -> None:
    """The sum of two saturated scores may pass the bound of one word; BM25F proper may not."""
    often = {"title": postings([0], [1000]), "body": postings([0], [1000])}
    _, proper = BM25F().score(often, LENGTHS, STATISTICS, 10, 1)
    assert proper[0] < log(1 + 9.5 / 1.5) * 2.2
    _, summed = FieldSum().score(often, LENGTHS, STATISTICS, 10, 1)
    assert summed[0] > 2 * (log(10 / 3) + 1) * 2.2


def test_the_peer_scores_field_by_field() -> None:
    ids, scores = FieldSum().score(FOUND, LENGTHS, STATISTICS, 10, 3)
    idf = log(10 / 3) + 1

    def saturated(said: float, relative: float) -> float:
        return idf * said * 2.2 / (said + 1.2 * (0.25 + 0.75 * relative))

    assert ids.tolist() == [0, 1, 2]
    assert scores == pytest.approx(
        [2 * saturated(1, 5 / 8) + saturated(3, 100 / 150), 2 * saturated(2, 10 / 8), saturated(1, 2)]
    )


def test_one_field_alone_and_an_empty_index_are_scored_too() -> None:
    ids, scores = BM25F().score({"title": postings([1], [1])}, LENGTHS, {"title": FieldStatistics(0.0, 1)}, 1, 1)
    assert ids.tolist() == [1]
    assert scores[0] > 0
