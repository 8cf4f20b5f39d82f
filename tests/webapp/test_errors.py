"""Error pages: in Chinese, naming the value and the remedy; ours are 5xx, the reader's are 4xx."""

from __future__ import annotations

import logging

import pytest
from flask.testing import FlaskClient

from corpus.errors import StoreError
from indexer.errors import (
    IndexBusyError,
    IndexerError,
    IndexMissingError,
    IndexOutdatedError,
    QueryError,
    UnknownFieldError,
    UnknownValueError,
)
from tests.webapp.conftest import MakeClient, read_page, text_of
from tests.webapp.memory_engine import FailingEngine
from webapp.web_settings import WebSettings


def test_a_malformed_parameter_is_named_with_what_is_allowed(client: FlaskClient) -> None:
    response = client.get("/search", query_string={"q": "低保", "since": "昨天"})
    assert response.status_code == 400
    shown = text_of(read_page(response), ".trouble")
    assert "参数 since（起始日期）" in shown
    assert "“昨天”" in shown
    assert "如 2020-07-28" in shown


def test_a_question_that_is_too_long_is_named(client: FlaskClient) -> None:
    response = client.get("/search", query_string={"q": "长" * 501})
    assert response.status_code == 400
    assert "共 501 个字" in text_of(read_page(response), ".trouble")


def test_programs_get_a_problem_document(client: FlaskClient) -> None:
    response = client.get("/search.json", query_string={"page": "x"})
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    body = response.get_json()
    assert (body["status"], body["parameter"]) == (400, "page")
    assert "1 到 100" in body["detail"]


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (UnknownValueError("kind", "x", ["policy"]), 400, "可以是 policy"),
        (UnknownFieldError("colour", ["kind"]), 400, "colour"),
        (QueryError("a phrase needs a closing quotation mark"), 400, "closing quotation mark"),
        (IndexMissingError("no index in /srv/data"), 503, "运行 gongkai index，"),
        (IndexOutdatedError("schema 1"), 503, "gongkai index --rebuild"),
        (IndexBusyError("busy"), 503, "正在写入"),
        (IndexerError("anything"), 503, "gongkai status"),
        (StoreError("disk"), 503, "gongkai status"),
        (ZeroDivisionError("secret detail"), 500, "编号"),
    ],
)
@pytest.mark.parametrize("path", ["/search?q=低保", "/", "/search.json"])
def test_a_failure_says_what_happened_and_what_to_do(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture, error: Exception, status: int, says: str, path: str
) -> None:
    with caplog.at_level(logging.ERROR):
        response = make_client(FailingEngine(error)).get(path)
    assert response.status_code == status
    if path.endswith(".json"):
        assert response.content_type == "application/problem+json"
        assert says in response.get_json()["title"] + response.get_json()["detail"]
    else:
        assert says in text_of(read_page(response), ".trouble")
    assert "secret detail" not in response.get_data(as_text=True)
    assert "/srv/data" not in response.get_data(as_text=True)
    assert (response.headers.get("Retry-After") == "60") == (status == 503)
    assert bool(caplog.records) == (status >= 500)


def test_the_mark_of_an_unexpected_error_is_in_the_log(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        response = make_client(FailingEngine(RuntimeError("boom"))).get("/search.json")
    mark = response.get_json()["detail"].split("编号 ")[1][:8]
    assert mark in caplog.text
    assert "boom" in caplog.text


def test_an_unknown_page_offers_the_box(client: FlaskClient) -> None:
    response = client.get("/没有/这一页")
    assert response.status_code == 404
    page = read_page(response)
    assert "/没有/这一页" in text_of(page, ".trouble")
    assert page.select("main form[role=search]")


def test_other_methods_are_refused_with_what_is_allowed(client: FlaskClient) -> None:
    response = client.post("/search")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_a_host_that_is_not_ours_is_refused(make_client: MakeClient) -> None:
    client = make_client(settings=WebSettings(trusted_hosts=(".yunxi.example.cn", "localhost")))
    assert client.get("/", headers={"Host": "www.yunxi.example.cn"}).status_code == 200
    for host in ("evil.example.com", "yunxi.example.cn.evil.com"):
        response = client.get("/", headers={"Host": host})
        assert response.status_code == 400
        assert "trusted_hosts" in response.get_data(as_text=True)
        assert "X-Content-Type-Options" in response.headers


def test_no_page_takes_its_addresses_from_the_host_header(client: FlaskClient) -> None:
    for path in ("/", "/search?q=低保", "/nowhere"):
        assert "evil.example.com" not in client.get(path, headers={"Host": "evil.example.com"}).get_data(as_text=True)
