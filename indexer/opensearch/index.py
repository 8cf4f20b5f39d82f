"""Which index of the cluster answers: the generations of one name, and the alias that points to the live one.

``NAME-000001`` is one whole index, with what it was written with and the store's change number at which it stands in
the ``_meta`` of its mapping. The alias ``NAME`` is the live one: a generation is built beside it and goes live by one
request. What is made beside an index (phrasebook, signatures) stands in the local folder of its generation, on each
machine that answers or writes.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analyzers.tokenizer import segmenter
from corpus.locks import Locks, locks_of
from corpus.store import DocumentStore
from indexer.errors import IndexMissingError, IndexOutdatedError
from indexer.fields import SCHEMA_VERSION
from indexer.generations import GenerationMeta, IndexState
from indexer.opensearch.cluster import Cluster, RefusedError
from indexer.opensearch.documents import index_template
from indexer.opensearch.generation import ClusterGeneration

# What changes here alone is a change of the schema as well: an index of another layout is rebuilt.
LAYOUT = 1

# For so long the live generation is taken to be what it was: what a search costs less is 1 to 2 ms.
_KNOWN_S = 1.0


@dataclass(frozen=True, slots=True)
class Live:
    """The live generation: its index in the cluster, and what it says of itself."""

    name: str
    meta: GenerationMeta


class ClusterIndex:
    """All generations of a name in a cluster; ``path`` is the local folder of locks and of what is derived."""

    def __init__(self, cluster: Cluster, name: str, path: Path, *, shards: int = 1, replicas: int = 1) -> None:
        self.cluster, self.name, self.path = cluster, name, path
        self._shards, self._replicas = shards, replicas
        self._known: tuple[float, Live] | None = None

    def locks(self, store: DocumentStore) -> Locks:
        """In the store's database where that serves many machines, as the cluster does; else in the folder."""
        return locks_of(store.engine, self.path, space=f"index {self.name}")

    def live(self) -> Path:
        """The local folder of the live generation. Raises IndexMissingError, IndexOutdatedError, IndexAwayError."""
        return self.folder_of(self.live_index().name)

    def live_index(self) -> Live:
        """The live generation; what was looked up less than a second ago holds. Raises what `live` raises."""
        known = self._known
        if known is not None and time.monotonic() - known[0] < _KNOWN_S:
            return known[1]
        found = self.pointed_to()
        if found is None:
            raise IndexMissingError("nothing is indexed yet; run `gongkai index`")
        if found.meta is None or not found.meta.is_current:
            with_what = f"{found.meta.segmenter} and schema {found.meta.schema}" if found.meta else "another gongkai"
            raise IndexOutdatedError(
                f"the index was written with {with_what}, this gongkai has {segmenter().identity} and schema "
                f"{SCHEMA_VERSION}; run `gongkai index --rebuild`"
            )
        live = Live(found.name, found.meta)
        self._known = time.monotonic(), live
        return live

    def look_again(self) -> None:
        """Forget which generation is live: it was swapped away."""
        self._known = None

    def state(self) -> IndexState | None:
        """What the live generation says of itself; None if there is none. Raises IndexAwayError."""
        found = self.pointed_to()
        if found is None:
            return None
        return replace(found, health=str(self.cluster.ask("GET", f"/_cluster/health/{found.name}")["status"]))

    def pointed_to(self) -> IndexState | None:
        """Where the alias points."""
        try:
            mappings = self.cluster.ask("GET", f"/{self.name}/_mapping")
        except RefusedError as error:
            if error.status == 404:
                return None
            raise
        ((name, said),) = mappings.items()
        written_at = said["mappings"].get("_meta", {}).get("written_at")
        return IndexState(name, _read_meta(said), datetime.fromisoformat(written_at) if written_at else None)

    def folder_of(self, name: str) -> Path:
        """The local folder of a generation, made where there is none."""
        folder = self.path / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def generation(self, *, rebuild: bool) -> ClusterGeneration:
        """The generation to write to: the live one, or one beside it that goes live when it is complete.

        Gone on with is what a killed rebuild left. Raises IndexAwayError.
        """
        found = self.pointed_to()
        if not rebuild and found is not None and found.meta is not None and found.meta.is_current:
            return ClusterGeneration(self, found.name, found.meta.change, rebuilt=False)
        live = found.name if found is not None else f"{self.name}-000000"
        known = self._generations()
        for name, meta in sorted(known.items(), reverse=True):
            if name > live and meta is not None and meta.is_current:
                return ClusterGeneration(self, name, meta.change, rebuilt=True)
        number = max((int(name[-6:]) for name in known), default=0) + 1
        return self._new(f"{self.name}-{number:06d}")

    def write_meta(self, name: str, change: int) -> None:
        """Say that a generation stands at this change number."""
        meta = GenerationMeta(SCHEMA_VERSION, segmenter().identity, change)
        body = {"_meta": {**asdict(meta), "layout": LAYOUT, "written_at": datetime.now(UTC).isoformat()}}
        self.cluster.ask("PUT", f"/{name}/_mapping", body, patience=self.cluster.writing)

    def go_live(self, name: str) -> None:
        """Point the alias to this generation, by one request, and remove all others."""
        others = [other for other in self._generations() if other != name]
        found = self.pointed_to()
        actions: list[Mapping[str, Any]] = [{"add": {"index": name, "alias": self.name}}]
        if found is not None and found.name != name:
            actions.insert(0, {"remove": {"index": found.name, "alias": self.name}})
        patience = self.cluster.writing
        self.cluster.ask("POST", "/_aliases", {"actions": actions}, patience=patience)
        self.look_again()
        for other in others:
            self.cluster.ask("DELETE", f"/{other}", patience=patience, ignore_unavailable=True)
        for folder in self.path.glob(f"{self.name}-??????"):
            if folder.name != name:
                _remove(folder)

    def close(self) -> None:
        self.cluster.close()

    def _new(self, name: str) -> ClusterGeneration:
        patience = self.cluster.writing
        template = index_template(self.name, self._shards, self._replicas)
        self.cluster.ask("PUT", f"/_index_template/{self.name}", template, patience=patience)
        try:
            self.cluster.ask("PUT", f"/{name}", {}, patience=patience, wait_for_active_shards=1)
        except RefusedError as error:
            if "already_exists" not in error.kind:  # asked twice, and the first did it
                raise
        self.write_meta(name, 0)
        return ClusterGeneration(self, name, 0, rebuilt=True)

    def _generations(self) -> dict[str, GenerationMeta | None]:
        mappings = self.cluster.ask("GET", f"/{self.name}-*/_mapping", patience=self.cluster.writing)
        own = re.compile(rf"{re.escape(self.name)}-\d{{6}}")
        return {name: _read_meta(said) for name, said in mappings.items() if own.fullmatch(name)}


def _read_meta(said: Mapping[str, Any]) -> GenerationMeta | None:
    meta = said["mappings"].get("_meta", {})
    if meta.get("layout") != LAYOUT:
        return None
    return GenerationMeta(int(meta["schema"]), str(meta["segmenter"]), int(meta["change"]))


def _remove(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
