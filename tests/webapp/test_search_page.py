"""`/` and `/search`: what is shown, where links lead, and what programs get."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from flask.testing import FlaskClient

from indexer.engine import FACET_FIELDS, Understood
from tests.webapp.conftest import MakeClient, read_page, text_of, texts_of
from tests.webapp.memory_engine import AnsweringEngine, MemoryEngine
from tests.webapp.world import HOSTILE_ID, World
from webapp.web_settings import WebSettings


def test_the_home_page_offers_box_examples_domains_latest_and_guides(client: FlaskClient) -> None:
    page = read_page(client.get("/"))
    assert text_of(page, "h1") == "云溪区政务公开"
    (box,) = page.select("form[role=search] input[name=q]")
    assert box.has_attr("autofocus")
    assert texts_of(page, ".examples a") == ["低保怎么申请", "国办发〔2019〕54号", "义务教育招生"]
    assert "社会救助 3 份" in texts_of(page, ".tallies li")[0].replace("社会救助3", "社会救助 3")
    assert len(page.select("[aria-labelledby=latest] li")) == 8
    assert texts_of(page, "[aria-labelledby=guides] li a") == ["最低生活保障申请办事指南"]


def test_a_corpus_without_domains_is_offered_by_kind(make_client: MakeClient, world: World) -> None:
    live = [stored.document for stored in world.store.live_documents()]
    page = read_page(make_client(MemoryEngine(doc for doc in live if not doc.domain)).get("/"))
    assert texts_of(page, "h2")[0] == "按类型查找"


def test_an_empty_corpus_says_so(make_client: MakeClient) -> None:
    client = make_client(MemoryEngine([]))
    assert "还没有收录文件。" in texts_of(read_page(client.get("/")), ".quiet")
    assert "还没有收录文件。" in text_of(read_page(client.get("/search")), ".empty")


def test_hits_show_kind_marked_title_passage_and_facts(client: FlaskClient) -> None:
    page = read_page(client.get("/search", query_string={"q": "最低生活保障工作", "kind": "policy"}))
    assert text_of(page, "h1.found") == "找到 1 条：最低生活保障工作"
    assert text_of(page, ".hit-kind") == "政策文件"
    assert texts_of(page, ".hit-title mark") == ["最低生活保障工作"]
    assert texts_of(page, ".hit-passage mark")
    assert texts_of(page, ".facts li") == ["云溪区人民政府", "云政发〔2023〕12号", "2023年6月15日 成文", "现行有效"]
    (link,) = page.select(".hit-title a")
    assert client.get(str(link["href"])).status_code == 200


def test_every_condition_is_a_chip_that_removes_itself(client: FlaskClient) -> None:
    asked = [("q", "低保"), ("kind", "policy"), ("issuer", "云溪区人民政府"), ("since", "2020-01-01")]
    page = read_page(client.get("/search", query_string=asked))
    removed = {
        text: [pair for pair in asked if pair not in parse_qsl(urlsplit(str(chip["href"])).query)]
        for text, chip in zip(texts_of(page, "a.chip"), page.select("a.chip"), strict=True)
    }
    assert list(removed.values()) == [[asked[1]], [asked[2]], [asked[3]]]
    assert next(iter(removed)).startswith("类型政策文件")
    assert list(removed)[2].startswith("日期2020年1月1日以后")
    (clear,) = page.select(".chips-clear")
    assert clear["href"] == "/search?q=%E4%BD%8E%E4%BF%9D"


def test_facets_have_eight_values_and_more_behind_a_button(client: FlaskClient) -> None:
    page = read_page(client.get("/search", query_string={"q": "低保"}))
    (issuers,) = [facet for facet in page.select(".facet") if facet.h2 and facet.h2.get_text() == "发文机关"]
    assert len(issuers.select(":scope > ul > li")) == 8
    assert len(issuers.select("details li")) == 9
    assert "更多（9）" in issuers.get_text()
    first = str(issuers.select("li a")[0]["href"])
    assert ("q", "低保") in parse_qsl(urlsplit(first).query)


def test_a_chosen_value_stands_first_and_is_taken_back_by_its_link(client: FlaskClient) -> None:
    page = read_page(client.get("/search", query_string={"q": "低保", "kind": "guide"}))
    (chosen,) = page.select(".facet a.chosen")
    assert chosen["aria-current"] == "true"
    assert chosen["href"] == "/search?q=%E4%BD%8E%E4%BF%9D"
    assert page.select(".facet a")[0] is chosen


def test_a_chosen_value_that_nothing_has_is_still_shown(client: FlaskClient) -> None:
    page = read_page(client.get("/search", query_string={"q": "低保", "column": "没有的栏目"}))
    assert any("没有的栏目" in text for text in texts_of(page, ".facet a.chosen"))
    assert any("没有的栏目" in text for text in texts_of(page, "a.chip"))
    assert "没有文件符合上面的全部条件" in text_of(page, ".empty")
    assert page.select('.empty a[href="/search?q=%E4%BD%8E%E4%BF%9D"]')


def test_domains_are_shown_by_name_and_asked_by_slug(client: FlaskClient) -> None:
    page = read_page(client.get("/search", query_string={"domain": "social-assistance"}))
    assert texts_of(page, "a.chip")[0].startswith("领域社会救助")


def test_paging_keeps_everything_and_marks_where_one_is(client: FlaskClient) -> None:
    page = read_page(client.get("/search", query_string={"q": "低保", "sort": "date", "page": "2"}))
    (here,) = page.select("nav.paging [aria-current=page]")
    assert here.get_text() == "2"
    (following,) = page.select("nav.paging a[rel=next]")
    assert parse_qsl(urlsplit(str(following["href"])).query) == [("q", "低保"), ("sort", "date"), ("page", "3")]
    (previous,) = page.select("nav.paging a[rel=prev]")
    assert "page" not in str(previous["href"])
    assert page.select("ol.hits")[0]["start"] == "11"


def test_pages_far_apart_have_a_gap_between_them(client: FlaskClient) -> None:
    page = read_page(client.get("/search", query_string={"q": "低保"}))
    assert texts_of(page, "nav.paging li") == ["1", "2", "3", "…", "7"]
    assert texts_of(page, "nav.paging .place") == ["第 1 / 7 页"]


def test_a_page_after_the_last_one_leads_back(client: FlaskClient) -> None:
    response = client.get("/search", query_string={"q": "低保", "page": "50"})
    assert response.status_code == 200
    page = read_page(response)
    assert "一共只有 7 页，没有第 50 页" in text_of(page, ".empty")
    assert page.select('.empty a[href$="page=7"]')


def test_the_deepest_page_says_that_it_is(make_client: MakeClient, world: World) -> None:
    (document,) = [stored.document for stored in world.store.documents(["yx-news-001"])]
    client = make_client(AnsweringEngine([document], total=5_000))
    page = read_page(client.get("/search?q=低保"))
    assert "第 1 / 500 页" in page.get_text()
    client = make_client(AnsweringEngine([document] * 1_000, total=5_000))
    page = read_page(client.get("/search?q=低保&page=100"))
    assert "只能翻到第 100 页" in page.get_text()
    assert not page.select("a[rel=next]")


def test_nothing_found_says_what_to_try(client: FlaskClient) -> None:
    response = client.get("/search", query_string={"q": "核电站"})
    assert response.status_code == 200
    page = read_page(response)
    assert text_of(page, "h1") == "没有找到“核电站”"
    assert "换一个说法" in text_of(page, ".empty")


def test_what_was_understood_and_a_suggestion_are_shown(make_client: MakeClient) -> None:
    engine = AnsweringEngine(
        [],
        understood=(
            Understood("document_number", "云政发〔2023〕12号"),
            Understood("period", "2023年", "医疗饱险"),
        ),
        unstated={"date": 1599},
        suggestion="医疗保险",
    )
    page = read_page(make_client(engine).get("/search?q=医疗饱险&kind=policy"))
    assert [chip.get_text() for chip in page.select(".chip-read")] == [
        "文号云政发〔2023〕12号",
        "日期2023年×，不这样理解",
    ]
    (undone,) = page.select("a.chip-read")
    assert parse_qsl(urlsplit(str(undone["href"])).query) == [("q", "医疗饱险"), ("kind", "policy")]
    assert text_of(page, ".unstated") == "另有 1,599 件未注明日期。"
    (suggested,) = page.select(".suggestion a")
    assert parse_qsl(urlsplit(str(suggested["href"])).query) == [("q", "医疗保险"), ("kind", "policy")]


def test_a_new_question_keeps_the_conditions_but_not_the_page(client: FlaskClient) -> None:
    page = read_page(client.get("/search", query_string={"q": "低保", "kind": "news", "page": "2", "x": "1"}))
    kept = [(field["name"], field["value"]) for field in page.select(".top form input[type=hidden]")]
    assert kept == [("kind", "news")]


def test_the_canonical_link_leaves_out_what_messengers_append(make_client: MakeClient) -> None:
    client = make_client(settings=WebSettings(public_url="https://www.yunxi.example.cn/"))
    page = read_page(client.get("/search", query_string={"q": "低保", "from": "timeline", "page": "1"}))
    (link,) = page.select("link[rel=canonical]")
    assert link["href"] == "https://www.yunxi.example.cn/search?q=%E4%BD%8E%E4%BF%9D"


def test_the_place_is_named_once_however_it_is_set(make_client: MakeClient) -> None:
    for name, heading in (("云溪区", "云溪区政务公开"), ("云溪区政务公开", "云溪区政务公开"), ("", "政务公开")):
        page = read_page(make_client(settings=WebSettings(place_name=name)).get("/"))
        assert text_of(page, "h1") == text_of(page, "title") == heading


def test_each_kind_that_was_found_has_a_tab_which_leads_to_it_alone(client: FlaskClient) -> None:
    page = read_page(client.get("/search?q=低保&kind=policy&year=2023&page=1"))
    assert texts_of(page, ".tabs a[aria-current]")[0].startswith("政策文件 ")
    tabs = page.select(".tabs a")
    assert tabs[0].get_text().startswith("全部")
    assert "kind=" not in str(tabs[0]["href"])
    for tab in tabs:
        found = read_page(client.get(str(tab["href"])))
        count = tab.select_one(".count")
        assert count is not None
        assert text_of(found, ".found b") == count.get_text().removesuffix(" 条")
    assert not read_page(client.get("/search?q=义务教育")).select(".tabs")  # one kind only


def test_kept_files_can_be_downloaded_from_the_list(client: FlaskClient) -> None:
    page = read_page(client.get("/search?q=低保&kind=policy&year=2023"))
    links = page.select(".hit-files a")
    assert links
    for link in links:
        assert link.get_text().startswith("下载 ")
        assert client.get(str(link["href"])).headers["Content-Disposition"].startswith("attachment")


def test_hostile_text_stays_text(client: FlaskClient) -> None:
    for path in ("/search?q=低保&kind=notice", "/search?q=<script>alert(1)</script>", "/search?site=%22><img src=x>"):
        page = read_page(client.get(path))
        assert not [script for script in page.select("script") if not script.get("src")]
        assert not page.select("img, b[class], [onerror]")
    page = read_page(client.get("/search?q=低保&kind=notice"))
    assert text_of(page, ".hit-title") == '低保<script>alert(1)</script>"公告"&amp;'
    assert page.select(f'a[href="/documents/{HOSTILE_ID}"]')


def test_json_has_the_same_parameters_and_the_shape_of_the_contract(client: FlaskClient) -> None:
    response = client.get("/search.json", query_string={"q": "低保", "kind": "policy", "utm_source": "x"})
    assert response.content_type == "application/json"
    body = response.get_json()
    assert set(body) == {"query", "understood", "total", "took_ms", "answer", "hits", "facets", "suggestion"}
    assert (body["query"], body["total"], len(body["hits"])) == ("低保", 2, 2)
    assert set(body["facets"]) == set(FACET_FIELDS)
    assert "低保" in response.get_data(as_text=True)  # not escaped: people read it too


def test_a_filter_that_is_withdrawn_from_a_document_never_shows_it(client: FlaskClient) -> None:
    body = client.get("/search.json", query_string={"kind": "notice"}).get_json()
    assert [hit["id"] for hit in body["hits"]] == [HOSTILE_ID]
