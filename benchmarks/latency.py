"""How long does a reader wait for the first ten hits, beside other engines on the same words?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
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

# Whoosh's own searcher takes over 1 s for the slowest twentieth of the questions: every fourth has to do.
STOCK_EVERY = 4


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine as the table names it, how to ask it, and which share of the questions it is asked (1 in ``every``)."""

    name: str
    ask: Callable[[str], object]
    every: int = 1


def latency(name: str, data: Path, work: Path) -> Table:
    """Ask every question twice of every engine: first with its caches empty, then again."""
    topic_set = next(topic_set for topic_set in TOPIC_SETS if topic_set.name == name)
    questions = list(read_topics(topic_set.topics(data)).values())
    with _engines(topic_set, data, work) as (documents, engines):
        measured = [(engine, _times(engine, questions), _times(engine, questions)) for engine in engines]
    tantivy = measured[-1][2]
    rows = [
        (
            engine.name,
            *(f"{np.percentile(times, share):.2f}" for times in (first, again) for share in (50, 95)),
            *(f"{ratio:,.0f}" for ratio in _ratios(again, tantivy[:: engine.every])),
        )
        for engine, first, again in measured
    ]
    return table(
        f"latency in ms: {len(questions)} questions of {name} over {documents:,} documents, our words everywhere",
        ("engine", "first p50", "p95", "again p50", "p95", "÷ tantivy p50", "p95"),
        rows,
        caption="Peers give ten ids and no total, facets or snippets.",
    )


@contextmanager
def _engines(topic_set: TopicSet, data: Path, work: Path) -> Iterator[tuple[int, list[Engine]]]:
    """The number of documents, and the engines; tantivy is the last."""
    source = collection_file(data, topic_set.collection)
    indexed = index_collection(source, work)
    with TemporaryDirectory(prefix="latency-", dir=work) as temporary, ExitStack() as open_parts:
        ours, bare = WhooshEngine(indexed.folder), WhooshEngine(indexed.folder)
        stock = WhooshSearcher(indexed.folder.live())
        fts5, tantivy = Fts5(Path(temporary, "fts5"), OURS), Tantivy(Path(temporary, "tantivy"), OURS)
        for part in (ours, bare, stock, fts5):
            open_parts.callback(part.close)
        for peer in (fts5, tantivy):
            peer.add(read_documents(source))
        yield (
            indexed.documents,
            [
                Engine("ours: 10 hits with snippets, total, facets", lambda text: ours.search(Query(text=text))),
                Engine("ours: total and facets", lambda text: bare.search(Query(text=text, limit=0))),
                Engine(
                    f"Whoosh's searcher on our index (1 in {STOCK_EVERY})",
                    lambda text: stock.search(text, PAGE),
                    STOCK_EVERY,
                ),
                Engine(fts5.name, lambda text: fts5.search(text, PAGE)),
                Engine(tantivy.name, lambda text: tantivy.search(text, PAGE)),
            ],
        )


def _ratios(times: Sequence[float], to: Sequence[float]) -> tuple[float, float]:
    """p50 and p95 as multiples of those of another engine on the same questions."""
    median, slow = (float(np.percentile(times, share) / np.percentile(to, share)) for share in (50, 95))
    return median, slow


def _times(engine: Engine, questions: Sequence[str]) -> list[float]:
    """Milliseconds of each question."""
    engine.ask("开始")  # files are opened and dictionaries loaded before the clock starts
    times = []
    for question in questions[:: engine.every]:
        started = time.perf_counter()
        engine.ask(question)
        times.append((time.perf_counter() - started) * 1000)
    return times
