"""How long does a whole request take, from raw question to snippets and facets, here and over HTTP?"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote, urlsplit

import numpy as np
from rich.table import Table

from analyzers.tokenizer import question_words
from benchmarks.arriving import arriving_table
from benchmarks.children import alone
from benchmarks.corpora import SIZES, write_corpus
from benchmarks.engines import Engine, Maker
from benchmarks.engines.sqlite_fts5 import Fts5
from benchmarks.engines.tantivy_rust import Tantivy
from benchmarks.indexing import Indexed, home_of, index_collection
from benchmarks.latency import ROUNDS, Times, cells
from benchmarks.query_classes import QUESTIONS, Ask, sample, topics_file
from benchmarks.stages import stage_table
from benchmarks.tables import table
from benchmarks.usage import Usage, watched
from indexer.engine import Query
from indexer.evaluate import read_topics
from indexer.generations import IndexFolder
from indexer.passages import FIRST
from indexer.whoosh_engine import WhooshEngine

CLIENTS = (1, 8, 32)

# A run over HTTP ends when this many have been asked, or after this time.
REQUESTS = 600
_RUN_S = 20.0

_SLOW_QUESTIONS = 20

PEERS: tuple[Maker, ...] = (Tantivy, Fts5)

Searching = Callable[[str], object]
Say = Callable[[str], None]


def product(data: Path, work: Path, indexes: Path, sizes: Sequence[str], say: Say) -> Iterator[Table]:
    """The tables of every size, as they come; documents arrive at the last one.

    The peers' indexes are made in ``indexes`` unless they are there.
    """
    questions = list(read_topics(topics_file(data)).values())[:QUESTIONS]
    later = write_corpus(data, work, "10k")
    for size in sizes:
        say(f"the product on {size} documents …")
        corpus, title = write_corpus(data, work, size), f"{SIZES[size]:,} documents"
        home = home_of(corpus, work)
        (indexed, usage), _ = alone(watched, index_collection, corpus, work)
        if indexed.sync_s:
            yield _taking_in(title, indexed, usage)
        for maker in PEERS:
            folder = indexes / size / maker.name
            if not folder.is_dir():
                folder.mkdir(parents=True)
                maker.build(corpus, folder)
        say("  whole requests …")
        yield _requests(title, home, indexes / size, questions)
        with closing(WhooshEngine(IndexFolder(home / "index"))) as engine:
            yield stage_table(title, engine, questions, FIRST)
        say("  over HTTP …")
        yield _over_http(title, home, questions)
        if size == sizes[-1]:
            say("  documents arrive …")
            yield arriving_table(title, later, home, work, questions)


def _taking_in(title: str, indexed: Indexed, usage: Usage) -> Table:
    return table(
        f"the product takes in {title}",
        ("step", "seconds", "documents/s"),
        [
            (step, f"{seconds:.1f}", f"{indexed.documents / seconds:,.0f}")
            for step, seconds in (
                ("ingest: JSON lines → store", indexed.ingest_s),
                ("index: store → index", indexed.sync_s),
            )
        ],
        caption=(
            "The index has words, character pairs with positions, keys and dates. "
            f"Both steps: {usage.cpu_s:.0f} s of processors, {usage.peak_mb:,.0f} MB at most."
        ),
    )


def _requests(title: str, home: Path, peers: Path, questions: Sequence[str]) -> Table:
    """Whole requests beside tantivy's own query, total and snippets for the same words."""
    with closing(WhooshEngine(IndexFolder(home / "index"))) as ours:
        tantivy, fts5 = Tantivy(peers / Tantivy.name), Fts5(peers / Fts5.name)
        reference = _quickest(_with_snippets(tantivy), questions)
        measured = [
            (
                "ours: and three passages",
                _quickest(lambda text: ours.search(Query(text=text, passages=FIRST)), questions),
            ),
            (
                "ours: question, fields, facets, re-ranked, ten snippets",
                _quickest(lambda text: ours.search(Query(text=text)), questions),
            ),
            ("ours: no snippets", _quickest(lambda text: ours.search(Query(text=text, limit=0)), questions)),
            (
                "ours: no snippets, no facets",
                _quickest(lambda text: ours.search(Query(text=text, limit=0, facets=())), questions),
            ),
            ("tantivy: words, OR, total, ten snippets", reference),
            ("tantivy: and two facets", _quickest(_with_snippets(tantivy, facets=True), questions)),
        ]
        fewer = sample(questions, _SLOW_QUESTIONS)
        slow = _quickest(_with_snippets(fts5, facets=True), fewer, 1)
        fts5.close()
    places = [list(questions).index(text) for text in fewer]
    rows = [(name, f"{len(times)}", *cells(times, reference)) for name, times in measured]
    rows.append(("SQLite FTS5: and two facets", f"{len(slow)}", *cells(slow, reference[places])))
    return table(
        f"a full request in ms: lay questions over {title}",
        ("engine", "n", "p50", "p95", "p99", "÷ tantivy p50", "p95", "p99"),
        rows,
        caption="Ours counts seven facets, and ranks by BM25F over words and character pairs.",
    )


