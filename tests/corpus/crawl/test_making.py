"""What a page's listing says of it counts where the page says less."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from corpus.crawl.frontier import Address
from corpus.crawl.making import make_document
from corpus.crawl.outcomes import Role
from corpus.crawl.site import Site
from corpus.models import Document, Kind
from corpus.parsers import Parsed
from corpus.parsers.sniff import PDF

URL = "http://www.example.gov.cn/P020240506.pdf"
ROW = {"title": "清河区2023年政府信息公开工作年度报告", "published_on": "2024-01-31"}


def made(parsed: Parsed, anchor: str = "", **hints: object) -> Document:
    address = Address(
        id=1,
        role=Role.PAGE,
        url=URL,
        depth=1,
        redirects=0,
        parent="",
        anchor=anchor,
        hints=hints,
        document_id="q-1",
        etag="",
        last_modified="",
        retries=0,
    )
    return make_document(parsed, address, Site.from_url("http://www.example.gov.cn/"), datetime.now(UTC))


def read(title: str, *, guessed: bool = True) -> Parsed:
    return Parsed(parser="pdf/3", media_type=PDF, title=title, title_guessed=guessed)


@pytest.mark.parametrize(
    ("parsed", "anchor", "hints", "title"),
    [
        (read("清河区年报", guessed=False), "下载", {"row": ROW}, "清河区年报"),
        (read("第一部分 概述"), "下载", {"row": ROW}, ROW["title"]),
        (read("第一部分 概述"), "下载", {"row": ROW, "title": "2023年年报"}, "2023年年报"),
        (
            read("清河区2023年政府信息公开工作年度报告全文"),
            "",
            {"title": "清河区2023年政府信…"},
            "清河区2023年政府信息公开工作年度报告全文",
        ),
        (read("第一部分 概述"), "下载", {}, "第一部分 概述"),
        (read("P020240506"), "2023年年报", {}, "2023年年报"),
        (read(""), "", {}, "P020240506.pdf"),
    ],
)
def test_a_title_that_is_guessed_gives_way(parsed: Parsed, anchor: str, hints: dict[str, object], title: str) -> None:
    assert made(parsed, anchor, **hints).title == title


def test_the_day_and_the_kind_are_those_of_the_row() -> None:
    document = made(read("第一部分 概述"), row=ROW)
    assert (document.published_on, document.kind) == (date(2024, 1, 31), Kind.REPORT)
    assert made(read("第一部分 概述"), row=ROW, published_on="2024-02-01").published_on == date(2024, 2, 1)
