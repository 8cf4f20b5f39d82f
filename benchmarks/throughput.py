"""How fast are documents read, cut, kept and indexed, and in how much memory? Each step in a process of its own."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.table import Table

from analyzers.tokenizer import segmenter, words
from benchmarks.children import alone
from benchmarks.datasets import collection_file, read_documents
from benchmarks.indexing import bring_up, home_of, take_in, what_makes
from benchmarks.peers import Peer
from benchmarks.peers.fts5 import Fts5
from benchmarks.peers.stock_whoosh import StockWhoosh
from benchmarks.peers.tantivy_engine import Tantivy
from benchmarks.peers.words import OURS, plain_jieba
from benchmarks.tables import table
from corpus.models import Document
from indexer.mapping import index_fields, searchable_text

COLLECTION = "gov-documents"

# jieba in Python cuts about 1 MB/s, and Whoosh with it writes some 20 documents/s: every tenth document tells as much.
SAMPLE_EVERY = 10


@dataclass(frozen=True, slots=True)
class Pace:
    """How many documents in how many seconds."""

    documents: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    of: str
    pace: Pace
    characters: int
    peak_mb: float


def throughput(data: Path, work: Path, say: Callable[[str], None]) -> Table:
    """Measure every step on gov-documents, one after the other; its index stays in ``work``."""
    source = collection_file(data, COLLECTION)
    home = home_of(source, work)
    shutil.rmtree(home, ignore_errors=True)
    characters = {every: _characters(source, every) for every in (1, SAMPLE_EVERY)}
    steps: list[Step] = []

    def step(name: str, of: str, work: Callable[..., Pace], *arguments: Any, every: int = 1) -> None:
        say(f"{name}: {of} …")
        pace, peak_mb = alone(work, source, *arguments)
        steps.append(Step(name, of, pace, characters[every], peak_mb))

    with TemporaryDirectory(prefix="throughput-", dir=work) as temporary:
        peers = Path(temporary)
        step("parse", "JSONL → Document", _parse)
        step("segment", f"our words ({segmenter().identity.split(' words')[0]})", _segment)
        step("segment", "jieba alone (1 in 10)", _segment_with_jieba, every=SAMPLE_EVERY)
        step("map", "Document → fields, uncut", _map)
        step("store", "ours: ingest (parse, keep)", _ingest, home)
        step("write", "ours: index (map, segment, write)", _sync, home)
        step("write", "tantivy + our words", _tantivy, peers)
        step("write", "SQLite FTS5 + our words", _fts5, peers)
        step("write", f"{StockWhoosh.name} (1 in 10)", _stock_whoosh, peers, every=SAMPLE_EVERY)
    return table(
        f"throughput on {COLLECTION}",
        ("step", "of", "documents", "seconds", "documents/s", "M chars/s", "peak MB"),
        [_row(step) for step in steps],
        texts=2,
    )


def _row(step: Step) -> tuple[str, ...]:
    pace = step.pace
    return (
        step.name,
        step.of,
        f"{pace.documents:,}",
        f"{pace.seconds:.1f}",
        f"{pace.documents / pace.seconds:,.0f}",
        f"{step.characters / pace.seconds / 1e6:.2f}",
        f"{step.peak_mb:,.0f}",
    )


def _parse(source: Path) -> Pace:
    started = time.perf_counter()
    count = sum(1 for _ in read_documents(source))
    return Pace(count, time.perf_counter() - started)


def _segment(source: Path) -> Pace:
    words("开始")  # the dictionary is loaded before the clock starts
    return _over(read_documents(source), words)


def _segment_with_jieba(source: Path) -> Pace:
    return _over(read_documents(source, SAMPLE_EVERY), plain_jieba())


def _over(documents: Iterable[Document], cut: Callable[[str], object]) -> Pace:
    texts = [(document.title, searchable_text(document)) for document in documents]
    started = time.perf_counter()
    for title, body in texts:
        cut(title)
        cut(body)
    return Pace(len(texts), time.perf_counter() - started)


def _map(source: Path) -> Pace:
    documents = list(read_documents(source))
    started = time.perf_counter()
    for document in documents:
        index_fields(document)
    return Pace(len(documents), time.perf_counter() - started)


def _ingest(source: Path, home: Path) -> Pace:
    return Pace(*take_in(source, home))


def _sync(source: Path, home: Path) -> Pace:
    return Pace(*bring_up(home, what_makes(source)))


def _tantivy(source: Path, folder: Path) -> Pace:
    return _add(Tantivy(folder / "tantivy", OURS), read_documents(source))


def _fts5(source: Path, folder: Path) -> Pace:
    return _add(Fts5(folder / "fts5", OURS), read_documents(source))


def _stock_whoosh(source: Path, folder: Path) -> Pace:
    return _add(StockWhoosh(folder / "stock"), read_documents(source, SAMPLE_EVERY))


def _add(peer: Peer, documents: Iterable[Document]) -> Pace:
    OURS.of_document("开始")  # the dictionary is loaded before the clock starts
    started = time.perf_counter()
    count = peer.add(documents)
    return Pace(count, time.perf_counter() - started)


def _characters(source: Path, every: int) -> int:
    return sum(len(document.title) + len(searchable_text(document)) for document in read_documents(source, every))
