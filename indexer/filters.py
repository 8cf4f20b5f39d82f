"""Filters and facet counts, on the columns of the index."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from corpus.models import Audience, Kind, Level, Method, Validity
from indexer.columnar.arithmetic import arithmetic
from indexer.columnar.opened import Mask
from indexer.engine import CATALOG_FIELDS, FACET_FIELDS, Facet, FacetValue, Query
from indexer.errors import QueryError, UnknownFieldError, UnknownValueError
from indexer.matching import Matches
from indexer.snapshot import Places, Snapshot

# How many values of a facet are given; all of them for fields that have few.
FACET_LIMIT = 50

_FIELDS = tuple(dict.fromkeys((*FACET_FIELDS, *CATALOG_FIELDS)))
_NAMED: Mapping[str, type[Kind | Validity | Audience | Method | Level]] = {
    "kind": Kind,
    "validity": Validity,
    "audience": Audience,
    "method": Method,
    "level": Level,
}


def check(query: Query) -> None:
    """Raises QueryError for a query that no index could answer: it is the reader's slip, and the message says which."""
    for name, values in query.filters.items():
        if name not in _FIELDS:
            raise UnknownFieldError(name, _FIELDS)
        for value in values:
            if name in _NAMED and value not in set(_NAMED[name]):
                raise UnknownValueError(name, value, [item.value for item in _NAMED[name]])
            if name == "year" and not re.fullmatch(r"(?!0000)[0-9]{4}", value):
                raise QueryError(f"year cannot be {value!r}; use four digits, such as 2024")
    for name in query.facets:
        if name not in _FIELDS:
            raise UnknownFieldError(name, _FIELDS)
    if query.offset < 0 or query.limit < 0:
        raise QueryError("offset and limit cannot be negative")
    if query.since and query.until and query.since > query.until:
        raise QueryError(f"since ({query.since}) lies after until ({query.until})")


# Every year that a date can have, newest first.
_YEARS = tuple(str(year) for year in range(date.max.year, 0, -1))

Allowed = dict[str, list[Mask]]  # what a filter allows, by segment


def masks(snapshot: Snapshot, query: Query) -> Allowed:
    """What each filter allows; the date range is under ``date``, the part under ``part``."""
    allowed = {name: _allowed(snapshot, name, values) for name, values in query.filters.items() if values}
    if query.part:
        allowed["part"] = snapshot.having("part", query.part)
    if query.since or query.until:
        first = query.since.toordinal() if query.since else 1
        last = query.until.toordinal() if query.until else date.max.toordinal()
        allowed["date"] = [(part.days >= first) & (part.days <= last) for part in snapshot.parts]
    return allowed


def narrow(matches: Matches, allowed: Allowed) -> Matches:
    """The matches that every filter allows."""
    parts = list(matches.parts)
    for by_segment in allowed.values():
        parts = [found.only(mask[found.ids]) for found, mask in zip(parts, by_segment, strict=True)]
    return replace(matches, parts=tuple(parts))


def unstated(snapshot: Snapshot, matches: Matches, allowed: Allowed) -> dict[str, int]:
    """By filter, how many documents that all others allow state nothing there; filters that hide none are left out."""
    counts = {}
    for name in allowed:
        if name == "part":
            continue
        rest = narrow(matches, {other: masks for other, masks in allowed.items() if other != name})
        undated = name in ("date", "year")
        lacking = [part.days == 0 for part in snapshot.parts] if undated else snapshot.lacking(name)
        counts[name] = sum(
            int(np.count_nonzero(mask[found.ids])) for mask, found in zip(lacking, rest.parts, strict=True)
        )
    return {name: count for name, count in counts.items() if count}


def facets(snapshot: Snapshot, query: Query, matches: Matches, allowed: Allowed) -> tuple[Facet, ...]:
    """The counts of the fields asked for over the matching documents, a field's own filter left out."""
    found = []
    within = [part.ids for part in narrow(matches, allowed).parts]
    for name in query.facets:
        counted = within
        if name in allowed:
            others = {other: mask for other, mask in allowed.items() if other != name}
            counted = [part.ids for part in narrow(matches, others).parts]
        found.append(_facet(name, *_tally(snapshot, name, counted), query.filters.get(name, ())))
    return tuple(found)


def _facet(name: str, values: Sequence[str], tally: Places, selected: tuple[str, ...]) -> Facet:
    """The values that are there, in the order that people see, the first `FACET_LIMIT` and those that are selected."""
    there = np.flatnonzero(tally)
    order = there if name == "year" else there[np.argsort(-tally[there], kind="stable")]
    shown = [FacetValue(values[place], int(tally[place]), values[place] in selected) for place in order[:FACET_LIMIT]]
    for value in selected:
        if value not in {item.value for item in shown}:
            shown.append(FacetValue(value, int(tally[values.index(value)]) if value in values else 0, True))
    return Facet(name, tuple(shown))


def _allowed(snapshot: Snapshot, name: str, values: tuple[str, ...]) -> list[Mask]:
    if name == "year":
        return [np.isin(part.years, [int(value) for value in values]) for part in snapshot.parts]
    return snapshot.having_any(name, values)


def _tally(snapshot: Snapshot, name: str, ids: Sequence[Places]) -> tuple[Sequence[str], Places]:
    """Every value, and how many of the documents have it: in the order of the values, years newest first."""
    if name == "year":
        by_year = np.zeros(date.max.year + 1, np.intp)
        for part, counted in zip(snapshot.parts, ids, strict=True):
            by_year += arithmetic().tally(part.years, counted, len(by_year))
        return _YEARS, by_year[:0:-1]
    column = snapshot.column(name)
    tally = np.zeros(len(column.names), np.intp)
    for number, counted in enumerate(ids):
        by_code = arithmetic().tally(column.codes[number], counted, column.code_counts[number])
        np.add.at(tally, column.values[number], by_code[column.owners[number]])
    return column.names, tally
