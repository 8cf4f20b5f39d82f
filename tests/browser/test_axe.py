"""No page has a violation of WCAG 2.1 A or AA that axe can find, by day, by night, and in high contrast."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import OpenPage
from tests.browser.test_journeys import PATHS
from tests.webapp.world import NOTICE_ID, REPEALED_ID, WITHDRAWN_ID

pytestmark = pytest.mark.browser

_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
_PATHS = (
    *PATHS,
    "/catalog",
    "/catalog?q=招生",
    f"/documents/{NOTICE_ID}/versions/1",
    "/documents/none",
    f"/documents/{WITHDRAWN_ID}",
    "/search?since=2020-13-01",
    "/api/docs",
)


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=_RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_page_has_a_violation(open_page: OpenPage, width: int, scheme: str) -> None:
    page = open_page("/", width, scheme=scheme)
    for path in _PATHS:
        page.goto(path)
        assert violations(page) == [], path


def test_high_contrast_and_large_text_have_none_and_are_remembered(open_page: OpenPage) -> None:
    page = open_page(f"/documents/{NOTICE_ID}", 390)
    page.locator(".reading summary").click()
    page.get_by_label("高（无障碍）").check()
    page.get_by_label("特大").check()
    assert violations(page) == []
    page.goto(f"/documents/{REPEALED_ID}")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []


def test_size_and_contrast_work_without_scripts(open_page: OpenPage) -> None:
    page = open_page(f"/documents/{NOTICE_ID}", scripts=False)
    page.locator(".reading summary").click()
    page.locator("#size-large").check()
    page.locator("#contrast-high").check()
    heading = page.locator("h1")
    assert heading.evaluate("node => getComputedStyle(node).color") == "rgb(0, 0, 0)"


def test_the_reference_is_copied(open_page: OpenPage) -> None:
    page = open_page(f"/documents/{NOTICE_ID}")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制引用").click()
    page.get_by_text("已复制").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#reference").inner_text()
