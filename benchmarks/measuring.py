"""How well do the systems answer one set of topics? Each system is asked every topic for 100 documents."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.answers import AnswerMeasures, measure_answers
from benchmarks.children import peak_memory_mb
from benchmarks.datasets import TopicSet, collection_file, read_documents
from benchmarks.engines import Engine, Maker
from benchmarks.engines.sqlite_fts5 import Fts5
from benchmarks.engines.stock_whoosh import StockWhooshOfTutorials
from benchmarks.engines.tantivy_rust import Tantivy
from benchmarks.indexing import home_of, index_collection
from benchmarks.peers.words import JIEBA, OURS, Words
from benchmarks.query_classes import Ask
from indexer.baseline import baseline_for, judgements_hash
from indexer.evaluate import (
    RUN_DEPTH,
    Measures,
    Qrels,
    Run,
    TopicScore,
    means,
    means_by_kind,
    read_qrels,
    read_topics,
    run_topics,
    score_topics,
)
from indexer.generations import IndexFolder
from indexer.ranking import BM25F, FieldSum, ScoringModel
from indexer.whoosh_engine import WhooshEngine

PEERS: Mapping[str, tuple[str, Maker, Words]] = {
    "tantivy": ("tantivy + jieba", Tantivy, JIEBA),
    "tantivy-ours": ("tantivy + our words", Tantivy, OURS),
    "fts5": ("SQLite FTS5 + jieba", Fts5, JIEBA),
    "stock-whoosh": (StockWhooshOfTutorials.name, StockWhooshOfTutorials, JIEBA),
}

# Those of `make eval`. Stock Whoosh writes for many minutes, and `FieldSum` is its model: it is asked for by name.
USUAL_PEERS = ("tantivy", "tantivy-ours", "fts5")


@dataclass(frozen=True, slots=True)
class Row:
    """One system on one set of topics, topic by topic, and in all; ``seconds`` is None where it was not asked now."""

    system: str
    scores: Mapping[str, TopicScore]
    measures: Measures
    kinds: Mapping[str, Measures]
    seconds: float | None

    @classmethod
    def of(cls, system: str, scores: Mapping[str, TopicScore], seconds: float | None) -> Row:
        return cls(system, scores, means(scores), means_by_kind(scores), seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All systems on one set of topics; ``index_s`` (0 for a kept index) and ``peak_mb`` are of ingest and index.

    ``answers`` are those of our engine, where the topics have literal answers; ``before`` is the pinned baseline, if
    there is one for these ``judgements`` (their hash).
    """

    topic_set: str
    judgements: str
    before: Row | None
    documents: int
    rows: tuple[Row, ...]
    index_s: float
    peak_mb: float
    answers: AnswerMeasures | None = None


def measure_ours(topic_set: TopicSet, data: Path, work: Path) -> Report:
    """Index the collection (once) and ask our engine every topic."""
    indexed = index_collection(collection_file(data, topic_set.collection), work)
    peak_mb = peak_memory_mb()
    topics, qrels = topic_set.topics(data), topic_set.qrels(data)
    pinned = baseline_for(topics, qrels)
    return Report(
        topic_set=topic_set.name,
        judgements=judgements_hash(topics, qrels),
        before=Row.of(f"pinned: {pinned.pinned}", pinned.scores, None) if pinned else None,
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
        name, maker, words = PEERS[key]
        with TemporaryDirectory(prefix=f"{key}-", dir=work) as temporary:
            maker.build(source, Path(temporary), words)
            started = time.perf_counter()
            rows.append(_row(name, _asked(maker(Path(temporary)), words, topics, source), qrels, started))
    return replace(report, rows=tuple(rows))


def _ours(name: str, model: ScoringModel, topic_set: TopicSet, data: Path, folder: IndexFolder) -> Row:
    topics, qrels = read_topics(topic_set.topics(data)), read_qrels(topic_set.qrels(data))
    started = time.perf_counter()
    with closing(WhooshEngine(folder, model)) as engine:
        return _row(name, run_topics(engine, topics), qrels, started)


def _asked(engine: Engine, words: Words, topics: Mapping[str, str], source: Path) -> Run:
    """What an engine answers on every topic: any word will do; ids, and scores that only tell the order."""
    ids = [document.id for document in read_documents(source)]
    run = {}
    for topic, text in topics.items():
        found = engine.numbers(engine.search(Ask(words=tuple(words.question(text))), RUN_DEPTH))
        run[topic] = [(ids[number], -float(rank)) for rank, number in enumerate(found)]
    engine.close()
    return run


def _answers(topic_set: TopicSet, data: Path, folder: IndexFolder) -> AnswerMeasures | None:
    if not topic_set.answers(data).is_file():
        return None
    topics, qrels = read_topics(topic_set.topics(data)), read_qrels(topic_set.qrels(data))
    with closing(WhooshEngine(folder, BM25F())) as engine:
        return measure_answers(engine, topics, qrels, read_topics(topic_set.answers(data)))


def _row(system: str, run: Run, qrels: Qrels, started: float) -> Row:
    seconds = time.perf_counter() - started
    return Row.of(system, score_topics(run, qrels), seconds)
