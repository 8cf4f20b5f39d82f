"""Suggestions under the box: by keyboard, mouse and touch, told to screen readers; and none without scripts."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.webapp.world import GUIDE_ID

pytestmark = pytest.mark.browser


def typed(page: Page, text: str) -> None:
    page.get_by_role("combobox").press_sequentially(text)
    expect(page.get_by_role("listbox")).to_be_visible()


def test_the_keyboard_chooses_a_suggestion_and_opens_it(open_page: OpenPage) -> None:
    page = open_page("/")
    box = page.get_by_role("combobox")
    typed(page, "最低生活保障申请")
    assert box.get_attribute("aria-expanded") == "true"
    (option,) = page.get_by_role("option").all()
    assert option.locator("mark").inner_text() == "最低生活保障申请"
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    assert option.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowDown")  # back to what was typed
    assert box.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/**")
    assert unquote(page.url).endswith(GUIDE_ID)


def test_enter_without_a_choice_searches_what_was_typed(open_page: OpenPage) -> None:
    page = open_page("/")
    typed(page, "最低生活保障申请")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")


def test_escape_and_leaving_close_the_list(open_page: OpenPage) -> None:
    page = open_page("/")
    typed(page, "最低生活保障")
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert page.get_by_role("combobox").input_value() == "最低生活保障"
    typed(page, "申请")
    page.keyboard.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()


def test_a_touched_suggestion_is_large_enough_and_opens(open_page: OpenPage) -> None:
    page = open_page("/search?q=义务教育", 390)
    page.get_by_role("combobox").fill("")
    typed(page, "最低生活保障申请")
    option = page.get_by_role("option").first
    box = option.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    option.click()
    page.wait_for_url("**/documents/**")


def test_without_scripts_the_box_is_a_plain_box(open_page: OpenPage) -> None:
    page = open_page("/", scripts=False)
    assert page.get_by_role("searchbox").is_visible()
    assert not page.get_by_role("listbox").count()
