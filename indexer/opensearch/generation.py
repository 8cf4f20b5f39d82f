"""Writing to the cluster: documents go in by bulk requests that wait when they are asked to, a commit makes them seen.

What is written is not seen before the commit refreshes the index; each document is sent with its catalog rows in one
request, and they stand on one shard, so that no reader finds half of it. A bulk request that was answered is on the
disks of primary and replicas; only then is the change number moved on: what a crash or a cluster that is away leaves
undone is done again from the store's change log.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.models import Document
from indexer.columnar.workers import Workers, result_of
from indexer.errors import IndexAwayError
from indexer.opensearch.bulk import Action, deletion, prepare, send
from indexer.opensearch.cluster import waits

if TYPE_CHECKING:
    from indexer.opensearch.index import ClusterIndex

# Documents that a worker prepares at a time.
_PREPARED_AT_ONCE = 250

# Batches that wait for a worker or for the cluster: what bounds the memory.
_WAITING = 8

# Rows that are looked up at a time: the most that the cluster gives in one answer.
_LOOKED_UP = 10_000


@dataclass(frozen=True, slots=True)
class ClusterGeneration:
    """A generation in a cluster (see `indexer.generations.Generation`)."""

    index: ClusterIndex
    name: str
    change: int
    rebuilt: bool

    @contextmanager
    def writing(self, workers: int) -> Iterator[ClusterWriter]:
        writer = ClusterWriter(self.index, self.name, workers)
        try:
            yield writer
        finally:
            writer.close()

    def go_live(self) -> None:
        self.index.go_live(self.name)


class ClusterWriter:
    """Writes to a generation in a cluster (see `indexer.generations.Writer`).

    Raises IndexAwayError if the cluster does not answer, or takes nothing, for as long as its patience lasts.
    """

    def __init__(self, index: ClusterIndex, name: str, workers: int) -> None:
        self._index, self._cluster, self._name = index, index.cluster, name
        self._workers = Workers(workers)
        # With the rows that were there of the same documents: their keys, by the id of the document.
        self._coming: deque[tuple[Future[Sequence[Action]], dict[str, list[str]]]] = deque()
        self._refused: list[tuple[str, str]] = []
        self._refresh()  # what a writer sent that died before its commit is found, and replaced, only if it is seen

    @property
    def refused(self) -> Sequence[tuple[str, str]]:
        return self._refused

    def take_in(self, ids: Collection[str], documents: Sequence[Document]) -> None:
        there = self._rows_of(ids)
        coming = {document.id for document in documents}
        self._send([deletion(key, parent) for parent in there.keys() - coming for key in there[parent]])
        for start in range(0, len(documents), _PREPARED_AT_ONCE):
            some = documents[start : start + _PREPARED_AT_ONCE]
            before = {document.id: there[document.id] for document in some if document.id in there}
            self._coming.append((self._workers.submit(prepare, some), before))
        while len(self._coming) > _WAITING:
            self._send_first()

    def commit(self, change: int) -> None:
        while self._coming:
            self._send_first()
        self._refresh()
        self._index.write_meta(self._name, change)

    def finish(self, change: int) -> None:
        """Nothing: the cluster merges by itself."""

    def purge(self, change: int) -> None:
        """Until no copy has a deleted row: they are kept for copies that lag behind, looked at twice a minute."""
        patience = self._cluster.writing
        self._refresh()
        for _ in waits(patience.repeat_s):
            self._cluster.ask("POST", f"/{self._name}/_flush", patience=patience, force=True)
            self._cluster.ask("POST", f"/{self._name}/_forcemerge", patience=patience, only_expunge_deletes=True)
            self._refresh()
            if not self._deleted_rows():
                break
        else:
            raise IndexAwayError("the search cluster keeps rows that were deleted; purge again when it is green")
        self._index.write_meta(self._name, change)

    def close(self) -> None:
        self._workers.close()

    def _deleted_rows(self) -> int:
        stats = self._cluster.ask("GET", f"/{self._name}/_stats/docs", patience=self._cluster.writing)
        return int(stats["_all"]["total"]["docs"]["deleted"])

    def _refresh(self) -> None:
        self._cluster.ask("POST", f"/{self._name}/_refresh", patience=self._cluster.writing)

    def _send_first(self) -> None:
        """Send what waits longest; a document that comes again may have fewer catalog rows than before."""
        future, before = self._coming.popleft()
        actions = result_of(future)
        kept = {action.key for action in actions}
        stale = [deletion(key, parent) for parent, keys in before.items() for key in keys if key not in kept]
        self._send(sorted([*actions, *stale], key=lambda action: action.parent))

    def _send(self, actions: Sequence[Action]) -> None:
        self._refused += send(self._cluster, self._name, actions)

    def _rows_of(self, ids: Collection[str]) -> dict[str, list[str]]:
        """The rows that are there of these documents: their keys, by the id of the document."""
        rows: dict[str, list[str]] = {}
        after: list[str] = []
        while True:
            body = {
                "query": {"bool": {"filter": [{"terms": {"parent": list(ids)}}]}},
                "sort": [{"id": "asc"}],
                "size": _LOOKED_UP,
                "_source": False,
                "docvalue_fields": ["parent"],
                **({"search_after": after} if after else {}),
            }
            found = self._cluster.ask(
                "POST",
                f"/{self._name}/_search",
                body,
                patience=self._cluster.writing,
                allow_partial_search_results=False,
            )["hits"]["hits"]
            for hit in found:
                rows.setdefault(hit["fields"]["parent"][0], []).append(hit["_id"])
            if len(found) < _LOOKED_UP:
                return rows
            after = found[-1]["sort"]
