"""Where did a caller stop? A cursor says it, opaque to callers, and holds for one search only.

A cursor keeps the place and the id of the last hit. When the index changed in between, the walk goes on behind that
hit, wherever it stands now within `_WINDOW` places; if it is gone, at the place where it was: what came before it may
be given again, what comes after is not left out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.engine import Query, SearchEngine, SearchResults
from webapp.errors import BadParameterError

# A few hundred documents come or go in one crawl of a district's site.
_WINDOW = 300
# Beyond any corpus; it bounds what a forged cursor can ask of the engine.
_MAX_PLACE = 100_000_000
_BAD = "请用上一次回答里的 next，参数不要改动；或者去掉它从头开始。"


@dataclass(frozen=True, slots=True)
class Place:
    """So many hits were given, the last of them with this id."""

    given: int
    last: str


def encode(place: Place, asked: Sequence[tuple[str, str]]) -> str:
    """The cursor of a place in the answers to what was asked."""
    packed = json.dumps([place.given, place.last, _digest(asked)], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def decode(cursor: str, asked: Sequence[tuple[str, str]]) -> Place:
    """The place that a cursor means. Raises BadParameterError for one that was not given, or for something else."""
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        given, last, digest = json.loads(packed)
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise BadParameterError("cursor", cursor, _BAD) from None
    known = type(given) is int and 1 <= given <= _MAX_PLACE and isinstance(last, str)
    if not known or digest != _digest(asked):
        raise BadParameterError("cursor", cursor, _BAD)
    return Place(given, last)


def search_from(engine: SearchEngine, query: Query, place: Place | None) -> SearchResults:
    """The hits behind a place, at most ``query.limit``; ``query.offset`` of what it gives says where they stand."""
    if place is None:
        return engine.search(query)
    # One more in front: the last hit that was given.
    results = engine.search(replace(query, offset=place.given - 1, limit=query.limit + 1))
    if results.hits and results.hits[0].id == place.last:
        return replace(results, query=replace(query, offset=place.given), hits=results.hits[1:])
    start = max(0, place.given - _WINDOW)
    around = engine.search(replace(query, offset=start, limit=2 * _WINDOW, facets=(), passages=0))
    at = next((number for number, hit in enumerate(around.hits, start + 1) if hit.id == place.last), place.given - 1)
    return engine.search(replace(query, offset=at))


def _digest(asked: Sequence[tuple[str, str]]) -> str:
    """What the cursor is bound to: the question, filters and order, in a few characters."""
    return hashlib.sha256(json.dumps(sorted(asked), ensure_ascii=False).encode("utf-8", "replace")).hexdigest()[:16]
