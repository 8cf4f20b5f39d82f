"""Real pages, cut off or with broken bytes, and pages made to be slow: always an answer, and a quick one."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from corpus.errors import UnreadableError
from corpus.parsers import Source
from corpus.parsers.dispatch import parse

SEED = 20200720
PAGES = [
    "pages/pingtan/98968.html",
    "pages/pingtan/21540.html",
    "pages/pingtan/zfxxgknb.html",
    "pages/portals/handan_list.jsp",
    "pages/portals/jiujiang_search_results_listing.html",
    "pages/portals/wjmoe.gov.cn.html",
]


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
@pytest.mark.parametrize("page", PAGES)
def test_a_broken_page_is_answered_quickly(page: str, realdata: Path) -> None:
    whole = (realdata / page).read_bytes()
    chance = random.Random(SEED)
    for _ in range(6):
        data = bytearray(whole[: chance.randrange(len(whole))])
        for _ in range(chance.randrange(40)):
            if data:
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        started = time.perf_counter()
        try:
            parse(Source(data=bytes(data), url="http://a.gov.cn/b/c.html"))
        except UnreadableError as refused:
            assert refused.reason
        assert time.perf_counter() - started < 5


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
