"""Every page as people see it, at three sizes, kept as pictures to be looked at.

They are written to the folder that ``GONGKAI_SCREENSHOTS`` names, else to the test's own. That no page is wider than
its window, and that none is blank, is held here; whether they are good to look at, no test can tell.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from corpus.blobs import BlobStore
from tests.browser.serving import serve
from tests.browser.test_kiosk import DESK
from tests.crawled import Demo
from tests.webapp.world import CATALOG_ID, GONE_ID, HOSTILE_ID, REPEALED_ID, WITHDRAWN_ID
from webapp.factory import create_app
from webapp.kiosk.settings import KioskSettings
from webapp.theme import Theme
from webapp.views.addresses import encode_id
from webapp.web_settings import WebSettings

pytestmark = pytest.mark.browser

SIZES = ((390, 844), (1280, 900), (1080, 1920))

# Of the sample portal: by name, so that the pictures of two runs stand beside each other.
_PAGES = {
    "home": "/",
    "search-question": "/search?q=低保怎么申请",
    "search-words": "/search?q=养老",
    "search-narrowed": "/search?q=养老&kind=policy&since=2020-01-01",
    "search-repealed": "/search?validity=repealed&validity=expired",
    "search-nothing": "/search?q=核电站选址",
    "search-last": "/search?q=养老&page=90",
    "all": "/search",
    "catalog": "/catalog?q=低保",
    "catalog-table": "/catalog?view=table",
    "api": "/api/docs",
    "not-found": "/documents/none",
    "malformed": "/search?since=2020-13-01",
}
_DOCUMENTS = {
    "document-policy": "最低生活保障和特困人员救助供养标准的通知",
    "document-guide": "最低生活保障申请办事指南",
    "document-replaced": "高龄老人津贴发放管理办法",
    "document-table": "部门预算公开说明",
}
# Of the small world: what the portal does not have.
_STATES = {
    "withdrawn": WITHDRAWN_ID,
    "gone": GONE_ID,
    "hostile": HOSTILE_ID,
    "repealed": REPEALED_ID,
    "wide-table": CATALOG_ID,
}
_WEB = WebSettings(
    place_name="云澜区",
    public_url="https://gk.yunlan.example.cn",
    theme=Theme(
        emblem="澜",
        organiser="云澜区人民政府办公室",
        operator="云澜区大数据中心",
        site_code="3600000000",
        contact="0799-8610012",
        icp="赣ICP备00000000号",
    ),
    kiosk=KioskSettings(disclosure=DESK, inquiry=DESK),
)


@pytest.fixture(scope="session")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    named = os.environ.get("GONGKAI_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def portal(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    blobs = BlobStore(tmp_path_factory.mktemp("blobs"))
    as_of = datetime(2026, 11, 24, 10, 5, tzinfo=UTC)
    address, stop = serve(create_app(demo.engine, demo.store, blobs, _WEB, as_of=lambda: as_of))
    yield address
    stop()


def _open(browser: Browser, address: str, size: tuple[int, int], scheme: str = "light") -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        base_url=address,
        locale="zh-CN",
        color_scheme="dark" if scheme == "dark" else "light",
    )
    return context.new_page()


def _take(page: Page, album: Path, name: str) -> None:
    """The whole page as a picture, and that it is one."""
    size = page.viewport_size
    assert size is not None
    path = album / f"{name}-{size['width']}.png"
    page.screenshot(path=path, full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name
    with Image.open(path) as picture:
        assert picture.width == size["width"]
        assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 20, f"{name} is blank"


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_the_pages(browser: Browser, portal: str, demo: Demo, album: Path, size: tuple[int, int]) -> None:
    page = _open(browser, portal, size)
    titles = {stored.document.title: encode_id(stored.document.id) for stored in demo.store.live_documents()}
    documents = {
        name: f"/documents/{next(titles[title] for title in titles if said in title)}"
        for name, said in _DOCUMENTS.items()
    }
    for name, path in {**_PAGES, **documents}.items():
        page.goto(path)
        _take(page, album, name)
    page.goto("/catalog")
    page.locator(".hit-title a").first.click()
    _take(page, album, "catalog-entry")
    page.context.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_the_states_of_a_document(browser: Browser, address: str, album: Path, size: tuple[int, int]) -> None:
    page = _open(browser, address, size)
    for name, document_id in _STATES.items():
        page.goto(f"/documents/{encode_id(document_id)}")
        _take(page, album, name)
    page.context.close()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size[0]))
def test_the_kiosk(browser: Browser, portal: str, album: Path, size: tuple[int, int]) -> None:
    page = _open(browser, portal, size)
    page.goto("/kiosk")
    _take(page, album, "kiosk-home")
    page.locator("#q").fill("低保")
    page.locator("button[type=submit]").first.click()
    page.locator(".card").first.wait_for()
    _take(page, album, "kiosk-results")
    page.locator(".card").first.click()
    page.locator(".reader").wait_for()
    _take(page, album, "kiosk-document")
    page.goto("/kiosk/disclosure")
    _take(page, album, "kiosk-desk")
    page.context.close()


def test_by_night_and_on_paper(browser: Browser, portal: str, demo: Demo, album: Path) -> None:
    page = _open(browser, portal, SIZES[1], "dark")
    for name in ("home", "search-question"):
        page.goto(_PAGES[name])
        _take(page, album, f"{name}-dark")
    guide = next(one for one in demo.store.live_documents() if _DOCUMENTS["document-guide"] in one.document.title)
    page.goto(f"/documents/{encode_id(guide.document.id)}")
    _take(page, album, "document-dark")
    page.emulate_media(media="print", color_scheme="light")
    paper = page.pdf(path=album / "document.pdf", format="A4")
    assert paper.startswith(b"%PDF-")
    page.context.close()
