"""The postings of several words of a segment, one after the other in the order of the query, and their scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.columnar.matches import LOOK_UP_COST, Ids, Matches, Places, Scores, places_in
from indexer.columnar.opened import OpenSegment
from indexer.columnar.postings import PostingField
from indexer.columnar.scoring import Scoring


@dataclass(frozen=True, slots=True)
class WordList:
    """The postings of a word in a field, or of words that follow each other there; ``factors`` is one a word."""

    field: str
    rows: range
    factors: Sequence[float] | Scores
    postings: PostingField

    @property
    def ids(self) -> npt.NDArray[Any]:
        return self.postings.documents(self.rows)

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """How many documents each word has."""
        starts = self.postings.starts[self.rows.start : self.rows.stop + 1].astype(np.int64)
        return starts[1:] - starts[:-1]


class WordLists:
    """Such lists of a segment; no factor is below 0."""

    def __init__(self, scoring: Scoring, segment: OpenSegment, lists: Sequence[WordList]) -> None:
        self._scoring = scoring
        self._segment = segment
        self.lists = lists

    def __len__(self) -> int:
        """How many postings they have."""
        return sum(len(words.ids) for words in self.lists)

    def of(self, some: Sequence[WordList]) -> WordLists:
        """Only some of the lists."""
        return WordLists(self._scoring, self._segment, some)

    @cached_property
    def ids(self) -> Ids:
        """The document of each posting."""
        if not self.lists:
            return np.zeros(0, np.intp)
        return np.concatenate([words.ids for words in self.lists], dtype=np.intp)

    def sums(self) -> Scores:
        """What each document of the segment scores, added up in the order of the lists; 0 for what has no word."""
        sums: Scores = np.bincount(self.ids, self._scores(), minlength=self._segment.size).astype(
            np.float64, copy=False
        )
        return sums

    def matches(self) -> Matches:
        """All documents that have any of the words."""
        touched = np.zeros(self._segment.size, np.bool_)
        touched[self.ids] = True
        found = touched.nonzero()[0]

        def score(places: Places | None) -> Scores:
            wanted = found if places is None else found[places]
            if len(wanted) * len(self.lists) * LOOK_UP_COST < len(self.ids) and self._are_single:
                return self.scores_of(wanted)
            return self.sums()[wanted]

        return Matches(found, score)

    def scores_of(self, wanted: Ids) -> Scores:
        """What some documents score, added up in the order of the lists, each of which has one word."""
        totals = np.zeros(len(wanted))
        for words in self.lists:
            places, found = places_in(words.ids, wanted)
            chosen = places[found]
            if len(chosen):
                totals[found] += self.scores_in(words, chosen)
        return totals

    def scores_in(self, words: WordList, places: Places | None = None) -> Scores:
        """The scores of a list of one word, at some places or all."""
        return self._scoring.scores(self._segment, words.field, words.rows.start, words.factors[0], places)

    @cached_property
    def _are_single(self) -> bool:
        return all(len(words.rows) == 1 for words in self.lists)

    def _scores(self) -> Scores:
        """The score of each posting, aligned with `ids`."""
        if not self.lists:
            return np.zeros(0)
        fields = list(dict.fromkeys(words.field for words in self.lists))
        if len(fields) == 1:
            return self._scores_of_field(fields[0], self.lists, self.ids)
        pieces: list[Scores] = [np.zeros(0)] * len(self.lists)
        for field in fields:
            mine = [(place, words) for place, words in enumerate(self.lists) if words.field == field]
            ids = np.concatenate([words.ids for _, words in mine], dtype=np.intp)
            scores = self._scores_of_field(field, [words for _, words in mine], ids)
            end = 0
            for place, words in mine:
                start, end = end, end + len(words.ids)
                pieces[place] = scores[start:end]
        return np.concatenate(pieces)

    def _scores_of_field(self, field: str, lists: Sequence[WordList], ids: Ids) -> Scores:
        postings = lists[0].postings
        scores = self._impacts(field, postings, lists, ids)
        factors = np.concatenate([words.factors for words in lists])
        scores *= factors.repeat(np.concatenate([words.counts for words in lists]))
        return scores

    def _impacts(self, field: str, postings: PostingField, lists: Sequence[WordList], ids: Ids) -> Scores:
        impacts = self._scoring.impacts(field)
        frequencies = [found for words in lists if (found := postings.frequencies(words.rows)) is not None]
        if impacts is None or postings.has_weights or any(part.dtype != np.uint8 for part in frequencies):
            weights = np.concatenate([postings.weights(words.rows) for words in lists])
            return weights if impacts is None else impacts.of(weights, self._length_bytes(field, ids))
        joined = np.concatenate(frequencies) if frequencies else None
        return impacts.by_table(joined, self._length_bytes(field, ids))

    def _length_bytes(self, field: str, ids: Ids) -> npt.NDArray[np.uint8]:
        return self._scoring.length_bytes(self._segment, field, ids)
