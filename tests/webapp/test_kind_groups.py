"""Above the first page stands the best of each kind; the hits below keep their order."""

from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup

from corpus.models import Document, Kind
from tests.webapp.conftest import MakeClient, read_page, texts_of
from tests.webapp.memory_engine import MemoryEngine

POLICY = Document(id="policy", title="养老服务条例实施意见", kind=Kind.POLICY, body="养老。")
GUIDE = Document(id="guide", title="养老补贴申领指南", kind=Kind.GUIDE, body="凭证件办理。")
INTERPRETATION = Document(id="reading", title="一图读懂", kind=Kind.INTERPRETATION, body="养老。")
NOTICES = [
    Document(
        id=f"notice-{number:02}",
        title=f"养老机构养老评估公告第{number}号",  # the word twice: before the others
        kind=Kind.NOTICE,
        body="评估结果。",
        published_on=date(2024, 1, number),
    )
    for number in range(1, 13)
]


@pytest.fixture
def engine() -> MemoryEngine:
    return MemoryEngine([POLICY, GUIDE, INTERPRETATION, *NOTICES])


def lines(page: BeautifulSoup) -> dict[str, str]:
    """Kind and count, and where its first title leads."""
    return {
        " ".join(line.select(".group-name")[0].get_text(" ").split()): str(line.select(".group-best")[0]["href"])
        for line in page.select(".groups li")
    }


def test_kinds_that_the_page_does_not_show_are_there_by_their_best(
    make_client: MakeClient, engine: MemoryEngine
) -> None:
    client = make_client(engine)
    page = read_page(client.get("/search?q=养老"))
    assert lines(page) == {"政策文件 1 条": "/documents/policy", "办事指南 1 条": "/documents/guide"}
    assert [str(link["href"]) for link in page.select(".hit-title a")] == [
        f"/documents/notice-{number:02}" for number in range(12, 2, -1)
    ]
    (guides,) = [link for link in page.select(".group-name[href]") if "办事指南" in link.get_text()]
    assert texts_of(read_page(client.get(str(guides["href"]))), ".hit-title") == ["养老补贴申领指南"]


def test_a_kind_whose_first_title_says_nothing_of_it_is_left_to_the_tabs(
    make_client: MakeClient, engine: MemoryEngine
) -> None:
    page = read_page(make_client(engine).get("/search?q=养老"))
    assert not any("政策解读" in name for name in lines(page))
    assert any("政策解读" in tab for tab in texts_of(page, ".tabs li"))


@pytest.mark.parametrize("more", ["&kind=notice&kind=policy", "&sort=date", "&page=2"])
def test_whoever_chose_or_turned_the_page_has_seen_it(make_client: MakeClient, engine: MemoryEngine, more: str) -> None:
    page = read_page(make_client(engine).get(f"/search?q=养老{more}"))
    assert page.select(".hit")
    assert not page.select(".groups")


def test_what_stands_on_one_page_is_not_told_twice(make_client: MakeClient) -> None:
    page = read_page(make_client(MemoryEngine([POLICY, GUIDE])).get("/search?q=养老"))
    assert len(page.select(".hit")) == 2
    assert not page.select(".groups")
