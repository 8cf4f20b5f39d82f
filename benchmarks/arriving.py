"""What do readers notice while documents arrive? 200 a second into store and index, and eight readers who ask on."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
from rich.table import Table

from benchmarks.children import processes
from benchmarks.datasets import read_documents
from benchmarks.tables import table
from corpus.store import DocumentStore, sqlite_url
from indexer.engine import Query
from indexer.errors import IndexerError
from indexer.generations import IndexFolder
from indexer.sync import sync
from indexer.whoosh_engine import WhooshEngine

DOCUMENTS = 200  # that come each second
SECONDS = 20

# As the product serves: a process a core, with threads; each reader has a question every half second.
PROCESSES, THREADS = 2, 4
_PAUSE_S = 0.5

_WARMING_S = 8.0  # processes start, and open the index


@dataclass(frozen=True, slots=True)
class Reading:
    """One question: when it was asked, the milliseconds it took, and how many documents were known after it."""

    at: float
    ms: float
    documents: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class Commit:
    """When documents came, when a question could find them, and how many there were then in all."""

    came: float
    visible: float
    documents: int


def arriving_table(title: str, later: Path, home: Path, work: Path, questions: Sequence[str]) -> Table:
    """Readers alone, beside a writer that commits what comes, and alone again, on a copy of the data folder.

    ``later`` is the corpus whose documents come, under ids of their own.
    """
    copy = work / "arriving"
    shutil.copytree(home, copy)
    os.sync()  # else the readers wait while the copy is written to the disk
    try:
        alone, _ = _run(later, copy, questions, writing=False)
        beside, commits = _run(later, copy, questions, writing=True)
        alone += _run(later, copy, questions, writing=False)[0]
    finally:
        shutil.rmtree(copy)
    waits = [commit.visible - commit.came for commit in commits]
    return table(
        f"documents arriving: {title}, {PROCESSES * THREADS} readers with {1 / _PAUSE_S:g} questions a second each",
        ("readers", "questions", "p50 ms", "p95 ms", "p99 ms", "÷ alone p50", "p95", "errors", "stale"),
        [
            _row("alone, before and after", alone, alone, []),
            _row(f"while {DOCUMENTS} documents a second come", beside, alone, commits),
        ],
        caption=(
            f"{len(commits)} commits in {commits[-1].visible - commits[0].came:.0f} s; from coming to being found "
            f"p50 {np.median(waits):.2f} s, p95 {np.percentile(waits, 95):.2f} s, most {max(waits):.2f} s.\n"
            "Stale: answers from an index that lacked a commit made before the question."
        ),
    )


def _row(
    name: str, readings: Sequence[Reading], alone: Sequence[Reading], commits: Sequence[Commit]
) -> tuple[str, ...]:
    p50, p95, p99 = (float(np.percentile([reading.ms for reading in readings], share)) for share in (50, 95, 99))
    idle = [reading.ms for reading in alone]
    errors = [reading.error for reading in readings if reading.error]
    return (
        name,
        f"{len(readings)}",
        *(f"{value:.1f}" for value in (p50, p95, p99)),
        f"{p50 / float(np.percentile(idle, 50)):.2f}",
        f"{p95 / float(np.percentile(idle, 95)):.2f}",
        f"{len(errors)} {' '.join(errors[:1])}".strip(),
        f"{_stale(readings, commits)}" if commits else "",
    )


def _stale(readings: Sequence[Reading], commits: Sequence[Commit]) -> int:
    visible = np.array([commit.visible for commit in commits])
    documents = [0, *(commit.documents for commit in commits)]
    return sum(
        reading.documents < documents[int(visible.searchsorted(reading.at))]
        for reading in readings
        if not reading.error
    )


def _run(later: Path, home: Path, questions: Sequence[str], *, writing: bool) -> tuple[list[Reading], list[Commit]]:
    begin = time.time() + _WARMING_S
    with processes(PROCESSES + 1) as pool:
        reading = [pool.submit(_read, home, list(questions[number:]), begin) for number in range(PROCESSES)]
        commits = pool.submit(_write, home, later, begin).result() if writing else []
        return [one for process in reading for one in process.result()], commits


def _read(home: Path, questions: Sequence[str], begin: float) -> list[Reading]:
    with closing(WhooshEngine(IndexFolder(home / "index"))) as engine, ThreadPoolExecutor(THREADS) as pool:
        for text in questions[:20]:
            engine.search(Query(text=text))
        threads = pool.map(
            lambda number: _ask_on(engine, questions[number::THREADS], begin + _PAUSE_S * number / THREADS),
            range(THREADS),
        )
        return [reading for readings in threads for reading in readings]


def _ask_on(engine: WhooshEngine, questions: Sequence[str], begin: float) -> list[Reading]:
    """One question each time, as far as the last one is answered."""
    readings: list[Reading] = []
    for number in range(int(SECONDS / _PAUSE_S)):
        time.sleep(max(0.0, begin + _PAUSE_S * number - time.time()))
        at, started = time.time(), time.perf_counter()
        error, documents = "", 0
        try:
            engine.search(Query(text=questions[number % len(questions)]))
        except (IndexerError, OSError) as problem:
            error = f"{type(problem).__name__}: {problem}"
        ms = (time.perf_counter() - started) * 1000
        if not error:
            documents = engine.document_count()
        readings.append(Reading(at, ms, documents, error))
    return readings


def _write(home: Path, later: Path, begin: float) -> list[Commit]:
    folder = IndexFolder(home / "index")
    with closing(WhooshEngine(folder)) as engine:
        known = engine.document_count()
    coming = (replace(document, id=f"{document.id}-later") for document in read_documents(later))
    commits = []
    with DocumentStore.open(sqlite_url(home / "store.db")) as store:
        for second in range(SECONDS):
            batch = [(document, None) for document in islice(coming, DOCUMENTS)]
            came = begin + second
            time.sleep(max(0.0, came - time.time()))
            with store.writing() as writer:
                writer.put_many(batch)
            sync(store, folder)
            known += len(batch)
            commits.append(Commit(came, time.time(), known))
    return commits
