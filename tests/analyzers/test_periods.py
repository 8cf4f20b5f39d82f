"""Which days a period of a question means, told by an injected today."""

from __future__ import annotations

from datetime import date

import pytest

from analyzers.calendar_spans import Period
from analyzers.lookup import Typed
from analyzers.periods import FoundPeriod, find_periods

TODAY = date(2026, 3, 10)  # a Tuesday


def found(text: str, today: date = TODAY) -> list[FoundPeriod]:
    return find_periods(Typed.read(text), today)


def only(text: str, today: date = TODAY) -> Period:
    (one,) = found(text, today)
    return one.period


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2020年", "2020-01-01", "2020-12-31"),
        ("２０２０年度", "2020-01-01", "2020-12-31"),
        ("二〇二〇年七月", "2020-07-01", "2020-07-31"),
        ("2020年2月", "2020-02-01", "2020-02-29"),
        ("2020年元月1日", "2020-01-01", "2020-01-01"),
        ("2020年7月28号", "2020-07-28", "2020-07-28"),
        ("2020-07", "2020-07-01", "2020-07-31"),
        ("2020.7.28", "2020-07-28", "2020-07-28"),
        ("21年3月份", "2021-03-01", "2021-03-31"),
        ("2020年7月至9月", "2020-07-01", "2020-09-30"),
        ("2020年7月1日至15日", "2020-07-01", "2020-07-15"),
        ("2020年7月1日 至 2021年2月3日", "2020-07-01", "2021-02-03"),
        ("2018-2020年", "2018-01-01", "2020-12-31"),
        ("2018年到2020年", "2018-01-01", "2020-12-31"),
        ("2020年上半年", "2020-01-01", "2020-06-30"),
        ("2020年第三季度", "2020-07-01", "2020-09-30"),
        ("去年前三季度", "2025-01-01", "2025-09-30"),
        ("去年", "2025-01-01", "2025-12-31"),
        ("前年", "2024-01-01", "2024-12-31"),
        ("去年下半年", "2025-07-01", "2025-12-31"),
        ("今年2月", "2026-02-01", "2026-02-28"),
        ("上半年", "2026-01-01", "2026-06-30"),
        ("一季度", "2026-01-01", "2026-03-31"),
        ("上个季度", "2025-10-01", "2025-12-31"),
        ("本月", "2026-03-01", "2026-03-31"),
        ("上个月", "2026-02-01", "2026-02-28"),
        ("上周", "2026-03-02", "2026-03-08"),
        ("昨天", "2026-03-09", "2026-03-09"),
        ("近三年", "2023-03-10", "2026-03-10"),
        ("最近半年", "2025-09-10", "2026-03-10"),
        ("近30天", "2026-02-08", "2026-03-10"),
        ("过去两周", "2026-02-24", "2026-03-10"),
        ("近几年来", "2023-03-10", "2026-03-10"),
        ("十四五期间", "2021-01-01", "2025-12-31"),
        ("“十三五”时期", "2016-01-01", "2020-12-31"),
        ("135规划", "2016-01-01", "2020-12-31"),
        ("十五计划", "2001-01-01", "2005-12-31"),
        ("十五五", "2026-01-01", "2030-12-31"),
    ],
)
def test_periods(text: str, since: str, until: str) -> None:
    assert only(text) == Period(date.fromisoformat(since), date.fromisoformat(until))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2023年以来", Period(date(2023, 1, 1), None)),
        ("2023年7月起", Period(date(2023, 7, 1), None)),
        ("2019年以前", Period(None, date(2018, 12, 31))),
        ("2020年7月1日前", Period(None, date(2020, 6, 30))),
    ],
)
def test_open_periods(text: str, period: Period) -> None:
    assert only(text) == period


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2020年13月",
            "2020年2月30日",
            "2月10日",
            "近年来",
            "证明年限",
            "从前年龄大",
            "2020元",
            "12020年",
            "附近三天",
        ),
        *("内蒙古", "九五折", "十五", "三年内", "第2020号", "2020.1.1.1"),
    ],
)
def test_what_names_no_days(text: str) -> None:
    assert [one for one in found(text) if one.period != only("2020年")] == []


def test_a_bare_year_stands_by_itself_or_before_a_word_and_is_less_sure() -> None:
    (bare,), (full,) = found("2020 部门预算"), found("2020年 部门预算")
    assert bare.period == full.period
    assert bare.confidence < full.confidence
    assert found("部门预算2020") == found("编号20201234") == found("2099 预算") == []


def test_months_before_the_end_of_a_longer_month() -> None:
    assert only("近一个月", date(2026, 3, 31)).since == date(2026, 2, 28)
    assert only("上个月", date(2026, 1, 15)) == Period(date(2025, 12, 1), date(2025, 12, 31))


def test_only_readers_name_last_year_so_but_titles_say_first_half() -> None:
    assert [(one.relative, one.spoken) for one in found("去年，上半年，2020年")] == [
        (True, True),
        (True, False),
        (False, False),
    ]


@pytest.mark.parametrize(
    ("period", "text"),
    [
        (Period(date(2020, 1, 1), date(2020, 12, 31)), "2020年"),
        (Period(date(2018, 1, 1), date(2020, 12, 31)), "2018年—2020年"),
        (Period(date(2020, 7, 1), date(2020, 7, 31)), "2020年7月"),
        (Period(date(2020, 7, 1), date(2020, 9, 30)), "2020年7月—9月"),
        (Period(date(2020, 12, 1), date(2021, 1, 31)), "2020年12月—2021年1月"),
        (Period(date(2020, 7, 28), date(2020, 7, 28)), "2020年7月28日"),
        (Period(date(2020, 7, 2), date(2020, 9, 30)), "2020年7月2日—2020年9月30日"),
        (Period(date(2020, 7, 1), None), "2020年7月1日以来"),
        (Period(None, date(2020, 7, 1)), "2020年7月1日以前"),
        (Period(None, None), ""),
    ],
)
def test_how_a_period_reads(period: Period, text: str) -> None:
    assert str(period) == text
