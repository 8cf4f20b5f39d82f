"""Feeds, read with the parser that feed readers use: what is in them, in which order, and nothing that runs."""

from __future__ import annotations

import calendar
import time

import feedparser
import pytest
from flask.testing import FlaskClient
from lxml import etree

from corpus.blobs import BlobStore
from corpus.models import Document
from corpus.store import DocumentStore
from tests.webapp.conftest import MakeClient
from tests.webapp.memory_engine import MemoryEngine
from tests.webapp.world import GUIDE_ID, HOSTILE_ID, NOTICE_ID, REPEALED_ID
from webapp.factory import create_app
from webapp.web_settings import WebSettings

PUBLIC = "https://www.yunxi.example.cn"


@pytest.fixture
def public(make_client: MakeClient) -> FlaskClient:
    return make_client(settings=WebSettings(place_name="云溪区", public_url=f"{PUBLIC}/"))


def read_feed(client: FlaskClient, address: str) -> feedparser.FeedParserDict:
    response = client.get(address)
    assert response.status_code == 200
    assert response.mimetype == "application/atom+xml"
    feed = feedparser.parse(response.data, sanitize_html=False)
    assert not feed.bozo, feed.bozo_exception
    assert feed.version == "atom10"
    assert feed.feed.id
    assert feed.feed.updated_parsed
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    assert all(entry.updated_parsed and entry.link for entry in feed.entries)
    return feed


def test_a_page_of_hits_is_a_page_of_the_feed(public: FlaskClient) -> None:
    hits = public.get("/search.json?q=低保&page=2").get_json()
    feed = read_feed(public, "/search.atom?q=低保&page=2")
    assert [entry.title for entry in feed.entries] == [hit["title"] for hit in hits["hits"]]
    assert int(feed.feed.opensearch_totalresults) == hits["total"]
    assert int(feed.feed.opensearch_startindex) == 11
    links = {link.rel: link.href for link in feed.feed.links}
    assert links["self"].startswith(f"{PUBLIC}/search.atom?q=")
    assert "page=3" in links["next"]
    assert "page" not in links["previous"]
    assert read_feed(public, links["next"].removeprefix(PUBLIC)).entries


def test_the_feed_of_a_search_has_its_newest_documents_first(public: FlaskClient) -> None:
    feed = read_feed(public, "/feeds/search.atom?q=低保&sort=relevance&page=3")
    days = [
        time.strftime("%Y-%m-%d", time.gmtime(calendar.timegm(e.published_parsed) + 8 * 3600)) for e in feed.entries
    ]
    assert len(days) == 50
    assert days == sorted(days, reverse=True)
    assert feed.feed.title == "低保 - 云溪区政务公开"


def test_every_domain_has_a_feed(public: FlaskClient) -> None:
    feed = read_feed(public, "/feeds/domains/social-assistance.atom")
    assert [entry.link for entry in feed.entries] == [
        f"{PUBLIC}/documents/{name}"
        for name in (GUIDE_ID.replace("低保", "%E4%BD%8E%E4%BF%9D"), NOTICE_ID, REPEALED_ID)
    ]
    assert feed.entries[1].author == "云溪区人民政府"
    assert feed.entries[1].tags[0].label == "政策文件"
    assert public.get("/feeds/domains/nowhere.atom").status_code == 404


def test_a_hostile_title_stays_a_title(public: FlaskClient) -> None:
    feed = read_feed(public, "/feeds/search.atom?q=低保&kind=notice")
    (entry,) = (entry for entry in feed.entries if HOSTILE_ID in entry.link)
    assert entry.title == '低保<script>alert(1)</script>"公告"&amp;'
    assert entry.link == f"{PUBLIC}/documents/{HOSTILE_ID}"
    tree = etree.fromstring(public.get("/feeds/search.atom?q=<script>").data)
    assert not tree.findall(".//{*}script")


def test_control_characters_do_not_break_a_feed(store: DocumentStore, blobs: BlobStore) -> None:
    with store.writing() as writer:
        writer.put(Document(id="a\x0b1", title="关于低保\x0b\x1b工作\ufffe的通知", body="低保\x00\x08标准"))
    engine = MemoryEngine(stored.document for stored in store.live_documents())
    client = create_app(engine, store, blobs, WebSettings()).test_client()
    feed = read_feed(client, "/feeds/search.atom?q=低保")
    assert feed.entries[0].title == "关于低保 工作的通知"
    assert client.get(feed.entries[0].link).status_code == 200


def test_a_feed_without_entries_is_one(public: FlaskClient) -> None:
    feed = read_feed(public, "/feeds/search.atom?q=没有人写过这些字")
    assert not feed.entries
    assert int(feed.feed.opensearch_totalresults) == 0


def test_a_reader_who_asks_again_gets_only_what_is_new(public: FlaskClient) -> None:
    first = public.get("/feeds/search.atom?q=低保")
    again = public.get("/feeds/search.atom?q=低保", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_malformed_parameter_is_named(public: FlaskClient) -> None:
    response = public.get("/feeds/search.atom?year=去年")
    assert response.status_code == 400
    assert "year" in response.get_data(as_text=True)
