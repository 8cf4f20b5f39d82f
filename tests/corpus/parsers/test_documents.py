"""PDF, Word and plain text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.errors import UnreadableError
from corpus.parsers import Source, ocr
from corpus.parsers.dispatch import parse
from corpus.parsers.encoding import decode
from corpus.parsers.text import parse_text
from tests.corpus.parsers.files import make_docx, make_pdf

TEXT = "清河区村务公开办法\n　　第一条　为了公开村务，制定本办法。\n姓名\t电话\n清河区民政局\n2020年7月20日\n"


def test_a_pdf_gives_its_paragraphs_not_its_lines() -> None:
    parsed = parse(Source(data=make_pdf(), name="通知.pdf"))
    assert parsed.title == "关于印发村务公开办法的通知"
    assert parsed.body.split("\n") == [
        "关于印发村务公开办法的通知",
        "村务公开是基层民主的重要内容，各镇人民政府应当按照本办法公开村务，公开的时间、内容和方式由村民会议决定。",
        "本办法自公布之日起施行，此前的规定与本办法不一致的，以本办法为准。",
        "清河区民政局",
        "2020年7月20日",
    ]
    assert (parsed.issuers, parsed.issued_on) == (("清河区民政局",), date(2020, 7, 20))
    assert parsed.problems == ()


def test_an_empty_pdf_says_so() -> None:
    parsed = parse(Source(data=make_pdf(text=False), name="files/空白.pdf"))
    assert (parsed.title, parsed.body, parsed.problems) == ("空白", "", ("the PDF holds no text",))


@pytest.mark.realdata
def test_a_pdf_whose_fonts_lie_needs_ocr(realdata: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    parsed = parse(Source(data=(realdata / "pdf" / "gmt-0031-2014.pdf").read_bytes(), name="gmt-0031-2014.pdf"))
    assert parsed.needs_ocr
    assert "犐犆犛" not in parsed.body
    assert "OCR" in parsed.problems[0] and "page" in parsed.problems[0]


def test_a_word_file_gives_paragraphs_and_tables_in_their_order() -> None:
    parsed = parse(Source(data=make_docx(), name="通知.docx"))
    assert parsed.title == "关于印发村务公开办法的通知"
    assert (parsed.document_number, parsed.issuers) == ("清民发〔2020〕12号", ("清河区民政局",))
    assert parsed.issued_on == date(2020, 7, 20)
    assert parsed.body.split("\n")[3:] == [
        "各镇人民政府，区直各单位：",
        "现将办法印发给你们。",
        "公开时限",
        "村务\t财务 收支\t每月",
        "\t低保",
        "清河区民政局",
        "2020年7月20日",
    ]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_read_in_any_encoding(charset: str) -> None:
    parsed = parse(Source(data=TEXT.encode(charset), name="办法.txt"))
    assert parsed.title == "清河区村务公开办法"
    assert parsed.body.split("\n")[1:3] == ["第一条 为了公开村务，制定本办法。", "姓名\t电话"]
    assert (parsed.issuers, parsed.issued_on) == (("清河区民政局",), date(2020, 7, 20))


def test_traditional_text_in_big5_is_no_gbk() -> None:
    text = "關於村務公開辦法的公告\n為了保障村民的權利，應當公開財務和其他事項，由各鎮政府負責監督。"
    assert decode(text.encode("big5")).text == text


def test_a_text_cut_in_the_middle_of_a_character_stays_utf8() -> None:
    decoded = decode("清河区村务公开办法".encode()[:-1])
    assert (decoded.encoding, decoded.text[:8]) == ("utf-8", "清河区村务公开办")


@pytest.mark.parametrize("data", [b"\x80\x81\xff\xfe\x90" * 200, b"\x0c \n"])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError):
        parse_text(Source(data=data))
