"""How fast are documents read, cut, kept and indexed, and in how much memory? Each step in a process of its own."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from analyzers.tokenizer import segmenter, words
from benchmarks.children import alone
from benchmarks.datasets import collection_file, read_documents
from benchmarks.indexing import bring_up, home_of, take_in, what_makes
from benchmarks.peers.words import plain_jieba
from benchmarks.tables import table
from benchmarks.usage import Usage, watched
from corpus.models import Document
from indexer.mapping import index_fields, searchable_text

COLLECTION = "gov-documents"

# jieba in Python cuts a fifth of a million characters a second: every tenth document tells as much.
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
    usage: Usage


def throughput(data: Path, work: Path, say: Callable[[str], None]) -> Table:
    """Measure every step on gov-documents, one after the other; its index stays in ``work``."""
    source = collection_file(data, COLLECTION)
    home = home_of(source, work)
    shutil.rmtree(home, ignore_errors=True)
    characters = {every: _characters(source, every) for every in (1, SAMPLE_EVERY)}
    steps: list[Step] = []

    def step(name: str, of: str, work: Callable[..., Pace], *arguments: Any, every: int = 1) -> None:
        say(f"{name}: {of} …")
        (pace, usage), _ = alone(watched, work, source, *arguments)
        steps.append(Step(name, of, pace, characters[every], usage))

    step("parse", "JSONL → Document", _parse)
    step("segment", f"our words ({segmenter().identity.split(' words')[0]})", _segment)
    step("segment", "jieba alone (1 in 10)", _segment_with_jieba, every=SAMPLE_EVERY)
    step("map", "Document → fields, uncut", _map)
    step("store", "ours: ingest (parse, keep)", _ingest, home)
    step("write", "ours: index (map, segment, write)", _sync, home)
    return table(
        f"throughput on {COLLECTION}",
        ("step", "of", "documents", "seconds", "documents/s", "M chars/s", "CPU s", "peak MB"),
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
        f"{step.usage.cpu_s:.1f}",
        f"{step.usage.peak_mb:,.0f}",
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


def _characters(source: Path, every: int) -> int:
    return sum(len(document.title) + len(searchable_text(document)) for document in read_documents(source, every))
