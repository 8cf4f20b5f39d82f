"""Time limits (公开时限) as catalogs word them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.time_limit import Pace, find_time_limits, working_days

DIGITS = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("制定或获取信息之日10个工作日内", 10),
        ("20个工作日内", 20),
        ("二十个工作日", 20),
        ("两个工作日内", 2),
        ("一百二十个工作日内", 120),
        ("20工作日", 20),
        ("１５个 工作 日内", 15),
        ("信息形成之日起 14个工作日内", 14),
        ("信息形成之日起7 个工作日以内公开", 7),
        ("制定或获取信息之日起10个工作日内，公示7个工作日", 10),
        ("公示7个工作日，结束后10个工作日内公开", 10),
        ("1.除处罚决定外其他内容：长期公开（动态调整）；2.处罚决定：20个工作日内。", 20),
        ("作出决定之日起7个工作日内；情况复杂的，可延长7个工作日", 7),
        ("7日内", None),
        ("公示期不少于5个工作日", None),
        ("及时公开", None),
        ("每年1月31日前", None),
        ("0个工作日内", None),
        ("", None),
    ],
)
def test_working_days(text: str, days: int | None) -> None:
    assert working_days(text) == days


@pytest.mark.parametrize(
    ("text", "pace", "days", "working"),
    [
        ("7日内", Pace.WITHIN, 7, False),
        ("自收到之日起三十日内", Pace.WITHIN, 30, False),
        ("15天之内", Pace.WITHIN, 15, False),
        ("10个工作日内", Pace.WITHIN, 10, True),
        ("按进展情况及时公开", Pace.IMMEDIATE, None, False),
        ("实时公开", Pace.IMMEDIATE, None, False),
        ("即时", Pace.IMMEDIATE, None, False),
        ("当日公开", Pace.IMMEDIATE, None, False),
        ("每年1月31日前", Pace.PERIODIC, None, False),
        ("每季度首月", Pace.PERIODIC, None, False),
        ("按年度公开", Pace.PERIODIC, None, False),
        ("长期公开", Pace.PERIODIC, None, False),
    ],
)
def test_one_limit(text: str, pace: Pace, days: int | None, working: bool) -> None:
    (limit,) = find_time_limits(text)
    assert (limit.pace, limit.days, limit.working) == (pace, days, working)


@pytest.mark.parametrize(
    "text", ["2020年7月20日内部印发", "2020年7月20日", "第3日内", "公示5日", "信息形成后", "1年", "公告期7日内"]
)
def test_what_is_no_limit(text: str) -> None:
    assert find_time_limits(text) == []


def in_chinese(number: int) -> str:
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones else "")


@given(
    st.integers(1, 365),
    st.sampled_from([str, in_chinese, lambda n: str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９"))]),
    st.sampled_from(["信息形成之日起", "收到批准文件后", ""]),
    st.sampled_from(["个工作日内", "工作日", " 个工作日内公开", "个工作日之内"]),
)
def test_any_number_in_any_writing_is_read_where_it_stands(days: int, write, before: str, after: str) -> None:  # type: ignore[no-untyped-def]
    text = f"{before}{write(days)}{after}"
    (limit,) = find_time_limits(text)
    assert (limit.days, limit.working, limit.start) == (days, True, len(before))
    assert text[limit.start :].startswith(write(days))


@given(st.text(alphabet="0１二十百零 个工作日内及时每年公示天第月", max_size=40))
def test_limits_are_parts_of_the_text_in_order(text: str) -> None:
    limits = find_time_limits(text)
    assert all(0 <= limit.start < limit.end <= len(text) for limit in limits)
    assert [limit.start for limit in limits] == sorted(limit.start for limit in limits)
    assert all((limit.days is None) == (limit.pace is not Pace.WITHIN) for limit in limits)
