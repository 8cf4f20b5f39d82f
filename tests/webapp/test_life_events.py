"""The home page leads from the turns of a life to the guides that there are, and to nothing where there are none."""

from __future__ import annotations

from pathlib import Path

from corpus.blobs import BlobStore
from corpus.models import Document, Kind
from corpus.store import DocumentStore, sqlite_url
from indexer.generations import IndexFolder
from indexer.sync import sync
from indexer.whoosh_engine import WhooshEngine
from tests.webapp.conftest import ReadingClient, read_page, text_of, texts_of
from webapp.factory import create_app
from webapp.web_settings import WebSettings


def guide(number: str, title: str, kind: Kind = Kind.GUIDE) -> Document:
    return Document(id=number, title=title, kind=kind, body="到区政务服务中心办理。")


def test_events_are_counted_from_the_corpus_and_each_count_is_what_its_link_finds(tmp_path: Path) -> None:
    index = IndexFolder(tmp_path / "index")
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as store:
        with store.writing() as writer:
            writer.put(guide("1", "结婚登记办事指南"))
            writer.put(guide("2", "补领离婚登记证明办事指南"))
            writer.put(guide("3", "公共租赁住房申请办事指南"))
            writer.put(guide("4", "不动产登记中心搬迁公告", Kind.NOTICE))
        sync(store, index)
        app = create_app(WhooshEngine(index), store, BlobStore(tmp_path), WebSettings(place_name="青禾市"))
        client = ReadingClient(app, app.response_class)
        page = read_page(client.get("/"))
        assert texts_of(page, ".events a") == ["婚姻2 份", "住房1 份"]
        marriage = read_page(client.get(str(page.select(".events a")[0]["href"])))
        assert sorted(texts_of(marriage, ".hit-title")) == ["结婚登记办事指南", "补领离婚登记证明办事指南"]
        with store.writing() as writer:
            writer.put(guide("5", "企业职工退休申请办事指南"))
        sync(store, index)
        assert "退休1 份" in text_of(read_page(client.get("/")), ".events")


def test_without_guides_there_is_no_such_part(tmp_path: Path) -> None:
    index = IndexFolder(tmp_path / "index")
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as store:
        sync(store, index)
        app = create_app(WhooshEngine(index), store, BlobStore(tmp_path), WebSettings())
        assert not read_page(ReadingClient(app, app.response_class).get("/")).select("#by-event")
