"""Queries are counted by day and shown when many days have them; nothing of a person is kept."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.webapp.conftest import MakeClient, read_page, texts_of
from webapp.query_counts import LEAST_DAYS, QueryCounts
from webapp.query_days import FolderDays
from webapp.web_settings import WebSettings

FIRST = date(2026, 3, 2)


class Days:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.today = FIRST

    def __call__(self) -> date:
        return self.today


def kept(folder: Path) -> str:
    return "".join(path.read_text("utf-8") for path in folder.glob("*")) if folder.is_dir() else ""


def asked_on(counts: QueryCounts, days: Days, number: int, *texts: str) -> None:
    for _ in range(number):
        for text in texts:
            counts.count(text)
        days.today += timedelta(days=1)


def test_what_many_days_have_is_shown_the_most_days_first(tmp_path: Path) -> None:
    days = Days()
    counts = QueryCounts(FolderDays(tmp_path / "queries"), 30, today=days)
    asked_on(counts, days, LEAST_DAYS, "低保怎么申请", "義務教育招生")
    asked_on(counts, days, 1, "义务教育招生")
    assert counts.popular(10) == ("义务教育招生", "低保怎么申请")
    assert counts.popular(1) == ("义务教育招生",)


def test_many_times_on_few_days_are_not_shown(tmp_path: Path) -> None:
    days = Days()
    counts = QueryCounts(FolderDays(tmp_path), 30, today=days)
    for _ in range(LEAST_DAYS - 1):
        for _ in range(50):
            counts.count("低保怎么申请")
        days.today += timedelta(days=1)
    assert counts.popular(10) == ()


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X",
        "低保 13800138000",
        "6222 0210 0100 0000 001",
        "0799-5550018",
        "我叫什么名字家里有几口人住在哪条路几号楼几单元",
        "低",
        "",
    ],
)
def test_personal_numbers_and_stories_are_never_written(tmp_path: Path, text: str) -> None:
    QueryCounts(FolderDays(tmp_path / "queries"), 30, today=Days()).count(text)
    assert kept(tmp_path / "queries") == ""


def test_blocked_words_are_never_written_and_no_longer_shown(tmp_path: Path) -> None:
    days, blocked = Days(), tmp_path / "blocked.txt"
    blocked.write_text("# 不展示\n", "utf-8")
    counts = QueryCounts(FolderDays(tmp_path / "queries"), 30, blocked, today=days)
    asked_on(counts, days, LEAST_DAYS, "云溪某某的处分")
    blocked.write_text("# 不展示\n某某  # 人名\n", "utf-8")
    assert counts.popular(10) == ()
    before = kept(tmp_path / "queries")
    counts.count("云溪某某的处分")
    assert kept(tmp_path / "queries") == before


def test_a_file_of_blocked_words_that_is_lost_still_holds_and_one_that_never_was_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked.txt"
    with pytest.raises(ValueError, match=r"blocked_queries cannot be read.*blocked\.txt"):
        QueryCounts(FolderDays(tmp_path / "queries"), 30, blocked)
    blocked.write_text("某某\n", "utf-8")
    counts = QueryCounts(FolderDays(tmp_path / "queries"), 30, blocked)
    blocked.unlink()
    counts.count("云溪某某的处分")
    assert not (tmp_path / "queries").exists()


def test_half_a_character_hides_no_day(tmp_path: Path) -> None:
    for number in range(1, LEAST_DAYS + 1):
        day = date.today() - timedelta(days=number)  # noqa: DTZ011 - the day by which the page counts
        (tmp_path / f"{day}.tsv").write_bytes("低保标准\t2\n义".encode()[:-1])
    assert QueryCounts(FolderDays(tmp_path), 30).popular(1) == ("低保标准",)


def test_a_day_that_has_passed_is_counted_in_order_and_forgotten_in_time(tmp_path: Path) -> None:
    days = Days()
    counts = QueryCounts(FolderDays(tmp_path), 3, today=days)
    for text in ("停水公告", "低保标准", "停水公告"):
        counts.count(text)
    days.today += timedelta(days=1)
    counts.popular(1)
    assert [path.name for path in tmp_path.glob("*")] == ["2026-03-02.tsv"]
    assert kept(tmp_path) == "低保标准\t1\n停水公告\t2\n"
    days.today += timedelta(days=2)
    counts.popular(1)
    assert list(tmp_path.glob("*")) == []


def test_a_folder_that_cannot_be_written_is_told_and_the_search_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    QueryCounts(FolderDays(tmp_path / "file"), 30).count("低保标准")
    assert "queries are not counted" in caplog.text


def test_a_search_that_finds_something_is_counted_and_the_home_page_shows_what_is_popular(
    make_client: MakeClient, tmp_path: Path
) -> None:
    client = make_client(settings=WebSettings(query_folder=tmp_path, query_days=30))
    client.get("/search?q=低保")
    for path in ("/search?q=鑫淼焱", "/search?q=通知&page=2", "/search?q=义务教育&kind=policy", "/search.json?q=教育"):
        client.get(path)
    assert kept(tmp_path) == "低保\n"
    assert not read_page(client.get("/")).select(".popular")
    for number in range(1, LEAST_DAYS + 1):
        day = date.today() - timedelta(days=number)  # noqa: DTZ011 - the day by which the page counts
        (tmp_path / f"{day}.tsv").write_text("义务教育\t3\n局长王五收钱 通知\t9\n", "utf-8")
    client = make_client(settings=WebSettings(query_folder=tmp_path, query_days=30))
    assert texts_of(read_page(client.get("/")), ".popular a") == ["义务教育"]


def test_nothing_is_counted_unless_it_is_set(make_client: MakeClient, tmp_path: Path) -> None:
    make_client(settings=WebSettings(query_folder=tmp_path, query_days=0)).get("/search?q=低保")
    assert list(tmp_path.glob("*")) == []
