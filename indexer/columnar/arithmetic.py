"""What ranking counts with, document by document: by numpy alone, or by machine code where numba is installed.

Both give the same numbers in the same order of adding. A *way* of saying something is a word, or several that must
stand together; how loud a document says it is a number above zero, which saturates: ``h × (k1 + 1) / (k1 + h)``.
"""

from __future__ import annotations

import logging
import threading
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from indexer.columnar.layout import Files, Table

log = logging.getLogger(__name__)

Places = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_ALL = np.zeros(0, np.bool_)


class Said(NamedTuple):
    """Which documents of a segment say what, and how loud: way by way, each document once in a way.

    Those of way ``w`` are at ``starts[w]`` to ``starts[w + 1]`` of ``ids`` (their numbers in the segment, in no order).
    """

    ids: Places
    heard: Scores
    starts: Places

    def documents(self, way: int) -> Places:
        """The documents that say it in this way."""
        return self.ids[self.starts[way] : self.starts[way + 1]]


class Arithmetic(Protocol):
    """What each document of a segment gains is added to ``gained``, an entry a document."""

    def add(self, gained: Scores, said: Said, ways: Places, factors: Scores, k1: float) -> None:
        """What some ways give: each its saturated loudness, times its factor."""
        ...

    def surpass(
        self,
        gained: Scores,
        said: Said,
        ways: Places,
        shares: Scores,
        factor: float,
        own: Places,
        own_factors: Scores,
        k1: float,
    ) -> None:
        """What ways of saying one thing give together, each by its share, beyond what the ``own`` ones give alone."""
        ...

    def best_of(
        self,
        gained: Scores,
        allowed: Mask,
        rows: Table,
        factors: Scores,
        share: float,
        words: Said,
        pairs: Said,
        k1: float,
    ) -> None:
        """A share of what the best of several terms gives to each document that is allowed.

        ``rows`` are what a term gives by: its number (rows of one term stand together), 0 for ``words`` or 1 for
        ``pairs``, and the way there; each with its factor.
        """
        ...

    def surround(
        self,
        gained: Scores,
        neighbours: tuple[Places, Places],
        cited: tuple[Places, Places, Places],
        standing: Scores,
        shares: tuple[float, float],
    ) -> tuple[Scores, Scores, Scores]:
        """What those that gained something gain by the better of two neighbours, by the best that cites them, and, as
        ``standing``, as a share of all three; see `indexer.citation_graph.CitationGraph`."""
        ...

    def select(self, scores: Scores, alive: Mask | None) -> tuple[Places, Scores]:
        """The documents that have a score and are not deleted, ascending, and their scores."""
        ...

    def tally(self, codes: npt.NDArray[Any], ids: Places, size: int) -> Places:
        """How many of the documents have each of ``size`` codes."""
        ...


class ByNumpy:
    """With arrays alone."""

    def add(self, gained: Scores, said: Said, ways: Places, factors: Scores, k1: float) -> None:
        for way, factor in zip(ways.tolist(), factors.tolist(), strict=True):
            here = slice(said.starts[way], said.starts[way + 1])
            scores = _saturated(said.heard[here], k1)
            scores *= factor
            gained[said.ids[here]] += scores

    def surpass(
        self,
        gained: Scores,
        said: Said,
        ways: Places,
        shares: Scores,
        factor: float,
        own: Places,
        own_factors: Scores,
        k1: float,
    ) -> None:
        sums, others = np.zeros(len(gained)), np.zeros(len(gained))
        for way, share in zip(ways.tolist(), shares.tolist(), strict=True):
            here = slice(said.starts[way], said.starts[way + 1])
            sums[said.ids[here]] += share * said.heard[here]
        self.add(others, said, own, own_factors, k1)
        ids = np.flatnonzero(sums)
        gained[ids] += np.maximum(factor * _saturated(sums[ids], k1) - others[ids], 0.0)

    def best_of(
        self,
        gained: Scores,
        allowed: Mask,
        rows: Table,
        factors: Scores,
        share: float,
        words: Said,
        pairs: Said,
        k1: float,
    ) -> None:
        best = np.zeros(len(gained))
        for term in dict.fromkeys(rows[:, 0].tolist()):
            sums = np.zeros(len(gained))
            for row in np.flatnonzero(rows[:, 0] == term):
                self.add(sums, pairs if rows[row, 1] else words, rows[row, 2:], factors[row : row + 1], k1)
            np.maximum(best, sums, out=best)
        best *= share
        best *= allowed
        gained += best

    def surround(
        self,
        gained: Scores,
        neighbours: tuple[Places, Places],
        cited: tuple[Places, Places, Places],
        standing: Scores,
        shares: tuple[float, float],
    ) -> tuple[Scores, Scores, Scores]:
        says_some = gained > 0
        padded = np.append(gained, 0.0)
        beside = shares[0] * np.maximum(padded[neighbours[0]], padded[neighbours[1]]) * says_some
        targets, starts, citing = cited
        best = np.zeros(len(gained))
        if len(targets):
            best[targets] = np.maximum.reduceat(gained[citing], starts[:-1])
        by_citing = shares[1] * best * says_some
        return beside, by_citing, standing * (gained + beside + by_citing)

    def select(self, scores: Scores, alive: Mask | None) -> tuple[Places, Scores]:
        found = scores > 0
        if alive is not None:
            found &= alive
        ids = np.flatnonzero(found)
        return ids, scores[ids]

    def tally(self, codes: npt.NDArray[Any], ids: Places, size: int) -> Places:
        return np.bincount(codes[ids], minlength=size)


