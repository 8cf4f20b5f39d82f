"""Staff check drafts, decide, take the result away, sign out and leave nothing; a visitor sees none of it."""

from __future__ import annotations

import csv
import io
import logging
import re
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from corpus.models import CatalogEntry, Document, Kind
from tests.webapp.staff.district import ALLOWANCE, PASSWORD, STAFF, District, open_district, outage, prepare_data

pytestmark = pytest.mark.browser

FESTIVAL = """云澜区首届油茶文化节定于十月十二日至十五日在北山村举行，欢迎市民和游客参加。
活动期间安排古法榨油体验、油茶籽采摘比赛、农产品展销和山歌对唱，中小学生可以免费参加油茶科普课堂。
自驾前来的游客请把车停在北山小学操场，再换乘接驳车进村；乘坐公交的游客可以坐十七路到终点站下车。"""


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    prepare_data(tmp_path / "data")
    opened = open_district(tmp_path / "data", upload_bytes=300 << 20)
    yield opened
    opened.close()


@pytest.fixture
def address(district: District) -> Iterator[str]:
    """Where the district is served."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, district.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    opened = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, locale="zh-CN")
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def sign_in(page: Page) -> None:
    page.goto("/staff/")
    page.get_by_label("用户名").fill(STAFF)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/staff/")


def drop_three_files(page: Page, folder: Path) -> None:
    """The same text as published, the notice of another outage, and something new."""
    texts = {
        "津贴通知.txt": ALLOWANCE.replace("每月100元", "每月150元"),
        "停水公告.txt": outage("2024年9月18日", "兴业大道", "0799-6219999"),
        "文化节.txt": FESTIVAL,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    page.get_by_label("选择或拖入文件").set_input_files([folder / name for name in texts])
    page.get_by_role("button", name="开始查重").click()
    expect(page.locator(".progress")).to_have_count(0, timeout=60_000)


def test_staff_check_decide_export_and_leave_nothing(
    page: Page, context: BrowserContext, district: District, tmp_path: Path
) -> None:
    sign_in(page)
    drop_three_files(page, tmp_path)
    rows = {row.locator("th").inner_text(): row for row in page.locator("tbody tr").all()}
    assert rows["津贴通知.txt"].locator(".verdict").inner_text() in ("内容相近", "新版本")
    assert rows["停水公告.txt"].locator(".verdict").inner_text() == "同一模板，内容不同"
    assert rows["文化节.txt"].locator(".verdict").inner_text() == "未发现重复"

    rows["津贴通知.txt"].get_by_role("link", name="对照").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("逐段对照")
    assert page.locator("td:first-child .span-different").all_inner_texts() != []
    alignment = page.url
    page.get_by_role("link", name="← 津贴通知.txt").click()

    first = page.locator(".match").first
    first.get_by_label("决定").select_option(label="合并")
    first.get_by_label("理由").fill("与政府办文件合并发布")
    first.get_by_role("button", name="记录").click()
    expect(page.locator(".decided").first).to_contain_text("合并，与政府办文件合并发布")

    page.get_by_role("link", name="← 全部结果").click()
    with page.expect_download() as started:
        page.get_by_role("link", name="导出 CSV").click()
    saved = tmp_path / "results.csv"
    started.value.save_as(saved)
    exported = list(csv.reader(io.StringIO(saved.read_text("utf-8-sig"))))
    assert {row[0] for row in exported[1:]} == {"津贴通知.txt", "停水公告.txt", "文化节.txt"}

    assert [cookie["path"] for cookie in context.cookies()] == ["/staff"]
    assert district.draft_files()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("工作人员登录")
    assert list((district.data / "drafts").iterdir()) == []
    for _ in range(3):
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("工作人员登录")
    page.goto(alignment)
    expect(page.get_by_role("heading", level=1)).to_have_text("工作人员登录")
    assert not [cookie for cookie in context.cookies() if len(cookie["value"]) > 200]


def test_a_thousand_files_at_once_take_little_memory_and_an_unreadable_scan_says_so(page: Page, tmp_path: Path) -> None:
    """600 files and a scan beside a ZIP of 399, with 40 MB of bytes that are no document among them."""
    files = [tmp_path / f"停水公告{number}.txt" for number in range(600)]
    for number, path in enumerate(files):
        path.write_text(outage(f"2024年9月{number % 28 + 1}日", f"兴业{number}路", f"0799-{6210000 + number}"), "utf-8")
    for path in files[:20]:
        path.with_suffix(".bin").write_bytes(bytes(range(1, 256)) * 8_224)
    files[:20] = [path.with_suffix(".bin") for path in files[:20]]
    archive, scan = tmp_path / "各科室.zip", tmp_path / "扫描件.pdf"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(399):
            packed.writestr(f"津贴{number}.txt", ALLOWANCE.replace("每月100元", f"每月{number + 101}元"))
    Image.effect_noise((160, 220), 120).convert("L").save(scan, "PDF")

    sign_in(page)
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak begins here
    before = _memory_mb("VmRSS")
    page.get_by_label("选择或拖入文件").set_input_files([*files, archive, scan])
    page.get_by_role("button", name="开始查重").click()
    expect(page.locator(".progress")).to_contain_text("正在检查")
    expect(page.locator(".progress")).to_have_count(0, timeout=300_000)
    expect(page.get_by_role("heading", level=2)).to_contain_text("1,000 份")
    peak = _memory_mb("VmHWM") - before
    assert peak < 100, f"{peak:.0f} MB"

    filters = page.locator(".staff-filter")
    expect(filters).to_contain_text("同一模板，内容不同 580")
    expect(filters).to_contain_text("内容相近 399")
    filters.get_by_role("link", name="无法比对 21").click()
    row = page.locator("tbody tr", has_text="扫描件.pdf")
    expect(row).to_contain_text("没有读出文字，可能是图片或扫描件")
    row.get_by_role("link", name="扫描件.pdf").click()
    expect(page.locator(".staff")).to_contain_text("无法和已发布的文件比对")


def _memory_mb(name: str) -> float:
    """``VmRSS`` or ``VmHWM`` (its peak) of this process, in which the pages are served."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition(f"{name}:")[2].split()[0]) / 1024


