"""How well do the systems answer one set of topics? Each system is asked every topic for 100 documents."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.answers import AnswerMeasures, measure_answers
from benchmarks.children import peak_memory_mb
from benchmarks.datasets import TopicSet, collection_file, read_documents
from benchmarks.indexing import home_of, index_collection
from benchmarks.peers import Peer
from benchmarks.peers.fts5 import Fts5
from benchmarks.peers.stock_whoosh import StockWhoosh
from benchmarks.peers.tantivy_engine import Tantivy
from benchmarks.peers.words import JIEBA, OURS
from indexer.evaluate import (
    RUN_DEPTH,
    Measures,
    Qrels,
    Run,
    measure,
    measure_by_kind,
    read_qrels,
    read_topics,
    run_topics,
)
from indexer.generations import IndexFolder
from indexer.ranking import BM25F, FieldSum, ScoringModel
from indexer.whoosh_engine import WhooshEngine

PEERS: Mapping[str, Callable[[Path], Peer]] = {
    "tantivy": lambda folder: Tantivy(folder, JIEBA),
    "tantivy-ours": lambda folder: Tantivy(folder, OURS),
    "fts5": lambda folder: Fts5(folder, JIEBA),
    "stock-whoosh": StockWhoosh,
}

# Those of `make eval`. Stock Whoosh writes for many minutes, and `FieldSum` is its model: it is asked for by name.
USUAL_PEERS = ("tantivy", "tantivy-ours", "fts5")


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one set of topics; ``kinds`` are the measures of `measure_by_kind`."""

    system: str
    measures: Measures
    kinds: Mapping[str, Measures]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All systems on one set of topics; ``index_s`` (0 for a kept index) and ``peak_mb`` are of ingest and index.

    ``answers`` are those of our engine, where the topics have literal answers.
    """

    topic_set: str
    documents: int
    rows: tuple[Row, ...]
    index_s: float
    peak_mb: float
    answers: AnswerMeasures | None = None


def measure_ours(topic_set: TopicSet, data: Path, work: Path) -> Report:
    """Index the collection (once) and ask our engine every topic."""
    indexed = index_collection(collection_file(data, topic_set.collection), work)
    peak_mb = peak_memory_mb()
    return Report(
        topic_set=topic_set.name,
        documents=indexed.documents,
        rows=(_ours("ours: BM25F proper", BM25F(), topic_set, data, indexed.folder),),
        index_s=indexed.ingest_s + indexed.sync_s,
        peak_mb=peak_mb,
        answers=_answers(topic_set, data, indexed.folder),
    )


def measure_all(topic_set: TopicSet, data: Path, work: Path, peers: tuple[str, ...]) -> Report:
    """`measure_ours`, then our engine with Whoosh's model, then the peers."""
    report = measure_ours(topic_set, data, work)
    source = collection_file(data, topic_set.collection)
    folder = IndexFolder(home_of(source, work) / "index")
    rows = [*report.rows, _ours("ours: Whoosh's BM25F", FieldSum(), topic_set, data, folder)]
    topics, qrels = read_topics(topic_set.topics(data)), read_qrels(topic_set.qrels(data))
    for key in peers:
        with TemporaryDirectory(prefix=f"{key}-", dir=work) as temporary:
            peer = PEERS[key](Path(temporary))
            peer.add(read_documents(source))
            started = time.perf_counter()
            run = {topic: peer.search(text, RUN_DEPTH) for topic, text in topics.items()}
            rows.append(_row(peer.name, run, qrels, started))
    return replace(report, rows=tuple(rows))


def _ours(name: str, model: ScoringModel, topic_set: TopicSet, data: Path, folder: IndexFolder) -> Row:
    topics, qrels = read_topics(topic_set.topics(data)), read_qrels(topic_set.qrels(data))
    started = time.perf_counter()
    with closing(WhooshEngine(folder, model)) as engine:
        return _row(name, run_topics(engine, topics), qrels, started)


def _answers(topic_set: TopicSet, data: Path, folder: IndexFolder) -> AnswerMeasures | None:
    if not topic_set.answers(data).is_file():
        return None
    topics, qrels = read_topics(topic_set.topics(data)), read_qrels(topic_set.qrels(data))
    with closing(WhooshEngine(folder, BM25F())) as engine:
        return measure_answers(engine, topics, qrels, read_topics(topic_set.answers(data)))


def _row(system: str, run: Run, qrels: Qrels, started: float) -> Row:
    seconds = time.perf_counter() - started
    return Row(system, measure(run, qrels), measure_by_kind(run, qrels), seconds)
