"""What a carried file says is read on the page of its document, beside the file itself."""

from __future__ import annotations

from pathlib import Path

from corpus.blobs import BlobStore
from corpus.models import Attachment, Document
from corpus.store import DocumentStore, sqlite_url
from tests.webapp.conftest import ReadingClient, read_page, text_of, texts_of
from tests.webapp.memory_engine import MemoryEngine
from webapp.factory import create_app
from webapp.views.attached import attached
from webapp.web_settings import WebSettings

URL = "https://www.yunxi.example.cn/files/form.docx"
TEXT = "一、填写说明\n姓名\t<b>身份证</b>号码\n张三\t（填写本人的）\n本表一式两份。"


def test_it_stands_below_its_file_as_text(tmp_path: Path) -> None:
    document = Document(
        id="d", title="低保申请办事指南", body="凭表申请。", attachments=(Attachment(name="申请表.docx", url=URL),)
    )
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as store:
        sha256 = BlobStore(tmp_path).put(b"docx")
        with store.writing() as writer:
            writer.put(document)
            writer.put_file(URL, sha256=sha256, size=4, media_type="application/msword")
            writer.put_extract(sha256, text=TEXT, parser="word/1")
        app = create_app(MemoryEngine([document]), store, BlobStore(tmp_path), WebSettings())
        page = read_page(ReadingClient(app, app.response_class).get("/documents/d"))
    assert texts_of(page, ".attached h3") == ["一、填写说明"]
    assert texts_of(page, ".attached th, .attached td") == ["姓名", "<b>身份证</b>号码", "张三", "（填写本人的）"]
    assert text_of(page, ".attached p") == "本表一式两份。"
    assert not page.select(".attached [id], .attached b")


def test_of_long_files_the_beginning_is_shown_and_said_so() -> None:
    long = "长" * 50_000
    files = tuple(Attachment(name=name, sha256="0" * 64, text=long) for name in ("甲.pdf", "乙.pdf", "丙.pdf"))
    shown = list(attached(Document(id="d", title="汇编", attachments=files)))
    assert [sum(len(block.text) for block in one.blocks) for one in shown] == [50_000, 10_000, 0]
    assert [one.is_cut for one in shown] == [False, True, True]
