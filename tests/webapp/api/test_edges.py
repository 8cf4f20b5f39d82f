"""Compression, validators, other origins and the allowance of an address: what holds for every call."""

from __future__ import annotations

import gzip
import json
import threading
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.webapp.api.conftest import PUBLIC
from tests.webapp.conftest import MakeClient
from tests.webapp.world import NOTICE_ID
from webapp.api.rates import WINDOW_S, FileRates
from webapp.web_settings import WebSettings

GZIP = {"Accept-Encoding": "gzip, br"}


def test_an_answer_is_compressed_for_those_who_take_it(api: FlaskClient) -> None:
    for address in ("/api/v1/search?q=低保", "/search?q=低保", "/search.csv?q=低保", "/feeds/search.atom"):
        plain, packed = api.get(address), api.get(address, headers=GZIP)
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert len(packed.data) < len(plain.data) / 2
        assert gzip.decompress(packed.data)[:100] == plain.data[:100]


def test_files_and_small_answers_are_sent_as_they_are(api: FlaskClient) -> None:
    for address in (f"/documents/{NOTICE_ID}/download", "/api/v1/status", "/search.xlsx"):
        assert "Content-Encoding" not in api.get(address, headers=GZIP).headers


def test_who_has_an_answer_already_gets_304(api: FlaskClient) -> None:
    first = api.get("/api/v1/search?q=低保", headers=GZIP)
    again = api.get("/api/v1/search?q=低保", headers={**GZIP, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert api.get("/api/v1/search?q=养老", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_scripts_of_named_origins_may_read_and_others_may_not(make_client: MakeClient) -> None:
    client = make_client(settings=WebSettings(cors_origins=(PUBLIC,)))
    allowed = client.get("/api/v1/status", headers={"Origin": PUBLIC})
    assert allowed.headers["Access-Control-Allow-Origin"] == PUBLIC
    assert "Origin" in allowed.headers["Vary"]
    refused = client.get("/api/v1/status", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in refused.headers
    assert "Origin" in refused.headers["Vary"]
    asked = client.options("/api/v1/search", headers={"Origin": PUBLIC, "Access-Control-Request-Method": "GET"})
    assert asked.status_code == 200
    assert "GET" in asked.headers["Access-Control-Allow-Methods"]
    assert "Access-Control-Allow-Origin" not in client.get("/search", headers={"Origin": PUBLIC}).headers
    everyone = make_client(settings=WebSettings(cors_origins=("*",)))
    assert everyone.get("/api/v1/nowhere").headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in make_client().get("/api/v1/status").headers


def test_an_address_that_asks_too_often_is_told_when_to_come_back(make_client: MakeClient, tmp_path: Path) -> None:
    settings = WebSettings(shared_folder=tmp_path, rate_limit=3)
    clients = [make_client(settings=settings), make_client(settings=settings)]  # two workers
    answers = [clients[number % 2].get("/api/v1/status") for number in range(5)]
    if len({answer.headers["RateLimit-Remaining"] for answer in answers[:3]}) < 3:  # the minute ended on the way
        answers = [clients[number % 2].get("/api/v1/status") for number in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0", "0"]
    assert answers[0].headers["RateLimit-Limit"] == "3"
    assert 1 <= int(answers[3].headers["Retry-After"]) <= WINDOW_S + 1
    assert answers[3].content_type == "application/problem+json"
    assert clients[0].get("/search?q=低保").status_code == 200
    elsewhere = clients[0].get("/api/v1/status", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert elsewhere.headers["RateLimit-Remaining"] == "2"


def test_what_cannot_be_counted_is_answered_all_the_same(
    make_client: MakeClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_client(settings=WebSettings(shared_folder=tmp_path / "shared", rate_limit=3))
    assert client.get("/api/v1/status").status_code == 200
    for path in (tmp_path / "shared").iterdir():  # as on a full disk: they cannot be written
        path.unlink()
        path.mkdir()
    assert client.get("/api/v1/status").status_code == 200
    assert "not limited" in caplog.text
    assert "not counted" in caplog.text


def test_counts_hold_over_threads_and_begin_anew_each_window(tmp_path: Path) -> None:
    rates = [FileRates(tmp_path / "rates", 1_000) for _ in range(4)]

    def ask(one: FileRates) -> None:
        for _ in range(50):
            one.count("203.0.113.7", 120.0)

    threads = [threading.Thread(target=ask, args=(one,)) for one in rates]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = rates[0].count("203.0.113.7", 179.9)
    assert (last.remaining, last.reset_s) == (1_000 - 201, 1)
    assert rates[0].count("203.0.113.7", 180.0).remaining == 999
    assert rates[0].count("2001:db8:1:2::5", 180.0).remaining == 999
    assert rates[0].count("2001:db8:1:2:ffff::9", 180.0).remaining == 998
    assert rates[0].count("", 180.0).remaining == 999
    assert b"203" not in (tmp_path / "rates").read_bytes()


def test_an_answer_carries_no_time_of_its_own(api: FlaskClient) -> None:
    """Or no validator would ever hold."""
    assert "took_ms" not in json.dumps(api.get("/api/v1/search?q=低保").get_json())