def test_a_visitor_reaches_none_of_it(
    page: Page, browser: Browser, address: str, district: District, tmp_path: Path
) -> None:
    sign_in(page)
    drop_three_files(page, tmp_path)
    draft = str(page.locator("tbody th a").first.get_attribute("href"))
    visitor = browser.new_context(base_url=address)
    other = visitor.new_page()
    for rule in district.app.url_map.iter_rules():
        if rule.rule.startswith("/staff") and "GET" in (rule.methods or ()):
            other.goto(re.sub(r"<[^>]+>", "x", rule.rule))
            expect(other.get_by_role("heading", level=1)).to_have_text("工作人员登录")
    other.goto(draft)
    expect(other.get_by_role("heading", level=1)).to_have_text("工作人员登录")
    for path in ("/drafts/", "/data/drafts/", "/static/../drafts/", "/staff/../drafts/"):
        assert other.request.get(path).status in (404, 401)
    other.goto("/search?q=油茶文化节")
    assert "北山村" not in other.content()
    assert other.request.post("/staff/check", form={"text": "陌生人的文字"}).status == 401
    other.goto("/")
    assert [cookie for cookie in visitor.cookies() if cookie["path"] != "/staff"] == []
    visitor.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_its_pages_fit_their_window(page: Page, district: District, tmp_path: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    rows = tuple(CatalogEntry(item="养老服务", subitem=f"高龄津贴发放情况第{number}项") for number in range(3))
    with district.store.writing() as writer:
        writer.put(Document(id="yl-catalog", title="云澜区民政领域标准目录", kind=Kind.CATALOG, entries=rows))
    district.staff.report.make()
    district.staff.coverage.make()
    sign_in(page)
    drop_three_files(page, tmp_path)
    paths = ["/staff/", "/staff/report", "/staff/coverage", "/staff/personal-data"]
    paths += [str(page.locator(selector).first.get_attribute("href")) for selector in ("tbody th a", ".beside-link")]
    for path in paths:
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
