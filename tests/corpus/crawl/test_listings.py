"""Described listings and sitemaps: reading one answer, and knowing whether there is a next."""

from __future__ import annotations

import gzip
import json

import pytest

from corpus.crawl.listings import ListingError, has_next, read_listing, request_for
from corpus.crawl.site import Listing
from corpus.crawl.sitemaps import SitemapError, read_sitemap
from tests.corpus.crawl.conftest import Crawl
from tests.corpus.crawl.server import Answer, Request, TinyServer

BASE = "http://www.a.gov.cn/zwgk/api"


def listing(**values: object) -> Listing:
    return Listing.model_validate({"url": f"{BASE}?p={{page}}", "items": "rows", "fields": {"url": "url"}, **values})


def test_items_of_json_with_dates_flags_and_relative_addresses() -> None:
    rows = [
        {"url": "a.html", "t": " 甲 ", "d": 1_595_930_400, "dead": "1", "agency": ["市政府", "市民政局"]},
        {"url": "/b.html", "t": None, "d": "1595930400000", "dead": 0},
        {"url": "", "t": "无址"},
        {"url": "javascript:;", "t": "无址"},
        {"url": "http://[el.url]/", "t": "无址"},
    ]
    described = listing(
        items="data.rows",
        total="data.n",
        fields={"url": "url", "title": "t", "published_on": "d", "issuer": "agency"},
        validity={"repealed": "dead"},
    )
    page = read_listing(described, json.dumps({"data": {"n": "4", "rows": rows}}).encode(), BASE)
    assert [(item.url, dict(item.hints)) for item in page.pages] == [
        (
            "http://www.a.gov.cn/zwgk/a.html",
            {"title": "甲", "published_on": "2020-07-28", "issuer": "市政府；市民政局", "validity": "repealed"},
        ),
        ("http://www.a.gov.cn/b.html", {"published_on": "2020-07-28"}),
    ]
    assert (page.count, page.nameless, page.total) == (5, 3, 4)


def test_items_of_html_by_css_and_xpath() -> None:
    data = "<ul><li><a href='/1.htm'>甲</a><i>2024年3月5日</i></li><li><a href='/2.htm'>乙</a></li></ul>".encode("gbk")
    for items, href in (("li", "a::attr(href)"), ("//li", "./a/@href")):
        described = listing(format="html", items=items, fields={"url": href, "title": "a", "published_on": "i"})
        page = read_listing(described, data, BASE, "gbk")
        assert [(item.url, dict(item.hints)) for item in page.pages] == [
            ("http://www.a.gov.cn/1.htm", {"title": "甲", "published_on": "2024-03-05"}),
            ("http://www.a.gov.cn/2.htm", {"title": "乙"}),
        ]


def test_items_of_xml_without_fragments() -> None:
    data = b"<rss><item><link>http://www.a.gov.cn/1.htm</link><title>A</title></item></rss>"
    described = listing(format="xml", items="//item", fields={"url": "./link", "title": "./title"})
    assert read_listing(described, data, BASE).pages[0].hints == {"title": "A"}


@pytest.mark.parametrize(
    ("data", "form", "words"),
    [
        (b"<script>challenge()</script>", "json", "no JSON"),
        (b'{"code": 1}', "json", "has no 'rows'"),
        (b'{"rows": 3}', "json", "is no list"),
        (b"", "xml", "no XML"),
    ],
)
def test_an_answer_that_is_no_list_is_said_so(data: bytes, form: str, words: str) -> None:
    with pytest.raises(ListingError, match=words):
        read_listing(listing(format=form), data, BASE)


def test_an_expression_that_does_not_work_is_said_so() -> None:
    with pytest.raises(ListingError, match="expression of the site file"):
        read_listing(listing(items="rows["), b"{}", BASE)


def test_paging_ends_by_total_by_pages_by_emptiness_and_when_the_server_repeats_itself() -> None:
    def page(count: int, **values: object) -> bytes:
        return json.dumps({"rows": [{"url": f"/{n}.html"} for n in range(count)], **values}).encode()

    plain, total, pages = listing(), listing(total="n"), listing(pages="n")
    two = read_listing(plain, page(2), BASE)
    assert has_next(plain, two, 0, 0, "")
    assert not has_next(plain, two, 1, 2, two.digest), "the same items again"
    assert not has_next(plain, read_listing(plain, page(0), BASE), 3, 6, two.digest)
    assert not has_next(listing(max_pages=3), two, 2, 4, "")
    assert not has_next(listing(url=BASE), two, 0, 0, "")
    counted = read_listing(total, page(2, n=5), BASE)
    assert has_next(total, counted, 1, 2, "")
    assert not has_next(total, counted, 2, 4, "")
    numbered = read_listing(pages, page(2, n=2), BASE)
    assert [has_next(pages, numbered, number, 0, "") for number in (0, 1)] == [True, False]


def test_a_post_body_is_part_of_the_address_and_json_braces_stay() -> None:
    described = listing(url=BASE, method="POST", body='{"pageNo": {page}, "q": {"a": 1}}')
    first, second = request_for(described, 0), request_for(described, 1)
    assert first is not None
    assert second is not None
    assert first.body == '{"pageNo": 1, "q": {"a": 1}}'
    assert first.headers["Content-Type"] == "application/json"
    assert first.url == second.url == BASE
    assert first.address != second.address


def test_a_post_listing_is_paged_over_http(server: TinyServer, run_crawl: Crawl) -> None:
    server.links("/")
    for number in range(1, 6):
        server.article(f"/n{number}.html", "")

    def answer(request: Request) -> Answer:
        page = json.loads(request.body)["page"]
        numbers = range(page * 2 - 1, min(page * 2, 5) + 1)
        rows = [{"url": f"/n{n}.html", "title": f"第{n}号", "d": f"2024-01-0{n}"} for n in numbers]
        return Answer(json.dumps({"rows": [*rows, {"url": "http://elsewhere.example/x"}], "pages": 3}).encode())

    server.pages["/list"] = answer
    described = {
        "url": f"{server.url}/list",
        "method": "POST",
        "body": '{"page": {page}}',
        "items": "rows",
        "pages": "pages",
        "fields": {"url": "url", "title": "title", "published_on": "d"},
    }
    summary = run_crawl(listing=[described])
    assert (summary.created, summary.outcome) == (5, "finished")
    assert len(server.asked("/list")) == 3


def test_sitemaps_in_every_shape() -> None:
    namespace = b"xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    urls = b"<?xml version='1.0'?><urlset " + namespace + b"><url><loc> u1 </loc></url></urlset>"
    assert read_sitemap(urls).pages == ("u1",)
    assert read_sitemap(gzip.compress(urls)).pages == ("u1",)
    assert read_sitemap(b"<sitemapindex><sitemap><loc>s1</loc></sitemap></sitemapindex>").sitemaps == ("s1",)
    assert read_sitemap(b"http://a.cn/1\nhttp://a.cn/2\n").pages == ("http://a.cn/1", "http://a.cn/2")


@pytest.mark.parametrize("data", [b"", b"<html></html>", b"hello", b"\x1f\x8bxxxx", b"<"])
def test_what_is_no_sitemap_is_said_so(data: bytes) -> None:
    with pytest.raises(SitemapError):
        read_sitemap(data)


def test_a_sitemap_that_unpacks_without_end_is_refused() -> None:
    with pytest.raises(SitemapError, match="more than 60 MB"):
        read_sitemap(gzip.compress(b" " * 61_000_000, compresslevel=1))
