"""The best documents for a query in a whole index, or the first by a column, and how many there are in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh import query as whoosh_query
from whoosh.query import Query

from indexer.columnar.evaluate import Evaluable, Evaluator
from indexer.columnar.matches import Ids, Scores
from indexer.columnar.max_score import BestOfWords
from indexer.columnar.opened import Mask, OpenSegment
from indexer.columnar.word_groups import WordGroups, Words

# Scores that differ by less are taken as equal: sums of the same numbers in another order.
TIE = 1e-9

# How many times as many keys as are wanted are looked at first, to find the greatest.
_SAMPLED = 8

_NOTHING: Ids = np.zeros(0, np.intp)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of documents, best first, by their numbers in the index, and how many there are in all.

    ``hits`` are all that were found, by segment and by their numbers there, ascending; empty if not asked for.
    """

    total: int
    ids: Ids
    scores: Scores
    hits: tuple[Ids, ...]


def search(
    evaluator: Evaluator,
    query: Query | Evaluable,
    *,
    limit: int | None,
    offset: int = 0,
    allowed: Sequence[Mask | None] | None = None,
    by: Sequence[npt.NDArray[Any]] | None = None,
    need_hits: bool = False,
) -> Found:
    """Search all segments, for what is neither deleted nor, by a mask a segment, forbidden.

    Best first; what scores the same (within `TIE`) by document number. With ``by``, a column a segment, the largest
    value first; the same values by document number.
    """
    masks = [
        _both(segment.alive, None if allowed is None else allowed[place])
        for place, segment in enumerate(evaluator.index.segments)
    ]
    count = None if limit is None else offset + limit
    if by is not None:
        found = _by_column(evaluator, query, masks, by, count)
    elif count and evaluator.groups is not None and (words := evaluator.groups.words(query)) is not None:
        found = _best_of_groups(evaluator.groups, words, evaluator.index.segments, masks, count, every=need_hits)
    elif count and BestOfWords.can_answer(evaluator, query):
        found = _best_of_words(evaluator, query, masks, count, need_hits=need_hits)
    else:
        found = _best(evaluator, query, masks, count)
    ids, scores = found.ids[offset:], found.scores[offset:]
    return Found(found.total, ids, scores, found.hits if need_hits else ())


def _best(evaluator: Evaluator, query: Query | Evaluable, masks: list[Mask | None], count: int | None) -> Found:
    hits: list[Ids] = []
    ids: list[Ids] = []
    scores: list[Scores] = []
    for segment, mask in zip(evaluator.index.segments, masks, strict=True):
        matches = evaluator.matches(query, segment)
        if mask is not None:
            matches = matches.at(mask[matches.ids].nonzero()[0])
        hits.append(matches.ids)
        if matches.constant is not None:  # the first ones are as good as any
            matches = matches.at(np.arange(len(matches.ids) if count is None else min(count, len(matches.ids))))
        score = matches.scores()
        kept = _greatest(score, count, TIE)
        ids.append((matches.ids if kept is None else matches.ids[kept]) + segment.offset)
        scores.append(score if kept is None else score[kept])
    return _page(hits, ids, scores, count)


def _best_of_groups(
    groups: WordGroups,
    words: Words,
    segments: Sequence[OpenSegment],
    masks: list[Mask | None],
    count: int,
    *,
    every: bool,
) -> Found:
    best = np.full(count, -np.inf)
    total = 0
    hits: list[Ids] = []
    ids: list[Ids] = []
    scores: list[Scores] = []
    for segment, mask in zip(segments, masks, strict=True):
        plan = groups.plan(words, segment)
        if plan is None:
            hits.append(_NOTHING)
            continue
        found = groups.find(plan, segment, mask, best, TIE, every=every)
        total += found.total
        hits.append(found.hits)
        ids.append(found.near + segment.offset)
        scores.append(found.scores)
    page = _page(hits, ids, scores, count)
    return Found(total, page.ids, page.scores, page.hits)


