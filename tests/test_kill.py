"""A kill -9 at any moment of a crawl or of indexing, then a restart, ends as an undisturbed run does."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select

from corpus.blobs import BlobStore
from corpus.crawl import CrawlSettings, crawl, parse_site
from corpus.models import Document
from corpus.sample import SamplePortal
from corpus.store import DocumentStore, sqlite_url
from corpus.tables import frontier
from indexer.engine import Query
from indexer.generations import IndexFolder
from indexer.sync import sync
from indexer.whoosh_engine import WhooshEngine

KILLS = 10
ROOT = Path(__file__).resolve().parent.parent

CRAWL = """
import sys
from pathlib import Path
from corpus.blobs import BlobStore
from corpus.crawl import CrawlSettings, crawl, load_site
from corpus.store import DocumentStore, sqlite_url
data = Path(sys.argv[1])
with DocumentStore.open(sqlite_url(data / "store.db")) as store:
    settings = CrawlSettings(retry_delay_s=0.0)
    crawl(load_site(data / "site.toml"), store, BlobStore(data / "blobs"), data_dir=data, settings=settings)
"""

INDEX = """
import sys
from pathlib import Path
import indexer.sync
from corpus.store import DocumentStore, sqlite_url
from indexer.generations import IndexFolder
data = Path(sys.argv[1])
indexer.sync.COMMIT_DOCUMENTS, indexer.sync._READ_BATCH = 25, 10
with DocumentStore.open(sqlite_url(data / "store.db")) as store:
    indexer.sync.sync(store, IndexFolder(data / "index"), rebuild=len(sys.argv) > 2)
"""


def start(program: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", program, *arguments], cwd=ROOT, stderr=subprocess.DEVNULL)


def kill_with_children(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    """kill -9 of the process and of those that it started, the latter first so that none is orphaned unseen."""
    found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
    for child in found.stdout.split():
        try:
            os.kill(int(child), signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.kill()
    process.wait()


def test_a_crawl_killed_ten_times_ends_as_an_undisturbed_one_and_fetches_nothing_twice(tmp_path: Path) -> None:
    calm, shaken = tmp_path / "calm", tmp_path / "shaken"
    with SamplePortal() as portal:
        expected = undisturbed_crawl(portal, calm)
        shaken.mkdir()
        (shaken / "blobs").mkdir()
        (shaken / "site.toml").write_text(portal.site_toml(), "utf-8")
        portal.delay_s = 0.03
        moments = random.Random(20260728)
        for _ in range(KILLS):
            done = committed(shaken)
            portal.forget_requests()
            process = start(CRAWL, str(shaken))
            # Few enough of some 135 answers that ten kills never let it end: the next crawl would ask for all again.
            wait_for_requests(portal, moments.randint(1, 13))
            time.sleep(moments.uniform(0.0, 0.1))
            kill_with_children(process)
            again = {path for path, _ in portal.requests} & done
            assert again <= {"/robots.txt"}
        assert start(CRAWL, str(shaken)).wait(120) == 0
        with DocumentStore.open(sqlite_url(shaken / "store.db")) as store:
            assert documents_of(store) == expected


def wait_for_requests(portal: SamplePortal, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(portal.requests) < count:
        assert time.monotonic() < deadline, "the crawl asks for nothing"
        time.sleep(0.01)


def undisturbed_crawl(portal: SamplePortal, data: Path) -> dict[str, Document]:
    data.mkdir()
    with DocumentStore.open(sqlite_url(data / "store.db")) as store:
        site, settings = parse_site(portal.site_toml()), CrawlSettings(retry_delay_s=0.0)
        summary = crawl(site, store, BlobStore(data / "blobs"), data_dir=data, settings=settings)
        assert summary.outcome == "finished"
        return documents_of(store)


def committed(data: Path) -> set[str]:
    """Paths (with query) of the addresses whose answers are committed."""
    if not (data / "store.db").exists():
        return set()
    with DocumentStore.open(sqlite_url(data / "store.db")) as store, store.reading() as connection:
        urls = connection.scalars(select(frontier.c.url).where(frontier.c.state == "done")).all()
    parts = [urlsplit(url) for url in urls]
    return {part.path + (f"?{part.query}" if part.query else "") for part in parts}


def documents_of(store: DocumentStore) -> dict[str, Document]:
    """Every live document with its files; when it was fetched does not count."""
    return {stored.document.id: replace(stored.document, fetched_at=None) for stored in store.live_documents()}


def test_indexing_killed_ten_times_gives_the_answers_of_an_undisturbed_index(tmp_path: Path) -> None:
    topics = ("高龄津贴", "滨河路 停水", "云澜政办规〔2021〕7号", "")
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as store:
        documents = [
            Document(
                id=f"y-{number}",
                title=f"关于第{number}号路段停水的通知" if number % 2 else f"高龄津贴发放公示（第{number}批）",
                document_number=f"云澜政办规〔20{number % 20 + 10}〕{number % 9 + 1}号",
                body="因管网检修，滨河路沿线停水。" * (number % 7 + 1),
            )
            for number in range(400)
        ]
        with store.writing() as writer:
            writer.put_many([(document, None) for document in documents])
        sync(store, IndexFolder(tmp_path / "calm"))
        moments = random.Random(41)
        for round_number in range(KILLS):
            process = start(INDEX, str(tmp_path), *(["rebuild"] if round_number % 2 else []))
            time.sleep(moments.uniform(0.8, 3.0))
            process.kill()
            process.wait()
        assert start(INDEX, str(tmp_path)).wait(120) == 0
        assert answers(tmp_path / "index", topics) == answers(tmp_path / "calm", topics)


def answers(folder: Path, topics: Sequence[str]) -> list[tuple[int, set[tuple[str, float]]]]:
    engine = WhooshEngine(IndexFolder(folder))
    found = [engine.search(Query(text=topic, limit=1_000)) for topic in topics]
    engine.close()
    return [(results.total, {(hit.id, round(hit.score, 6)) for hit in results.hits}) for results in found]
