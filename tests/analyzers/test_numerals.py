"""Quantities in both writings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.numerals import MAX_AMOUNTS, find_amounts, read_numeral, write_numeral


def others(text: str) -> dict[str, tuple[str, ...]]:
    return {amount.text: amount.others for amount in find_amounts(text)}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("20", 20), ("二十", 20), ("十二", 12), ("一百零五", 105), ("两千", 2000), ("二〇二〇", 2020)),
        *(("三万五千", 35_000), ("万", 10_000), ("百", 100), ("", None), ("二手", None), ("1万", None)),
    ],
)
def test_reading(text: str, number: int | None) -> None:
    assert read_numeral(text) == number


@given(st.integers(0, 9_999))
def test_what_is_written_is_read_again(number: int) -> None:
    assert read_numeral(write_numeral(number)) == number


def test_only_numbers_of_four_digits_are_written() -> None:
    assert [write_numeral(number) for number in (0, 10, 12, 20, 105, 1001)] == [
        *("零", "十", "十二", "二十", "一百零五", "一千零一"),
    ]
    with pytest.raises(ValueError, match="10000"):
        write_numeral(10_000)


@pytest.mark.parametrize(
    ("text", "amount", "other"),
    [
        ("65岁以上", "65岁", "六十五周岁"),
        ("满六十五周岁", "六十五周岁", "65岁"),
        ("三十日内", "三十日", "30天"),
        ("10个工作日", "10个工作日", "十个工作日"),
        ("两千块钱", "两千块钱", "2000元"),
        ("第二十条", "第二十条", "第20条"),
        ("第三批", "第三批", "第3批"),
        ("稳增长二十条", "二十条", "20条"),
        ("二十", "二十", "20"),
    ],
)
def test_the_other_writing(text: str, amount: str, other: str) -> None:
    assert other in others(text)[amount]


@pytest.mark.parametrize(
    "text",
    [
        "2020年",
        "1.5万元",
        "一人",
        "第三人",
        "两条线",
        "百分之二十",
        "百日攻坚",
        "17日",
        "2月17日",
        "三农",
        "千万",
        "二〇二〇年",
    ],
)
def test_what_is_no_quantity(text: str) -> None:
    assert others(text) == {}


def test_a_table_of_quantities_is_cut_short() -> None:
    assert len(find_amounts("65岁、" * 50)) == MAX_AMOUNTS
