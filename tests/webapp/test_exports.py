"""Files of what was found: each is read back with a reader of its format, and counts what the page counts."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.http import parse_options_header

from corpus.models import Document, Kind
from corpus.store import DocumentStore
from tests.webapp.conftest import MakeClient
from tests.webapp.memory_engine import MemoryEngine
from tests.webapp.world import HOSTILE_ID, NOTICE_ID, PDF_BYTES, REPEALED_ID, WITHDRAWN_ID
from webapp.exports.cells import FORMULA_MARKS
from webapp.exports.found import HEADER, find_all, page_link, rows, with_documents
from webapp.exports.sheets import csv_stream, xlsx_stream
from webapp.params import SearchRequest
from webapp.views.addresses import document_url
from webapp.web_settings import WebSettings

QUERY = "/search.{}?q=低保&sort=date&page=2"


def read_csv(data: bytes) -> list[dict[str, str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def read_xlsx(data: bytes) -> list[list[str]]:
    sheet = load_workbook(io.BytesIO(data))["检索结果"]
    assert all(cell.data_type in ("s", "inlineStr", "n") for row in sheet.iter_rows() for cell in row)
    return [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]


def all_hits(client: FlaskClient) -> list[str]:
    total = client.get("/search.json?q=低保&sort=date").get_json()["total"]
    pages = [client.get(f"/search.json?q=低保&sort=date&page={page}").get_json() for page in range(1, total // 10 + 2)]
    return [hit["id"] for page in pages for hit in page["hits"]]


def test_csv_and_xlsx_have_a_row_for_every_hit_in_the_order_of_the_pages(client: FlaskClient) -> None:
    expected = all_hits(client)
    assert len(expected) > 60
    response = client.get(QUERY.format("csv"))
    found = read_csv(response.data)
    assert [row["编号"] for row in found] == expected
    assert response.headers["X-Total-Count"] == str(len(expected))
    assert response.mimetype == "text/csv"
    notice = next(row for row in found if row["编号"] == NOTICE_ID)
    assert notice["发文字号"] == "云政发〔2023〕12号"
    assert (notice["类型"], notice["有效性"], notice["施行日期"]) == ("政策文件", "现行有效", "2023-07-01")
    sheet = read_xlsx(client.get(QUERY.format("xlsx")).data)
    assert sheet[0] == list(HEADER)
    assert [row[0] for row in sheet[1:]] == expected


def test_the_name_of_the_file_says_what_and_how_many(client: FlaskClient) -> None:
    kind, options = parse_options_header(client.get("/search.csv?q=低保").headers["Content-Disposition"])
    total = client.get("/search.json?q=低保").get_json()["total"]
    assert (kind, options["filename"]) == ("attachment", f"政务公开 低保（{total}条）.csv")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "zip"])
def test_a_header_is_ascii_whatever_was_asked(client: FlaskClient, kind: str) -> None:
    """Servers refuse to send any other."""
    response = client.get(f"/search.{kind}", query_string={"q": '低保"; filename=evil.exe\r\nX-Evil: 1'})
    assert "X-Evil" not in response.headers
    disposition = response.headers["Content-Disposition"]
    assert disposition.isascii()
    assert disposition.isprintable()
    assert parse_options_header(disposition)[1]["filename"].endswith(f"（0{'份' if kind == 'zip' else '条'}）.{kind}")


def test_an_address_of_a_page_is_the_one_that_the_pages_use(client: FlaskClient) -> None:
    for document_id in (NOTICE_ID, "zwgk/目录/义务教育", "a b%?#&", "../etc", "https://x.cn//1?a=b", "~q"):
        with client.application.test_request_context():
            assert page_link("", document_id) == document_url(document_id)


@pytest.mark.parametrize("mark", FORMULA_MARKS)
def test_no_cell_is_run_as_a_formula(mark: str) -> None:
    text = f'{mark}HYPERLINK("http://evil.example","低保")'
    written = b"".join(csv_stream(["标题"], [[text]]))
    assert read_csv(written) == [{"标题": f"'{text}"}]
    book = load_workbook(io.BytesIO(b"".join(xlsx_stream("检索结果", ["标题"], [[text]]))))
    cell = book["检索结果"]["A2"]
    assert cell.data_type == "s"
    assert cell.value == text.replace("\r", "\n")  # as XML readers do
    assert cell.quotePrefix


def test_hostile_texts_stay_texts() -> None:
    title = '低保</t></is></c>\x00\x0b<script>&amp;"]]>\ud83d\ude00\ufffe公告'
    sheet = read_xlsx(b"".join(xlsx_stream("检索结果", ["标题"], [[title]])))
    assert sheet[1] == ['低保</t></is></c><script>&amp;"]]>公告']
    assert len(read_xlsx(b"".join(xlsx_stream("检索结果", ["标题"], [["长" * 40_000]])))[1][0]) == 32_767


def test_a_document_taken_down_meanwhile_keeps_its_row_and_says_nothing(store: DocumentStore) -> None:
    with store.writing() as writer:
        for number in range(3):
            writer.put(Document(id=f"n-{number}", title=f"低保公示第{number}号", kind=Kind.NOTICE))
    engine = MemoryEngine(stored.document for stored in store.live_documents())
    found = find_all(engine, SearchRequest(text="低保").to_query())
    with store.writing() as writer:
        writer.withdraw("n-1", reason="个人信息", note="电话")
    written = {row[0]: row for row in rows(with_documents(store, found), {}, "https://www.yunxi.example.cn/")}
    assert len(written) == 3
    assert [cell for cell in written["n-1"] if cell] == ["n-1", "已撤下"]
    assert "https://www.yunxi.example.cn/documents/n-2" in written["n-2"]


def test_a_zip_has_texts_originals_and_attachments_and_lists_them(client: FlaskClient) -> None:
    chosen = [NOTICE_ID, REPEALED_ID, HOSTILE_ID, WITHDRAWN_ID, "没有这一份"]
    response = client.post("/search.zip", data={"id": chosen})
    assert response.mimetype == "application/zip"
    assert response.headers["X-Total-Count"] == "5"
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist()}
    lines = read_csv(files.pop("清单.csv"))
    listed = {line["文件"]: line for line in lines if line["文件"]}
    assert set(listed) == set(files)
    for name, data in files.items():
        assert (listed[name]["字节数"], listed[name]["SHA-256"]) == (str(len(data)), hashlib.sha256(data).hexdigest())
        assert ".." not in name.split("/")
        assert not set(name) & set('\\:*?"<>|\r\n')
        assert name.count("/") == 1
    originals = [name for name, line in listed.items() if line["内容"] == "原件"]
    assert [files[name] for name in originals if name.endswith(".pdf")] == [PDF_BYTES]
    assert any(name.endswith("最低生活保障申请表.doc") for name in files)
    assert any("没有收录" in line["说明"] for line in lines if "旧版说明" in line["内容"])
    gone = {line["编号"]: line["说明"] for line in lines if not line["文件"] and not line["内容"]}
    assert gone == dict.fromkeys([WITHDRAWN_ID, "没有这一份"], "找不到，或者已经撤下")
    assert b"secret" not in response.data


def test_a_zip_of_a_search_has_each_document_once(client: FlaskClient) -> None:
    response = client.get("/search.zip?q=低保&kind=policy")
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        lines = read_csv(archive.read("清单.csv"))
    assert {line["编号"] for line in lines} == {NOTICE_ID, REPEALED_ID}
    assert response.headers["X-Total-Count"] == "2"


@pytest.mark.parametrize("chosen", [[], [str(number) for number in range(1_001)]])
def test_none_or_too_many_chosen_documents_are_refused(client: FlaskClient, chosen: list[str]) -> None:
    response = client.post("/search.zip", data={"id": chosen})
    assert response.status_code in (400, 413)


def test_only_so_many_exports_run_at_once_whoever_runs_them(make_client: MakeClient, tmp_path: Path) -> None:
    settings = WebSettings(shared_folder=tmp_path / "shared")
    clients = [make_client(settings=settings) for _ in range(5)]
    running = [client.get("/search.csv", buffered=False) for client in clients[:4]]
    assert [response.status_code for response in running] == [200] * 4
    refused = clients[4].get("/search.zip?q=低保")
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "30"
    assert clients[4].get("/catalog.xlsx").status_code == 503
    assert clients[4].get("/search?q=低保").status_code == 200
    assert clients[4].get("/search.csv?page=x").status_code == 400
    running[0].close()
    assert clients[4].get("/search.csv").status_code == 200
    assert clients[4].get("/search.xlsx").status_code == 200  # the last one gave its slot back
    for response in running:
        response.close()


def test_a_malformed_parameter_takes_no_slot(make_client: MakeClient, tmp_path: Path) -> None:
    client = make_client(settings=WebSettings(shared_folder=tmp_path))
    for _ in range(6):
        assert client.get("/search.csv?since=昨天").status_code == 400
    assert client.get("/search.csv").status_code == 200