class Compiled:
    """With machine code: one pass over what is there, and no arrays of a document each on the way."""

    def __init__(self, code: ModuleType) -> None:
        self._code = code
        self._scratch = _Scratch()

    def hear(self, files: Files, lists: Table, fields: Table, loud: Scores, ways: int, size: int) -> Said:
        """What stands in a segment of so many documents, out of its files (see `layout`).

        ``lists`` are the postings of words, by way, field and number of documents; those of one way and field must
        stand together, and count as often as the rarest. ``loud`` has a row a field: how loud a word is that stands
        there once, by the length byte.
        """
        return Said(*self._code.hear(files, lists, fields, loud, ways, self._scratch.places(size)))

    def add(self, gained: Scores, said: Said, ways: Places, factors: Scores, k1: float) -> None:
        self._code.add(gained, said, ways, factors, k1)

    def surpass(
        self,
        gained: Scores,
        said: Said,
        ways: Places,
        shares: Scores,
        factor: float,
        own: Places,
        own_factors: Scores,
        k1: float,
    ) -> None:
        sums = self._scratch.sums(len(gained))
        self._code.surpass(gained, said, ways, shares, factor, own, own_factors, k1, *sums)

    def best_of(
        self,
        gained: Scores,
        allowed: Mask,
        rows: Table,
        factors: Scores,
        share: float,
        words: Said,
        pairs: Said,
        k1: float,
    ) -> None:
        sums = self._scratch.sums(len(gained))
        self._code.best_of(gained, allowed, rows, factors, share, words, pairs, k1, *sums)

    def surround(
        self,
        gained: Scores,
        neighbours: tuple[Places, Places],
        cited: tuple[Places, Places, Places],
        standing: Scores,
        shares: tuple[float, float],
    ) -> tuple[Scores, Scores, Scores]:
        found: tuple[Scores, Scores, Scores] = self._code.surround(gained, *neighbours, *cited, standing, *shares)
        return found

    def select(self, scores: Scores, alive: Mask | None) -> tuple[Places, Scores]:
        found: tuple[Places, Scores] = self._code.select(scores, _ALL if alive is None else alive)
        return found

    def tally(self, codes: npt.NDArray[Any], ids: Places, size: int) -> Places:
        counts: Places = self._code.tally(codes, ids, size)
        return counts


class _Scratch(threading.local):
    """What each thread has for itself: zeros, which are left as zeros."""

    def __init__(self) -> None:
        self._places = np.zeros(0, np.int64)
        self._sums = np.zeros(0), np.zeros(0)

    def places(self, size: int) -> Places:
        if len(self._places) < size:
            self._places = np.zeros(size, np.int64)
        return self._places

    def sums(self, size: int) -> tuple[Scores, Scores]:
        if len(self._sums[0]) < size:
            self._sums = np.zeros(size), np.zeros(size)
        return self._sums


@cache
def arithmetic() -> Arithmetic:
    """The best that this machine has, chosen once for a process; see `kernels`."""
    try:
        from indexer.columnar import compiled_gains
    except ImportError:
        return ByNumpy()
    except RuntimeError as error:  # numba's, for want of a folder
        log.warning("ranking is done without machine code: %s; set NUMBA_CACHE_DIR to a folder of your own", error)
        return ByNumpy()
    return Compiled(compiled_gains)


def _saturated(heard: Scores, k1: float) -> Scores:
    scores: Scores = heard * ((k1 + 1) / (k1 + heard))
    return scores
