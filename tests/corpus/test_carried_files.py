"""The files that documents carry are read under the names that people see."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.blobs import BlobStore
from corpus.carried_files import read_new_files
from corpus.models import Attachment, Document, Kind
from corpus.store import DocumentStore

PAGE = Document(id="q-1", title="关于公布目录的通知", url="http://www.example.gov.cn/1.html", kind=Kind.NOTICE)
DOWNLOAD = "http://www.example.gov.cn/download.do?id=3"
ROWS = (
    "序号,一级事项,二级事项,公开内容（要素）,公开依据,公开时限,公开主体,公开渠道和载体\n"
    "1,最低生活保障,审批信息,低保对象名单,《社会救助暂行办法》,制定或获取信息之日起10个工作日内,清河区民政局,■政府网站\n"
)


def carried(store: DocumentStore, blobs: BlobStore, name: str, url: str, data: bytes) -> Attachment:
    """The file as its document carries it once it was read."""
    sha256 = blobs.put(data)
    with store.writing() as writer:
        writer.put(replace(PAGE, attachments=(Attachment(name=name, url=url),)))
        writer.put_file(url, sha256=sha256, size=len(data), media_type="text/plain")
    assert read_new_files(store, blobs, lambda *_: None).read == 1
    stored = store.get(PAGE.id)
    assert stored is not None
    return stored.document.attachments[0]


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("附件1.社会救助领域基层政务公开标准目录.csv", DOWNLOAD),
        ("附件1.社会救助领域基层政务公开标准目录", "http://www.example.gov.cn/P020200728.csv"),
        ("附件1.社会救助领域基层政务公开标准目录", DOWNLOAD + "&name=P020200728.csv"),
    ],
)
def test_the_type_and_the_domain_are_read_out_of_the_shown_name(
    store: DocumentStore, blobs: BlobStore, name: str, url: str
) -> None:
    found = carried(store, blobs, name, url, ROWS.encode())
    assert found.text.split("\n")[1].startswith("1\t最低生活保障\t审批信息")
    assert [(entry.subitem, entry.domain) for entry in found.entries] == [("审批信息", "社会救助")]


def test_a_name_that_says_nothing_is_that_of_the_address(store: DocumentStore, blobs: BlobStore) -> None:
    url = "http://www.example.gov.cn/%E7%9B%AE%E5%BD%95.csv"
    assert carried(store, blobs, url, url, "序号,事项\n1,低保\n".encode()).text == "序号\t事项\n1\t低保"
