"""One bad crawl never empties the index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.store import DocumentStore
from tests.corpus.crawl.conftest import Crawl, FirstCrawl, document_at, reasons
from tests.corpus.crawl.server import Answer, TinyServer

COUNT, LOST = 30, 21  # 5% of 30 are 1.5, so that 21 that vanish are too many, and 20 are not
KNOWN = [f"/a{number}.html" for number in range(COUNT)]


def build(server: TinyServer) -> None:
    """The site of `first_crawl`."""
    server.links("/", *KNOWN)
    for path in KNOWN:
        server.article(path, f"文件{path}")


@pytest.fixture
def server(first_crawl: FirstCrawl) -> Iterator[TinyServer]:
    with first_crawl.lent_server() as lent:
        yield lent


@pytest.fixture
def store(first_crawl: FirstCrawl, tmp_path: Path) -> Iterator[DocumentStore]:
    with first_crawl.copied_store(tmp_path) as copied:
        yield copied


def test_a_crawl_that_loses_too_much_changes_nothing(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore
) -> None:
    ways = [
        Answer(status=404),
        Answer("<title>维护</title><div id='zoom'>系统维护中</div>".encode()),
        Answer("页面不存在".encode()),
        Answer(b"<script>window.challenge()</script>"),
    ]
    for number, path in enumerate(KNOWN[:LOST]):
        server.pages[path] = ways[number % len(ways)]
    server.article(KNOWN[-1], "改了", files=("/new.txt",))
    server.file("/new.txt", "新附件".encode())
    server.article("/new.html", "新的")
    server.links("/", *KNOWN, "/new.html")
    before = store.last_change()

    summary = run_crawl()

    assert (summary.outcome, summary.exit_code) == ("held", 3)
    assert f"{LOST} of the {COUNT} known pages" in summary.message
    assert "--accept-removals" in summary.message
    assert store.last_change() == before, "nothing at all may change, not even what looks good"
    assert (summary.created, summary.changed, summary.gone, summary.files) == (0, 0, 0, 0)
    assert summary.held == LOST + 2

    for path in KNOWN[:LOST]:  # the site recovers: what was held is found again
        server.article(path, f"文件{path}")
    later = run_crawl()
    assert (later.outcome, later.created, later.changed, later.gone, later.files) == ("finished", 1, 1, 0, 1), later


def test_twenty_may_vanish_and_are_gone_after_the_second_crawl(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore
) -> None:
    for path in KNOWN[:20]:
        server.remove(path)
    assert run_crawl().outcome == "finished"
    summary = run_crawl()
    assert (summary.outcome, summary.gone) == ("finished", 20)
    assert store.counts()["live"] == COUNT - 20


def test_removals_that_somebody_confirms_are_made(server: TinyServer, run_crawl: Crawl, store: DocumentStore) -> None:
    for path in KNOWN[:LOST]:
        server.remove(path)
    assert run_crawl().exit_code == 3
    assert run_crawl().exit_code == 3, "again and again, until somebody confirms"
    summary = run_crawl(accept_removals=True)
    assert (summary.outcome, summary.gone) == ("finished", LOST)
    assert store.counts()["live"] == COUNT - LOST


def test_a_confirmed_first_miss_still_takes_two_crawls_and_needs_no_second_word(
    server: TinyServer, run_crawl: Crawl
) -> None:
    for path in KNOWN[:LOST]:
        server.remove(path)
    assert run_crawl(accept_removals=True).gone == 0
    summary = run_crawl()
    assert (summary.outcome, summary.gone) == ("finished", LOST)


def test_shrunken_versions_are_taken_when_confirmed_or_few(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore
) -> None:
    for path in KNOWN[:LOST]:
        server.html(path, "<title>短</title><div id='zoom'>短讯</div>")
    assert run_crawl(accept_removals=True).changed == LOST
    server.html(KNOWN[-1], "<title>短</title><div id='zoom'>短讯</div>")
    assert run_crawl().changed == 1
    document = document_at(store, server.url + KNOWN[-1])
    assert document is not None
    assert document.body == "短讯"


def test_a_site_that_is_down_loses_nothing(server: TinyServer, run_crawl: Crawl, store: DocumentStore) -> None:
    for path in ["/", *KNOWN]:
        server.pages[path] = Answer(status=500)
    before = store.last_change()
    summary = run_crawl()
    assert len(summary.failed) == COUNT + 1
    assert (summary.outcome, summary.exit_code) == ("failed", 1)
    assert store.last_change() == before


def test_a_bad_answer_never_replaces_a_good_version(server: TinyServer, run_crawl: Crawl, store: DocumentStore) -> None:
    bad = {
        "soft 404": Answer("<title>提示</title>页面不存在".encode()),
        "challenge": Answer(b"<script>window.challenge()</script>"),
        "challenge 412": Answer(b"<script>window.challenge()</script>", status=412),
        "empty": Answer(b""),
        "blank": Answer(b"  "),
        "links only": Answer("<title>列表</title><a href='/'>首页</a>".encode()),
        "unreadable": Answer(b"BROKEN"),
        "error": Answer(status=500),
        "refused": Answer(status=403),
        "redirect": Answer(status=302, headers={"Location": "/"}),
    }
    paths = KNOWN[: len(bad)]
    before = {path: document_at(store, server.url + path) for path in paths}
    for path, answer in zip(paths, bad.values(), strict=True):
        server.pages[path] = answer
    for _ in range(2):
        summary = run_crawl()
        assert (summary.outcome, summary.gone, summary.changed) == ("finished", 0, 0)
        assert {path: document_at(store, server.url + path) for path in paths} == before
        assert set(reasons(summary, server)) == set(paths[:-1]), "a redirect within the site is no failure"
