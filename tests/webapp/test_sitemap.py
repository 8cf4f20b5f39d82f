"""What other programs read to find their way: sitemap, robots.txt, the description for browsers' search boxes."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

import pytest
from flask.testing import FlaskClient
from lxml import etree

from corpus.blobs import BlobStore
from corpus.models import Document
from corpus.store import DocumentStore
from tests.webapp.conftest import MakeClient, read_page
from tests.webapp.memory_engine import MemoryEngine
from tests.webapp.world import GONE_ID, HOSTILE_ID, NOTICE_ID, WITHDRAWN_ID
from webapp.factory import create_app
from webapp.views import sitemap
from webapp.web_settings import WebSettings

PUBLIC = "https://www.yunxi.example.cn"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture
def public(make_client: MakeClient) -> FlaskClient:
    return make_client(settings=WebSettings(place_name="云溪区", public_url=PUBLIC))


def locations(client: FlaskClient, address: str) -> list[str]:
    response = client.get(address.removeprefix(PUBLIC))
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    return [element.text or "" for element in etree.fromstring(response.data).iter(f"{MAP}loc")]


def test_the_sitemap_leads_to_every_live_document(public: FlaskClient) -> None:
    (part,) = locations(public, "/sitemap.xml")
    pages = locations(public, part)
    assert len(pages) == len(set(pages)) == 66
    assert f"{PUBLIC}/documents/{NOTICE_ID}" in pages
    assert f"{PUBLIC}/documents/{HOSTILE_ID}" in pages
    assert not [page for page in pages if page.endswith((GONE_ID, WITHDRAWN_ID))]
    assert all(public.get(page.removeprefix(PUBLIC)).status_code == 200 for page in pages[:5])


def test_a_large_site_has_its_map_in_parts(
    store: DocumentStore, blobs: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sitemap, "PART_URLS", 4)
    with store.writing() as writer:
        writer.put_many([(Document(id=f"d-{number}", title="公告"), None) for number in range(10)])
        writer.withdraw("d-0", reason="个人信息", note="")
    client = create_app(MemoryEngine([]), store, blobs, WebSettings(public_url=PUBLIC)).test_client()
    parts = locations(client, "/sitemap.xml")
    found = [locations(client, part) for part in parts]
    assert [len(pages) for pages in found] == [4, 4, 1]
    assert len({page for pages in found for page in pages}) == 9
    for wrong in (1_000, 1 << 70):
        assert client.get(f"/sitemap-{wrong}.xml").status_code == 404


def test_an_empty_store_has_an_empty_map(store: DocumentStore, blobs: BlobStore) -> None:
    client = create_app(MemoryEngine([]), store, blobs, WebSettings()).test_client()
    assert locations(client, "/sitemap.xml") == []


def test_robots_may_read_documents_and_walk_into_no_endless_search(public: FlaskClient) -> None:
    response = public.get("/robots.txt")
    assert response.mimetype == "text/plain"
    rules = RobotFileParser()
    rules.parse(response.get_data(as_text=True).splitlines())
    assert rules.site_maps() == [f"{PUBLIC}/sitemap.xml"]
    for path in ("/", f"/documents/{NOTICE_ID}", "/catalog"):
        assert rules.can_fetch("Baiduspider", PUBLIC + path)
    for path in ("/search?q=低保", "/search.zip", "/api/v1/search", "/staff/", "/metrics"):
        assert not rules.can_fetch("Baiduspider", PUBLIC + path)


def test_a_browser_can_search_here(public: FlaskClient) -> None:
    (link,) = read_page(public.get("/")).select("link[rel=search]")
    assert link["type"] == "application/opensearchdescription+xml"
    response = public.get(str(link["href"]))
    assert response.mimetype == link["type"]
    root = etree.fromstring(response.data)
    assert root.tag == f"{SEARCH}OpenSearchDescription"
    assert len(root.findtext(f"{SEARCH}ShortName") or "") in range(1, 17)
    templates = {url.get("type"): url.get("template") or "" for url in root.iter(f"{SEARCH}Url")}
    for kind in ("text/html", "application/atom+xml", "application/x-suggestions+json"):
        address = templates[kind].removeprefix(PUBLIC).replace("{searchTerms}", "%E4%BD%8E%E4%BF%9D")
        answer = public.get(address)
        assert (answer.status_code, answer.mimetype) == (200, kind)
    typed, found = public.get("/opensearch-suggestions.json?q=低保").get_json()
    assert typed == "低保"
    assert found
    assert all(isinstance(text, str) for text in found)


def test_a_hostile_name_stays_a_name(make_client: MakeClient) -> None:
    client = make_client(settings=WebSettings(place_name='<b>"云溪"&\x0b区'))
    root = etree.fromstring(client.get("/opensearch.xml").data)
    assert root.findtext(f"{SEARCH}LongName") == '<b>"云溪"&区政务公开检索'
    assert not root.findall(".//b")
