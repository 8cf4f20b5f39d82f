"""The sample portal publishes a notice whose title, text and file name are code: nowhere does it run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Dialog

from corpus.blobs import BlobStore
from corpus.models import Document
from tests.browser.serving import serve
from tests.crawled import Demo
from webapp.factory import create_app
from webapp.views.addresses import encode_id
from webapp.web_settings import WebSettings

pytestmark = pytest.mark.browser

TITLE = "关于防范“<script>alert(1)</script>”类仿冒补贴网页的提醒"
FILE = "仿冒网页“<img src=x onerror=alert(2)>”样例说明.docx"


@pytest.fixture
def notice(demo: Demo) -> Document:
    return next(one.document for one in demo.store.live_documents() if one.document.title == TITLE)


@pytest.fixture
def address(demo: Demo, tmp_path: Path) -> Iterator[str]:
    served, stop = serve(create_app(demo.engine, demo.store, BlobStore(tmp_path), WebSettings(place_name="云澜区")))
    yield served
    stop()


def test_the_crawler_keeps_it_as_it_is_read(notice: Document) -> None:
    assert [file.name for file in notice.attachments] == [FILE]
    assert '“<img src=x onerror="alert(4)">”' in notice.body


def test_no_page_runs_it(browser: Browser, address: str, notice: Document) -> None:
    context = browser.new_context(base_url=address, locale="zh-CN")
    page = context.new_page()
    ran: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("console", lambda message: ran.append(message.text) if message.type == "error" else None)
    name = encode_id(notice.id)
    for path in (
        "/search?q=仿冒补贴网页",
        "/search?q=%3Cscript%3Ealert(6)%3C/script%3E仿冒",
        "/search?q=仿冒&column=%22%3E%3Cimg src=x onerror=alert(7)%3E",
        f"/documents/{name}",
        f"/documents/{name}/versions/1",
    ):
        page.goto(path)
        assert "alert(" in page.locator("main").inner_text(), path  # it is there, as text
        assert page.locator("main script, main img, [onerror], a[href^=javascript]").count() == 0, path
    page.goto("/")
    page.locator("#q").press_sequentially("关于防范“<script>")
    page.get_by_role("option").first.wait_for()
    assert page.locator("[role=option] script").count() == 0
    page.goto("/kiosk")
    page.locator("#q").fill("仿冒补贴网页")
    page.locator("button[type=submit]").first.click()
    page.locator(".card").first.click()
    page.locator(".reader").wait_for()
    assert page.locator("main script, main img").count() == 0
    assert ran == []
    context.close()


@pytest.mark.parametrize("path", ["/search.atom", "/feeds/search.atom"])
def test_in_a_feed_it_is_text_of_the_feed(browser: Browser, address: str, path: str) -> None:
    context = browser.new_context(base_url=address)
    answer = context.request.get(path, params={"q": "仿冒补贴网页"})
    feed = BeautifulSoup(answer.body(), "xml")
    titles = [entry.title.get_text() for entry in feed.find_all("entry") if entry.title]
    assert TITLE in titles
    assert not feed.find_all(["script", "img"])
    context.close()
