"""How long does a reader wait for the first ten hits, beside other engines on the same words?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rich.table import Table

from benchmarks.datasets import TOPIC_SETS, TopicSet, collection_file, read_documents
from benchmarks.indexing import index_collection
from benchmarks.peers.fts5 import Fts5
from benchmarks.peers.tantivy_engine import Tantivy
from benchmarks.peers.whoosh_searcher import WhooshSearcher
from benchmarks.peers.words import OURS
from benchmarks.tables import table
from indexer.engine import Query
from indexer.evaluate import read_topics
from indexer.whoosh_engine import WhooshEngine

# The sets that have whole questions; known items are over in no time everywhere.
MEASURED = ("statutes", "gov-questions")

PAGE = 10  # hits

Ask = Callable[[str], object]


def latency(name: str, data: Path, work: Path) -> Table:
    """Ask every question twice of every engine: first with its caches empty, then again."""
    topic_set = next(topic_set for topic_set in TOPIC_SETS if topic_set.name == name)
    questions = list(read_topics(topic_set.topics(data)).values())
    with _engines(topic_set, data, work) as (documents, engines):
        measured = [(label, gives, _times(ask, questions), _times(ask, questions)) for label, gives, ask in engines]
    base = measured[-1][3]
    rows = [
        (
            label,
            gives,
            *(f"{np.percentile(times, share):.2f}" for times in (first, again) for share in (50, 95)),
            *(f"{np.percentile(again, share) / np.percentile(base, share):,.0f}" for share in (50, 95)),
        )
        for label, gives, first, again in measured
    ]
    return table(
        f"latency in ms: {len(questions)} questions of {name} over {documents:,} documents",
        ("engine (our words everywhere)", "gives", "first p50", "p95", "again p50", "p95", "÷tantivy p50", "p95"),
        rows,
    )


@contextmanager
def _engines(topic_set: TopicSet, data: Path, work: Path) -> Iterator[tuple[int, list[tuple[str, str, Ask]]]]:
    """The number of documents and, for each engine, its name, what it gives, and how to ask it. Tantivy is the last."""
    source = collection_file(data, topic_set.collection)
    indexed = index_collection(source, work)
    with TemporaryDirectory(prefix="latency-", dir=work) as temporary, ExitStack() as open_parts:
        ours, bare = WhooshEngine(indexed.folder), WhooshEngine(indexed.folder)
        stock = WhooshSearcher(indexed.folder.live())
        open_parts.callback(stock.close)
        fts5, tantivy = Fts5(Path(temporary, "fts5"), OURS), Tantivy(Path(temporary, "tantivy"), OURS)
        open_parts.callback(fts5.close)
        for peer in (fts5, tantivy):
            peer.add(read_documents(source))
        yield (
            indexed.documents,
            [
                (
                    "ours: BM25F proper",
                    "10 snippets, facets, total",
                    lambda text: ours.search(Query(text=text, limit=PAGE)),
                ),
                ("ours: BM25F proper", "total, facets", lambda text: bare.search(Query(text=text, limit=0))),
                ("stock Whoosh searcher, our index", "10 ids", lambda text: stock.search(text, PAGE)),
                (fts5.name, "10 ids", lambda text: fts5.search(text, PAGE)),
                (tantivy.name, "10 ids", lambda text: tantivy.search(text, PAGE)),
            ],
        )


def _times(ask: Ask, questions: Sequence[str]) -> list[float]:
    """Milliseconds of each question."""
    ask("开始")  # files are opened and dictionaries loaded before the clock starts
    times = []
    for question in questions:
        started = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - started) * 1000)
    return times
