"""Coming back: what changed, what is gone, and what must not be believed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.crawl import crawl_history, document_id_for
from corpus.store import DocumentStore
from tests.corpus.crawl.conftest import Crawl, FirstCrawl, document_at, reasons
from tests.corpus.crawl.server import Answer, TinyServer


def build(server: TinyServer) -> None:
    """The site of `first_crawl`: three documents, the first with an attachment."""
    server.links("/", "/a0.html", "/a1.html", "/a2.html")
    server.article("/a0.html", "文件/a0.html", files=("/f.txt",))
    server.article("/a1.html", "文件/a1.html")
    server.article("/a2.html", "文件/a2.html")
    server.file("/f.txt", "旧附件".encode())


@pytest.fixture
def server(first_crawl: FirstCrawl) -> Iterator[TinyServer]:
    with first_crawl.lent_server() as lent:
        yield lent


@pytest.fixture
def store(first_crawl: FirstCrawl, tmp_path: Path) -> Iterator[DocumentStore]:
    with first_crawl.copied_store(tmp_path) as copied:
        yield copied


def test_a_second_crawl_asks_conditionally_and_changes_nothing(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore
) -> None:
    before = store.last_change()

    summary = run_crawl()

    statuses = {request.path: request.status for request in server.requests if request.path.endswith((".html", ".txt"))}
    assert {path for path, status in statuses.items() if status != 304} == {"/robots.txt"}
    assert len(statuses) == 5
    assert (summary.number, summary.unchanged, summary.created, summary.changed) == (2, 4, 0, 0), summary
    assert store.last_change() == before
    assert [record.outcome for record in crawl_history(store)] == ["finished", "finished"]


def test_changed_new_and_unlinked_pages(server: TinyServer, run_crawl: Crawl, store: DocumentStore) -> None:
    server.article("/a1.html", "改了标题")
    server.article("/a9.html", "新文件")
    server.links("/", "/a0.html", "/a1.html", "/a9.html")  # a2 is not linked any more, and still there
    server.file("/f.txt", "新附件".encode())

    summary = run_crawl()

    assert (summary.created, summary.changed, summary.gone, summary.files) == (1, 1, 0, 1), summary
    changed, attached = document_at(store, f"{server.url}/a1.html"), document_at(store, f"{server.url}/a0.html")
    assert changed is not None
    assert changed.title == "改了标题"
    assert len(store.versions_of(changed.id)) == 2
    assert attached is not None
    assert attached.attachments[0].text == "新附件"
    assert document_at(store, f"{server.url}/a2.html") is not None
    assert document_at(store, f"{server.url}/a9.html") is not None


def test_a_page_is_gone_after_two_crawls_that_miss_it_and_may_come_back(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore
) -> None:
    server.remove("/a0.html")
    server.pages["/a1.html"] = Answer(status=410)

    first = run_crawl()
    assert (first.gone, first.exit_code) == (0, 0)
    assert reasons(first, server)["/a0.html"] == "HTTP 404"
    assert document_at(store, f"{server.url}/a0.html") is not None

    server.article("/a1.html", "文件/a1.html")  # back in time
    second = run_crawl()
    assert second.gone == 1
    assert document_at(store, f"{server.url}/a0.html") is None
    assert document_at(store, f"{server.url}/a1.html") is not None

    server.article("/a0.html", "文件/a0.html")
    server.links("/", "/a0.html", "/a1.html", "/a2.html", "/neu.html")  # the list changes, and still links to it
    third = run_crawl()
    assert third.changed == 1, third
    assert document_at(store, f"{server.url}/a0.html") is not None


def test_an_attachment_that_vanishes_keeps_its_bytes(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore
) -> None:
    server.remove("/f.txt")

    summary = run_crawl()

    document = document_at(store, f"{server.url}/a0.html")
    assert document is not None
    assert (document.attachments[0].text, document.attachments[0].problem) == ("旧附件", "")
    assert reasons(summary, server)["/f.txt"] == "HTTP 404"


def test_a_new_site_file_makes_pages_be_read_again(server: TinyServer, run_crawl: Crawl, store: DocumentStore) -> None:
    column = [{"prefix": "/a", "name": "通知公告", "kind": "notice"}]
    summary = run_crawl(column=column, region="云澜区")
    assert summary.changed == 3
    document = document_at(store, f"{server.url}/a0.html")
    assert document is not None
    assert (document.column, document.kind.value, document.region) == ("通知公告", "notice", "云澜区")


def test_what_was_taken_down_is_neither_fetched_nor_kept(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore
) -> None:
    for purge in (False, True):
        with store.writing() as writer:
            writer.withdraw(document_id_for(f"{server.url}/a0.html"), reason="personal data", purge=purge)
        server.article("/a0.html", "又来了", files=("/f.txt",))
        server.links("/", "/a0.html", "/a1.html", f"/x{purge}.html")
        server.forget()
        run_crawl()
        assert not server.asked("/a0.html")
        assert not server.asked("/f.txt")
        assert store.counts()["withdrawn"] == 1
    with store.reading() as connection:
        known = connection.exec_driver_sql("select url from frontier").scalars().all()
    assert f"{server.url}/a0.html" not in known
    assert f"{server.url}/f.txt" not in known
