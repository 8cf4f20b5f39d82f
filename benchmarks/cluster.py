"""Ours embedded beside ours on OpenSearch: how long does one collection take to index, and a question to answer?

``python -m benchmarks.cluster --url http://HOST:9200/bench [--documents 60000]`` on a running cluster, whose index of
that name is removed at the end; by hand, not in CI. Both take the same documents out of one store. Questions are asked
of the engine, one after the other and by four threads; memory is what the processes hold.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.datasets import TOPIC_SETS, collection_file, data_folder, read_documents
from corpus.store import DocumentStore, sqlite_url
from indexer.engine import Query, SearchEngine
from indexer.engines import open_engine, open_index
from indexer.evaluate import read_topics
from indexer.generations import Generations
from indexer.opensearch.address import read_address
from indexer.opensearch.cluster import Cluster
from indexer.sync import sync

_COLLECTION = "statutes"
_THREADS = 4
_ASKED = 200
_TAKEN_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of one engine: seconds, milliseconds, questions a second."""

    name: str
    build_s: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    asked_s: float


def main(arguments: Sequence[str]) -> None:
    """Measure both and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--url", required=True, help="nodes and name of an index that is removed at the end")
    parser.add_argument("--documents", type=int, default=60_000)
    parser.add_argument("--shards", type=int, default=1)
    parser.add_argument("--replicas", type=int, default=0)
    asked = parser.parse_args(arguments)
    data = data_folder()
    topics = next(one for one in TOPIC_SETS if one.collection == _COLLECTION).topics(data)
    questions = list(read_topics(topics).values())[:_ASKED]
    address = read_address(asked.url)
    with tempfile.TemporaryDirectory() as folder, closing(Cluster(address.nodes)) as cluster:
        home = Path(folder)
        with closing(DocumentStore.open(sqlite_url(home / "store.db"))) as store:
            _fill(store, data, asked.documents)
            embedded = open_index(home / "index")
            ours = _measure("embedded", store, embedded, questions)
            size = sum(file.stat().st_size for file in embedded.path.rglob("*") if file.is_file())
            index = open_index(home / "cluster", asked.url, shards=asked.shards, replicas=asked.replicas)
            try:
                theirs = _measure("OpenSearch", store, index, questions)
                held = cluster.ask("GET", f"/{address.name}/_stats/store")["_all"]["total"]["store"]["size_in_bytes"]
                heap = cluster.ask("GET", "/_nodes/stats/jvm,process")["nodes"].values()
            finally:
                cluster.ask("DELETE", f"/{address.name}-*")
    print(f"{asked.documents:,} documents of {_COLLECTION}, {len(questions)} questions, {os.cpu_count()} cores")
    for row, disk in ((ours, size), (theirs, int(held))):
        print(
            f"{row.name:12} build {row.build_s:7.1f} s  p50 {row.p50_ms:6.1f} ms  "
            f"p95 {row.p95_ms:6.1f} ms  cpu of ours {row.cpu_ms:6.1f} ms  {row.asked_s:6.1f} questions/s  "
            f"disk {disk / 1e6:,.0f} MB"
        )
    print(f"this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB at most")
    print("heaps in use", *(f"{node['jvm']['mem']['heap_used_in_bytes'] / 1e6:,.0f} MB" for node in heap))


def _fill(store: DocumentStore, data: Path, count: int) -> None:
    documents = islice(read_documents(collection_file(data, _COLLECTION)), count)
    while some := list(islice(documents, _TAKEN_AT_ONCE)):
        with store.writing() as writer:
            writer.put_many([(document, None) for document in some])


def _measure(name: str, store: DocumentStore, index: Generations, questions: Sequence[str]) -> Row:
    started = time.perf_counter()
    sync(store, index)
    build_s = time.perf_counter() - started
    with closing(open_engine(index)) as engine:
        _ask(engine, questions[:20])
        cpu = time.process_time()
        times = _ask(engine, questions)
        cpu_ms = (time.process_time() - cpu) / len(questions) * 1_000
        started = time.perf_counter()
        with ThreadPoolExecutor(_THREADS) as pool:
            list(pool.map(lambda question: engine.search(Query(text=question)), questions))
        asked_s = len(questions) / (time.perf_counter() - started)
    p95 = statistics.quantiles(times, n=20)[-1]
    return Row(name, build_s, statistics.median(times), p95, cpu_ms, asked_s)


def _ask(engine: SearchEngine, questions: Sequence[str]) -> list[float]:
    """Milliseconds of each."""
    return [engine.search(Query(text=question)).took_ms for question in questions]


if __name__ == "__main__":
    main(sys.argv[1:])
