"""Pages beyond the first ten thousand hits: walked to with ``search_after``, over one state of the index.

A point in time holds that state, so that hits neither come twice nor get lost while the index changes. Where a walk
ended is remembered for a while: an export that asks for page after page goes on from there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from indexer.opensearch.cluster import Cluster, RefusedError

# The most hits that the cluster gives in one answer, and the deepest that it reaches by counting (its own default).
WINDOW = 10_000

# How long the cluster keeps a state for a walk that may go on, and how many walks are remembered.
_KEPT_S = 120
_WALKS = 8


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk that stands before hit ``place``, behind the sort values ``after``."""

    pit: str
    place: int
    after: list[Any]
    until: float


class DeepPages:
    """Walks over one cluster; any thread may ask."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._walks: dict[str, _Walk] = {}
        self._lock = Lock()

    def page(self, index: str, body: Mapping[str, Any], offset: int, limit: int) -> list[dict[str, Any]]:
        """Hits ``offset`` and the following of a search with a total order. Raises what `Cluster.ask` raises."""
        name = json.dumps([index, body["query"], body.get("post_filter"), body["sort"]], sort_keys=True)
        walk = self._taken(name, offset)
        try:
            return self._go(index, name, walk, body, offset, limit)
        except RefusedError as error:
            if walk is None or error.status != 404:
                raise
        return self._go(index, name, None, body, offset, limit)  # the state was given up meanwhile

    def _go(
        self, index: str, name: str, walk: _Walk | None, body: Mapping[str, Any], offset: int, limit: int
    ) -> list[dict[str, Any]]:
        if walk is None:
            opened = self._cluster.ask("POST", f"/{index}/_search/point_in_time", keep_alive=f"{_KEPT_S}s")
            walk = _Walk(opened["pit_id"], 0, [], time.monotonic() + _KEPT_S)
        while walk.place < offset:
            steps = self._step(walk, {**body, "_source": False}, min(WINDOW, offset - walk.place))
            if not steps:
                break
            walk = replace(walk, place=walk.place + len(steps), after=steps[-1]["sort"])
        found: list[dict[str, Any]] = []
        while walk.place == offset + len(found) and len(found) < limit:
            more = self._step(walk, body, min(WINDOW, limit - len(found)))
            if not more:
                break
            found += more
            walk = replace(walk, place=walk.place + len(more), after=more[-1]["sort"])
        self._keep(name, replace(walk, until=time.monotonic() + _KEPT_S))
        return found

    def _step(self, walk: _Walk, body: Mapping[str, Any], size: int) -> list[dict[str, Any]]:
        asked = {
            **body,
            "from": 0,
            "size": size,
            "aggs": {},
            "track_total_hits": False,
            "pit": {"id": walk.pit, "keep_alive": f"{_KEPT_S}s"},
            **({"search_after": walk.after} if walk.after else {}),
        }
        hits: list[dict[str, Any]] = self._cluster.ask(
            "POST", "/_search", asked, search_type="dfs_query_then_fetch", allow_partial_search_results=False
        )["hits"]["hits"]
        return hits

    def _taken(self, name: str, offset: int) -> _Walk | None:
        with self._lock:
            walk = self._walks.pop(name, None)
        return walk if walk is not None and walk.place == offset and time.monotonic() < walk.until else None

    def _keep(self, name: str, walk: _Walk) -> None:
        with self._lock:
            self._walks[name] = walk
            given_up = [self._walks.pop(next(iter(self._walks))).pit for _ in range(len(self._walks) - _WALKS)]
        if given_up:
            self._cluster.ask("DELETE", "/_search/point_in_time", {"pit_id": given_up})