def _best_of_words(
    evaluator: Evaluator, query: whoosh_query.Or, masks: list[Mask | None], count: int, *, need_hits: bool
) -> Found:
    words = BestOfWords(evaluator, query, count, TIE)
    for segment, mask in zip(evaluator.index.segments, masks, strict=True):
        words.add(segment, mask, need_hits=need_hits)
    found = _page(words.hits, words.ids, words.scores, count)
    return Found(words.total, found.ids, found.scores, found.hits)


def _page(hits: list[Ids], ids: list[Ids], scores: list[Scores], count: int | None) -> Found:
    if len(ids) == 1:
        every, score = ids[0], scores[0]
    else:
        every = np.concatenate(ids) if ids else _NOTHING
        score = np.concatenate(scores) if scores else np.zeros(0)
    order = in_order(every, score)[:count]
    return Found(sum(map(len, hits)), every[order], score[order], tuple(hits))


def in_order(ids: Ids, scores: Scores) -> Ids:
    """The places of documents, best first, those that score the same by number."""
    falling: Ids = (-scores).argsort(kind="stable")
    sorted_scores = scores[falling]
    drops = sorted_scores[:-1] - sorted_scores[1:]
    if not len(drops) or drops.min() > TIE:
        return falling
    group = np.concatenate([[0], np.cumsum(drops > TIE)])
    return falling[np.lexsort((ids[falling], group))]


def _by_column(
    evaluator: Evaluator,
    query: Query | Evaluable,
    masks: list[Mask | None],
    by: Sequence[npt.NDArray[Any]],
    count: int | None,
) -> Found:
    found = []
    hits: list[Ids] = []
    for segment, mask, column in zip(evaluator.index.segments, masks, by, strict=True):
        matches = evaluator.matches(query, segment)
        if mask is not None:
            matches = matches.at(mask[matches.ids].nonzero()[0])
        here = matches.ids
        hits.append(here)
        keys = column[here]
        kept = _greatest(keys, count, 0)
        places = np.arange(len(here)) if kept is None else kept
        found.append((here[places] + segment.offset, keys[places], matches, places))
    if not found:
        return _page(hits, [], [], count)
    ids = np.concatenate([part[0] for part in found])
    keys = np.concatenate([part[1] for part in found])
    # The last of the ascending ones, equal ones from the back: so the numbers of equal ones ascend after the turn.
    order = (len(keys) - 1 - np.argsort(keys[::-1], kind="stable"))[::-1][:count]
    sizes = np.cumsum([0, *(len(part[0]) for part in found)])
    scores = np.zeros(len(order))
    for start, end, (_, _, matches, places) in zip(sizes[:-1], sizes[1:], found, strict=True):
        mine = ((order >= start) & (order < end)).nonzero()[0]
        wanted = places[order[mine] - start]
        ascending = np.argsort(wanted)
        scores[mine[ascending]] = matches.scores(wanted[ascending])
    return Found(sum(map(len, hits)), ids[order], scores, tuple(hits))


def _greatest(keys: npt.NDArray[Any], count: int | None, tie: float) -> Ids | None:
    """The places of so many of the greatest keys, of those that tie with the last the first ones; None for all."""
    if count is None or len(keys) <= count:
        return None
    if not count:
        return np.zeros(0, np.intp)
    # The greatest of a few are no greater than those of all: by them most keys are left out at once.
    few = keys[:: max(len(keys) // (_SAMPLED * count), 1)]
    least = few[few.argpartition(len(few) - count)[len(few) - count]]
    some: Ids = (keys >= (least - tie if tie else least)).nonzero()[0]
    last = np.partition(keys[some], len(some) - count)[len(some) - count]
    near: Ids = some[keys[some] >= (last - tie if tie else last)]
    if len(near) <= 2 * count:
        return near
    above = keys[near] > (last + tie if tie else last)
    above[(~above).nonzero()[0][:count]] = True
    places: Ids = near[above]
    return places


def _both(one: Mask | None, other: Mask | None) -> Mask | None:
    if one is None or other is None:
        return one if other is None else other
    return one & other
