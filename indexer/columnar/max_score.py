"""The best documents of a disjunction of words, without scoring all of them: MaxScore, exact.

Few postings are simply added up. Of many, the words are taken by the most that they can add to a score, greatest
first. Once the best documents so far score more than all words that are left can add together, no document that has
only those words can be among the best: of those words, only the documents are still looked up that have come far enough
(Turtle and Flood, Query evaluation: strategies and optimizations, 1995). What remains is scored anew in the order of
the query.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

import numpy as np
from whoosh import query as whoosh_query

from indexer.columnar.evaluate import Evaluator
from indexer.columnar.matches import Ids, Scores, places_in
from indexer.columnar.opened import Mask, OpenSegment
from indexer.columnar.word_lists import WordList, WordLists

# A bound is compared with sums that were added up in another order: room for what that may change.
_ROOM = 1e-6

# So many postings are added up as fast as a few words are looked up (measured at 60,000 documents): fewer are not worth
# leaving out, and words are taken so many postings at a time.
_FEW_POSTINGS = 100_000
_AT_A_TIME = 20_000


class BestOfWords:
    """Finds the ``count`` best documents of a disjunction of words, segment by segment, and counts them all.

    ``ids`` (numbers in the index) and ``scores`` are those of each segment that may be among the best, in no order.
    """

    def __init__(self, evaluator: Evaluator, query: whoosh_query.Or, count: int, tie: float) -> None:
        self._evaluator = evaluator
        self._query = query
        self._count = count
        self._tie = tie
        self._least = 0.0  # what a document must score to be among the best found so far
        self.total = 0
        self.hits: list[Ids] = []
        self.ids: list[Ids] = []
        self.scores: list[Scores] = []

    @staticmethod
    def can_answer(evaluator: Evaluator, query: Any) -> TypeGuard[whoosh_query.Or]:
        return type(query) is whoosh_query.Or and evaluator.are_words(query)

    def add(self, segment: OpenSegment, mask: Mask | None, *, need_hits: bool) -> None:
        """Search a segment."""
        lists = self._evaluator.word_lists(self._query, segment)
        if len(lists) <= _FEW_POSTINGS:
            found, near, scores = self._of_few(lists, mask)
        else:
            found, near, scores = self._of_many(lists, segment, mask)
        self.total += int(np.count_nonzero(found))
        self.hits.append(found.nonzero()[0] if need_hits else np.zeros(0, np.intp))
        self.ids.append(near + segment.offset)
        self.scores.append(scores)

    def _of_few(self, lists: WordLists, mask: Mask | None) -> tuple[Mask, Ids, Scores]:
        """Which documents are found, and those that may be among the best, with their scores."""
        sums = lists.sums()
        if mask is not None:
            sums *= mask
        near = self._near(sums, lists.lists, 0.0)
        return sums > 0, near, sums[near]

    def _of_many(self, lists: WordLists, segment: OpenSegment, mask: Mask | None) -> tuple[Mask, Ids, Scores]:
        ranked = sorted(((self._most(words, segment), place) for place, words in enumerate(lists.lists)), reverse=True)
        by_most = [lists.lists[place] for _, place in ranked]
        left = [sum(most for most, _ in ranked[place:]) for place in range(len(ranked) + 1)]
        sums = np.zeros(segment.size)
        near = np.zeros(0, np.intp)
        taken = 0
        while taken < len(by_most) and self._least <= left[taken]:
            some = [by_most[taken]]
            taken += 1
            while taken < len(by_most) and sum(len(words.ids) for words in some) < _AT_A_TIME:
                some.append(by_most[taken])
                taken += 1
            sums += lists.of(some).sums()
            if mask is not None:
                sums *= mask
            near = self._near(sums, some, left[taken])
        partial = sums[near]
        for words, rest in zip(by_most[taken:], left[taken + 1 :], strict=True):
            places, there = places_in(words.ids, near)
            partial[there] += lists.scores_in(words, places[there])
            self._raise(partial)
            kept = partial >= self._least - rest - _ROOM
            near, partial = near[kept], partial[kept]
        found = np.zeros(segment.size, np.bool_)
        found[lists.ids] = True
        if mask is not None:
            found &= mask
        return found, near, lists.scores_of(near)

    def _near(self, sums: Scores, lists: Sequence[WordList], left: float) -> Ids:
        """The documents that can be among the best if no more than ``left`` is added to their sums."""
        enough = [words.ids for words in lists if len(words.ids) >= self._count]
        if enough:  # some good ones give a bound, by which the best ones are found quickly
            self._raise(sums[min(enough, key=len)])
        good = (sums >= self._least if self._least > 0 else sums > 0).nonzero()[0]
        self._raise(sums[good])
        reached = self._least - left - _ROOM if left else self._least
        near: Ids = (sums >= reached if reached > 0 else sums > 0).nonzero()[0]
        return near

    def _most(self, words: WordList, segment: OpenSegment) -> float:
        return self._evaluator.scoring.most(segment, words.field, words.rows.start) * words.factors[0] + _ROOM

    def _raise(self, scores: Scores) -> None:
        """Some documents that may be shown score so much, at least."""
        if len(scores) >= self._count:
            last = np.partition(scores, len(scores) - self._count)[len(scores) - self._count]
            self._least = max(self._least, float(last) - self._tie)
