"""The pages over the real index: from a stored document to the page that finds it, and after its takedown."""

from __future__ import annotations

from pathlib import Path

from corpus.blobs import BlobStore
from corpus.models import Document, Kind
from corpus.store import DocumentStore
from indexer.generations import IndexFolder
from indexer.sync import sync
from indexer.upkeep import bring_up
from indexer.whoosh_engine import WhooshEngine
from tests.webapp.conftest import ReadingClient, read_page, text_of, texts_of
from tests.webapp.world import GUIDE_ID, NOTICE_ID, World
from webapp.factory import create_app
from webapp.web_settings import WebSettings


def client_of(engine: WhooshEngine, store: DocumentStore, blobs: BlobStore) -> ReadingClient:
    app = create_app(engine, store, blobs, WebSettings(place_name="云溪区"))
    return ReadingClient(app, app.response_class)


def test_a_question_finds_the_document_and_its_facets(world: World, tmp_path: Path) -> None:
    folder = IndexFolder(tmp_path / "index")
    sync(world.store, folder)
    engine = WhooshEngine(folder)
    client = client_of(engine, world.store, world.blobs)

    page = read_page(client.get("/search?q=低保怎么申请&kind=guide"))
    assert texts_of(page, ".hit-title") == ["最低生活保障申请办事指南"]
    assert page.select(".hit mark")
    (link,) = page.select(".hit-title a")
    assert text_of(read_page(client.get(str(link["href"]))), "h1") == "最低生活保障申请办事指南"

    page = read_page(client.get("/search?q=云政发[2023]12号"))
    assert texts_of(page, ".hit-title")[0].startswith("云溪区人民政府关于进一步加强最低生活保障工作")
    assert "云政发〔2023〕12号" in text_of(page, ".chip-read")

    assert [item["id"] for item in client.get("/search.json?q=低保&kind=guide").get_json()["hits"]] == [GUIDE_ID]
    page = read_page(client.get("/"))
    assert "社会救助" in texts_of(page, ".tallies a")
    # What a facet offers, the parameters accept.
    page = read_page(client.get("/search?q=低保"))
    for choice in page.select(".facet li a"):
        found = read_page(client.get(str(choice["href"])))
        assert found.select(".hit"), choice["href"]
    engine.close()


def test_what_is_published_twice_is_one_hit_that_leads_to_all(
    store: DocumentStore, blobs: BlobStore, tmp_path: Path
) -> None:
    folder = IndexFolder(tmp_path / "index")
    body = "第一条 为了规范停车泊位，制定本办法。\n第二条 停车泊位由区城市管理部门设置，收费标准向社会公布。"
    with store.writing() as writer:
        for name in ("a", "b"):
            writer.put(Document(id=name, title="云溪区停车泊位管理办法", body=body, kind=Kind.POLICY))
        writer.put(Document(id="c", title="云溪区停车泊位增设公告", body="增设停车泊位三处。", kind=Kind.NOTICE))
    bring_up(store, folder)
    engine = WhooshEngine(folder)
    client = client_of(engine, store, blobs)

    page = read_page(client.get("/search?q=停车泊位"))
    assert len(page.select(".hit")) == 2
    assert "3 条" in text_of(page, ".found")
    (link,) = (link for link in page.select(".facts a") if "另有 1 件" in link.text)
    page = read_page(client.get(str(link["href"])))
    assert texts_of(page, ".hit-title") == ["云溪区停车泊位管理办法"] * 2
    assert "内容相同" in text_of(page, ".chips")
    assert len(client.get("/search.json?q=停车泊位").get_json()["hits"]) == 3
    assert client.get(f"/search?same={'x' * 300}").status_code == 400
    engine.close()


def test_pages_follow_the_index_from_missing_to_a_takedown(
    store: DocumentStore, blobs: BlobStore, tmp_path: Path
) -> None:
    folder = IndexFolder(tmp_path / "index")
    engine = WhooshEngine(folder)
    client = client_of(engine, store, blobs)
    response = client.get("/search?q=低保")
    assert response.status_code == 503
    assert "运行 gongkai index" in text_of(read_page(response), ".trouble")
    assert client.get("/healthz").status_code == 503

    with store.writing() as writer:
        writer.put(Document(id=NOTICE_ID, title="低保工作通知", body="低保对象名单", kind=Kind.NOTICE))
    sync(store, folder)
    assert client.get("/healthz").get_json() == {"status": "ok", "documents": 1, "stored": 1}
    assert texts_of(read_page(client.get("/search?q=低保")), ".hit-title") == ["低保工作通知"]
    engine.close()

    with store.writing() as writer:
        writer.withdraw(NOTICE_ID, reason="个人信息")
    assert client.get(f"/documents/{NOTICE_ID}").status_code == 410  # at once, before the index knows
    sync(store, folder)
    assert "没有找到" in text_of(read_page(client.get("/search?q=低保")), "h1")
    engine.close()
