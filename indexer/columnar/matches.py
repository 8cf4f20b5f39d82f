"""What a query finds in one segment, and the set algebra of such finds: all, any, either, one but not the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from indexer.columnar.opened import Mask

Ids = npt.NDArray[np.intp]
Places = npt.NDArray[np.intp]
Scores = npt.NDArray[np.float64]

# Looking one number up in a sorted list of n takes about as long as marking this many of a list in a mask (measured).
LOOK_UP_COST = 8


class Matches:
    """The documents that a query finds in a segment, and what each scores when that is asked.

    ``ids`` are their numbers in the segment, ascending, deleted ones included; ``score`` gives the scores of the ids at
    some places, or of all for None. ``constant`` is their score if all have the same.
    """

    __slots__ = ("_score", "constant", "ids")

    def __init__(self, ids: Ids, score: Callable[[Places | None], Scores], constant: float | None = None) -> None:
        self.ids = ids
        self._score = score
        self.constant = constant

    @classmethod
    def of_equal_score(cls, ids: Ids, score: float) -> Matches:
        return cls(ids, lambda places: np.full(len(ids) if places is None else len(places), score), score)

    def scores(self, places: Places | None = None) -> Scores:
        """The scores of ``ids[places]``, of all ids for None. The caller may change the array."""
        return self._score(places)

    def scores_of(self, wanted: Ids) -> Scores:
        """The scores of documents that are all among the ids, ascending."""
        if self.constant is not None:
            return np.full(len(wanted), self.constant)
        if len(wanted) == len(self.ids):
            return self._score(None)
        return self._score(self.ids.searchsorted(wanted))

    def at(self, places: Places) -> Matches:
        """Some of the matches; places ascending."""
        return Matches(
            self.ids[places],
            lambda inner: self._score(places if inner is None else places[inner]),
            self.constant,
        )

    def boosted(self, boost: float) -> Matches:
        if boost == 1.0:
            return self
        constant = None if self.constant is None else self.constant * boost
        return Matches(self.ids, lambda places: self._score(places) * boost, constant)


class Scratch(threading.local):
    """Arrays of zeros, one entry a document, that a thread uses again and again."""

    def __init__(self) -> None:
        self._free: list[Scores] = []

    @contextmanager
    def zeros(self, size: int) -> Iterator[Scores]:
        """Lend an array of zeros; it is the borrower's until the end of the block."""
        array = self._free.pop() if self._free else np.zeros(size)
        if len(array) < size:
            array = np.zeros(size)
        lent = array[:size]
        try:
            yield lent
        finally:
            lent.fill(0.0)
            self._free.append(array)


def nothing() -> Matches:
    return Matches.of_equal_score(np.zeros(0, np.intp), 0.0)


def mask_of(matches: Matches, size: int) -> Mask:
    mask = np.zeros(size, np.bool_)
    mask[matches.ids] = True
    return mask


def places_in(ids: npt.NDArray[Any], wanted: npt.NDArray[Any]) -> tuple[Places, Mask]:
    """Where the wanted numbers stand in a sorted list (its end for one above all), and which of them really do."""
    places = ids.searchsorted(wanted.astype(ids.dtype, copy=False))
    if not len(ids):
        return places, np.zeros(len(wanted), np.bool_)
    return places, ids.take(places, mode="clip") == wanted


def are_in(matches: Matches, wanted: Ids, size: int) -> Mask:
    """Which of the wanted documents are among the matches."""
    if len(wanted) * LOOK_UP_COST < len(matches.ids):
        return places_in(matches.ids, wanted)[1]
    return mask_of(matches, size)[wanted]


def all_of(parts: Sequence[Matches], size: int) -> Matches:
    """What all parts find; the scores are added."""
    by_length = sorted(parts, key=lambda part: len(part.ids))
    ids = by_length[0].ids
    for part in by_length[1:]:
        if not len(ids):
            return nothing()
        ids = ids[are_in(part, ids, size)]

    def score(places: Places | None) -> Scores:
        wanted = ids if places is None else ids[places]
        total = parts[0].scores_of(wanted)
        for part in parts[1:]:
            total = total + (part.scores_of(wanted) if part.constant is None else part.constant)
        return total

    constants = [part.constant for part in parts if part.constant is not None]
    return Matches(ids, score, sum(constants) if len(constants) == len(parts) else None)


def any_of(parts: Sequence[Matches], size: int, scratch: Scratch, *, greatest: bool = False) -> Matches:
    """What any part finds; its scores are added, or the greatest is taken."""
    found = [part for part in parts if len(part.ids)]
    if not found:
        return nothing()
    if len(found) == 1:
        return found[0]
    touched = np.zeros(size, np.bool_)
    for part in found:
        touched[part.ids] = True
    ids = touched.nonzero()[0]
    postings = sum(len(part.ids) for part in found)

    def score(places: Places | None) -> Scores:
        wanted = ids if places is None else ids[places]
        if len(wanted) * len(found) * LOOK_UP_COST < postings:
            return _looked_up(found, wanted, greatest=greatest)
        with scratch.zeros(size) as totals:
            if greatest:
                totals.fill(-np.inf)
            for part in found:
                if greatest:
                    totals[part.ids] = np.maximum(totals[part.ids], part.scores())
                else:
                    totals[part.ids] += part.scores() if part.constant is None else part.constant
            taken: Scores = totals[wanted]
            return taken

    return Matches(ids, score)


def one_and_maybe(one: Matches, maybe: Matches) -> Matches:
    """What ``one`` finds; where the other finds it too, its score is added."""

    def score(places: Places | None) -> Scores:
        total = one.scores(places)
        wanted = one.ids if places is None else one.ids[places]
        there, found = places_in(maybe.ids, wanted)
        total[found] += maybe.scores(there[found])
        return total

    return Matches(one.ids, score)


def _looked_up(parts: Sequence[Matches], wanted: Ids, *, greatest: bool) -> Scores:
    totals = np.full(len(wanted), -np.inf if greatest else 0.0)
    for part in parts:
        places, found = places_in(part.ids, wanted)
        scores = part.scores(places[found])
        totals[found] = np.maximum(totals[found], scores) if greatest else totals[found] + scores
    return totals
