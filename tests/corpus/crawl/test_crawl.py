"""A first crawl, over a real server."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from corpus.parsers.sniff import DOCX
from corpus.store import DocumentStore
from tests.corpus.crawl.conftest import SETTINGS, Crawl, document_at
from tests.corpus.crawl.server import Answer, TinyServer
from tests.corpus.parsers.word_files import paragraph, raw_docx


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


def word_file(*paragraphs: str) -> bytes:
    return raw_docx("".join(map(paragraph, paragraphs)))


def test_a_document_that_is_a_file_keeps_what_its_listing_says(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore
) -> None:
    """Its day is that of the row; so is its title, where the file shows none of its own."""
    titled = word_file("清河区民政局关于提高低保标准的通知", "各镇人民政府：", "自2024年1月1日起施行。")
    table = word_file("表一", "单位：万元")
    rows = (
        ("/P020240506.docx", "提高低保标准", "2024-05-06"),
        ("/P020240507.docx", "2024年清河区部门预算", "2024-05-07"),
        ("/P020240508.docx", "关于停水的公告", "[2024-05-08]"),
    )
    items = "".join(f"<li><a href='{url}'>{title}</a><span>{day}</span></li>" for url, title, day in rows)
    server.html("/", f"<title>清河区</title><a href='/tzgg/'>通知公告</a><a href='{rows[0][0]}'>重要通知</a>")
    server.html("/tzgg/", f"<title>通知公告</title><ul>{items}</ul>")
    for (url, _, _), data in zip(rows, (titled, table, word_file()), strict=True):
        server.file(url, data, DOCX)
    settings = replace(SETTINGS, parser="corpus.parsers.dispatch:parse")
    run_crawl(settings=settings)
    run_crawl(settings=settings)  # the first document was read before its listing
    found = [document_at(store, server.url + url) for url, _, _ in rows]
    assert [(one.title, one.published_on) for one in found if one is not None] == [
        ("清河区民政局关于提高低保标准的通知", date(2024, 5, 6)),
        ("2024年清河区部门预算", date(2024, 5, 7)),
        ("关于停水的公告", date(2024, 5, 8)),
    ]
    server.forget()
    assert run_crawl(settings=settings).changed == 0
    assert {request.status for request in server.requests if request.path.endswith(".docx")} == {304}


def test_a_described_listing_counts_more_than_a_row(server: TinyServer, run_crawl: Crawl, store: DocumentStore) -> None:
    listed = [{"url": "/P020240507.docx", "title": "清河区2024年部门预算公开", "day": "2024-05-09"}]
    described = {
        "url": f"{server.url}/api",
        "items": "@",
        "fields": {"url": "url", "title": "title", "published_on": "day"},
    }
    server.pages["/api"] = Answer(json.dumps(listed).encode(), content_type="application/json")
    items = "".join(
        f"<li><a href='/P02024050{day}.docx'>部门预算（{day}）</a>2024-05-0{day}</li>" for day in range(5, 9)
    )
    server.html("/", f"<title>预算公开</title><ul>{items}</ul>")
    for day in range(5, 9):
        server.file(f"/P02024050{day}.docx", word_file("表一", f"单位：万元（{day}）"), DOCX)
    settings = replace(SETTINGS, parser="corpus.parsers.dispatch:parse")
    for _ in range(2):
        run_crawl(settings=settings, listing=[described])
        document = document_at(store, f"{server.url}/P020240507.docx")
        assert document is not None
        assert (document.title, document.published_on) == ("清河区2024年部门预算公开", date(2024, 5, 9))
    other = document_at(store, f"{server.url}/P020240508.docx")
    assert other is not None
    assert (other.title, other.published_on) == ("部门预算（8）", date(2024, 5, 8))
