"""The bytes say what a file is, not its name."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from corpus.parsers import sniff
from tests.corpus.parsers.files import make_docx, make_ole, make_pdf, make_zip
from tests.corpus.parsers.workbooks import pack

FILES: dict[str, tuple[bytes, str, str]] = {
    "nothing": (b"", "a.html", sniff.EMPTY),
    "blanks": (b" \r\n\x00\x00", "a.txt", sniff.EMPTY),
    "page": ("\ufeff\n<!DOCTYPE html><html>".encode(), "a.pdf", sniff.HTML),
    "page behind a comment": (b"<%-- x --%>\n<%@ page %><html lang=en><body>", "a.jsp", sniff.HTML),
    "fragment": ("\n<table><tr><td>甲</td></tr></table>".encode(), "a", sniff.HTML),
    "page in UTF-16": ("<html><body>甲</body></html>".encode("utf-16"), "a", sniff.HTML),
    "pdf": (make_pdf(), "a.doc", sniff.PDF),
    "pdf behind a mark": (b"\xef\xbb\xbf\n" + make_pdf(), "a", sniff.PDF),
    "docx": (make_docx(), "a.doc", sniff.DOCX),
    "truncated docx": (make_docx()[:-200], "a.zip", sniff.DOCX),
    "xlsx": (make_zip("[Content_Types].xml", "xl/workbook.xml"), "a", sniff.XLSX),
    "pptx": (make_zip("[Content_Types].xml", "ppt/presentation.xml"), "a", sniff.PPTX),
    "ofd": (make_zip("OFD.xml", "Doc_0/Document.xml"), "a.zip", sniff.OFD),
    "zip": (make_zip("附件1.txt"), "a.docx", sniff.ZIP),
    "doc": (make_ole("WordDocument"), "a.doc", sniff.DOC),
    "xls": (make_ole("Workbook"), "a.doc", sniff.XLS),
    "wps": (make_ole("WordDocument"), "a.WPS", sniff.WPS),
    "et": (make_ole("Workbook"), "a.et", sniff.ET),
    "rtf": (b"{\\rtf1\\ansi", "a.doc", sniff.RTF),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", "a", sniff.SEVEN_ZIP),
    "rar": (b"Rar!\x1a\x07\x01\x00", "a.zip", sniff.RAR),
    "png": (b"\x89PNG\r\n\x1a\n\x00\x00", "a.jpg", "image/png"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a", "image/jpeg"),
    "gif": (b"GIF89a\x01\x00", "a", "image/gif"),
    "tiff": (b"II*\x00\x08\x00\x00\x00", "a", "image/tiff"),
    "xml": (b"<?xml version='1.0'?><urlset/>", "a", sniff.XML),
    "text": ("清河区村务公开办法\n第一条　为了公开村务".encode("gbk"), "a.html", sniff.TEXT),
    "text that speaks of BM": (b"BM25F is a ranking function", "a", sniff.TEXT),
    "something else": (bytes(range(256)) * 8, "a.txt", sniff.UNKNOWN),
}


@pytest.mark.parametrize("file", FILES)
def test_the_bytes_decide(file: str) -> None:
    data, name, media_type = FILES[file]
    assert sniff.sniff(data, name) == media_type


_OCR = sniff.PICTURES | {sniff.PDF, sniff.ZIP, sniff.SEVEN_ZIP, sniff.OFD, sniff.DOCX, sniff.PPTX}
_OCR |= {sniff.DOC, sniff.WPS, sniff.PPT}


@pytest.mark.parametrize("file", FILES)
def test_what_may_need_ocr_is_told_without_unpacking(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(zipfile, "ZipFile")
    data, name, media_type = FILES[file]
    assert sniff.may_need_ocr(data, name) == (media_type in _OCR)


def test_an_archive_of_workbooks_and_half_a_workbook_may_need_ocr() -> None:
    book = make_zip("[Content_Types].xml", "xl/workbook.xml")
    assert sniff.may_need_ocr(pack({"台账.xlsx": book}, method=zipfile.ZIP_STORED))
    assert sniff.may_need_ocr(book[:-30])
    assert not sniff.may_need_ocr(book)


def test_a_header_tells_a_page_where_the_bytes_tell_nothing() -> None:
    assert sniff.sniff("系统维护中".encode(), "", "text/html; charset=utf-8") == sniff.HTML
    assert sniff.sniff("系统维护中".encode(), "", "text/plain") == sniff.TEXT
    assert sniff.sniff(make_pdf(), "", "text/html") == sniff.PDF


@pytest.mark.realdata
def test_real_files_are_what_they_are(realdata: Path) -> None:
    expected = {
        "pages/pingtan/*.html": sniff.HTML,
        "pages/portals/*": sniff.HTML,
        "pages/pingtan/*.txt": sniff.TEXT,
        "pdf/*.pdf": sniff.PDF,
        "ofd/*.ofd": sniff.OFD,
        "sheets/*.xls": sniff.XLS,
        "sheets/*.xlsx": sniff.XLSX,
    }
    for pattern, media_type in expected.items():
        files = sorted(realdata.glob(pattern))
        assert files
        assert {sniff.sniff(path.read_bytes()) for path in files} == {media_type}, pattern
