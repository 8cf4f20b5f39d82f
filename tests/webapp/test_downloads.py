"""Original, attachment and text: right bytes, names and types; in part and again; and never anything else."""

from __future__ import annotations

import logging
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.http import parse_options_header
from werkzeug.test import TestResponse

from tests.webapp.conftest import read_page
from tests.webapp.world import BARE_ID, GUIDE_ID, HOSTILE_ID, NOTICE_ID, PAGE_BYTES, PDF_BYTES, REPEALED_ID, World

NOTICE_TITLE = "云溪区人民政府关于进一步加强最低生活保障工作的通知"


def assert_is_download(response: TestResponse, name: str, content_type: str) -> None:
    """A file that no browser shows or runs, under this name (RFC 6266: ``filename*`` for what is not ASCII)."""
    assert response.status_code in (200, 206)
    disposition = response.headers["Content-Disposition"]
    assert disposition.isascii()
    kind, options = parse_options_header(disposition)
    assert (kind, options["filename"]) == ("attachment", name)
    assert f"filename*=UTF-8''{quote(name, safe='!#$&+-.^_`|~')}" in disposition or name.isascii()
    assert response.headers["Content-Type"] == content_type
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox"


def test_the_original_is_what_was_kept(client: FlaskClient) -> None:
    response = client.get(f"/documents/{NOTICE_ID}/download")
    assert_is_download(response, f"{NOTICE_TITLE}.html", "text/html")  # no charset: it is GBK
    assert response.data == PAGE_BYTES
    response = client.get(f"/documents/{REPEALED_ID}/download")
    assert_is_download(
        response, "云溪区人民政府办公室关于印发《云溪区城乡低保操作规程（试行）》的通知.pdf", "application/pdf"
    )
    assert response.data == PDF_BYTES


def test_a_document_without_an_original_says_what_there_is_instead(client: FlaskClient) -> None:
    response = client.get(f"/documents/{quote(GUIDE_ID)}/download")
    assert response.status_code == 404
    assert "可以下载文本" in response.get_data(as_text=True)


def test_an_attachment_has_its_own_name_whatever_the_address_says(client: FlaskClient, world: World) -> None:
    name = "低保家庭经济状况核查授权书.pdf"
    for written in (quote(name), "evil.exe", "x%0d%0aSet-Cookie:a", "a/b/c", "%2e%2e%2f%2e%2e%2fetc%2fpasswd"):
        response = client.get(f"/files/{world.pdf}/{written}")
        assert_is_download(response, name, "application/pdf")
        assert response.data == PDF_BYTES
        assert "Set-Cookie" not in response.headers


def test_a_hostile_name_is_made_a_file_name(client: FlaskClient, world: World) -> None:
    page = read_page(client.get(f"/documents/{HOSTILE_ID}"))
    (link,) = page.select(".attachments a")
    response = client.get(str(link["href"]))
    assert_is_download(response, "表 X-Evil 1 .. x.pdf", "application/pdf")
    assert "X-Evil" not in response.headers
    assert world.pdf in str(link["href"])


def test_the_text_has_a_head_of_official_fields(client: FlaskClient) -> None:
    response = client.get(f"/documents/{NOTICE_ID}/text")
    assert_is_download(response, f"{NOTICE_TITLE}.txt", "text/plain; charset=utf-8")
    text = response.data.decode()
    head, body = text.split("─" * 30)
    assert head.startswith(f"{NOTICE_TITLE}\n\n索引号：YX000-0201-2023-0012\n")
    assert "发布日期：2023年6月19日\n" in head
    assert "原网页：https://www.yunxi.example.cn/" in head
    assert "各街道办事处、各镇人民政府，区政府各部门：\n" in body
    names = ["1. 附件1：最低生活保障申请表.doc", "2. 低保家庭经济状况核查授权书", "3. 附件3：旧版说明.rar"]
    assert text.endswith("\n".join(["\n附件：", *names, ""]))
    bare = client.get(f"/documents/{BARE_ID}/text").data.decode()
    assert bare.startswith("云溪区人大常委会公告第3号\n\n类型：其他")


@pytest.mark.parametrize("kind", ["file", "text"])
def test_a_part_of_a_file_is_sent(client: FlaskClient, world: World, kind: str) -> None:
    path = f"/files/{world.pdf}/x.pdf" if kind == "file" else f"/documents/{NOTICE_ID}/text"
    whole = client.get(path)
    assert whole.headers["Accept-Ranges"] == "bytes"
    part = client.get(path, headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole.data)}"
    assert part.data == whole.data[100:200]
    assert part.headers["Content-Security-Policy"] == "sandbox"
    resumed = client.get(path, headers={"Range": "bytes=100-", "If-Range": whole.headers["ETag"]})
    assert (resumed.status_code, resumed.data) == (206, whole.data[100:])
    changed = client.get(path, headers={"Range": "bytes=100-", "If-Range": '"other"'})
    assert (changed.status_code, changed.data) == (200, whole.data)


def test_a_part_outside_of_the_file_is_refused_with_its_length(client: FlaskClient, world: World) -> None:
    response = client.get(f"/files/{world.pdf}/x.pdf", headers={"Range": "bytes=999999-"})
    assert response.status_code == 416
    assert response.headers["Content-Range"] == f"bytes */{len(PDF_BYTES)}"
    assert "字节范围" in response.get_data(as_text=True)


def test_a_file_that_did_not_change_is_not_sent_again(client: FlaskClient, world: World) -> None:
    path = f"/files/{world.pdf}/x.pdf"
    etag = client.get(path).headers["ETag"]
    assert world.pdf in etag
    again = client.get(path, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "no-cache"


def test_head_tells_the_length_without_the_bytes(client: FlaskClient, world: World) -> None:
    response = client.head(f"/files/{world.pdf}/x.pdf")
    assert (response.status_code, response.data) == (200, b"")
    assert response.content_length == len(PDF_BYTES)


@pytest.mark.parametrize(
    "path",
    [
        "/files/../store.db/x",
        "/files/%2e%2e%2fstore.db/x",
        "/files/..%5cstore.db/x",
        "/files/{secret}/名单.pdf",
        "/files/{upper}/x.pdf",
        "/files/{pdf}",
        "/files/{pdf}/",
        "/files/" + "0" * 64 + "/x",
        "/files/" + "0" * 63 + "%0a/x",
        "/static/../factory.py",
        "/static/%2e%2e/factory.py",
    ],
)
def test_nothing_but_the_files_of_documents_is_served(client: FlaskClient, world: World, path: str) -> None:
    response = client.get(path.format(secret=world.secret, pdf=world.pdf, upper=world.pdf.upper()))
    assert response.status_code == 404


def test_a_lost_file_is_named_as_lost(client: FlaskClient, world: World, caplog: pytest.LogCaptureFixture) -> None:
    path = world.blobs.path(world.page)
    aside = path.with_suffix(".aside")
    path.rename(aside)
    try:
        with caplog.at_level(logging.ERROR):
            response = client.get(f"/documents/{NOTICE_ID}/download")
    finally:
        aside.rename(path)
    assert response.status_code == 500
    assert "从备份恢复" in response.get_data(as_text=True)
    assert world.page in caplog.text
