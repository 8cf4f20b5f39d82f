"""The best answer above the results, how a correction is told, related searches, and what is offered for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote_plus

import pytest
from flask.testing import FlaskClient

from indexer.engine import Query, Understood
from indexer.generations import IndexFolder
from indexer.upkeep import bring_up
from indexer.whoosh_engine import WhooshEngine
from tests.webapp.conftest import MakeClient, read_page, text_of, texts_of
from tests.webapp.memory_engine import AnsweringEngine, MemoryEngine
from tests.webapp.world import GUIDE_ID, World
from webapp.web_settings import WebSettings


@pytest.fixture(scope="module")
def whoosh(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WhooshEngine]:
    folder = IndexFolder(tmp_path_factory.mktemp("answers") / "index")
    bring_up(world.store, folder)
    engine = WhooshEngine(folder)
    yield engine
    engine.close()


@pytest.fixture
def pages(make_client: MakeClient, whoosh: WhooshEngine) -> FlaskClient:
    return make_client(whoosh)


def test_the_part_of_a_guide_that_is_asked_for_stands_above_the_results(pages: FlaskClient) -> None:
    page = read_page(pages.get("/search?q=低保要什么材料"))
    assert text_of(page, ".answer h2") == "原文里的材料"
    (quoted,) = page.select(".answer blockquote")
    assert quoted.get_text().strip() == (
        "二、申请材料\n最低生活保障申请表、身份证、户口簿、收入证明、家庭经济状况核查授权书。"
    )
    (link,) = page.select(".answer-source a")
    path, _, anchor = unquote_plus(str(link["href"])).partition("#")
    assert path.endswith(GUIDE_ID)
    assert text_of(page, ".answer-place") == "二、申请材料"
    document = read_page(pages.get(path))
    assert document.select(f'[id="{anchor}"]')[0].get_text().startswith("二、申请材料")


def test_programs_get_the_answer_and_a_passage_a_hit(pages: FlaskClient, whoosh: WhooshEngine) -> None:
    body = pages.get("/search.json?q=低保要什么材料").get_json()
    assert body["answer"]["id"] == GUIDE_ID
    assert body["answer"]["part"] == "材料"
    assert body["answer"]["section"]["path"] == "二、申请材料"
    texts = whoosh.texts([hit["id"] for hit in body["hits"]])
    passages = [hit for hit in body["hits"] if hit["passage"]]
    assert passages
    for hit in passages:
        assert hit["passage"]["text"] in texts[hit["id"]][1]


def test_a_question_without_a_sure_answer_is_told_so_and_words_are_not(pages: FlaskClient) -> None:
    page = read_page(pages.get("/search?q=云溪区怎么种树"))
    assert not page.select(".answer")
    assert text_of(page, ".lacks-answer").startswith("没有找到能直接回答这个问题的一段原文")
    for path in ("/search?q=低保标准", "/search", "/search?q=低保要什么材料&sort=date"):
        page = read_page(pages.get(path))
        assert not page.select(".answer, .lacks-answer"), path


def test_the_engine_gives_passages_only_where_they_are_asked_for(whoosh: WhooshEngine) -> None:
    assert all(hit.passage is None for hit in whoosh.search(Query(text="低保要什么材料")).hits)
    hits = whoosh.search(Query(text="低保要什么材料", passages=2)).hits
    assert [hit.passage is not None for hit in hits] == [True, True, *(False for _ in hits[2:])]


def test_a_correction_is_told_with_the_way_back(make_client: MakeClient, world: World) -> None:
    documents = [stored.document for stored in world.store.live_documents()]
    told = (Understood("correction", "低饱 → 低保", '"低饱"'),)
    page = read_page(make_client(AnsweringEngine(documents, understood=told)).get("/search?q=低保"))
    assert text_of(page, ".suggestion") == "已按 低保 显示结果，仍然搜索 低饱"
    (link,) = page.select(".suggestion a")
    assert unquote_plus(str(link["href"])) == '/search?q="低饱"'
    assert not page.select(".chip-read")


def test_related_searches_stand_below_the_first_page(pages: FlaskClient) -> None:
    page = read_page(pages.get("/search?q=最低生活保障"))
    assert "最低生活保障申请办事指南" in texts_of(page, ".related a")
    for link in page.select(".related a"):
        assert read_page(pages.get(str(link["href"]))).select(".hit")
    assert not read_page(pages.get("/search")).select(".related")


def test_nothing_found_offers_fewer_words_who_is_responsible_and_how_to_ask(
    make_client: MakeClient, whoosh: WhooshEngine
) -> None:
    settings = WebSettings(
        disclosure_request_url="https://www.yunxi.example.cn/ysqgk/",
        inquiry_url="https://www.yunxi.example.cn/zx/",
        inquiry_phone="0799-0000000",
    )
    client = make_client(whoosh, settings=settings)
    page = read_page(client.get('/search?q="鑫淼焱 最低生活保障"'))
    assert "没有找到" in text_of(page, "h1")
    assert "鑫淼焱" in text_of(page, ".empty > p")
    fewer = page.select_one(".empty li a")
    assert fewer is not None
    assert "只找“最低生活保障”" in fewer.get_text()
    assert read_page(client.get(str(fewer["href"]))).select(".hit")
    shown = text_of(page, ".empty")
    assert "民政局负责" in shown
    assert "0799-0000000" in shown
    links = [str(link["href"]) for link in page.select(".empty a")]
    assert settings.disclosure_request_url in links
    assert settings.inquiry_url in links


def test_conditions_that_allow_nothing_can_be_left_out(pages: FlaskClient) -> None:
    page = read_page(pages.get("/search?q=最低生活保障&year=1998"))
    offered = [link for link in page.select(".empty li a") if link.get_text() == "去掉全部条件"]
    assert len(offered) == 1
    assert read_page(pages.get(str(offered[0]["href"]))).select(".hit")


def test_without_settings_nothing_is_said_of_asking(client: FlaskClient, engine: MemoryEngine) -> None:
    assert engine.search(Query(text="鑫淼焱")).total == 0
    shown = text_of(read_page(client.get("/search?q=鑫淼焱")), ".empty")
    assert "申请公开" not in shown
    assert "咨询" not in shown


def test_an_address_that_is_no_web_address_is_not_linked(make_client: MakeClient) -> None:
    client = make_client(settings=WebSettings(disclosure_request_url="javascript:alert(1)", inquiry_url="data:x"))
    page = read_page(client.get("/search?q=鑫淼焱"))
    assert not [link for link in page.select("a") if str(link["href"]).startswith(("javascript", "data"))]
