"""Headers on every answer, and nothing in a page that its policy would forbid."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.webapp.conftest import read_page
from tests.webapp.world import NOTICE_ID, WITHDRAWN_ID, World

PAGES = ["/", "/search?q=低保", f"/documents/{NOTICE_ID}", f"/documents/{WITHDRAWN_ID}", "/nowhere", "/search?page=x"]


@pytest.mark.parametrize("path", [*PAGES, "/healthz", "/search.json", "/static/base.css"])
def test_every_answer_has_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_nothing_inline_and_nothing_from_elsewhere(client: FlaskClient, path: str) -> None:
    page = read_page(client.get(path))
    assert not page.select("[style], style, iframe, object, embed")
    assert not [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)]
    loaded = [str(tag["src"]) for tag in page.select("[src]")]
    loaded += [str(tag["href"]) for tag in page.select("link:not([rel=canonical], [rel=search], [rel=alternate])")]
    assert loaded
    for address in loaded:
        assert address.startswith("/static/")
        answer = client.get(address)
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_landmarks_and_labels(client: FlaskClient, path: str) -> None:
    page = read_page(client.get(path))
    assert len(page.select("h1")) == len(page.select("main#main")) == len(page.select("title")) == 1
    assert page.select("html[lang=zh-CN]")
    assert page.select("a.skip[href='#main']")
    ids = [str(tag["id"]) for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for field in page.select("input:not([type=hidden])"):
        assert field.find_parent("label") or page.select(f"label[for='{field['id']}']")
    for tag in page.select("[aria-labelledby]"):
        assert str(tag["aria-labelledby"]) in ids


def test_pages_are_asked_for_again_and_small(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.headers["Cache-Control"] == "no-cache"
    loaded = read_page(response).select("link[rel=stylesheet], link[rel=icon], script[src]")
    weight = len(response.data) + sum(len(client.get(str(one.get("href") or one["src"])).data) for one in loaded)
    assert len(loaded) > 5
    assert weight < 100_000


def test_health_counts_what_can_be_found(client: FlaskClient, world: World) -> None:
    response = client.get("/healthz")
    live = world.store.counts()["live"]
    assert response.get_json() == {"status": "ok", "documents": live, "stored": live}
