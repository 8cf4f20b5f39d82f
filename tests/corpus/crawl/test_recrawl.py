"""Coming back: what changed, what is gone, and what must not be believed."""

from __future__ import annotations

from corpus.crawl import crawl_history, document_id_for
from corpus.store import DocumentStore
from tests.corpus.crawl.conftest import Crawl, document_at, reasons
from tests.corpus.crawl.server import Answer, TinyServer


def _site_of(server: TinyServer, count: int) -> list[str]:
    paths = [f"/a{number}.html" for number in range(count)]
    server.links("/", *paths)
    for path in paths:
        server.article(path, f"文件{path}")
    return paths


def test_a_second_crawl_asks_conditionally_and_changes_nothing(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore
) -> None:
    _site_of(server, 3)
    server.article("/a0.html", "带附件", files=("/f.txt",))
    server.file("/f.txt", "附件".encode())
    run_crawl()
    before = store.last_change()
    server.forget()

    summary = run_crawl()

    statuses = {request.path: request.status for request in server.requests if request.path.endswith((".html", ".txt"))}
    assert {path for path, status in statuses.items() if status != 304} == {"/robots.txt"}
    assert len(statuses) == 5
    assert (summary.number, summary.unchanged, summary.created, summary.changed) == (2, 4, 0, 0), summary
    assert store.last_change() == before
    assert [record.outcome for record in crawl_history(store)] == ["finished", "finished"]


def test_changed_new_and_unlinked_pages(server: TinyServer, run_crawl: Crawl, store: DocumentStore) -> None:
    _site_of(server, 3)
    server.article("/a0.html", "甲", files=("/f.txt",))
    server.file("/f.txt", "旧附件".encode())
    run_crawl()
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
    _site_of(server, 3)
    run_crawl()
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
    paths = _site_of(server, len(bad))
    run_crawl()
    before = {path: document_at(store, server.url + path) for path in paths}
    for path, answer in zip(paths, bad.values(), strict=True):
        server.pages[path] = answer
    for _ in range(2):
        summary = run_crawl()
        assert (summary.outcome, summary.gone, summary.changed) == ("finished", 0, 0)
        assert {path: document_at(store, server.url + path) for path in paths} == before
        assert set(reasons(summary, server)) == set(paths[:-1]), "a redirect within the site is no failure"


def test_an_attachment_that_vanishes_keeps_its_bytes(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore
) -> None:
    server.links("/", "/a.html")
    server.article("/a.html", "甲", files=("/f.txt",))
    server.file("/f.txt", "附件".encode())
    run_crawl()
    server.remove("/f.txt")

    summary = run_crawl()

    document = document_at(store, f"{server.url}/a.html")
    assert document is not None
    assert (document.attachments[0].text, document.attachments[0].problem) == ("附件", "")
    assert reasons(summary, server)["/f.txt"] == "HTTP 404"


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
    _site_of(server, 9)
    first = run_crawl(max_pages=5)
    assert (first.created, first.not_visited) == (4, 5)
    second = run_crawl(max_pages=5)
    assert second.created == 5, second
    assert store.counts()["live"] == 9


def test_a_new_site_file_makes_pages_be_read_again(server: TinyServer, run_crawl: Crawl, store: DocumentStore) -> None:
    _site_of(server, 1)
    run_crawl()
    column = [{"prefix": "/a", "name": "通知公告", "kind": "notice"}]
    summary = run_crawl(column=column, region="云澜区")
    assert summary.changed == 1
    document = document_at(store, f"{server.url}/a0.html")
    assert document is not None
    assert (document.column, document.kind.value, document.region) == ("通知公告", "notice", "云澜区")


def test_what_was_taken_down_is_neither_fetched_nor_kept(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore
) -> None:
    _site_of(server, 2)
    server.article("/a0.html", "泄露身份证号", files=("/secret.txt",))
    server.file("/secret.txt", b"110101199001011234")
    run_crawl()
    for purge in (False, True):
        with store.writing() as writer:
            writer.withdraw(document_id_for(f"{server.url}/a0.html"), reason="personal data", purge=purge)
        server.article("/a0.html", "又来了", files=("/secret.txt",))
        server.links("/", "/a0.html", "/a1.html", f"/x{purge}.html")
        server.forget()
        run_crawl()
        assert not server.asked("/a0.html")
        assert not server.asked("/secret.txt")
        assert store.counts()["withdrawn"] == 1
    with store.reading() as connection:
        known = connection.exec_driver_sql("select url from frontier").scalars().all()
    assert f"{server.url}/a0.html" not in known
    assert f"{server.url}/secret.txt" not in known
