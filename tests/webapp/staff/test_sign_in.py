"""Who gets in, how the cookie is set, and what a stranger can reach: nothing."""

from __future__ import annotations

import re

import pytest
from werkzeug.routing import Rule

from tests.webapp.staff.conftest import BASE, Staffer
from tests.webapp.staff.district import ADMIN, ALLOWANCE_ID, PASSWORD, STAFF, District
from webapp.accounts.audit import Action


def actions(district: District) -> list[Action]:
    return [line.action for line in district.staff.audit.lines(50)]


def test_the_cookie_is_for_the_staff_area_only(visitor: Staffer) -> None:
    response = visitor.sign_in()
    assert response.location == "/staff/"
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Secure-gongkai-staff=")
    for attribute in ("Secure", "HttpOnly", "Path=/staff", "SameSite=Strict"):
        assert attribute in cookie
    assert "Expires" not in cookie


@pytest.mark.parametrize("path", ["/", "/search?q=津贴", f"/documents/{ALLOWANCE_ID}", "/healthz", "/nowhere"])
def test_no_page_outside_sets_or_reads_it(staffer: Staffer, path: str) -> None:
    response = staffer.get(path)
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "no-store" not in response.headers["Cache-Control"]


def test_pages_of_the_area_are_kept_nowhere(staffer: Staffer, visitor: Staffer) -> None:
    for response in (staffer.get("/staff/"), visitor.get("/staff/"), visitor.get("/staff/sign-in")):
        assert response.headers["Cache-Control"] == "no-store"
        assert "noindex" in response.headers["X-Robots-Tag"]


def test_an_unknown_name_and_a_wrong_password_are_answered_alike(visitor: Staffer, district: District) -> None:
    answers = []
    for name, password in ((STAFF, "另一个很长的错误密码"), ("no-such", PASSWORD)):
        response = visitor.sign_in(name, password)
        assert response.status_code == 403
        answers.append(re.sub(r'value="[^"]*"', "", response.get_data(as_text=True)))
    assert answers[0] == answers[1]
    assert actions(district)[:2] == [Action.SIGN_IN_FAILED] * 2
    assert [line.who for line in district.staff.audit.lines(2)] == ["", STAFF]


def test_failures_lock_out_for_a_while_also_with_the_right_password(visitor: Staffer, district: District) -> None:
    for _ in range(5):
        assert visitor.sign_in(STAFF, "another wrong one").status_code == 403
    response = visitor.sign_in()
    assert response.status_code == 429
    assert "30 秒" in response.get_data(as_text=True)
    assert actions(district)[0] is Action.LOCKED_OUT


def test_signing_out_leaves_nothing(staffer: Staffer, district: District) -> None:
    staffer.post("/staff/check", text="一份还没有公开的草稿，内容请勿外传。" * 5)
    assert district.draft_files()
    cookie = staffer.client.get_cookie("__Secure-gongkai-staff", domain="staff.example.cn", path="/staff")
    assert cookie is not None
    response = staffer.post("/staff/sign-out")
    assert response.status_code == 303
    assert "Max-Age=0" in response.headers["Set-Cookie"]
    assert list((district.data / "drafts").iterdir()) == []
    assert staffer.get("/staff/").status_code == 302
    staffer.client.set_cookie(
        "__Secure-gongkai-staff", cookie.value, domain="staff.example.cn", path="/staff", secure=True
    )
    assert staffer.get("/staff/").location == "/staff/sign-in", "a cookie that was copied is worth nothing"


def test_a_form_without_its_token_changes_nothing(staffer: Staffer, district: District) -> None:
    response = staffer.client.post("/staff/check", data={"text": "没有令牌的草稿"}, **BASE)
    assert response.status_code == 400
    assert "过期" in response.get_data(as_text=True)
    assert district.draft_files() == []
    assert staffer.client.post("/staff/sign-out", **BASE).status_code == 400
    assert staffer.get("/staff/").status_code == 200


def _address(rule: Rule) -> str:
    return re.sub(r"<[^>]+>", "x", rule.rule)


def test_a_stranger_reaches_no_page_of_the_area(visitor: Staffer, district: District) -> None:
    rules = [rule for rule in district.app.url_map.iter_rules() if rule.rule.startswith("/staff")]
    assert len(rules) > 15
    for rule in rules:
        if rule.endpoint in ("staff.sign_in", "staff.enter"):
            continue
        if "GET" in (rule.methods or ()):
            assert visitor.get(_address(rule)).location == "/staff/sign-in", rule
        else:
            assert visitor.client.post(_address(rule), **BASE).status_code == 401, rule


def test_only_admins_see_the_log_and_the_accounts(staffer: Staffer, admin: Staffer) -> None:
    for path in ("/staff/audit", "/staff/accounts"):
        assert staffer.get(path).status_code == 403
        assert admin.get(path).status_code == 200
    assert ADMIN in admin.get("/staff/audit").get_data(as_text=True)


def test_a_disabled_account_is_out_at_once(staffer: Staffer, district: District) -> None:
    district.staff.users.disable(STAFF)
    assert staffer.get("/staff/").status_code == 302


def test_drafts_of_a_session_that_ended_by_itself_are_swept(staffer: Staffer, district: District) -> None:
    staffer.post("/staff/check", text="一份还没有公开的草稿，内容请勿外传。" * 5)
    district.staff.sweep()
    assert district.draft_files(), "the session is open"
    district.staff.users.set_password(STAFF, "一间朝南的办公室有三扇窗户")
    district.staff.sweep()
    assert list((district.data / "drafts").iterdir()) == []
