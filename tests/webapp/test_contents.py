"""Places of a text: ids, the contents list, and the section in which a hit stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from analyzers.sections import read_sections
from corpus.blobs import BlobStore
from corpus.models import Document
from corpus.store import DocumentStore, sqlite_url
from indexer.engine import Marked
from indexer.highlight import snippet
from tests.webapp.conftest import ReadingClient, read_page, text_of, texts_of
from tests.webapp.memory_engine import MemoryEngine
from webapp.factory import create_app
from webapp.views.contents import anchors, contents_list, locate
from webapp.web_settings import WebSettings

LAW = """\
第一章　总则
第一条　为了规范养老服务，制定本条例。
第二章　服务
第一节　居家
第八条　街道应当为独居老人提供助餐。
第三章　附则
第一节　施行
第九条　本条例自公布之日起施行。
"""
SHORT = "第一条 门牌由公安机关编制。\n第二条 门牌免费。\n第三条 公布之日起施行。"
PLAIN = "今天停水，请居民提前储水。\n一、时间\n二、范围"


@pytest.fixture
def pages(tmp_path: Path) -> Iterator[FlaskClient]:
    documents = [
        Document(id="yx/养老", title="云溪区养老服务条例", body=LAW),
        Document(id="short", title="云溪区门牌规定", body=SHORT),
        Document(id="plain", title="停水通知", body=PLAIN),
    ]
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as store:
        with store.writing() as writer:
            for document in documents:
                writer.put(document)
        app = create_app(MemoryEngine(documents), store, BlobStore(tmp_path), WebSettings())
        app.test_client_class = ReadingClient
        yield app.test_client()


def test_ids_are_labels_where_they_come_first_and_places_elsewhere() -> None:
    assert anchors(read_sections(LAW)) == ["第一章", "第一条", "第二章", "第一节", "第八条", "第三章", "s-7", "第九条"]
    assert anchors(read_sections("一、甲\n（一）乙\n附则\n附件1")) == ["s-1", "s-2", "附则", "附件1"]


def test_a_page_has_contents_that_lead_to_its_sections(pages: FlaskClient) -> None:
    page = read_page(pages.get("/documents/yx/养老"))
    assert texts_of(page, ".contents li") == ["第一章 总则", "第二章 服务", "第一节 居家", "第三章 附则", "第一节 施行"]
    assert text_of(page, ".contents-switch summary") == "目录（5 项）"
    ids = [str(element["id"]) for element in page.select("[id]")]
    assert len(ids) == len(set(ids))
    assert {str(link["href"])[1:] for link in page.select(".contents a")} <= set(ids)
    (article,) = page.select("[id=第八条]")
    assert article.get_text().startswith("第八条　街道应当")


def test_articles_without_headings_are_listed_by_their_marks(pages: FlaskClient) -> None:
    page = read_page(pages.get("/documents/short"))
    assert texts_of(page, ".contents .marks li") == ["第一条", "第二条", "第三条"]


def test_a_short_document_has_ids_and_no_contents(pages: FlaskClient) -> None:
    page = read_page(pages.get("/documents/plain"))
    assert not page.select(".contents, .contents-switch, .paper-contents")
    assert text_of(page, "#s-2") == "二、范围"


def test_items_of_a_notice_read_as_on_paper() -> None:
    entries = contents_list(read_sections("一、总体要求\n（一）目标\n1.近期\n二、任务\n附件1 名单"))
    assert [(entry.text, entry.level) for entry in entries] == [
        ("一、总体要求", 1),
        ("（一）目标", 2),
        ("二、任务", 1),
        ("附件1 名单", 1),
    ]


def test_a_hit_says_in_which_section_it_stands_and_leads_there(pages: FlaskClient) -> None:
    page = read_page(pages.get("/search?q=独居老人"))
    assert text_of(page, ".hit-place a") == "第二章 第一节 第八条"
    (link,) = page.select(".hit-place a")
    address, _, anchor = str(link["href"]).partition("#")
    assert anchor == "第八条"
    assert read_page(pages.get(address)).select(f"[id={anchor}]")
    assert not read_page(pages.get("/search?q=停水")).select(".hit-place")


def test_the_json_of_an_answer_names_the_section(pages: FlaskClient) -> None:
    (hit,) = pages.get("/search.json?q=独居老人").get_json()["hits"]
    assert hit["section"] == {"path": "第二章 第一节 第八条", "anchor": "第八条"}
    (hit,) = pages.get("/search.json?q=停水").get_json()["hits"]
    assert hit["section"] is None


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        (Marked("…第八条 街道应当为独居老人提供助餐。…", ((5, 9),)), "街道应当"),
        (Marked("规范养老服务，制定本条例。…第八条 街道应当为独居老人提供助餐。", ((23, 25),)), "独居"),
        (Marked("第一章 总则 第一条"), "第一章"),
        (Marked("这些字不在文件里面"), None),
        (Marked("…养老"), None),
        (Marked(""), None),
    ],
)
def test_a_snippet_is_found_in_the_text_that_it_was_cut_from(shown: Marked, found: str | None) -> None:
    assert locate(shown, LAW) == (LAW.index(found) if found else None)


@given(st.integers(0, 40), st.sampled_from(["独居", "规范养老", "施行", "助餐"]))
def test_the_engines_own_snippets_are_found(padding: int, word: str) -> None:
    body = "## 序言\n" + "　　本文没有这些词。\n" * padding + LAW
    offset = locate(snippet(body, {word: 1.0}, 60), body)
    assert offset is not None
    assert body.startswith(word, offset)
