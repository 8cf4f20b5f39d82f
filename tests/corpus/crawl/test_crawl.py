"""A first crawl, over a real server."""

from __future__ import annotations

from dataclasses import replace

from corpus.store import DocumentStore
from tests.corpus.crawl.conftest import SETTINGS, Crawl, document_at
from tests.corpus.crawl.server import Answer, TinyServer


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


def test_an_attachment_is_kept_under_the_address_that_its_page_names(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore
) -> None:
    server.links("/", "/a.html")
    server.article("/a.html", "甲", files=("/old/f.txt",))
    server.pages["/old/f.txt"] = Answer(status=302, headers={"Location": "/new/f.txt"})
    server.file("/new/f.txt", "一".encode())
    run_crawl()
    server.file("/new/f.txt", "二".encode())
    run_crawl()
    document = document_at(store, f"{server.url}/a.html")
    assert document is not None
    assert document.attachments[0].text == "二"


def test_a_page_limit_does_not_starve_new_pages(server: TinyServer, run_crawl: Crawl, store: DocumentStore) -> None:
    paths = [f"/a{number}.html" for number in range(9)]
    server.links("/", *paths)
    for path in paths:
        server.article(path, f"文件{path}")
    first = run_crawl(max_pages=5)
    assert (first.created, first.not_visited) == (4, 5)
    second = run_crawl(max_pages=5)
    assert second.created == 5, second
    assert store.counts()["live"] == 9


def test_a_wrong_charset_declaration_loses_nothing(server: TinyServer, run_crawl: Crawl, store: DocumentStore) -> None:
    """The pages are GBK and say UTF-8, or the other way round, in their header and their markup."""
    text = "各镇人民政府，区直各单位：现将《清河区村务公开办法》印发给你们，请认真贯彻执行。"
    markup = "<html><head><meta charset={}><title>村务公开</title></head><body><h1>村务公开</h1><div id=zoom><p>{}</p>"
    server.links("/", "/gbk.html", "/utf8.html")
    for path, charset, said in (("/gbk.html", "gbk", "utf-8"), ("/utf8.html", "utf-8", "gb2312")):
        data = markup.format(said, text).encode(charset)
        server.pages[path] = Answer(data, content_type=f"text/html; charset={said}")
    summary = run_crawl(settings=replace(SETTINGS, parser="corpus.parsers.dispatch:parse"))
    assert (summary.outcome, summary.exit_code, summary.failed) == ("finished", 0, ())
    for path in ("/gbk.html", "/utf8.html"):
        document = document_at(store, server.url + path)
        assert document is not None
        assert (document.title, document.body) == ("村务公开", text)
        assert "problems" not in document.extra
