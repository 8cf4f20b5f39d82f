"""Of what is published more than once a list shows one, and says how many more there are.

Which documents are twins stands beside the index (`indexer.twins`); here they are looked up by their numbers in a
snapshot. Nothing is taken out of what was found: totals and counts are of every document.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import numpy.typing as npt

from indexer.matching import Found, Matches
from indexer.ranking import Places
from indexer.snapshot import Snapshot

Groups = npt.NDArray[np.int32]

_NONE = -1

# Of twins the newest is shown that has so much of the score of the best: versions of a law that say the same of the
# matter differ by less, and what only an old version says is still found by it.
_ABOUT_AS_GOOD = 0.85


@dataclass(frozen=True, slots=True)
class TwinColumn:
    """By segment, the group of each document, -1 for none; ``by_id`` are the numbers of the groups."""

    groups: tuple[Groups, ...]
    by_id: Mapping[str, int]

    def restrict(self, snapshot: Snapshot, matches: Matches, document_id: str) -> Matches:
        """The matches that are twins of a document, and itself."""
        group = self.by_id.get(document_id)
        if group is None:
            number = snapshot.number_of(document_id)
            kept = [
                part.only(part.ids + one.segment.offset == (-1 if number is None else number))
                for part, one in zip(matches.parts, snapshot.parts, strict=True)
            ]
        else:
            kept = [
                part.only(groups[part.ids] == group) for part, groups in zip(matches.parts, self.groups, strict=True)
            ]
        return replace(matches, parts=tuple(kept))


def twin_column(snapshot: Snapshot, twins: Sequence[Sequence[str]]) -> TwinColumn:
    """The groups of twins by the numbers of a snapshot's documents; looked up at once."""
    ids = list(chain.from_iterable(twins))
    owners = np.repeat(np.arange(len(twins), dtype=np.int32), [len(group) for group in twins])
    keys = [document_id.encode("utf-8", "surrogatepass") for document_id in ids]
    columns = []
    for part in snapshot.parts:
        groups = np.full(part.size, _NONE, np.int32)
        found = part.gather("id", keys)
        groups[found.ids] = owners[found.words]
        columns.append(groups)
    return TwinColumn(tuple(columns), dict(zip(ids, owners.tolist(), strict=True)))


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list shows; ``others`` says how many more were found of what this document (its number) stands for."""

    matches: Matches
    others: Callable[[int], int]


def every_one(matches: Matches) -> Listed:
    """A list that shows every document."""
    return Listed(matches, lambda _: 0)


def collapse(snapshot: Snapshot, matches: Matches, column: TwinColumn, *, by_date: bool) -> Listed:
    """One of each group that was found.

    It is the newest of those that are about as good as the best, or simply the newest where the list is by date.
    """
    groups = [found_in[part.ids] for part, found_in in zip(matches.parts, column.groups, strict=True)]
    places = [np.flatnonzero(found != _NONE) for found in groups]
    if sum(map(len, places)) < 2:
        return every_one(matches)
    parts = list(zip(snapshot.parts, matches.parts, groups, places, strict=True))
    group = np.concatenate([found[place] for _, _, found, place in parts])
    score = np.concatenate([part.scores[place] for _, part, _, place in parts])
    day = np.concatenate([one.days[part.ids[place]].astype(np.int64) for one, part, _, place in parts])
    best = np.zeros(int(group.max()) + 1)
    np.maximum.at(best, group, score)
    worse = np.zeros(len(group), np.bool_) if by_date else score < _ABOUT_AS_GOOD * best[group]
    order = np.lexsort((-score, -day, worse, group))
    first = np.ones(len(order), np.bool_)
    first[1:] = group[order][1:] != group[order][:-1]
    hidden = np.ones(len(order), np.bool_)
    hidden[order[first]] = False
    ends = np.cumsum([len(place) for place in places])[:-1]
    kept = [
        _without(part, place[hides])
        for part, place, hides in zip(matches.parts, places, np.split(hidden, ends), strict=True)
    ]
    counts = np.bincount(group)

    def others(number: int) -> int:
        segment, local = snapshot.index.segment_of(number)
        its = int(column.groups[snapshot.index.segments.index(segment)][local])
        return 0 if its == _NONE else int(counts[its]) - 1

    return Listed(replace(matches, parts=tuple(kept)), others)


def _without(part: Found, places: Places) -> Found:
    if not len(places):
        return part
    kept = np.ones(len(part.ids), np.bool_)
    kept[places] = False
    return part.only(kept)
