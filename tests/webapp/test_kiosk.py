"""The kiosk's screens: what they offer, what they never hold, and what they say when they cannot answer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from corpus.blobs import BlobStore
from corpus.models import Document
from corpus.store import DocumentStore, sqlite_url
from indexer.engine import Understood
from indexer.errors import IndexMissingError
from tests.webapp.conftest import MakeClient, read_page, text_of, texts_of
from tests.webapp.memory_engine import AnsweringEngine, FailingEngine, MemoryEngine
from tests.webapp.world import BARE_ID, CATALOG_ID, GONE_ID, HOSTILE_ID, NOTICE_ID, REPEALED_ID, WITHDRAWN_ID, World
from webapp.factory import create_app
from webapp.kiosk.settings import Desk, Entry, FormLine, KioskSettings
from webapp.web_settings import WebSettings

DESK = Desk(
    who="云溪区人民政府办公室政务公开科",
    where="区政务服务中心一楼",
    window="3 号窗口",
    telephone="0799-8610012",
    steps=("填写申请表。", "带身份证到窗口提交。"),
    url="https://www.yunxi.example.cn/ysqgk",
    form_title="政府信息公开申请表",
    form=(FormLine(label="姓名"), FormLine(label="要的信息", lines=6)),
)
PUBLIC = "https://gk.yunxi.example.cn"


@pytest.fixture
def kiosk(make_client: MakeClient) -> FlaskClient:
    """A kiosk with everything set."""
    settings = KioskSettings(disclosure=DESK, inquiry=DESK)
    return make_client(settings=WebSettings(place_name="云溪区", public_url=PUBLIC, kiosk=settings))


def answers(client: FlaskClient) -> list[TestResponse]:
    """One answer of every screen, those for trouble too."""
    asked = {"q": "低保", "id": NOTICE_ID}
    return [
        client.get("/kiosk"),
        client.post("/kiosk", data={"q": "低保"}),
        client.post("/kiosk/search", data={"q": "低保"}),
        client.post("/kiosk/search", data={"q": "核电站"}),
        client.post("/kiosk/search", data={"q": "低保", "page": "x"}),
        *(
            client.post("/kiosk/document", data=asked | {"id": name})
            for name in (NOTICE_ID, CATALOG_ID, REPEALED_ID, HOSTILE_ID, GONE_ID, WITHDRAWN_ID, BARE_ID, "无")
        ),
        client.get("/kiosk/disclosure"),
        client.get("/kiosk/inquiry"),
        client.get("/kiosk/nowhere"),
    ]


def test_no_screen_leads_away_loads_from_elsewhere_or_offers_a_download(kiosk: FlaskClient) -> None:
    for response in answers(kiosk):
        page = read_page(response)
        assert {str(link["href"]).split("?")[0] for link in page.select("a")} <= {
            "/kiosk",
            "/kiosk/disclosure",
            "/kiosk/inquiry",
        }
        assert not page.select("[target], [download], iframe, object, embed, img, style, [style]")
        assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
        for form in page.select("form"):
            assert str(form["action"]).startswith("/kiosk")
            assert form["method"] == "post"
            assert form["autocomplete"] == "off"
        for tag in page.select("[src], link"):
            assert str(tag.get("src") or tag["href"]).startswith("/static/")


def test_no_answer_may_be_kept_or_says_where_it_was_asked(kiosk: FlaskClient) -> None:
    for response in [*answers(kiosk), kiosk.post("/kiosk/suggest", data={"q": "低保"}), kiosk.get("/kiosk/search")]:
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in response.headers
        assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_every_screen_has_one_heading_a_way_home_and_a_title(kiosk: FlaskClient) -> None:
    for response in answers(kiosk):
        page = read_page(response)
        assert len(page.select("h1")) == len(page.select("main")) == 1
        assert text_of(page, ".foot .home") == "返回首页"
        assert text_of(page, "title")
        ids = [str(tag["id"]) for tag in page.select("[id]")]
        assert len(ids) == len(set(ids))
        assert str(page.select("noscript meta")[0]["content"]) == "180; url=/kiosk"


def test_what_is_hostile_is_text(kiosk: FlaskClient) -> None:
    for response in (
        kiosk.post("/kiosk/document", data={"id": HOSTILE_ID}),
        kiosk.post("/kiosk/search", data={"q": "低保<script>alert(1)</script>"}),
        kiosk.post("/kiosk", data={"q": '"><img src=x onerror=alert(1)>'}),
        kiosk.post("/kiosk/suggest", data={"q": "<script>"}),
    ):
        page = BeautifulSoup(response.get_data(as_text=True), "lxml")
        assert not page.select("script:not([src]), img, main b > b")
        assert "javascript:" not in response.get_data(as_text=True)


def test_the_first_screen_offers_what_there_is_with_true_counts(kiosk: FlaskClient, world: World) -> None:
    page = read_page(kiosk.get("/kiosk"))
    picks = {form.get_text("", strip=True).removesuffix("份"): form for form in page.select(".picks form")}
    live = world.store.counts()["live"]
    assert set(picks) == {"办事指南1", f"最新公开{live}", "社会救助3", "义务教育1"}
    fields = {str(field["name"]): str(field["value"]) for field in picks["社会救助3"].select("input")}
    assert texts_of(read_page(kiosk.post("/kiosk/search", data=fields)), ".found b") == ["3"]
    assert texts_of(page, ".desks a") == ["信息公开申请", "办事咨询"]
    assert texts_of(page, ".key[data-key]") == [*"1234567890", *"QWERTYUIOP", *"ASDFGHJKL", *"ZXCVBNM"]


def test_hand_picked_entries_take_their_place(make_client: MakeClient) -> None:
    entries = (Entry(label="怎么申请低保", question="低保"), Entry(label="教育", domain="义务教育", kind="标准目录"))
    page = read_page(make_client(settings=WebSettings(kiosk=KioskSettings(entries=entries))).get("/kiosk"))
    assert texts_of(page, ".pick") == ["怎么申请低保", "教育"]
    sent = [[(field["name"], field["value"]) for field in form.select("input")] for form in page.select(".picks form")]
    assert sent == [[("q", "低保")], [("kind", "catalog"), ("domain", "compulsory-education")]]


def test_results_are_turned_six_at_a_time(kiosk: FlaskClient) -> None:
    first = read_page(kiosk.post("/kiosk/search", data={"q": "低保"}))
    assert len(first.select(".card")) == 6
    assert texts_of(first, ".turns button") == ["下一页"]
    fields = {str(field["name"]): str(field["value"]) for field in first.select(".turns input")}
    second = read_page(kiosk.post("/kiosk/search", data=fields))
    assert texts_of(second, ".turns button") == ["上一页", "下一页"]
    assert not set(texts_of(first, ".card-title")) & set(texts_of(second, ".card-title"))
    beyond = read_page(kiosk.post("/kiosk/search", data={"q": "低保", "page": "100"}))
    assert "往前翻" in beyond.get_text()
    assert texts_of(beyond, ".turns button") == ["上一页"]


def test_a_correction_is_told_and_can_be_refused(make_client: MakeClient, world: World) -> None:
    read_as = Understood("correction", "dibao → 低保", undo='"dibao"')
    documents = [stored.document for stored in world.store.live_documents()]
    client = make_client(AnsweringEngine(documents, understood=(read_as,), total=1))
    page = read_page(client.post("/kiosk/search", data={"q": "dibao"}))
    assert text_of(page, "h1") == "低保"
    assert texts_of(page, ".found button") == ["仍然查找“dibao”"]
    assert [field["value"] for field in page.select(".found input")] == ['"dibao"']


def test_suggestions_open_documents_or_search(kiosk: FlaskClient) -> None:
    page = BeautifulSoup(kiosk.post("/kiosk/suggest", data={"q": "最低生活保障申请"}).get_data(as_text=True), "lxml")
    (form,) = page.select("form")
    assert form["action"] == "/kiosk/document"
    (field,) = form.select("input")
    opened = read_page(kiosk.post("/kiosk/document", data={str(field["name"]): str(field["value"])}))
    assert text_of(opened, "h1") == "最低生活保障申请办事指南"
    assert "没有这样开头" in kiosk.post("/kiosk/suggest", data={"q": "zzzz"}).get_data(as_text=True)


def test_a_document_is_whole_and_goes_back_to_its_results(kiosk: FlaskClient) -> None:
    page = read_page(kiosk.post("/kiosk/document", data={"id": NOTICE_ID, "q": "低保", "page": "2"}))
    assert text_of(page, ".doc-number") == "云政发〔2023〕12号"
    assert "骗取低保待遇" in text_of(page, ".doc-body")
    assert texts_of(page, ".doc-files li") == [
        "附件1：最低生活保障申请表.doc",
        "低保家庭经济状况核查授权书",
        "附件3：旧版说明.rar",
    ]
    back = {str(field["name"]): str(field["value"]) for field in page.select(".deeds input")}
    assert back == {"q": "低保", "page": "2"}
    assert "已废止（2023年7月1日）" in text_of(
        read_page(kiosk.post("/kiosk/document", data={"id": REPEALED_ID})), ".notice"
    )


def test_a_wide_table_reads_row_by_row(kiosk: FlaskClient) -> None:
    page = read_page(kiosk.post("/kiosk/document", data={"id": CATALOG_ID}))
    assert len(page.select(".row-card")) == 3
    second = ".row-card:nth-of-type(2)"
    assert (
        dict(zip(texts_of(page, f"{second} dt"), texts_of(page, f"{second} dd"), strict=True))["公开主体"] == "区教育局"
    )


def test_a_code_is_made_of_the_public_address_or_not_at_all(kiosk: FlaskClient, client: FlaskClient) -> None:
    page = read_page(kiosk.post("/kiosk/document", data={"id": NOTICE_ID}))
    assert text_of(page, ".take-address") == f"{PUBLIC}/documents/{NOTICE_ID}"
    assert page.select(".take-code svg path")
    without = read_page(client.post("/kiosk/document", data={"id": NOTICE_ID}, base_url="http://10.0.0.7:8000"))
    assert not without.select("svg.qr")
    assert "没有设置网站的公开地址" in text_of(without, "#take")
    assert "10.0.0.7" not in str(without)


def test_a_desk_says_all_that_was_set(kiosk: FlaskClient) -> None:
    page = read_page(kiosk.get("/kiosk/disclosure"))
    assert text_of(page, "h1") == "信息公开申请"
    assert texts_of(page, ".facts dt") == ["谁来办", "在哪里", "窗口", "电话"]
    assert texts_of(page, ".steps li") == list(DESK.steps)
    assert texts_of(page, ".form-sheet th") == ["姓名", "要的信息"]
    assert text_of(page, ".take-address") == DESK.url
    assert texts_of(page, ".deeds button") == ["打印说明和政府信息公开申请表"]


def test_a_desk_that_is_not_set_says_so_and_is_not_offered(client: FlaskClient) -> None:
    assert "还没有写明受理单位" in text_of(read_page(client.get("/kiosk/inquiry")), "main")
    assert not read_page(client.get("/kiosk")).select(".desks")


def test_without_a_printer_nothing_offers_to_print(make_client: MakeClient) -> None:
    client = make_client(settings=WebSettings(kiosk=KioskSettings(printer=False, disclosure=DESK)))
    for response in answers(client):
        assert not read_page(response).select("[data-print]")


def test_who_reloads_or_goes_back_begins_again(kiosk: FlaskClient) -> None:
    for path in ("/kiosk/search", "/kiosk/document", "/kiosk/suggest", "/kiosk/"):
        response = kiosk.get(path)
        assert (response.status_code, response.headers["Location"]) == (303, "/kiosk")


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"id": WITHDRAWN_ID}, 410, "已经撤下"),
        ({"id": "无此文件"}, 404, "没有找到这份文件"),
        ({}, 404, "没有找到这份文件"),
        ({"id": NOTICE_ID, "q": "低" * 501}, 400, "最多 500 个字"),
        ({"id": NOTICE_ID, "q": "低" * 40_000}, 413, "太长"),
    ],
)
def test_trouble_is_told_on_a_screen_of_the_kiosk(
    kiosk: FlaskClient, asked: dict[str, str], status: int, words: str
) -> None:
    response = kiosk.post("/kiosk/document", data=asked)
    assert response.status_code == status
    assert words in text_of(read_page(response), "main")


def test_a_missing_index_is_told_to_the_hall_and_to_the_log(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_client(FailingEngine(IndexMissingError("run `gongkai index`")))
    for response in (client.get("/kiosk"), client.post("/kiosk/search", data={"q": "低保"})):
        assert response.status_code == 503
        assert response.headers["Retry-After"]
        assert "现在查不了" in text_of(read_page(response), "main")
        assert "gongkai" not in text_of(read_page(response), "main")
    assert "run `gongkai index`" in caplog.text
    assert "低保" not in caplog.text


def test_an_error_of_ours_is_logged_without_what_was_asked(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = make_client(FailingEngine(ValueError("低保"))).post("/kiosk/search", data={"q": "低保"})
    assert response.status_code == 500
    assert "不在您的操作" in text_of(read_page(response), "main")
    assert "ValueError" in caplog.text
    assert "memory_engine.py" in caplog.text
    assert "低保" not in caplog.text


def test_an_address_too_long_for_a_code_is_told(tmp_path: Path) -> None:
    long = Document(id="区" * 300, title="云溪区养老服务促进办法", body="第一条 为了促进养老服务，制定本办法。")
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as store:
        with store.writing() as writer:
            writer.put_many([(long, None)])
        settings = WebSettings(public_url=PUBLIC)
        client = create_app(MemoryEngine([long]), store, BlobStore(tmp_path), settings).test_client()
        page = read_page(client.post("/kiosk/document", data={"id": long.id}))
    assert "地址太长" in text_of(page, "#take")
    assert not page.select("svg.qr")


def test_it_says_as_of_when(world: World, engine: MemoryEngine) -> None:
    moment = datetime(2026, 11, 24, 22, 5, tzinfo=UTC)
    app = create_app(engine, world.store, world.blobs, WebSettings(), as_of=lambda: moment)
    assert text_of(read_page(app.test_client().get("/kiosk")), ".as-of") == "文件截至 2026年11月25日 06:05"


def test_its_first_screen_weighs_little(kiosk: FlaskClient) -> None:
    screen = kiosk.get("/kiosk")
    loaded = read_page(screen).select("link[rel=stylesheet], link[rel=icon], script[src]")
    assert len(loaded) > 5
    weight = len(screen.data) + sum(len(kiosk.get(str(one.get("href") or one["src"])).data) for one in loaded)
    assert weight < 100_000
