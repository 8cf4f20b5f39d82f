"""Which quantities does a text say, in figures or in Chinese numerals, and how is the same said the other way?

Laws write 六十五周岁 and 三十日, people type 65岁 and 30天: both are looked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = "零一二三四五六七八九"
_VALUES = {**{numeral: value for value, numeral in enumerate(_DIGITS)}, "〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1_000}
_LARGE = {"万": 10_000, "亿": 100_000_000}

# What is counted, and what else the same is called; the names that laws use stand with those that people say.
_UNITS = {
    "周岁": ("周岁", "岁"),
    "岁": ("岁", "周岁"),
    "天": ("天", "日"),
    "日": ("日", "天"),
    "块钱": ("元",),
    "块": ("元",),
    **{
        unit: (unit,)
        for unit in (
            *("年", "年度", "个月", "个星期", "周", "小时", "分钟", "个工作日", "工作日"),
            *("元", "万元", "亿元", "万", "倍", "亩", "平方米", "平米", "公里", "公斤", "吨"),
            *("人", "名", "户", "条", "款", "项", "章", "件", "种", "类", "批", "届"),
        )
    },
}
# With these, single numerals stand in idioms (一人, 一批, 两条), where nobody writes a figure.
_IDIOMATIC = ("人", "名", "户", "批", "项", "类", "种", "件", "届", "款", "条", "章", "万")
# 三十日内 is a length of time, 17日 a day of a month.
_UNIT = "|".join(unit if unit != "日" else "日(?=[之以]?内|以[上下])" for unit in sorted(_UNITS, key=len, reverse=True))
_AMOUNT = re.compile(
    rf"(?<![\d.年月])(?P<nth>第?)(?P<figures>\d{{1,4}})\s?(?P<unit>{_UNIT})"
    rf"|(?<!分之)(?<!月)(?P<nth_said>第?)(?P<numeral>[{_DIGITS}〇两十百千]{{1,7}})(?P<unit_said>{_UNIT})"
    r"|(?<!分之)(?P<bare>[一二两三四五六七八九]?[十百千][零一二三四五六七八九十百]{1,5}|[二两三四五六七八九][十百千])(?!分之)"
)
MAX_AMOUNTS = 8
"""More quantities than a question has; what a pasted table has beyond them is looked for as it stands."""
_MIN_YEAR = 1900  # 2020年 is a year, not a length of time
_MAX_WRITTEN = 9_999


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity at ``text[start:end]`` of a normalised text, as it stands (``text``) and as it is also written."""

    text: str
    others: tuple[str, ...]
    start: int
    end: int


def find_amounts(normal: str) -> list[Amount]:
    """The first `MAX_AMOUNTS` quantities with a unit (65岁, 六十五岁, 第20条), and numerals from ten on without one."""
    found: list[Amount] = []
    for match in _AMOUNT.finditer(normal):
        if len(found) == MAX_AMOUNTS:
            break
        unit = match["unit"] or match["unit_said"] or ""
        said = match["figures"] or match["numeral"] or match["bare"]
        number = read_numeral(said)
        if number is None or (unit in ("年", "年度") and (number >= _MIN_YEAR or said[0] in "零〇0")):
            continue
        nth = match["nth"] or match["nth_said"] or ""
        idiom = match["numeral"] and number < 10 and unit in _IDIOMATIC and not _is_ordinal(nth, unit)
        if idiom or said in ("百", "千"):
            continue
        writings = (said, write_numeral(number) if match["figures"] else str(number))
        units = _UNITS[unit] if unit else ("",)
        own = nth + said + unit
        others = dict.fromkeys(nth + writing + name for writing in writings for name in units)
        found.append(Amount(match[0], tuple(other for other in others if other != own), match.start(), match.end()))
    return found


def _is_ordinal(nth: str, unit: str) -> bool:
    """第二条 has its number; 第三人 is a term of law."""
    return bool(nth) and unit in ("条", "款", "项", "章", "批", "届")


def read_numeral(text: str) -> int | None:
    """Read 20, 二十, 一百零五, 两千, 二〇二〇 or 1万; None for what is no number."""
    if text.isascii() and text.isdecimal():
        return int(text)
    if all(character in _VALUES for character in text):
        return int("".join(str(_VALUES[character]) for character in text)) if text else None
    total = section = digit = 0
    for character in text:
        if character in _VALUES:
            digit = _VALUES[character]
        elif character in _SMALL:
            section, digit = section + (digit or 1) * _SMALL[character], 0
        elif character in _LARGE:
            total, section, digit = total + (section + digit or 1) * _LARGE[character], 0, 0
        else:
            return None
    return total + section + digit


def write_numeral(number: int) -> str:
    """Write a number from 0 to 9,999 as laws do: 20 as 二十, 105 as 一百零五, 12 as 十二.

    Raises ValueError beyond.
    """
    if not 0 <= number <= _MAX_WRITTEN:
        raise ValueError(f"{number} is not between 0 and {_MAX_WRITTEN}")
    if number < 10:
        return _DIGITS[number]
    written, gap = "", False
    for sign, worth in (("千", 1_000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // worth % 10
        if digit:
            written += ("零" if gap else "") + _DIGITS[digit] + sign
            gap = False
        else:
            gap = bool(written)
    return written.removeprefix("一") if 10 <= number < 20 else written
