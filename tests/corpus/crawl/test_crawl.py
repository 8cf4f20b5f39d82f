"""A first crawl, over a real server."""

from __future__ import annotations

from corpus.store import DocumentStore
from tests.corpus.crawl.conftest import Crawl, document_at
from tests.corpus.crawl.server import TinyServer


def test_a_small_site_is_read_whole(server: TinyServer, run_crawl: Crawl, store: DocumentStore) -> None:
    server.links("/", "/a.html", "/list/")
    server.links("/list/", "b.html")
    server.article("/a.html", "甲", files=("甲.txt",))
    server.article("/list/b.html", "乙")
    server.file("/%E7%94%B2.txt", "附件正文".encode())
    told: list[tuple[int, int, str]] = []

    summary = run_crawl(on_progress=lambda done, queued, url: told.append((done, queued, url)))

    assert (summary.outcome, summary.exit_code, summary.created, summary.files) == ("finished", 0, 2, 1), summary
    first = document_at(store, f"{server.url}/a.html")
    assert first is not None
    assert first.title == "甲"
    assert first.attachments[0].text == "附件正文"
    assert document_at(store, f"{server.url}/list/b.html") is not None
    assert told
    assert told[-1][1] == 0
