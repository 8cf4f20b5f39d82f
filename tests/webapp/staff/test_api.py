"""A content-management system asks before it publishes: a clear yes or no, and problems as problem+json."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.webapp.staff.district import ALLOWANCE, ALLOWANCE_ID, REPOST_ID, District, outage
from webapp.accounts.audit import Action

PATH = "/api/v1/duplicates/check"


@pytest.fixture
def token(district: District) -> str:
    return district.staff.tokens.add("cms")


@pytest.fixture
def client(district: District) -> FlaskClient:
    return district.app.test_client()


def ask(client: FlaskClient, token: str, **arguments: Any) -> TestResponse:
    return client.post(PATH, headers={"Authorization": f"Bearer {token}"}, **arguments)


def test_what_is_out_already_is_refused_with_the_reason(client: FlaskClient, token: str, district: District) -> None:
    answer = ask(client, token, json={"title": "关于发放高龄津贴的通知", "text": ALLOWANCE})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert answer.json is not None
    assert answer.json["publish"] is False
    assert answer.json["verdict"] == "same_text"
    assert {match["id"] for match in answer.json["matches"]} == {ALLOWANCE_ID, REPOST_ID}
    assert "云澜政办发〔2023〕7号" in answer.json["reasons"][0]
    line = district.staff.audit.lines(1)[0]
    assert (line.who, line.action, line.detail) == ("token:cms", Action.CHECKED, "正文相同")


def test_a_file_with_the_same_template_may_be_published(client: FlaskClient, token: str) -> None:
    text = outage("2024年9月18日", "兴业大道", "0799-6219999")
    answer = ask(client, token, data={"file": (io.BytesIO(text.encode()), "停水公告.txt")})
    assert answer.json is not None
    assert (answer.json["publish"], answer.json["verdict"]) == (True, "same_template")
    assert {fact["kind"] for fact in answer.json["matches"][0]["facts"]} >= {"date"}


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"json": {"title": "无正文"}}, 422),
        ({"json": {"text": "正文", "colour": "red"}}, 422),
        ({"json": {"text": ""}}, 422),
        ({"json": {"text": "  \n "}}, 422),
        ({"data": b"{broken", "content_type": "application/json"}, 400),
        ({"data": b"\xff\xfe", "content_type": "application/json"}, 400),
        ({"data": b"text", "content_type": "text/plain"}, 415),
        ({"data": {"other": "x"}, "content_type": "multipart/form-data"}, 422),
        ({"data": {"file": (io.BytesIO(b"PK\x03\x04 cut off"), "坏.docx")}}, 422),
    ],
)
def test_a_request_that_cannot_be_answered_is_a_problem(
    client: FlaskClient, token: str, arguments: dict[str, Any], status: int
) -> None:
    answer = ask(client, token, **arguments)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["status"] == status
    assert answer.json["detail"]


def test_only_a_token_that_works_is_let_in(client: FlaskClient, token: str, district: District) -> None:
    for header in ({}, {"Authorization": "Bearer gk_wrong"}, {"Authorization": "Basic Y2hlbjp4"}):
        answer = client.post(PATH, json={"text": ALLOWANCE}, headers=header)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    district.staff.tokens.revoke("cms")
    assert ask(client, token, json={"text": ALLOWANCE}).status_code == 401
