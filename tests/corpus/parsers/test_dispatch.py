"""One door to all parsers: a reading or an `UnreadableError` with a reason, nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source, dispatch
from corpus.parsers.dispatch import parse, parser_version
from tests.corpus.parsers.files import make_docx, make_ole, make_pdf, make_zip
from tests.corpus.parsers.workbooks import pack

PAGE = (
    "<html><head><meta charset=utf-8><meta name=ArticleTitle content='关于村务公开的通知'>"
    "<title>通知_清河区</title></head>"
    "<body><div class=breadcrumb>当前位置：<a href=/>首页</a>&gt;<a href=/tz/>通知</a></div>"
    "<ul><li>索引号：<b>QH-1</b></li>"
    "<li>成文日期：2020-07-20</li></ul><div class=TRS_Editor><p>各镇人民政府：请认真执行。</p>"
    "<table><tr><td rowspan=2>甲</td>"
    "<td colspan=2>乙</td></tr><tr><td>丙</td><td>丁</td></tr></table><p><a href='./P1.doc'>附件1.doc</a></p></div>"
    "<script>var apps=[{name:'附件.pdf',url:'/f.pdf'}];createPageHTML(4,0,'index','html');</script></body></html>"
).encode()

REASONS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty"),
    "rar": (b"Rar!\x1a\x07\x00" + b"x" * 20, "rar archives are not supported"),
    "xls": (make_ole("Workbook"), "the workbook is damaged or incomplete"),
    "xlsx": (make_zip("[Content_Types].xml", "xl/workbook.xml"), "a part of the file is no XML"),
    "ofd": (make_zip("OFD.xml"), "the OFD file cannot be read: OFD.xml is no XML"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + b"x" * 20, "the archive is damaged or incomplete"),
    "png": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 20, "the picture is damaged or incomplete"),
    "xml": (b"<?xml version='1.0'?><a/>", "xml files cannot be read yet; the file is kept"),
    "truncated zip": (make_zip("a.txt")[:60], "the file is damaged or incomplete"),
    "truncated docx": (make_docx()[:2000], "the Word file is damaged or incomplete"),
    "truncated pdf": (make_pdf()[:40], "the PDF is damaged or incomplete"),
    "locked pdf": (make_pdf(password="secret"), "the PDF is locked with a password"),
    "unknown": (bytes(range(256)) * 8, "the file is of no known type; it is kept"),
}


@pytest.mark.parametrize("file", REASONS)
def test_what_cannot_be_read_says_why(file: str) -> None:
    data, reason = REASONS[file]
    with pytest.raises(UnreadableError) as refused:
        parse(Source(data=data, name="a.html"))
    assert refused.value.reason == reason


@pytest.mark.parametrize("data", [PAGE, make_pdf(), make_docx(), "村务公开办法\n第一条".encode()])
def test_a_reading_names_its_parser_and_type(data: bytes) -> None:
    parsed = parse(Source(data=data))
    assert parsed.parser == parser_version(parsed.media_type) != ""


def test_an_archive_in_an_archive_names_its_parser_as_the_dispatcher_does() -> None:
    (member,) = parse(Source(data=pack({"内.zip": pack({"公告.txt": "停水公告".encode()})}))).members
    assert member.parsed is not None
    assert member.parsed.parser == parser_version(member.parsed.media_type)
    assert member.parsed.members[0].parsed is not None


def test_types_without_a_parser_have_no_version() -> None:
    assert parser_version("application/gzip") == ""


def test_what_a_library_raises_does_not_leak(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(source: Source) -> Parsed:
        raise KeyError(source.name)

    monkeypatch.setitem(dispatch._PARSERS, "text/html", ("html/1", stumble))
    with pytest.raises(UnreadableError, match=r"html/1 failed on this file \(KeyError\)"):
        parse(Source(data=PAGE))


# 20 s: the first page that needs it loads the models of OCR, which takes 4 s on a busy machine.
@settings(max_examples=60, deadline=20_000, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.sampled_from([PAGE, make_pdf(), make_docx(), make_zip("a.txt"), make_ole("Book")]),
    cut=st.floats(0, 1),
    flips=st.lists(st.tuples(st.floats(0, 1), st.integers(1, 255)), max_size=12),
)
def test_cut_and_damaged_files_are_read_or_refused(data: bytes, cut: float, flips: list[tuple[float, int]]) -> None:
    damaged = bytearray(data)
    for place, mask in flips:
        damaged[min(int(place * len(damaged)), len(damaged) - 1)] ^= mask
    source = Source(data=bytes(damaged[: int(cut * len(damaged))]), url="http://a.gov.cn/b/c.html")
    try:
        parsed = parse(source)
    except UnreadableError as refused:
        assert refused.reason
    else:
        assert replace(parsed, body="") is not parsed
        assert "\x00" not in parsed.body


@settings(max_examples=60, deadline=2000)
@given(markup=st.text(st.sampled_from("<>/=\"' aptdr&;#x村务\n:：2020-07索引号"), max_size=400))
def test_any_markup_is_a_page_of_some_sort(markup: str) -> None:
    parsed = parse(Source(data=f"<html>{markup}".encode()))
    assert parsed.media_type == "text/html"
