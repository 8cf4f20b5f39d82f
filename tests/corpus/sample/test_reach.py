"""Can everything be reached by the ways a crawler has, and only by them?"""

from __future__ import annotations

import gzip
import json
from collections import Counter, deque
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from lxml import etree, html

from corpus.sample import SamplePortal, manifest
from corpus.sample.columns import site_map
from tests.corpus.sample.conftest import Client

LEFTOVERS = ("el.url", "{{item.url}}", "{{loginUrl}}")
KINDS = {"policy", "law", "interpretation", "guide", "notice", "consultation", "catalog", "report", "news", "other"}


SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"


def links(source: str) -> list[str]:
    return [anchor.get("href", "") for anchor in html.document_fromstring(source).cssselect("a[href]")]


def walk(portal: SamplePortal) -> dict[str, int]:
    """Follow every link of the static pages, as a browser without scripts would; path (with query) → status."""
    client = Client(portal.url)
    seen: dict[str, int] = {}
    todo = deque(["/"])
    while todo:
        path = todo.popleft()
        if path in seen:
            continue
        answer = client.get(path)
        seen[path] = answer.status
        if answer.status in (301, 302):
            todo.append(answer.headers["Location"])
        if answer.status != 200 or not (answer.headers["Content-Type"] or "").startswith("text/html"):
            continue
        source = answer.body.decode("gbk" if path.startswith("/mzj/") and path != "/mzj/" else "utf-8", "replace")
        for href in links(source):
            address = urldefrag(urljoin(portal.url + path, href.strip())).url
            if href.strip() in LEFTOVERS or not address.startswith(portal.url + "/"):
                continue
            parts = urlsplit(address)
            todo.append(parts.path.split(";")[0] + (f"?{parts.query}" if parts.query else ""))
    return seen


def test_every_link_resolves_but_for_the_traps(portal: SamplePortal) -> None:
    truth = manifest()
    seen = walk(portal)
    bad = {path for path, status in seen.items() if status >= 400}
    assert bad == truth.missing | truth.server_error | {"/neibu/zbb202408.html"}
    documents = set(truth.entries) & set(seen)
    assert set(truth.entries) - documents == truth.json_only | truth.sitemap_only
    assert {path for path, file in truth.files.items() if file.is_document} <= set(seen)
    assert truth.forbidden <= set(seen)
    assert truth.soft_404 | truth.challenge <= set(seen)


def test_pages_carry_the_hrefs_that_real_portals_leave(portal: SamplePortal, client: Client) -> None:
    hrefs: list[str] = []
    for column in site_map().columns:
        body = client.get(column.list_page(0, 1)).body
        hrefs.extend(links(body.decode("gbk" if column.template == "gbk" else "utf-8")))
    hrefs.extend(links(client.get("/zwgk/gsgg/index_3.html").text))
    hrefs.extend(links(client.get("/").text))
    assert {"el.url", "{{item.url}}", "javascript:void(0)"} <= set(hrefs)
    assert any(";jsessionid=" in href for href in hrefs)
    assert any(href.endswith("#content") for href in hrefs)
    assert any(href.endswith("  ") for href in hrefs)
    assert any(href.startswith("https://www.gov.cn/") for href in hrefs)
    assert portal.requests


def test_robots_forbids_the_internal_pages_and_names_the_sitemap(portal: SamplePortal, client: Client) -> None:
    robots = RobotFileParser()
    robots.parse(client.get("/robots.txt").text.splitlines())
    assert robots.site_maps() == [f"{portal.url}/sitemap.xml"]
    for path in manifest().forbidden:
        assert not robots.can_fetch("gongkai", portal.url + path)
    for path in manifest().entries:
        assert robots.can_fetch("gongkai", portal.url + path)


def test_sitemap_lists_every_document_but_the_scripted_ones(portal: SamplePortal, client: Client) -> None:
    def locations(xml: bytes) -> list[str]:
        return [item.text or "" for item in etree.fromstring(xml).iter(f"{{{SITEMAPS}}}loc")]

    children = locations(client.get("/sitemap.xml").body)
    assert [child.rsplit(".", 1)[1] for child in children] == ["xml", "gz"]
    columns = locations(client.get(children[0].removeprefix(portal.url)).body)
    documents = locations(gzip.decompress(client.get(children[1].removeprefix(portal.url)).body))
    paths = {address.removeprefix(portal.url) for address in documents}
    assert paths == set(manifest().entries) - manifest().json_only
    assert all(client.get(address.removeprefix(portal.url)).status == 200 for address in columns)


def test_there_are_sixty_documents_over_all_kinds_and_four_families() -> None:
    entries = manifest().entries.values()
    assert len(entries) >= 60
    assert set(Counter(entry.kind for entry in entries)) == KINDS
    assert set(Counter(entry.template for entry in entries)) == {"trs", "vsb", "ucap", "gbk"}
    assert min(Counter(entry.template for entry in entries).values()) >= 8
    assert all(entry.published_on.year >= 2019 and f"{entry.published_on:%Y-%m}" < "2026-11" for entry in entries)


def test_scripted_list_shows_a_few_rows_and_calls_for_the_rest(client: Client) -> None:
    source = client.get("/zwgk/bmwj.htm").text
    total = json.loads(client.get("/api/list?category=17").text)["total"]
    assert '$.getJSON("/api/list?category=17&page="' in source
    assert len(html.document_fromstring(source).cssselect("#list li")) == 3 < total
