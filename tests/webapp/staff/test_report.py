"""The report over everything published, the list of personal numbers, and taking a document out from there."""

from __future__ import annotations

import csv
import io
import json
import time

from filelock import FileLock

from indexer.generations import IndexFolder
from indexer.upkeep import bring_up
from tests.webapp.conftest import read_page, text_of, texts_of
from tests.webapp.staff.conftest import Staffer
from tests.webapp.staff.district import ALLOWANCE_ID, ID_CARD, LIST_ID, REPOST_ID, STAFF, District
from webapp.accounts.audit import Action


def test_the_report_is_made_in_the_background_and_filtered(staffer: Staffer) -> None:
    assert "还没有统计过" in staffer.get("/staff/report").get_data(as_text=True)
    assert staffer.post("/staff/report/make").status_code == 303
    for _ in range(600):
        page = read_page(staffer.get("/staff/report"))
        if page.select(".match"):
            break
        time.sleep(0.05)
    assert "可以去掉 1 份" in page.get_text()
    (group,) = page.select(".match")
    assert "正文相同" in group.get_text()
    assert {str(link["href"]) for link in group.select("th a")} == {
        f"/documents/{ALLOWANCE_ID}",
        f"/documents/{REPOST_ID}",
    }
    for query, groups in (("issuer=民政局", 1), ("issuer=教育局", 0), ("column=政府文件", 1), ("verdict=repost", 0)):
        assert len(read_page(staffer.get(f"/staff/report?{query}")).select(".match")) == groups, query


def test_a_decision_on_a_group_is_remembered_and_not_asked_again(staffer: Staffer, district: District) -> None:
    district.staff.report.make()
    page = read_page(staffer.get("/staff/report?open=1"))
    subject = str(page.select("input[name=subject]")[0]["value"])
    response = staffer.post("/staff/report/decision", subject=subject, choice="keep", why="两个部门各需公开")
    assert response.status_code == 303
    assert staffer.post("/staff/report/decision", subject="no-such", choice="keep").status_code == 404
    assert read_page(staffer.get("/staff/report?open=1")).select(".match") == []
    decided = text_of(read_page(staffer.get("/staff/report")), ".decided")
    assert decided.startswith("已记录：都保留，两个部门各需公开")
    assert STAFF in decided
    _, *rows = csv.reader(io.StringIO(staffer.get("/staff/report.csv").get_data(as_text=True).removeprefix("\ufeff")))
    assert [row[-3:] for row in rows] == [["都保留", "两个部门各需公开", STAFF]] * 2
    assert staffer.get("/staff/report.xlsx").data[:2] == b"PK"


def test_documents_that_show_full_numbers_are_listed_masked(staffer: Staffer, district: District) -> None:
    page = read_page(staffer.get("/staff/personal-data"))
    ((title, kinds, example, _),) = [texts_of(row, "th, td") for row in page.select("tbody tr")]  # type: ignore[arg-type]
    assert title.startswith("云澜区2024年危房改造补助对象名单公示")
    assert kinds == "身份证号码 1"
    assert "360***********0013" in example
    assert ID_CARD not in page.get_text()
    with district.store.writing() as writer:
        stored = district.store.get(LIST_ID)
        assert stored is not None
        writer.mark_gone([LIST_ID])
    assert "没有发现这样的文件" in staffer.get("/staff/personal-data").get_data(as_text=True)


def test_one_step_withdraws_a_document_everywhere(staffer: Staffer, district: District) -> None:
    district.staff.report.make()
    staffer.get("/staff/personal-data")
    asked = {"document_id": LIST_ID, "reason": "个人信息", "note": "电话反映"}
    assert staffer.post("/staff/withdraw", **{**asked, "reason": "不知道"}).status_code == 400
    assert staffer.post("/staff/withdraw", **asked).status_code == 303
    assert staffer.get(f"/documents/{LIST_ID}").status_code == 410
    assert LIST_ID not in [hit["id"] for hit in json.loads(staffer.get("/search.json?q=危房改造补助").data)["hits"]]
    assert "没有发现这样的文件" in staffer.get("/staff/personal-data").get_data(as_text=True)
    assert staffer.post("/staff/withdraw", **asked).status_code == 400
    (line,) = [line for line in district.staff.audit.lines(50) if line.action is Action.WITHDREW]
    assert (line.who, line.subject, line.detail) == (STAFF, LIST_ID, "个人信息 电话反映")
    staffer.post("/staff/withdraw", **{**asked, "document_id": REPOST_ID, "reason": "发布有误"})
    assert read_page(staffer.get("/staff/report")).select(".match") == []


def test_nothing_answers_with_a_withdrawn_document_while_somebody_else_writes_the_index(
    staffer: Staffer, district: District
) -> None:
    staffer.get("/staff/personal-data")
    found = "/search.json?q=危房改造补助"
    assert LIST_ID in [hit["id"] for hit in staffer.get(found).get_json()["hits"]]
    assert "危房改造补助对象名单" in staffer.get("/suggest.json?q=危房改造").get_data(as_text=True)
    with FileLock(district.data / "index" / "writer.lock"):
        response = staffer.post("/staff/withdraw", document_id=LIST_ID, reason="个人信息", note="")
        district.staff.takedowns.close()
        note = text_of(read_page(staffer.get(response.location)), "#withdrawn")
        assert "已撤下《云澜区2024年危房改造补助对象名单公示》" in note
        assert "检索目录正在更新" in note
        answer = staffer.get(found).get_json()
        assert LIST_ID not in [hit["id"] for hit in answer["hits"]]
        assert answer["total"] == len(answer["hits"])
        assert "危房改造补助对象名单" not in staffer.get("/suggest.json?q=危房改造").get_data(as_text=True)
    bring_up(district.store, IndexFolder(district.data / "index"))
    assert "检索目录已经更新" in text_of(read_page(staffer.get(response.location)), "#withdrawn")


def test_snippets_mask_numbers(staffer: Staffer) -> None:
    for path in (f"/search?q={ID_CARD}", f"/search.json?q={ID_CARD}", "/search?q=危房改造补助 身份证号"):
        text = staffer.get(path).get_data(as_text=True)
        assert LIST_ID in text, path
        shown = text.replace(f'value="{ID_CARD}"', "").replace(f'"query": "{ID_CARD}"', "")
        assert f"{ID_CARD}\t24000" not in shown
        assert "360***********0013" in shown, path


def test_a_report_made_while_a_document_is_withdrawn_does_not_show_it(district: District) -> None:
    district.staff.report.make()
    kept = district.staff.report.read()
    assert kept is not None
    member = kept.report.clusters[0].members[0].document_id
    with district.store.writing() as writer:  # and nobody tells the report
        writer.withdraw(member, reason="个人信息", note="", purge=False)
    left = district.staff.report.read()
    assert left is not None
    assert member not in {item.document_id for cluster in left.report.clusters for item in cluster.members}
    assert all(len(cluster.members) > 1 for cluster in left.report.clusters)
