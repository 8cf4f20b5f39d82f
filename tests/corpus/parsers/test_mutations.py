"""Pages made to be slow, and a PDF cut off: always an answer, and a quick one. (Random damage: tests/fuzz.)"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from corpus.errors import UnreadableError
from corpus.parsers import Source
from corpus.parsers.dispatch import parse

HOSTILE = {
    "nested furniture": "<div class=header>" * 1000 + "字，句子。" * 2000,
    "rows": "<li><a href=/a.html>清河区公告标题</a><span>2020-01-01</span></li>" * 3000,
    "nested containers": "<div class=zoom>" * 1000 + "<p>句子，句子，句子句子句子句子。</p>" * 1000,
    "wide cells": "<table><tr>"
    + "<td rowspan=9999 colspan=9999>格</td>" * 20
    + "</tr>"
    + "<tr><td>格</td></tr>" * 2000,
    "open tags": "<" * 100_000 + "<%" * 100_000 + "<!--" * 10_000,
    "labels": "索引号：" * 20_000,
    "scripts": "<script>" + "createPageHTML(" * 10_000 + '{name:"a",' * 10_000 + "</script>",
}


@pytest.mark.parametrize("page", HOSTILE)
def test_a_page_made_to_be_slow_is_not(page: str) -> None:
    started = time.perf_counter()
    parse(Source(data=f"<html>{HOSTILE[page]}".encode(), url="http://a.gov.cn/"))
    assert time.perf_counter() - started < 10


@pytest.mark.realdata
@pytest.mark.parametrize("pdf", ["pdf/converter-test.pdf"])
def test_a_cut_pdf_is_answered(pdf: str, realdata: Path) -> None:
    whole = (realdata / pdf).read_bytes()
    for share in (0.01, 0.5, 0.99):
        try:
            parsed = parse(Source(data=whole[: int(len(whole) * share)]))
        except UnreadableError as refused:
            assert refused.reason == "the PDF is damaged or incomplete"
        else:
            assert "the end of the file is missing" in parsed.problems
