"""Filters, facet counts and what is not stated, as the cluster is asked for them (see `indexer.filters`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from indexer.engine import Facet, FacetValue, Query
from indexer.filters import FACET_LIMIT

Clause = dict[str, Any]

# Values that each shard counts for a facet: up to so many the counts are exact, however many shards there are.
_COUNTED = 20_000

# The names of the counts in a request.
_SHOWN, _CHOSEN = "shown", "chosen"


def clauses(query: Query) -> dict[str, Clause]:
    """What each filter allows; the date range is under ``date``. The part is no filter: it is never left out."""
    allowed: dict[str, Clause] = {
        name: {"terms": {name: [int(value) for value in values] if name == "year" else list(values)}}
        for name, values in query.filters.items()
        if values
    }
    if query.since or query.until:
        first = query.since.toordinal() if query.since else 1
        last = query.until.toordinal() if query.until else date.max.toordinal()
        allowed["date"] = {"range": {"day": {"gte": first, "lte": last}}}
    return allowed


def counting(query: Query, allowed: Mapping[str, Clause]) -> dict[str, Clause]:
    """The aggregations over all that matches: a facet each with its own filter left out, and what states nothing."""
    asked: dict[str, Clause] = {}
    for name in query.facets:
        order = {"_key": "desc"} if name == "year" else [{"_count": "desc"}, {"_key": "asc"}]
        shown: Clause = {"terms": {"field": name, "size": FACET_LIMIT, "shard_size": _COUNTED, "order": order}}
        inner = {_SHOWN: shown}
        if chosen := _values(query, name):
            inner[_CHOSEN] = {"terms": {"field": name, "include": chosen, "size": len(chosen)}}
        asked[f"facet {name}"] = {"filter": _all_but(name, allowed), "aggs": inner}
    for name in allowed:
        lacking = {"term": {"day": 0}} if name in ("date", "year") else {"bool": {"must_not": [_exists(name)]}}
        asked[f"unstated {name}"] = {"filter": {"bool": {"filter": [_all_but(name, allowed), lacking]}}}
    return asked


def read_facets(query: Query, counted: Mapping[str, Any]) -> tuple[Facet, ...]:
    """The facets out of the answer, in the order in which they were asked for."""
    return tuple(_facet(name, counted[f"facet {name}"], query.filters.get(name, ())) for name in query.facets)


def read_unstated(allowed: Mapping[str, Clause], counted: Mapping[str, Any]) -> dict[str, int]:
    """By filter, how many more there are that state nothing there; filters that hide none are left out."""
    counts = {name: int(counted[f"unstated {name}"]["doc_count"]) for name in allowed}
    return {name: count for name, count in counts.items() if count}


def _facet(name: str, counted: Mapping[str, Any], selected: Sequence[str]) -> Facet:
    shown = {str(item["key"]): int(item["doc_count"]) for item in counted[_SHOWN]["buckets"]}
    chosen = {str(item["key"]): int(item["doc_count"]) for item in counted.get(_CHOSEN, {}).get("buckets", ())}
    more = {_named(name, value): chosen.get(_named(name, value), 0) for value in selected}
    marked = {_named(name, value) for value in selected}
    every = {**shown, **{value: count for value, count in more.items() if value not in shown}}
    return Facet(name, tuple(FacetValue(value, count, value in marked) for value, count in every.items()))


def _values(query: Query, name: str) -> list[Any]:
    values = query.filters.get(name, ())
    return [int(value) for value in values] if name == "year" else list(values)


def _named(name: str, value: str) -> str:
    """A value as the cluster writes it (years have no zeros before them there)."""
    return str(int(value)) if name == "year" else value


def _all_but(name: str, allowed: Mapping[str, Clause]) -> Clause:
    return {"bool": {"filter": [clause for other, clause in allowed.items() if other != name]}}


def _exists(name: str) -> Clause:
    return {"exists": {"field": name}}
