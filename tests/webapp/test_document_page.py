"""`/documents/<id>`: fields, text, attachments, notices, and every state that a document can be in."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from corpus.blobs import BlobStore
from corpus.models import Document
from corpus.store import DocumentStore, sqlite_url
from tests.webapp.conftest import read_page, text_of, texts_of
from tests.webapp.memory_engine import MemoryEngine
from tests.webapp.world import (
    BARE_ID,
    CATALOG_ID,
    GONE_ID,
    GUIDE_ID,
    HOSTILE_ID,
    NOTICE_ID,
    REPEALED_ID,
    SITE,
    WITHDRAWN_ID,
    WITHDRAWN_WORDS,
)
from webapp.factory import create_app
from webapp.views.documents import DOCX
from webapp.web_settings import WebSettings


def test_a_document_shows_title_fields_text_and_attachments(client: FlaskClient) -> None:
    page = read_page(client.get(f"/documents/{NOTICE_ID}"))
    assert text_of(page, "h1") == "云溪区人民政府关于进一步加强最低生活保障工作的通知"
    assert text_of(page, ".doc-number") == "云政发〔2023〕12号"
    assert texts_of(page, ".doc-head .seal") == ["现行有效"]
    fields = dict(zip(texts_of(page, ".fields dt"), texts_of(page, ".fields dd"), strict=True))
    assert fields == {
        "索引号": "YX000-0201-2023-0012",
        "主题分类": "民政、扶贫、救灾",
        "发文机关": "云溪区人民政府",
        "发文字号": "云政发〔2023〕12号",
        "成文日期": "2023年6月15日",
        "发布日期": "2023年6月19日",
        "施行日期": "2023年7月1日",
        "有效性": "现行有效",
        "领域": "社会救助",
        "栏目": "政策文件",
        "信息来源": "云溪区人民政府办公室",
    }
    assert texts_of(page, ".doc-body h3")[0] == "一、准确认定低保对象"
    assert texts_of(page, ".signature") == ["云溪区人民政府", "2023年6月15日"]
    assert texts_of(page, ".doc-body th") == ["类别", "每人每月（元）", "月人均补差（元）"]
    assert texts_of(page, ".attachments li") == [
        "附件1：最低生活保障申请表.doc Word · 10 B",
        "低保家庭经济状况核查授权书 PDF · 10 KB",
        "附件3：旧版说明.rar 本站未保存，到原网站下载",
    ]
    assert [link["href"] for link in page.select(".doc-foot a")] == [f"{SITE}/zwgk/zcwj/202306/t20230615_10012.html"]


def test_every_link_of_a_document_leads_somewhere(client: FlaskClient) -> None:
    page = read_page(client.get(f"/documents/{NOTICE_ID}"))
    own = [str(link["href"]) for link in page.select("a[href^='/'], link[href^='/']")]
    assert any("/files/" in href for href in own)
    for href in own:
        assert client.get(href).status_code == 200, href


def test_an_id_with_slashes_and_chinese_is_reached_verbatim_and_escaped(client: FlaskClient) -> None:
    for address in (f"/documents/{CATALOG_ID}", f"/documents/{quote(CATALOG_ID, safe='')}"):
        page = read_page(client.get(address))
        assert page.select(".paper-wide th")
        assert page.select("link[rel=canonical]")[0]["href"] == f"/documents/{quote(CATALOG_ID)}"
    assert client.get(f"/documents/{quote(GUIDE_ID)}/text").status_code == 200


@pytest.mark.parametrize(
    "document_id",
    [
        "http://www.yunxi.example.cn/a//b.html?x=1&y=2#z",
        "/leading",
        "trailing/",
        "a/../b",
        "..",
        "行\n二",
        "~x",
        "x/download",
        "x/text",
        "x/docx",
        "x/versions/1",
        "x\\y",
        "百分%2F号",
    ],
)
def test_whatever_its_id_a_document_is_reached_by_its_own_links(tmp_path: Path, document_id: str) -> None:
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as store:
        document = Document(id=document_id, title="奇怪的编号", body="正文")
        with store.writing() as writer:
            writer.put(document)
        client = create_app(MemoryEngine([document]), store, BlobStore(tmp_path), WebSettings()).test_client()
        (link,) = read_page(client.get("/search")).select(".hit-title a")
        page = read_page(client.get(str(link["href"])))
        assert text_of(page, "h1") == "奇怪的编号"
        text_link, word_link = page.select(".actions a")
        assert client.get(str(text_link["href"])).mimetype == "text/plain"
        assert client.get(str(word_link["href"])).mimetype == DOCX
        assert client.get(f"{link['href']}/versions/1").status_code == 200
        verbatim = client.get(f"/documents/{quote(document_id, safe='')}")
        assert verbatim.status_code == 200
        assert text_of(read_page(verbatim), "h1") == "奇怪的编号"


def test_a_repealed_document_says_so(client: FlaskClient) -> None:
    page = read_page(client.get(f"/documents/{REPEALED_ID}"))
    assert text_of(page, ".notice") == "这份文件已废止（2023年7月1日），仅供查考，不再作为办事依据。"
    assert page.select(".seal-ended")


def test_a_document_gone_at_its_source_is_kept_and_says_since_when(client: FlaskClient, world: object) -> None:
    del world
    page = read_page(client.get(f"/documents/{GONE_ID}"))
    assert "原网页已经打不开：本站在 20" in text_of(page, ".notice")
    assert "临时救助工作有关事项公告如下。" in text_of(page, ".doc-body")


def test_a_withdrawn_document_shows_date_and_class_of_reason_only(client: FlaskClient) -> None:
    for path in ("", "/download", "/text"):
        response = client.get(f"/documents/{WITHDRAWN_ID}{path}")
        assert response.status_code == 410
        shown = response.get_data(as_text=True)
        assert "原因类别：个人信息" in shown
        assert "撤下日期：20" in shown
        assert WITHDRAWN_WORDS not in shown
        assert "电话反映" not in shown
        assert "名单" not in shown
        (link,) = read_page(response).select(".trouble-nearest a")
        assert link.get_text() == "其他公示公告"
        assert read_page(client.get(str(link["href"]))).select(".hit")


def test_a_document_without_text_says_where_to_read_it(client: FlaskClient) -> None:
    page = read_page(client.get(f"/documents/{BARE_ID}"))
    assert text_of(page, ".doc-body .quiet") == "这份文件没有可以显示的正文。"
    assert texts_of(page, ".actions a") == ["下载文本", "下载 Word"]


def test_hostile_text_and_addresses_stay_text(client: FlaskClient) -> None:
    page = read_page(client.get(f"/documents/{HOSTILE_ID}"))
    assert text_of(page, "h1") == '低保<script>alert(1)</script>"公告"&amp;'
    assert not page.select("img, [onerror]")
    (data,) = [script for script in page.select("script") if not script.get("src")]
    assert data["type"] == "application/ld+json"
    assert json.loads(data.get_text())["name"] == '低保<script>alert(1)</script>"公告"&amp;'
    assert not [link for link in page.select("[href]") if str(link["href"]).startswith("javascript")]


def test_an_unknown_document_is_named_and_a_box_is_offered(client: FlaskClient) -> None:
    response = client.get("/documents/没有的编号")
    assert response.status_code == 404
    page = read_page(response)
    assert "没有的编号" in text_of(page, "main")
    assert page.select("main form[role=search]")
