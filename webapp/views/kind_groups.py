"""What is there of each kind? Policies, interpretations, guides and catalog rows, each by the best of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.models import Attachment, Kind
from indexer.engine import Hit, Query, SearchResults
from webapp.params import PAGE_SIZE, SearchRequest
from webapp.presenters import grouped, kind_label
from webapp.views.addresses import search_url

# In the order in which a matter is read: what holds, what it means, what to do, what must be disclosed of it.
_KINDS = (Kind.POLICY, Kind.LAW, Kind.INTERPRETATION, Kind.GUIDE, Kind.CATALOG)
# Hits in which the first of each kind is looked for; as many are ranked by how closely they say it, so it costs little.
_LOOKED_AT = 20
_FILES = 2


@dataclass(frozen=True, slots=True)
class KindGroup:
    """A kind, how much of it was found, where all of it is, and the first of it."""

    label: str
    count: str
    address: str
    best: Hit


def looking_around(search: SearchRequest, query: Query) -> Query:
    """The query of a page, with so many hits that the best of each kind is likely among them."""
    whole = search.text and search.is_first_of_best and "kind" not in search.filters
    return replace(query, limit=_LOOKED_AT) if whole else query


def kind_groups(search: SearchRequest, results: SearchResults) -> list[KindGroup]:
    """A line a kind, of an answer to `looking_around`; above the first page of what was found, the best before all.

    Left out is a kind whose first title has none of the words asked for, as it says nothing at a glance, and one that
    comes late. [] where the lines would tell nothing new: one kind was asked for, one is left, or everything stands on
    the page.
    """
    said = any(item.what == "kind" for item in results.understood)
    if said or results.query.limit < _LOOKED_AT or results.total <= PAGE_SIZE:
        return []
    counts = {item.value: item.count for facet in results.facets if facet.field == "kind" for item in facet.values}
    best = {hit.kind: hit for hit in reversed(results.hits)}
    groups = [
        KindGroup(kind_label(kind), grouped(counts[kind]), search_url(search.with_value("kind", kind)), best[kind])
        for kind in _KINDS
        if kind in counts and kind in best and best[kind].title.spans
    ]
    return groups if len(groups) > 1 else []


def files_of(hits: Sequence[Hit], files: Mapping[str, Sequence[Attachment]]) -> list[tuple[Hit, Attachment]]:
    """The first few files of the hits, one of each hit, with the hit that carries it."""
    return list(_files_of(hits, files))[:_FILES]


def _files_of(hits: Sequence[Hit], files: Mapping[str, Sequence[Attachment]]) -> Iterator[tuple[Hit, Attachment]]:
    for hit in hits:
        if carried := files.get(hit.id):
            yield hit, carried[0]