def _over_http(title: str, home: Path, questions: Sequence[str]) -> Table:
    """`gongkai serve` asked by clients on the same machine, each as soon as it has its last answer."""
    rows = []
    with _serving(home) as address:
        _ask_all(address, questions[:50], 4)  # each worker has opened the index
        for clients in CLIENTS:
            started = time.perf_counter()
            times, errors = _ask_all(address, questions, clients)
            seconds = time.perf_counter() - started
            p50, p95, p99 = np.percentile(times, (50, 95, 99))
            rows.append(
                (
                    f"{clients}",
                    f"{len(times)}",
                    f"{len(times) / seconds:.1f}",
                    f"{p50:.1f}",
                    f"{p95:.1f}",
                    f"{p99:.1f}",
                    f"{errors}",
                )
            )
    return table(
        f"over HTTP (GET /search, whole pages): {title}, gunicorn with a worker a core",
        ("clients", "requests", "requests/s", "p50 ms", "p95 ms", "p99 ms", "errors"),
        rows,
        texts=0,
        caption="Clients are threads of one process on the same cores.",
    )


def _with_snippets(engine: Engine, *, facets: bool = False) -> Searching:
    def search(text: str) -> object:
        ask = Ask(words=tuple(dict.fromkeys(question_words(text))), facets=facets)
        return engine.snippets(ask, engine.search(ask))

    return search


def _quickest(search: Searching, questions: Sequence[str], rounds: int = ROUNDS) -> Times:
    """Milliseconds of each question, the quickest round of it (see `benchmarks.latency.ROUNDS`)."""
    search(questions[-1])
    times = np.zeros((rounds, len(questions)))
    for turn in range(rounds):
        for place, text in enumerate(questions):
            started = time.thread_time()
            search(text)
            times[turn, place] = (time.thread_time() - started) * 1000
    quickest: Times = times.min(axis=0)
    return quickest


@contextmanager
def _serving(home: Path) -> Iterator[str]:
    """`gongkai serve` on any free port; gives host and port."""
    command = [sys.executable, "-m", "webapp", "serve", "--data", str(home), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            line = next((line for line in server.stderr if line.startswith("gongkai: http")), "")
            yield urlsplit(line.removeprefix("gongkai: ").strip()).netloc
        finally:
            server.terminate()


def _ask_all(address: str, questions: Sequence[str], clients: int) -> tuple[list[float], int]:
    """Milliseconds of each answer, and how many went wrong."""
    until = time.monotonic() + _RUN_S
    with ThreadPoolExecutor(clients) as pool:
        found = list(pool.map(lambda first: _ask(address, questions, first, clients, until), range(clients)))
    return [ms for times, _ in found for ms in times], sum(errors for _, errors in found)


def _ask(address: str, questions: Sequence[str], first: int, step: int, until: float) -> tuple[list[float], int]:
    times, errors = [], 0
    connection = HTTPConnection(address, timeout=60)
    for number in range(first, REQUESTS, step):
        if time.monotonic() > until:
            break
        started = time.perf_counter()
        try:
            connection.request("GET", f"/search?q={quote(questions[number % len(questions)])}")
            response = connection.getresponse()
            errors += response.status != 200 or not response.read()
        except (OSError, HTTPException):
            errors += 1
            connection.close()
        times.append((time.perf_counter() - started) * 1000)
    connection.close()
    return times, errors
