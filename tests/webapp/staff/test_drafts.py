"""Drafts come in as text, files and pages of the portal; verdicts, evidence, decisions and files come out."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import stat
import time
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from openpyxl import load_workbook

from corpus.models import Document, Original
from indexer.generations import IndexFolder
from indexer.upkeep import bring_up
from tests.webapp.conftest import read_page, text_of, texts_of
from tests.webapp.staff.conftest import Staffer
from tests.webapp.staff.district import ALLOWANCE, ALLOWANCE_ID, ID_CARD, OUTAGE_ID, District, outage
from webapp.accounts.audit import Action
from webapp.staff.drafts import DraftFolders, Source
from webapp.staff.errors import PageRefusedError
from webapp.staff.pages import PortalPages

OTHER_OUTAGE = outage("2024年9月18日", "兴业大道", "0799-6219999")
NEW_TEXT = """云澜区首届油茶文化节定于十月十二日至十五日在北山村举行，欢迎市民和游客参加。
活动期间安排古法榨油体验、油茶籽采摘比赛、农产品展销和山歌对唱，中小学生可以免费参加油茶科普课堂。
自驾前来的游客请把车停在北山小学操场，再换乘接驳车进村；乘坐公交的游客可以坐十七路到终点站下车。
雨天活动改在村文化礼堂进行，具体安排由组委会在现场公布，咨询可到北山村游客中心。"""


def results(staffer: Staffer) -> list[list[str]]:
    """The rows of the table, once nothing waits any more."""
    for _ in range(600):
        page = read_page(staffer.get("/staff/"))
        if not page.select(".progress"):
            return [
                [" ".join(cell.get_text().split()) for cell in row.select("th, td")] for row in page.select("tbody tr")
            ]
        time.sleep(0.05)
    raise AssertionError("the drafts are still waiting")


def upload(*files: tuple[str, bytes]) -> dict[str, object]:
    return {"files": [(io.BytesIO(data), name) for name, data in files]}


def test_a_pasted_text_gets_its_verdict_with_evidence(staffer: Staffer) -> None:
    assert staffer.post("/staff/check", text=ALLOWANCE, title="").status_code == 303
    ((name, verdict, match, evidence),) = results(staffer)
    assert name == "粘贴的文字"
    assert verdict == "正文相同"
    assert "云澜区人民政府办公室关于发放高龄津贴的通知" in match
    assert "云澜政办发〔2023〕7号" in match
    assert "100% 见于已发布" in evidence


def test_several_files_are_told_apart(staffer: Staffer, district: District) -> None:
    changed = ALLOWANCE.replace("每月100元", "每月150元")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("停水.txt", OTHER_OUTAGE)
        packed.writestr("空.txt", "")
    staffer.post(
        "/staff/check",
        **upload(
            ("津贴.txt", changed.encode()),
            ("文化节.txt", NEW_TEXT.encode("gb18030")),
            ("坏.docx", b"PK\x03\x04 cut off"),
            ("一批.zip", archive.getvalue()),
        ),
    )
    rows = {row[0]: row for row in results(staffer)}
    assert rows["津贴.txt"][1] in ("内容相近", "新版本")
    assert "100元" in rows["津贴.txt"][3]
    assert rows["文化节.txt"][1] == "未发现重复"
    assert rows["坏.docx"][1:] == ["无法比对", "—", "文件损坏或不完整。"]
    assert rows["一批.zip › 停水.txt"][1] == "同一模板，内容不同"
    assert rows["一批.zip › 空.txt"][1:] == ["无法比对", "—", "文件是空的，没有文字。"]
    checks = [line for line in district.staff.audit.lines(50) if line.action is Action.CHECKED]
    assert len(checks) == 5
    assert "油茶" not in str(district.staff.audit.lines(50))


def test_drafts_are_private_files_and_their_bytes_go_once_they_are_read(staffer: Staffer, district: District) -> None:
    staffer.post("/staff/check", **upload(("津贴.txt", ALLOWANCE.encode())))
    results(staffer)
    files = district.draft_files()
    assert {path.name.partition(".")[2] for path in files} >= {"entry.json", "draft.json", "verdict.json"}
    assert not [path for path in files if path.name.startswith("landing") or path.suffix == ".bytes"]
    for path in (*files, *(path.parent for path in files)):
        if path.name not in ("lock", "changing"):
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_what_is_cleared_while_it_is_checked_stays_away(tmp_path: Path) -> None:
    folders = DraftFolders(tmp_path / "drafts")
    folders.open("session")
    drafts = folders.of("session")
    entry = drafts.entry(drafts.add("通知.txt", Source.TEXT, data="关于停水的通知".encode()))
    assert entry is not None
    drafts.begin(entry)
    with drafts.working() as mine:
        assert mine
        drafts.clear()
        with pytest.raises(FileNotFoundError):
            drafts.fail(entry, "没有结果。")
        with drafts.working() as another:
            assert not another
    assert {path.name for path in drafts.folder.iterdir()} == {"lock", "changing"}


def test_a_folder_made_while_others_are_swept_stays(tmp_path: Path) -> None:
    folders = DraftFolders(tmp_path / "drafts")
    folders.open("ended")

    def sessions() -> set[str]:
        folders.open("begun")  # another worker, at this very moment
        return {"begun"}

    assert folders.sweep(sessions) == 1
    assert [path.name for path in (tmp_path / "drafts").iterdir()] == ["begun"]


def test_the_alignment_marks_what_differs(staffer: Staffer) -> None:
    staffer.post("/staff/check", text=ALLOWANCE.replace("每月100元", "每月150元"))
    results(staffer)
    link = str(read_page(staffer.get("/staff/")).select(".beside-link")[0]["href"])
    page = read_page(staffer.get(link))
    assert any("5" in text for text in texts_of(page, "td:first-child .span-different"))
    assert any("高龄津贴所需资金" in text for text in texts_of(page, ".span-equal"))
    assert staffer.get(link.replace(ALLOWANCE_ID, "no-such").replace("yl-repost", "no-such")).status_code == 404
    assert staffer.get("/staff/drafts/../../secret").status_code == 404


def test_a_decision_is_remembered_for_the_same_draft_and_logged(staffer: Staffer, district: District) -> None:
    staffer.post("/staff/check", text=OTHER_OUTAGE)
    results(staffer)
    draft = str(read_page(staffer.get("/staff/")).select("tbody th a")[0]["href"])
    staffer.get(draft)
    asked = {"document_id": OUTAGE_ID, "choice": "not_duplicate", "why": "不同月份的停水"}
    assert staffer.post(f"{draft}/decision", **asked).status_code == 303
    assert staffer.post(f"{draft}/decision", **{**asked, "document_id": "no-such"}).status_code == 404
    assert staffer.post(f"{draft}/decision", **{**asked, "choice": "eat"}).status_code == 400
    staffer.get("/staff/")
    staffer.post("/staff/clear")
    assert "还没有提交草稿" in staffer.get("/staff/").get_data(as_text=True)

    staffer.post("/staff/check", text=OTHER_OUTAGE)
    results(staffer)
    again = str(read_page(staffer.get("/staff/")).select("tbody th a")[0]["href"])
    assert "不是重复，不同月份的停水" in text_of(read_page(staffer.get(again)), ".decided")
    assert [line.subject for line in district.staff.audit.lines(50) if line.action is Action.DECIDED] == [OUTAGE_ID]


def test_results_are_exported_masked_and_without_formulas(staffer: Staffer) -> None:
    staffer.post("/staff/check", title=f"=HYPERLINK({ID_CARD})", text=ALLOWANCE)
    results(staffer)
    response = staffer.get("/staff/results.csv")
    assert "attachment" in response.headers["Content-Disposition"]
    header, *rows = csv.reader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff")))
    assert header[:2] == ["草稿", "结论"]
    assert {row[1] for row in rows} == {"正文相同"}
    assert rows[0][0] == "'=HYPERLINK(360***********0013)"
    book = load_workbook(io.BytesIO(staffer.get("/staff/results.xlsx").data))
    cell = book.worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", "=HYPERLINK(360***********0013)")
    assert staffer.get("/staff/results.exe").status_code == 404


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({}, 400, "没有收到内容"),
        ({"text": "字" * 2_000_001}, 400, "2,000,001"),
        ({"text": "字" * 4_000_000}, 413, "太大"),
        ({"url": "https://www.other.example.cn/1.html"}, 400, "www.other.example.cn 不是已收录的网站"),
        ({"url": "file:///etc/passwd"}, 400, "http://"),
        ({"url": "http://169.254.169.254/latest/"}, 400, "不是已收录的网站"),
    ],
)
def test_what_cannot_be_checked_is_refused_with_the_reason(
    staffer: Staffer, district: District, fields: dict[str, str], status: int, said: str
) -> None:
    response = staffer.post("/staff/check", **fields)
    assert response.status_code == status
    assert said in response.get_data(as_text=True)
    assert [path for path in district.draft_files() if path.name.endswith(".entry.json")] == []


def test_an_upload_that_is_too_large_is_refused_and_leaves_nothing(staffer: Staffer, district: District) -> None:
    response = staffer.post("/staff/check", **upload(("大.bin", b"0" * (21 << 20))))
    assert response.status_code == 413
    assert district.draft_files() == []


def test_a_text_of_three_characters_is_not_compared(staffer: Staffer) -> None:
    staffer.post("/staff/check", text="停水了")
    ((_, verdict, _, _),) = results(staffer)
    assert verdict == "无法比对"


def test_files_wait_their_turn_and_more_than_a_thousand_are_refused(staffer: Staffer) -> None:
    files = [(f"{number}.txt", f"{OTHER_OUTAGE}编号{number}。".encode()) for number in range(300)]
    assert staffer.post("/staff/check", **upload(*files)).status_code == 303
    progress = staffer.get("/staff/progress.json").get_json()
    assert progress["total"] == 300
    assert progress["done"] <= 300
    assert staffer.post("/staff/check", **upload(*files, *files, *files)).status_code == 400
    staffer.get("/staff/")
    assert staffer.post("/staff/sign-out").status_code == 303


def test_an_archive_that_holds_more_than_fits_says_so(staffer: Staffer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.staff.queue.MAX_DRAFTS", 4)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for number in range(5):
            packed.writestr(f"{number}.txt", outage(f"2024年9月{number + 1}日", "兴业大道", "0799-6219999"))
    staffer.post("/staff/check", **upload(("一批.zip", archive.getvalue())))
    rows = {row[0]: row for row in results(staffer)}
    assert len(rows) == 4
    assert rows["一批.zip"][1:] == ["没有读出", "—", "压缩包里有 5 份文件，只检查前 3 份；其余的请清空结果后再提交。"]


def test_the_bytes_of_a_file_that_cannot_be_read_are_compared(staffer: Staffer, district: District) -> None:
    scan = b"%PDF-1.4 cut off"
    document = Document(id="yl-scan", title="云澜区老旧小区改造名单（扫描件）", body="见附件")
    original = Original(
        sha256=hashlib.sha256(scan).hexdigest(), media_type="application/pdf", name="a.pdf", size=9, parser="pdf/1"
    )
    with district.store.writing() as writer:
        writer.put(document, original)
    bring_up(district.store, IndexFolder(district.data / "index"))
    staffer.post("/staff/check", **upload(("名单.pdf", scan), ("别的.pdf", scan + b".")))
    rows = {row[0]: row for row in results(staffer)}
    assert rows["名单.pdf"][1] == "同一文件"
    assert "老旧小区改造名单" in rows["名单.pdf"][2]
    assert rows["别的.pdf"][1:] == ["无法比对", "—", "文件损坏或不完整。"]


def test_what_a_stopped_program_was_reading_is_not_read_again(district: District, staffer: Staffer) -> None:
    (folder,) = (path for path in (district.data / "drafts").iterdir())
    drafts = DraftFolders(folder.parent).of(folder.name)
    draft_id = drafts.add("停水.txt", Source.FILE, data=OTHER_OUTAGE.encode())
    entry = drafts.entry(draft_id)
    assert entry is not None
    drafts.begin(entry)
    ((_, verdict, _, problem),) = results(staffer)
    assert verdict == "没有读出"
    assert "程序停止" in problem


@pytest.fixture
def portal() -> Iterator[str]:
    """A portal on loopback: a page, a redirect within it, one out of it, and one that never ends."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/moved":
                self._answer(302, b"", Location="/page.html")
            elif self.path == "/out":
                self._answer(302, b"", Location="http://127.0.0.1:1/")
            elif self.path == "/page.html":
                page = f"<html><head><title>停水公告</title></head><body><p>{OTHER_OUTAGE}</p></body></html>"
                self._answer(200, page.encode(), **{"Content-Type": "text/html; charset=utf-8"})
            elif self.path == "/slow":  # a line of a header now and then, and no end
                self.send_response(200)
                for number in range(40):
                    self.send_header(f"X-{number}", "1")
                    self.flush_headers()
                    time.sleep(0.1)
            else:
                self._answer(404, b"")

        def _answer(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_fetched_from_known_hosts_only_and_never_from_private_ones(portal: str) -> None:
    intranet = PortalPages(lambda host: host == portal, (portal,))
    assert "停水时间" in intranet.fetch(f"http://{portal}/page.html").data.decode()
    assert intranet.fetch(f"http://{portal}/moved").url == f"http://{portal}/page.html"
    for path, said in (("/out", "不是已收录的网站"), ("/gone", "404")):
        with pytest.raises(PageRefusedError, match=said):
            intranet.fetch(f"http://{portal}{path}")
    with pytest.raises(PageRefusedError, match="内部地址"):
        PortalPages(lambda host: host == portal).fetch(f"http://{portal}/page.html")


def test_a_page_that_never_ends_is_given_up(portal: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.staff.pages._WHOLE_S", 0.3)
    with pytest.raises(PageRefusedError):
        PortalPages(lambda host: host == portal, (portal,)).fetch(f"http://{portal}/slow")


@pytest.mark.parametrize(
    "address", ["64:ff9b::a00:1", "2002:a00:1::1", "::127.0.0.1", "fec0::1", "224.0.0.1", "ff02::1"]
)
def test_an_address_that_leads_inside_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (address, 80))])
    with pytest.raises(PageRefusedError, match="内部地址"):
        PortalPages(lambda _: True).fetch("http://www.yunxi.example.cn/page.html")


def test_a_page_of_the_portal_is_checked(staffer: Staffer, district: District, portal: str) -> None:
    with district.store.writing() as writer:
        writer.put(
            Document(id="yl-home", title="首页", url=f"http://{portal}/index.html", body="云澜区人民政府门户网站")
        )
    staffer.post("/staff/check", url=f"http://{portal}/page.html")
    ((name, verdict, _, problem),) = results(staffer)
    assert (verdict, "内部地址" in problem) == ("没有读出", True)
    assert re.search("page.html", name)


def test_sessions_do_not_see_each_other(staffer: Staffer, admin: Staffer) -> None:
    staffer.post("/staff/check", text=OTHER_OUTAGE)
    results(staffer)
    draft = str(read_page(staffer.get("/staff/")).select("tbody th a")[0]["href"])
    assert admin.get(draft).status_code == 404
    assert "还没有提交草稿" in admin.get("/staff/").get_data(as_text=True)


def test_nothing_of_a_draft_reaches_the_store_or_the_index(staffer: Staffer, tmp_path: Path) -> None:
    staffer.post("/staff/check", text=NEW_TEXT)
    results(staffer)
    staffer.post("/staff/sign-out")
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert "油茶文化节".encode() not in kept
