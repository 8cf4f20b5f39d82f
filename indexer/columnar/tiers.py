"""Which segments become one? Neighbours of like size, so that there are few segments and none is rewritten often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.columnar.whoosh_segment import ColumnarSegment

# Document numbers within a segment fit into uint16, and an array of scores into the cache of a core.
MAX_DOCUMENTS = 65_536

# Where texts are long: what one merge rewrites at most.
MAX_BYTES = 512 << 20

# A larger segment joins no other any more: with its like it would soon be above the limit.
LARGE_DOCUMENTS = MAX_DOCUMENTS // 2

# Segments up to this size join whatever comes after them: merging so few takes less than 100 ms.
SMALL_DOCUMENTS = 1_000

# A segment joins those after it up to this multiple of their size. Simulated for 2,000 commits of 100 documents: 1, 2
# and 3 leave 5.7, 4.7 and 5.0 segments on average, and write each document 8.3, 8.6 and 9.1 times.
LIKE = 2

# A segment of which more is deleted is rewritten, however large it is.
WORN = 0.3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A segment, its living documents and the bytes of its files."""

    segment: ColumnarSegment
    documents: int
    bytes: int

    @property
    def is_worn(self) -> bool:
        """Is much of it deleted?"""
        return bool(self.segment.deleted_count() > WORN * self.segment.doc_count_all())


Group = list[Candidate]


def packed(candidates: Sequence[Candidate]) -> list[Group]:
    """As few groups of neighbours as the limits allow: what the pieces of one commit become."""
    groups: list[Group] = []
    for candidate in candidates:
        if groups and _fit([*groups[-1], candidate]):
            groups[-1].append(candidate)
        else:
            groups.append([candidate])
    return groups


def tiers(candidates: Sequence[Candidate]) -> list[Group]:
    """Groups of neighbours, each to become one segment.

    From the last segment on, one joins those after it if it is like them in size, or small. Each time its documents
    come into a segment half as large again at least, so they are rewritten seldom, and there are few segments.
    """
    groups: list[Group] = []
    for candidate in reversed(candidates):
        if groups and _joins(candidate, groups[-1]):
            groups[-1].insert(0, candidate)
        else:
            groups.append([candidate])
    return groups[::-1]


def _joins(candidate: Candidate, group: Group) -> bool:
    together = sum(other.documents for other in group)
    like = candidate.documents <= max(LIKE * together, SMALL_DOCUMENTS)
    return like and max(candidate.documents, together) <= LARGE_DOCUMENTS and _fit([candidate, *group])


def _fit(group: Group) -> bool:
    documents = sum(candidate.documents for candidate in group)
    return documents <= MAX_DOCUMENTS and sum(candidate.bytes for candidate in group) <= MAX_BYTES
