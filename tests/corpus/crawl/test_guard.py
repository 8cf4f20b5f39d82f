"""One bad crawl never empties the index."""

from __future__ import annotations

import pytest

from corpus.store import DocumentStore
from tests.corpus.crawl.conftest import Crawl, document_at
from tests.corpus.crawl.server import Answer, TinyServer

COUNT, LOST = 30, 21


@pytest.fixture
def known(server: TinyServer, run_crawl: Crawl) -> list[str]:
    """A crawled site of 30 documents: 5% are 1.5, so that 21 that vanish are too many, and 20 are not."""
    paths = [f"/a{number}.html" for number in range(COUNT)]
    server.links("/", *paths)
    for path in paths:
        server.article(path, f"文件{path}")
    assert run_crawl().created == COUNT
    return paths


def test_a_crawl_that_loses_too_much_changes_nothing(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore, known: list[str]
) -> None:
    ways = [
        Answer(status=404),
        Answer("<title>维护</title><div id='zoom'>系统维护中</div>".encode()),
        Answer("页面不存在".encode()),
        Answer(b"<script>window.challenge()</script>"),
    ]
    for number, path in enumerate(known[:LOST]):
        server.pages[path] = ways[number % len(ways)]
    server.article(known[-1], "改了", files=("/new.txt",))
    server.file("/new.txt", "新附件".encode())
    server.article("/new.html", "新的")
    server.links("/", *known, "/new.html")
    before = store.last_change()

    summary = run_crawl()

    assert (summary.outcome, summary.exit_code) == ("held", 3)
    assert f"{LOST} of the {COUNT} known pages" in summary.message
    assert "--accept-removals" in summary.message
    assert store.last_change() == before, "nothing at all may change, not even what looks good"
    assert (summary.created, summary.changed, summary.gone, summary.files) == (0, 0, 0, 0)
    assert summary.held == LOST + 2

    for path in known[:LOST]:  # the site recovers: what was held is found again
        server.article(path, f"文件{path}")
    later = run_crawl()
    assert (later.outcome, later.created, later.changed, later.gone, later.files) == ("finished", 1, 1, 0, 1), later


def test_twenty_may_vanish_and_are_gone_after_the_second_crawl(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore, known: list[str]
) -> None:
    for path in known[:20]:
        server.remove(path)
    assert run_crawl().outcome == "finished"
    summary = run_crawl()
    assert (summary.outcome, summary.gone) == ("finished", 20)
    assert store.counts()["live"] == COUNT - 20


def test_removals_that_somebody_confirms_are_made(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore, known: list[str]
) -> None:
    for path in known[:LOST]:
        server.remove(path)
    assert run_crawl().exit_code == 3
    assert run_crawl().exit_code == 3, "again and again, until somebody confirms"
    summary = run_crawl(accept_removals=True)
    assert (summary.outcome, summary.gone) == ("finished", LOST)
    assert store.counts()["live"] == COUNT - LOST


def test_a_confirmed_first_miss_still_takes_two_crawls_and_needs_no_second_word(
    server: TinyServer, run_crawl: Crawl, known: list[str]
) -> None:
    for path in known[:LOST]:
        server.remove(path)
    assert run_crawl(accept_removals=True).gone == 0
    summary = run_crawl()
    assert (summary.outcome, summary.gone) == ("finished", LOST)


def test_shrunken_versions_are_taken_when_confirmed_or_few(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore, known: list[str]
) -> None:
    for path in known[:LOST]:
        server.html(path, "<title>短</title><div id='zoom'>短讯</div>")
    assert run_crawl(accept_removals=True).changed == LOST
    server.html(known[-1], "<title>短</title><div id='zoom'>短讯</div>")
    assert run_crawl().changed == 1
    document = document_at(store, server.url + known[-1])
    assert document is not None
    assert document.body == "短讯"


def test_a_site_that_is_down_loses_nothing(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore, known: list[str]
) -> None:
    for path in ["/", *known]:
        server.pages[path] = Answer(status=500)
    before = store.last_change()
    summary = run_crawl()
    assert len(summary.failed) == COUNT + 1
    assert (summary.outcome, summary.exit_code) == ("failed", 1)
    assert store.last_change() == before
