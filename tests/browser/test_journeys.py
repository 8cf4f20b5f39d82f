"""A person searches, reads and takes home: on a phone and on a desk, with and without scripts, by keyboard alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import OpenPage
from tests.webapp.world import CATALOG_ID, NOTICE_ID, PDF_BYTES

pytestmark = pytest.mark.browser

WIDTHS = [390, 1280]
PATHS = [
    "/",
    "/search",
    "/search?q=低保",
    "/search?q=低保&kind=policy&kind=guide&since=2015-01-01&issuer=云溪区人民政府",
    "/search?q=核电站",
    "/search?q=低保&page=4",
    f"/documents/{NOTICE_ID}",
    f"/documents/{CATALOG_ID}",
    "/documents/yx-hostile",
    "/documents/yx-gone",
    "/documents/yx-2015-007",
]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("width", WIDTHS)
def test_search_then_document_then_download(open_page: OpenPage, width: int, scripts: bool, tmp_path: Path) -> None:
    page = open_page("/", width, scripts=scripts)
    page.get_by_role("combobox" if scripts else "searchbox").fill("最低生活保障")
    page.get_by_role("button", name="搜索").click()
    page.wait_for_url("**/search?q=*")
    assert "找到" in page.get_by_role("heading", level=1).inner_text()

    if width < 1024:  # the facets stand behind a button
        assert not page.get_by_role("link", name="政策文件 1", exact=True).is_visible()
        page.locator(".facets-switch summary").click()
    page.locator(".facet").get_by_role("link", name="政策文件").first.click()
    page.wait_for_url("**kind=policy**")
    assert page.locator("a.chip").inner_text().startswith("类型")

    page.get_by_role("link", name="云溪区人民政府关于进一步加强最低生活保障工作的通知").click()
    page.wait_for_url(f"**/documents/{NOTICE_ID}")
    assert page.locator(".doc-number").inner_text() == "云政发〔2023〕12号"
    assert page.get_by_role("button", name="打印").is_visible() is scripts

    with page.expect_download() as started:
        page.get_by_role("link", name="低保家庭经济状况核查授权书").click()
    assert started.value.suggested_filename == "低保家庭经济状况核查授权书.pdf"
    saved = tmp_path / "saved.pdf"
    started.value.save_as(saved)
    assert saved.read_bytes() == PDF_BYTES

    with page.expect_download() as started:
        page.get_by_role("link", name="下载文本").click()
    assert started.value.suggested_filename == "云溪区人民政府关于进一步加强最低生活保障工作的通知.txt"


@pytest.mark.parametrize("width", [320, *WIDTHS])
def test_no_page_is_wider_than_its_window(open_page: OpenPage, width: int) -> None:
    page = open_page("/", width)
    for path in PATHS:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_what_is_touched_on_a_phone_is_large_enough(open_page: OpenPage) -> None:
    page = open_page("/search?q=低保&page=2", 390)
    page.locator(".facets-switch summary").click()
    for selector in (".search-box input", ".search-box button", ".facets-switch summary", ".paging .turn"):
        for box in [element.bounding_box() for element in page.locator(selector).all()]:
            assert box is not None
            assert box["height"] >= 44, selector


def test_the_keyboard_alone_is_enough_and_its_place_is_seen(open_page: OpenPage) -> None:
    page = open_page("/search?q=低保", 1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").first.bounding_box()["y"] >= 0  # type: ignore[index]  # it has a box: it is shown
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    seen = set()
    for _ in range(90):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            "(() => { const style = getComputedStyle(document.activeElement);"
            " return [document.activeElement.tagName, style.outlineStyle, parseFloat(style.outlineWidth)]; })()"
        )
        if outline[0] == "BODY":
            break
        assert outline[1] == "solid", outline
        assert outline[2] >= 2, outline
        seen.add(page.evaluate("document.activeElement.closest('.hit-title') ? 'hit' : document.activeElement.tagName"))
    assert {"hit", "A", "INPUT", "BUTTON", "SUMMARY"} <= seen

    page = open_page("/search?q=低保", 1280)
    page.get_by_role("link", name="跳过筛选，看结果").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.results') !== null")

    page = open_page("/", 1280)
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("云政发〔2023〕12号")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")


def test_a_wide_table_scrolls_in_its_frame(open_page: OpenPage) -> None:
    page = open_page(f"/documents/{CATALOG_ID}", 390)
    frame = page.locator(".table-frame")
    assert frame.evaluate("frame => frame.scrollWidth > frame.clientWidth")
    frame.focus()
    page.keyboard.press("ArrowRight")
    for _ in range(40):  # the page's policy forbids the function that playwright would wait with
        if frame.evaluate("frame => frame.scrollLeft") > 0:
            return
        page.wait_for_timeout(50)
    pytest.fail("the arrow key does not scroll the table")


def test_paper_has_the_document_and_nothing_to_press(open_page: OpenPage) -> None:
    page = open_page(f"/documents/{NOTICE_ID}", 1280)
    page.emulate_media(media="print")
    for selector in (".top", ".actions", ".bottom"):
        assert page.locator(selector).count() > 0
        assert page.locator(selector).locator("visible=true").count() == 0, selector
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.locator(".doc-foot").is_visible()
    assert len(page.pdf(format="A4")) > 1_000
