"""Where words stand one after the other: the documents of a phrase, from the positions of its words.

With Whoosh a phrase of slop ``s`` is a chain of positions, one of each word in order, each 1 to ``s`` after the one
before. All documents are followed at once: a position becomes a key, document x stride + position, and of each word
those keys are kept that have a kept key of the word before at most ``s`` below them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from indexer.columnar.matches import Ids, places_in
from indexer.columnar.opened import Mask
from indexer.columnar.postings import PostingField

_Keys = npt.NDArray[np.int64]


def documents_of_phrase(postings: PostingField, rows: Sequence[int], slop: int, candidates: Ids) -> Ids:
    """Those of the candidates, which have all words, where the words follow each other."""
    if not len(candidates) or slop < 1 < len(rows):
        return candidates[:0]
    found = {row: _positions(postings, row, candidates) for row in dict.fromkeys(rows)}
    last = max(int(positions.max(initial=0)) for _, positions in found.values())
    reach = min(slop, last + 1)
    stride = last + reach + 1  # so far apart that no chain leads from one document into the next
    kept: _Keys | None = None
    for row in rows:
        places, positions = found[row]
        keys = places * stride + positions
        kept = keys if kept is None else keys[_follow(keys, kept, reach)]
        if not len(kept):
            return candidates[:0]
    if kept is None:
        return candidates[:0]
    there = np.zeros(len(candidates), np.bool_)
    there[kept // stride] = True
    return candidates[there]


def _follow(keys: _Keys, before: _Keys, reach: int) -> Mask:
    places = before.searchsorted(keys) - 1
    return (places >= 0) & (keys - before[places] <= reach)


def _positions(postings: PostingField, row: int, candidates: Ids) -> tuple[_Keys, _Keys]:
    """The positions of a word in the candidates, and in which of them (as a place) each is."""
    ids = postings.documents(row)
    whole = len(ids) == len(candidates)
    positions, counts = postings.positions(row, None if whole else places_in(ids, candidates)[0])
    return np.repeat(np.arange(len(candidates)), counts), positions
