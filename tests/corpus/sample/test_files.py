"""Do the attachments say what their texts say, in the same bytes every time?"""

from __future__ import annotations

import io
import sys
import zipfile

import pytest
from docx import Document as WordDocument
from pdfminer.high_level import extract_text

from corpus.sample import manifest
from corpus.sample.articles import AttachmentText, articles, parse_article
from corpus.sample.errors import MissingPdfWriterError, TextError
from corpus.sample.files import attachment_bytes
from corpus.sample.site import build_site, request_key

ATTACHMENTS = [(article.id, attachment) for article in articles() for attachment in article.attachments]


def words(data: bytes) -> str:
    document = WordDocument(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def text_of(attachment: AttachmentText) -> str:
    data = attachment_bytes(attachment)
    if attachment.format == "pdf":
        return "".join(extract_text(io.BytesIO(data)).split())
    if attachment.format == "docx":
        return words(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        if attachment.format == "xlsx":
            return archive.read("xl/worksheets/sheet1.xml").decode()
        (name,) = (name for name in archive.namelist() if name.endswith(".docx"))
        return words(archive.read(name))


@pytest.mark.parametrize(
    "attachment", [a for _, a in ATTACHMENTS if a.format != "rar"], ids=lambda attachment: attachment.name
)
def test_phrase_stands_in_the_attachment_and_nowhere_else(attachment: AttachmentText) -> None:
    assert attachment.phrase is not None
    assert attachment.phrase in text_of(attachment)
    assert not [entry.path for entry in manifest().entries.values() if attachment.phrase in entry.text]
    path = manifest().attachment_phrases[attachment.phrase]
    assert attachment.name in [name for name, _ in manifest().entries[path].attachments]


def test_every_format_is_served_with_its_type() -> None:
    types = {
        path.rsplit(".", 1)[1]: build_site()[path].content_type
        for entry in manifest().entries.values()
        for _, path in entry.attachments
    }
    assert set(types) == {"pdf", "docx", "xlsx", "zip", "rar"}
    assert types["pdf"] == "application/pdf"
    assert all(build_site()[path].body.startswith(b"Rar!") for path in manifest().unsupported_attachments)


def test_two_builds_have_the_same_bytes() -> None:
    build_site.cache_clear()
    first = {path: resource.etag for path, resource in build_site().items()}
    build_site.cache_clear()
    assert {path: resource.etag for path, resource in build_site().items()} == first


def test_without_reportlab_the_error_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "reportlab.pdfgen.canvas", None)
    with pytest.raises(MissingPdfWriterError, match=r"pip install 'gongkai\[demo\]'"):
        attachment_bytes(AttachmentText(name="通知.pdf", format="pdf", text="通知"))


def test_long_pdf_runs_over_several_pages() -> None:
    text = "\n".join(
        f"第{number}条　本办法所称公共租赁住房，是指限定建设标准和租金水平的保障性住房。" for number in range(60)
    )
    found = text_of(AttachmentText(name="办法.pdf", format="pdf", text=text))
    assert "第0条" in found
    assert "第59条" in found


def test_phrases_of_documents_are_their_own() -> None:
    entries = manifest().entries.values()
    for entry in entries:
        if entry.phrase:
            assert {other.id for other in entries if entry.phrase in other.text} == {entry.id}


def test_names_and_numbers_are_fictional() -> None:
    import re

    for article in articles():
        texts = [article.body, *(attachment.text for attachment in article.attachments)]
        for number in re.findall(r"(?<!\d)0\d{2,3}-\d{7,8}", "".join(texts)):
            assert number.startswith("0000-555"), (article.id, number)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("没有头的文件", "does not begin with"),
        ("+++\ntitle = \n+++\n正文", "not TOML"),
        ('+++\ntitle = "题"\nsource = "局"\npublished_at = 2024-01-01T00:00:00\nfoo = 1\n+++\n正文', "does not fit"),
    ],
)
def test_an_unreadable_text_is_named(tmp_path_factory: pytest.TempPathFactory, content: str, reason: str) -> None:
    file = tmp_path_factory.mktemp("gsgg") / "4999.txt"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(TextError, match=reason) as caught:
        parse_article(file)
    assert "4999.txt" in str(caught.value)


def test_request_key_forgets_sessions_and_orders_queries() -> None:
    assert request_key("/a.html;jsessionid=1?b=2&a=1#x") == "/a.html?a=1&b=2"
