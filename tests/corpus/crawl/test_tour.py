"""One crawl of a site that has everything that real sites throw at a crawler."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.blobs import BlobStore
from corpus.crawl import CrawlSummary, crawl
from corpus.store import DocumentStore, sqlite_url
from tests.corpus.crawl.conftest import SETTINGS, document_at, reasons, site_at
from tests.corpus.crawl.server import Answer, Request, TinyServer


@dataclass(frozen=True)
class Tour:
    server: TinyServer
    store: DocumentStore
    blobs: BlobStore
    summary: CrawlSummary

    def live(self, path: str) -> bool:
        return document_at(self.store, self.server.url + path) is not None

    def reason(self, path: str) -> str:
        return reasons(self.summary, self.server).get(path, "")

    def asked(self, path: str) -> int:
        return len(self.server.asked(path))


def _build(server: TinyServer) -> None:
    pages = server.pages
    robots = f"User-agent: *\nDisallow: /secret/\nSitemap: {server.url}/maps/index.xml\nSitemap: http://[x]/\n"
    pages["/robots.txt"] = Answer(robots.encode(), content_type="text/plain")
    index = f"<sitemapindex><sitemap><loc>{server.url}/maps/a.xml.gz</loc></sitemap></sitemapindex>"
    pages["/maps/index.xml"] = Answer(index.encode(), content_type="application/xml")
    locations = f"<url><loc>http://[el.url]/</loc></url><url><loc>{server.url}/only-in-sitemap.html</loc></url>"
    urls = f"<urlset>{locations}</urlset>"
    pages["/maps/a.xml.gz"] = Answer(gzip.compress(urls.encode()), content_type="application/gzip")
    server.article("/only-in-sitemap.html", "只在网站地图里")
    server.links(
        "/",
        "/a.html",
        "/a.html;jsessionid=8F3A2C7E91D04B56A0E1C2D3F4A5B6C7",
        "/a.html#content",
        "/a.html  ",
        "/a.html%20",
        "/x/../a.html",
        "/show.asp?id=3&PHPSESSID=8f3a2c7e91d04b56",
        "el.url",
        "{{item.url}}",
        "javascript:void(0)",
        "mailto:a@example.cn",
        "/style.css",
        "/secret/x.html",
        "/denied/x.html",
        "/soft404.html",
        "/challenge.html",
        "/challenge412.html",
        "/empty.html",
        "/bug.html",
        "/broken.bin",
        "/error.html",
        "/flaky.html",
        "/forbidden403.html",
        "/loop1",
        "/self",
        "/chain/1",
        "/off",
        "/not-an-address",
        "/moved-in-gbk",
        "/moved",
        "/big.html",
        "/endless.html",
        "/bomb.html",
        "/cut.html",
        "/missing.html",
        "/deep/1.html",
        "/direct.txt",
        "http://elsewhere.example/a.html",
    )
    server.article("/a.html", "甲", files=("/f/ok.txt", "/f/bad.doc", "/f/x.rar", "/f/gone.txt", "/f/page.pdf"))
    server.file("/f/ok.txt", "附件".encode())
    server.file("/f/bad.doc", b"%PDF-1.7 BROKEN", "application/msword")
    server.html("/f/page.pdf", "<title>页面不存在</title>页面不存在")
    server.article("/show.asp?id=3", "乙")
    server.article("/secret/x.html", "内部")
    server.article("/denied/x.html", "不要")
    server.html("/soft404.html", "<title>提示</title>页面不存在")
    server.html("/challenge.html", "<script>window.challenge()</script>")
    server.html("/challenge412.html", "<script>window.challenge()</script>", status=412)
    server.html("/empty.html", "  ")
    server.html("/bug.html", "BUG")
    server.html("/broken.bin", "BROKEN")
    server.html("/error.html", "出错了", status=500)
    server.html("/forbidden403.html", "禁止访问", status=403)
    tries = iter([503, 503, 200])

    def flaky(request: Request) -> Answer:
        del request
        return Answer("<title>时好时坏</title><div id='zoom'>时好时坏的正文</div>".encode(), next(tries))

    pages["/flaky.html"] = flaky
    for start, target in (
        ("/loop1", "/loop2"),
        ("/loop2", "/loop1"),
        ("/self", "/self"),
        ("/moved", "/new-place.html"),
    ):
        pages[start] = Answer(status=302, headers={"Location": target})
    for number in range(1, 30):
        pages[f"/chain/{number}"] = Answer(status=301, headers={"Location": f"/chain/{number + 1}"})
    pages["/not-an-address"] = Answer(status=302, headers={"Location": "http://[el.url]/"})
    pages["/moved-in-gbk"] = Answer(status=302, headers={"Location": "/公告.html".encode("gbk").decode("latin-1")})
    server.article("/%B9%AB%B8%E6.html", "搬到中文地址")
    pages["/off"] = Answer(status=302, headers={"Location": "http://elsewhere.example/trap"})
    server.article("/new-place.html", "搬家了")
    server.article("/big.html", "大", text="长" * 500_000)
    pages["/endless.html"] = Answer(b"<title>100 MB</title>", stream=100_000_000)
    pages["/bomb.html"] = Answer(gzip.compress(bytes(20_000_000)), headers={"Content-Encoding": "gzip"})
    pages["/cut.html"] = Answer(b"<title>half", headers={"Content-Length": "5000", "Connection": "close"})
    for depth in range(1, 8):
        server.links(f"/deep/{depth}.html", f"/deep/{depth + 1}.html")
    server.file("/direct.txt", "题：直接挂出的文件\n正文".encode())


@pytest.fixture(scope="module")
def tour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tour]:
    folder: Path = tmp_path_factory.mktemp("tour")
    blobs = BlobStore(folder / "blobs")
    with TinyServer() as server, DocumentStore.open(sqlite_url(folder / "store.db")) as store:
        _build(server)
        site = site_at(server, deny=["/denied/"], max_body_mb=1, max_depth=5)
        summary = crawl(site, store, blobs, data_dir=folder, settings=SETTINGS)
        yield Tour(server, store, blobs, summary)


def test_the_crawl_ends_well_although_pages_fail(tour: Tour) -> None:
    assert (tour.summary.outcome, tour.summary.exit_code) == ("finished", 0)
    assert tour.summary.created == 7
    assert tour.summary.not_visited == 0
    assert tour.summary.pages_per_s > 0


def test_one_page_under_many_spellings_is_fetched_once(tour: Tour) -> None:
    assert tour.live("/a.html")
    assert sum(request.path.startswith("/a.html") for request in tour.server.requests) == 1
    assert tour.live("/show.asp?id=3")


def test_template_leftovers_and_furniture_are_not_fetched(tour: Tour) -> None:
    paths = {request.path for request in tour.server.requests}
    assert not [
        path for path in paths if "el.url" in path or "item.url" in path or "javascript" in path or ".css" in path
    ]


def test_robots_txt_is_obeyed_and_listed(tour: Tour) -> None:
    assert tour.asked("/secret/x.html") == 0
    assert tour.summary.forbidden == (f"{tour.server.url}/secret/x.html",)
    assert tour.asked("/robots.txt") == 1


def test_the_site_file_can_deny_addresses(tour: Tour) -> None:
    assert tour.asked("/denied/x.html") == 0


def test_pages_that_only_the_sitemap_names_are_found(tour: Tour) -> None:
    assert tour.live("/only-in-sitemap.html")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/soft404.html", "does not exist"),
        ("/challenge.html", "script or captcha"),
        ("/challenge412.html", "412"),
        ("/empty.html", "empty"),
        ("/bug.html", "parser failed (RuntimeError)"),
        ("/broken.bin", "broken"),
        ("/error.html", "HTTP 500"),
        ("/forbidden403.html", "HTTP 403"),
        ("/self", "without end"),
        ("/off", "off the site's hosts"),
        ("/big.html", "larger than 1 MB (max_body_mb of the site file)"),
        ("/endless.html", "larger than 1 MB (max_body_mb of the site file)"),
        ("/bomb.html", "larger than 1 MB (max_body_mb of the site file)"),
        ("/not-an-address", "no address"),
        ("/cut.html", "cut off"),
        ("/missing.html", "HTTP 404"),
        ("/f/gone.txt", "HTTP 404"),
        ("/f/page.pdf", "answers no file"),
    ],
)
def test_what_gives_nothing_is_listed_with_its_reason(tour: Tour, path: str, words: str) -> None:
    assert words in tour.reason(path)
    assert not tour.live(path)


def test_endless_redirects_end_and_are_listed(tour: Tour) -> None:
    assert "without end" in tour.reason("/loop1") + tour.reason("/loop2")
    assert tour.asked("/loop1") == tour.asked("/loop2") == 1
    assert [path for path in reasons(tour.summary, tour.server) if path.startswith("/chain/")] == ["/chain/6"]


def test_a_page_without_end_is_refused_while_it_comes(tour: Tour) -> None:
    assert tour.asked("/endless.html") == tour.asked("/big.html") == tour.asked("/bomb.html") == 1
    assert 0 < tour.server.sent["/endless.html"] < 20_000_000, "what the sockets' buffers hold may have left"


def test_a_redirect_to_an_address_in_gbk_is_followed(tour: Tour) -> None:
    assert tour.live("/%B9%AB%B8%E6.html")


def test_a_redirect_within_the_site_is_followed(tour: Tour) -> None:
    assert tour.live("/new-place.html")
    assert not tour.live("/moved")


def test_servers_errors_are_retried_and_counted(tour: Tour) -> None:
    failed = {item.url.removeprefix(tour.server.url): item for item in tour.summary.failed}
    assert failed["/error.html"].retries == 2
    assert tour.asked("/error.html") == 3
    assert tour.live("/flaky.html")
    assert tour.asked("/cut.html") == 3
    assert tour.asked("/missing.html") == 1
    assert failed["/missing.html"].parent == f"{tour.server.url}/"


def test_attachments_are_kept_even_when_they_cannot_be_read(tour: Tour) -> None:
    document = document_at(tour.store, f"{tour.server.url}/a.html")
    assert document is not None
    ok, bad, rar, gone, page = document.attachments
    assert (ok.text, ok.problem) == ("附件", "")
    assert tour.blobs.read(bad.sha256) == b"%PDF-1.7 BROKEN"
    assert bad.problem == "the PDF is damaged or incomplete"
    assert rar.problem == "rar files are not fetched"
    assert (gone.problem, gone.sha256) == ("HTTP 404", "")
    assert "no file" in page.problem
    assert tour.summary.unsupported == (f"{tour.server.url}/f/x.rar",)
    assert [item.reason for item in tour.summary.unread] == ["the PDF is damaged or incomplete"]


def test_an_unreadable_page_keeps_its_bytes(tour: Tour) -> None:
    failures = {failure.source.removeprefix(tour.server.url): failure for failure in tour.store.failures()}
    assert set(failures) == {"/bug.html", "/broken.bin"}
    assert len(tour.store.blob_names()) == len([*tour.blobs.folder.glob("??/*")])


def test_a_file_that_a_list_shows_is_a_document(tour: Tour) -> None:
    document = document_at(tour.store, f"{tour.server.url}/direct.txt")
    assert document is not None
    assert document.title == "题：直接挂出的文件"


def test_pages_too_deep_are_left_out(tour: Tour) -> None:
    assert tour.asked("/deep/5.html") == 1
    assert tour.asked("/deep/6.html") == 0


def test_other_hosts_are_never_asked(tour: Tour) -> None:
    assert not [item for item in tour.summary.failed if "elsewhere" in item.url]


def test_we_say_who_we_are(tour: Tour) -> None:
    agents = {request.headers["user-agent"] for request in tour.server.requests}
    assert len(agents) == 1
    assert agents.pop().startswith("gongkai/")


def test_the_summary_can_be_written_as_json(tour: Tour) -> None:
    assert CrawlSummary.from_dict(tour.summary.to_dict()) == tour.summary
