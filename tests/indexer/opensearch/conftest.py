"""An index of its own for each test, on the one cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from indexer.opensearch.cluster import Cluster, Patience
from indexer.opensearch.index import ClusterIndex
from tests.cluster import RunningCluster

IndexFor = Callable[[Path], ClusterIndex]

# A test waits for a node that fails, but no test waits for minutes.
READING = Patience(answer_s=20.0, repeat_s=10.0)
WRITING = Patience(answer_s=60.0, repeat_s=40.0)


@pytest.fixture(scope="session")
def index_for(opensearch: RunningCluster) -> Iterator[IndexFor]:
    """Makes an index with a name of its own, whose derived files are in a folder."""
    with ExitStack() as opened:

        def make(folder: Path) -> ClusterIndex:
            cluster = Cluster(opensearch.urls, asking=READING, writing=WRITING)
            index = ClusterIndex(cluster, f"test-{uuid4().hex[:12]}", folder, shards=2, replicas=1)
            opened.callback(index.close)
            opened.callback(opensearch.ask, "DELETE", f"/{index.name}-*")
            return index

        yield make


@pytest.fixture
def index(index_for: IndexFor, tmp_path: Path) -> ClusterIndex:
    return index_for(tmp_path / "index")
