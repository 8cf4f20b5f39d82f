"""Filters and facet counts, on the columns of the index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import numpy.typing as npt

from corpus.models import Audience, Kind, Level, Method, Validity
from indexer.arrays import Ids, IndexArrays, Mask
from indexer.engine import CATALOG_FIELDS, FACET_FIELDS, Facet, FacetValue, Query
from indexer.errors import QueryError, UnknownFieldError, UnknownValueError

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


def masks(arrays: IndexArrays, query: Query) -> dict[str, Mask]:
    """What each filter allows, over all documents; the date range is under ``date``, the part under ``part``."""
    allowed = {name: _allowed(arrays, name, values) for name, values in query.filters.items() if values}
    if query.part:
        allowed["part"] = _allowed(arrays, "part", (query.part.value,))
    if query.since or query.until:
        first = query.since.toordinal() if query.since else 1
        last = query.until.toordinal() if query.until else date.max.toordinal()
        allowed["date"] = (arrays.days >= first) & (arrays.days <= last)
    return allowed


def facets(arrays: IndexArrays, query: Query, ids: Ids, allowed: dict[str, Mask]) -> tuple[Facet, ...]:
    """The counts of the fields asked for over the matching documents, a field's own filter left out."""
    found = []
    for name in query.facets:
        counted = ids
        for other, mask in allowed.items():
            if other != name:
                counted = counted[mask[counted]]
        selected = query.filters.get(name, ())
        values = [FacetValue(value, count, value in selected) for value, count in _counts(arrays, name, counted)]
        missing = [FacetValue(value, 0, True) for value in selected if value not in {item.value for item in values}]
        kept = [item for position, item in enumerate(values) if position < FACET_LIMIT or item.selected]
        found.append(Facet(name, tuple(kept + missing)))
    return tuple(found)


def _allowed(arrays: IndexArrays, name: str, values: tuple[str, ...]) -> Mask:
    if name == "year":
        mask: Mask = np.isin(_years(arrays.days), [int(value) for value in values])
        return mask
    column = arrays.columns[name]
    codes = [code for code, value in enumerate(column.names) if value in values]
    mask = np.zeros(arrays.size, np.bool_)
    mask[column.owners[np.isin(column.codes, codes)]] = True
    return mask


def _counts(arrays: IndexArrays, name: str, ids: Ids) -> Iterator[tuple[str, int]]:
    if name == "year":
        years, counts = np.unique(_years(arrays.days[ids]), return_counts=True)
        for year, count in zip(years[::-1], counts[::-1], strict=True):
            if year:
                yield str(year), int(count)
        return
    column = arrays.columns[name]
    chosen = np.zeros(arrays.size, np.bool_)
    chosen[ids] = True
    tally = np.bincount(column.codes[chosen[column.owners]], minlength=len(column.names))
    for code in sorted(np.flatnonzero(tally), key=lambda code: (-tally[code], column.names[code])):
        yield column.names[code], int(tally[code])


def _years(days: Ids) -> npt.NDArray[np.int64]:
    """The years of date ordinals, 0 for none."""
    # Ordinal 1 is 0001-01-01; numpy counts days from 1970-01-01, which is ordinal 719163.
    dates = (days.astype(np.int64) - 719_163).astype("datetime64[D]")
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    return np.where(days > 0, years, 0)
