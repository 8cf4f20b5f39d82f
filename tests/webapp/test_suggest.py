"""What a program, or the script of a page, is told while somebody types."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from indexer.errors import IndexMissingError
from indexer.phrasebook_layout import Kind
from indexer.suggest import By, Suggestion
from tests.webapp.conftest import MakeClient, read_page
from tests.webapp.memory_engine import FailingEngine
from tests.webapp.world import GUIDE_ID
from webapp.views.suggest import suggestions_to_json


def test_a_title_leads_to_its_document(client: FlaskClient) -> None:
    answer = client.get("/suggest.json", query_string={"q": "障申请办事"}).get_json()
    assert answer["query"] == "障申请办事"
    (one,) = answer["suggestions"]
    assert (one["kind"], one["label"], one["text"]) == ("title", "文件", "最低生活保障申请办事指南")
    assert [one["text"][start:end] for start, end in one["spans"]] == ["障申请办事"]
    assert client.get(one["url"]).status_code == 200
    assert GUIDE_ID in client.get(one["url"]).request.path


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (Kind.TERM, "/search?q=%E4%BD%8E%E4%BF%9D"),
        (Kind.AGENCY, "/search?issuer=%E4%BD%8E%E4%BF%9D"),
        (Kind.ITEM, "/catalog?q=%E4%BD%8E%E4%BF%9D"),
        (Kind.NUMBER, "/documents/yx-1"),
        (Kind.TITLE, "/documents/yx-1"),
    ],
)
def test_each_kind_leads_to_what_it_names(client: FlaskClient, kind: Kind, address: str) -> None:
    own = "" if kind in (Kind.TERM, Kind.AGENCY) else "yx-1"
    with client.application.test_request_context():
        answer: Any = suggestions_to_json("低", (Suggestion(kind, "低保", own, ((0, 1),), By.TEXT),))
    assert [one["url"] for one in answer["suggestions"]] == [address]


def test_nothing_typed_has_no_suggestions(client: FlaskClient) -> None:
    for path in ("/suggest.json", "/suggest.json?q=", "/suggest.json?q=%00%20", "/suggest.json?q=鑫"):
        assert client.get(path).get_json()["suggestions"] == []


def test_too_much_is_refused_and_a_missing_index_is_told(client: FlaskClient, make_client: MakeClient) -> None:
    assert client.get("/suggest.json", query_string={"q": "低" * 501}).status_code == 400
    failing = make_client(FailingEngine(IndexMissingError("nothing is indexed yet")))
    assert failing.get("/suggest.json?q=低保").status_code == 503


def test_every_box_says_where_its_suggestions_are(client: FlaskClient) -> None:
    for path in ("/", "/search?q=低保", f"/documents/{GUIDE_ID}", "/catalog"):
        page = read_page(client.get(path))
        assert page.select("form[role=search]")
        assert all(form["data-suggest"] == "/suggest.json" for form in page.select("form[role=search]"))
