"""The kiosk in a browser: one person after another types, reads, takes home, walks away, and leaves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from corpus.blobs import BlobStore
from tests.browser.serving import Stop, serve
from tests.crawled import Demo
from webapp.factory import create_app
from webapp.kiosk.settings import Desk, FormLine, KioskSettings
from webapp.web_settings import WebSettings

pytestmark = pytest.mark.browser

TALL = (1080, 1920)
# ui.md: what is touched on the kiosk.
LEAST_PX = 60
LEAST_TEXT = "wcag2a", "wcag2aa", "wcag21a", "wcag21aa"

DESK = Desk(
    who="云澜区人民政府办公室政务公开科",
    where="区政务服务中心一楼",
    window="3 号窗口",
    telephone="0799-8610012",
    steps=("填写申请表。", "带身份证到窗口提交。"),
    url="https://www.yunlan.example.cn/ysqgk",
    form_title="政府信息公开申请表",
    form=(FormLine(label="姓名"), FormLine(label="要的信息", lines=6)),
)

OpenKiosk: TypeAlias = Callable[..., Page]


@pytest.fixture
def open_kiosk(browser: Browser, demo: Demo, tmp_path: Path) -> Iterator[OpenKiosk]:
    """Opens the kiosk over the sample portal on a touch screen; whatever it complains of, or loads from elsewhere,
    fails the test. The clock of the page can be turned forward."""
    contexts: list[BrowserContext] = []
    stops: list[Stop] = []
    complaints: list[str] = []

    def open_(kiosk: KioskSettings | None = None, size: tuple[int, int] = TALL, *, scripts: bool = True) -> Page:
        address, stop = _serve(demo, tmp_path, kiosk or KioskSettings(disclosure=DESK, inquiry=DESK))
        stops.append(stop)
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            has_touch=True,
            java_script_enabled=scripts,
            base_url=address,
            locale="zh-CN",
        )
        contexts.append(context)
        page = context.new_page()
        if scripts:
            page.clock.install()
        page.on("console", lambda message: complaints.append(message.text) if _is_error(message) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: None if request.url.startswith(address) else complaints.append(f"loads {request.url}"),
        )
        page.goto("/kiosk")
        return page

    yield open_
    for context in contexts:
        context.close()
    for stop in stops:
        stop()
    assert complaints == []


def _is_error(message: ConsoleMessage) -> bool:
    """Whether the page complains; of a network that a test cut off it may."""
    return message.type == "error" and "net::ERR_FAILED" not in message.text


def _serve(demo: Demo, folder: Path, kiosk: KioskSettings) -> tuple[str, Stop]:
    settings = WebSettings(place_name="云澜区", public_url="https://gk.yunlan.example.cn", kiosk=kiosk)
    app = create_app(
        demo.engine,
        demo.store,
        BlobStore(folder),
        settings,
        as_of=lambda: datetime(2026, 11, 24, 10, 5, tzinfo=UTC),
    )
    return serve(app)


def press_keys(page: Page, letters: str) -> None:
    for letter in letters:
        page.locator(f'[data-key="{letter}"]').tap()


def search(page: Page, letters: str) -> None:
    press_keys(page, letters)
    page.locator("[data-search]").tap()
    expect(page.locator(".results-screen")).to_be_visible()


def walk_away(page: Page) -> None:
    """Two thirds of the idle time pass, the ring shows, the rest passes."""
    page.clock.fast_forward(41_000)
    expect(page.locator("#idle")).to_be_visible()
    with page.expect_navigation():
        page.clock.fast_forward(20_000)
    expect(page.locator("h1")).to_have_text("想查什么？")


def traces(page: Page) -> dict[str, object]:
    """What the next person could find."""
    left = page.evaluate(
        "async () => ({texts: [...document.querySelectorAll('input[type=text]')].map(field => field.value).join(''),"
        " stored: localStorage.length + sessionStorage.length, kept: (await caches.keys()).length,"
        " history: history.length, state: history.state, title: document.title})"
    )
    return {**left, "cookies": page.context.cookies(), "address": page.url.rpartition("/")[2]}


def test_a_visitor_types_reads_takes_home_and_leaves_nothing(open_kiosk: OpenKiosk) -> None:
    page = open_kiosk()
    before = traces(page)
    press_keys(page, "ylfw")
    offered = page.locator("#suggestions button")
    # Until the last letter is answered, what ``ylf`` may be stands there too, ``ylfw`` of a mail address first.
    expect(offered.filter(has_text="查找").first).to_contain_text("养老服务")
    expect(page.locator("#picks")).to_be_hidden()
    offered.filter(has_text="查找").first.tap()

    expect(page.locator("h1")).to_have_text("养老服务")
    expect(page.locator(".cards li")).to_have_count(6)
    title = page.locator(".card-title").first.inner_text()
    page.locator(".card").first.tap()
    expect(page.locator(".document-screen h1")).to_have_text(title)

    expect(page.locator("#here")).to_have_text("1")
    pages = int(page.locator("#of").inner_text())
    assert pages > 1
    for number in range(2, pages + 1):
        page.get_by_role("button", name="下一页").tap()
        expect(page.locator("#here")).to_have_text(str(number))
    expect(page.get_by_role("button", name="下一页")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="上一页").tap()
    expect(page.locator("#here")).to_have_text(str(pages - 1))

    page.get_by_role("button", name="扫码带走").tap()
    expect(page.locator("#take svg.qr")).to_be_visible()
    expect(page.locator(".take-address")).to_contain_text("https://gk.yunlan.example.cn/documents/")
    page.get_by_role("button", name="关闭").tap()
    page.get_by_role("button", name="返回结果").tap()
    expect(page.locator("h1")).to_have_text("养老服务")
    page.get_by_role("button", name="改一改").tap()
    expect(page.locator("#q")).to_have_value("养老服务")

    walk_away(page)
    assert traces(page) == before
    assert before["texts"] == ""
    assert before["stored"] == before["kept"] == 0
    assert before["cookies"] == []
    assert before["address"] == "kiosk"
    page.go_back()
    assert page.url == "about:blank"  # where the browser began


def test_the_whole_text_can_be_turned_to(open_kiosk: OpenKiosk) -> None:
    page = open_kiosk()
    search(page, "dibao")
    page.locator(".card").first.tap()
    last = page.locator(".doc-fields dd").last
    for _ in range(int(page.locator("#of").inner_text()) - 1):
        page.locator('[data-turn="1"]').tap()
    expect(last).to_be_in_viewport()
    expect(page.locator(".reader h1")).not_to_be_in_viewport()


def test_whoever_is_still_there_says_so(open_kiosk: OpenKiosk) -> None:
    page = open_kiosk()
    press_keys(page, "db")
    page.clock.fast_forward(41_000)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    expect(page.locator(".ring-number")).to_have_text("19")
    page.get_by_role("button", name="继续查看").tap()
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    page.clock.fast_forward(35_000)
    expect(page.locator("#q")).to_have_value("db")


def test_home_wipes_at_once_and_stands_in_the_same_corner(open_kiosk: OpenKiosk) -> None:
    page = open_kiosk()
    places = [page.locator(".home").bounding_box()]
    search(page, "dibao")
    places.append(page.locator(".home").bounding_box())
    page.locator(".card").first.tap()
    expect(page.locator(".document-screen")).to_be_visible()
    places.append(page.locator(".home").bounding_box())
    assert places[0] == places[1] == places[2]
    with page.expect_navigation():
        page.locator(".home").tap()
    expect(page.locator("#q")).to_have_value("")


def test_keys_delete_and_clear(open_kiosk: OpenKiosk) -> None:
    page = open_kiosk()
    press_keys(page, "db2024")
    page.locator("[data-delete]").tap()
    expect(page.locator("#q")).to_have_value("db202")
    page.locator("[data-clear]").tap()
    expect(page.locator("#q")).to_have_value("")
    expect(page.locator("#picks")).to_be_visible()
    page.locator("[data-search]").tap()  # nothing to look for: it stays
    expect(page.locator("#q")).to_be_focused()


def test_what_is_pressed_is_large_and_no_menu_opens(open_kiosk: OpenKiosk) -> None:
    page = open_kiosk()
    _all_large(page.locator("a:visible, button:visible, input[type=text]:visible"))
    assert page.evaluate(
        "document.querySelector('h1').dispatchEvent(new MouseEvent('contextmenu', {bubbles: true, cancelable: true}))"
    ) is False  # fmt: skip
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).userSelect") == "none"
    search(page, "dibao")
    _all_large(page.locator("a:visible, button:visible"))
    assert all(height >= 2 * LEAST_PX for _, height in _boxes(page.locator(".card")))
    page.locator(".card").first.tap()
    expect(page.locator(".document-screen")).to_be_visible()
    _all_large(page.locator("a:visible, button:visible"))


def _boxes(what: Locator) -> list[tuple[float, float]]:
    """Width and height of each."""
    return [(box["width"], box["height"]) for element in what.all() if (box := element.bounding_box())]


def _all_large(what: Locator) -> None:
    boxes = _boxes(what)
    assert boxes
    assert [box for box in boxes if min(box) < LEAST_PX] == []


def test_a_keyboard_alone_is_enough(open_kiosk: OpenKiosk) -> None:
    page = open_kiosk()
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("高龄津贴")
    page.keyboard.press("Enter")
    expect(page.locator(".results-screen h1")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "card":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator(".document-screen h1")).to_be_focused()
    page.keyboard.press("PageDown")
    expect(page.locator("#here")).to_have_text("2")


@pytest.mark.parametrize("size", [TALL, (390, 844), (1280, 800)], ids=["kiosk", "phone", "desk"])
def test_no_screen_breaks_wcag_or_is_too_wide(open_kiosk: OpenKiosk, size: tuple[int, int]) -> None:
    page = open_kiosk(size=size)
    _fits(page)
    press_keys(page, "db")
    expect(page.locator("#suggestions button").first).to_be_visible()
    _fits(page)
    page.locator("[data-search]").tap()
    offered = page.locator(".nothing .pick").filter(has_text="低保").first  # two initials alone find no text
    expect(offered).to_be_visible()
    _fits(page)
    offered.tap()
    expect(page.locator(".cards")).to_be_visible()
    _fits(page)
    page.locator(".card").first.tap()
    expect(page.locator(".document-screen")).to_be_visible()
    _fits(page)
    page.get_by_role("button", name="扫码带走").tap()
    _fits(page)
    page.get_by_role("button", name="关闭").tap()
    page.clock.fast_forward(41_000)
    expect(page.locator("#idle")).to_be_visible()
    _fits(page)
    page.goto("/kiosk")
    page.get_by_role("link", name="信息公开申请").tap()
    expect(page.locator(".desk-screen")).to_be_visible()
    _fits(page)


def _fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page, options={"runOnly": list(LEAST_TEXT)})
    assert found.response["violations"] == [], found.generate_report()


def test_without_scripts_there_is_the_plain_box_and_it_begins_again(open_kiosk: OpenKiosk) -> None:
    page = open_kiosk(KioskSettings(refresh_s=4), scripts=False)
    assert not page.locator(".keyboard").is_visible()
    page.locator("#q").fill("低保")
    page.get_by_role("button", name="搜索").click()
    assert page.url.endswith("/kiosk/search")
    page.wait_for_url("**/kiosk")
    assert page.locator("#q").input_value() == ""


def test_without_scripts_a_document_is_whole_and_has_its_code(open_kiosk: OpenKiosk) -> None:
    page = open_kiosk(scripts=False)
    page.locator("#q").fill("高龄津贴")
    page.get_by_role("button", name="搜索").click()
    page.locator(".card").first.click()
    assert page.locator(".doc-fields").is_visible()
    assert page.locator("#take svg.qr").is_visible()
    assert not page.get_by_role("button", name="打印").is_visible()
    page.get_by_role("button", name="返回结果").click()
    assert page.locator(".card").count() > 0


def test_paper_has_the_text_its_code_and_the_form(open_kiosk: OpenKiosk) -> None:
    page = open_kiosk()
    page.get_by_role("link", name="信息公开申请").tap()
    expect(page.locator(".form-sheet")).to_be_hidden()
    page.emulate_media(media="print")
    expect(page.locator(".form-sheet")).to_be_visible()
    for selector in (".foot", ".deeds", ".keyboard"):
        expect(page.locator(selector)).to_be_hidden()


def test_a_server_that_is_gone_is_told_and_waited_for(open_kiosk: OpenKiosk) -> None:
    page = open_kiosk()
    press_keys(page, "db")
    page.route("**/kiosk", lambda route: route.abort())
    page.locator(".home").tap()
    expect(page.locator("#offline")).to_be_visible()
    assert page.locator("input[type=text]").count() == 0
    page.unroute("**/kiosk")
    with page.expect_navigation():
        page.clock.fast_forward(6_000)
    expect(page.locator("#q")).to_have_value("")


def test_it_works_for_hours(open_kiosk: OpenKiosk) -> None:
    """One visitor after another: what the browser keeps does not grow with them, nor with what one visitor does."""
    page = open_kiosk()
    session = page.context.new_cdp_session(page)

    def kept() -> dict[str, int]:
        session.send("HeapProfiler.collectGarbage")
        return dict(session.send("Memory.getDOMCounters"))

    def visit(rounds: int) -> None:
        for _ in range(rounds):
            search(page, "dibao")
            page.locator(".card").first.tap()
            expect(page.locator(".document-screen")).to_be_visible()
            page.get_by_role("button", name="返回结果").tap()
            expect(page.locator(".results-screen")).to_be_visible()
            page.get_by_role("button", name="改一改").tap()
            page.locator("[data-clear]").tap()

    visit(2)
    first = kept()
    visit(12)
    assert kept()["nodes"] <= first["nodes"] * 1.2
    assert kept()["jsEventListeners"] <= first["jsEventListeners"]
    walk_away(page)
    fresh, history = kept(), page.evaluate("history.length")
    for _ in range(10):
        search(page, "dibao")
        walk_away(page)
    for _ in range(100):  # the browser takes its time to let go of the page that was left last
        after = kept()
        if after["documents"] <= fresh["documents"]:
            break
        page.wait_for_timeout(100)
    assert page.evaluate("history.length") == history
    assert after["documents"] <= fresh["documents"]
    assert after["nodes"] <= fresh["nodes"] * 1.2
    assert after["jsEventListeners"] <= fresh["jsEventListeners"]
