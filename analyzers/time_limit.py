"""When must it be public (公开时限)? Limits in words such as 制定或获取信息之日起10个工作日内, 及时公开, 每年."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Pace(StrEnum):
    """How a limit counts: from an event on, at once, or again and again."""

    WITHIN = "within"  # N个工作日内, N日内
    IMMEDIATE = "immediate"  # 及时, 实时, 即时, 当日
    PERIODIC = "periodic"  # 每年, 每季度, 长期, 定期


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A limit in a text, at ``text[start:end]``. ``days`` is given for `Pace.WITHIN` only; ``working`` says whether
    they are 工作日 (else calendar days)."""

    pace: Pace
    start: int
    end: int
    days: int | None = None
    working: bool = False


# One character for one, so that offsets stay those of the text.
_WIDTHS = str.maketrans("０１２３４５６７８９　\u00a0", "0123456789  ")
_NUMERALS = {**{numeral: n for n, numeral in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}
_NUMBER = r"(?P<number>\d[\d ]{0,3}|[零〇一二两三四五六七八九十百]{1,6}) *"

# 公示7个工作日, 延长7个工作日, 不少于5个工作日 say how long something hangs or is put off, not by when it is public.
_NO_LIMIT = re.compile(r"(?:公示期?|公示时间|公告期?|延长|不少于|不得少于|少于|不低于|提前)[为：: ]*$")
_WITHIN = re.compile(
    rf"(?<![\d.月年第一二三四五六七八九十百]){_NUMBER}"
    r"(?:(?P<working>个? *工 *作 *[日天](?: *(?:之|以)? *内)?)|个? *(?:自然)?[日天] *(?:之|以)? *内)"
)
_IMMEDIATE = re.compile(r"及时|实时|即时|立即|随时|当[日天](?!起)")
_PERIODIC = re.compile(
    r"每(?:半?年度?|(?:个)?季度?|(?:个)?月|周|星期|[日天])|按(?:年度?|季度?|月|周|日)(?!期)|长期|定期|永久"
)
_MAX_DAYS = 3650  # ten years; more is a slip


def find_time_limits(text: str) -> list[TimeLimit]:
    """Every limit in the text, in its order. The 20 working days of 《政府信息公开条例》 article 26 are what most say.

    Days count where the text says N个工作日 (内 may be missing: 20工作日), N日内, N天内, in figures of any width or in
    Chinese numerals. Days of 公示 or 延长, and days of a month (7月20日), are no limits.
    """
    plain = text.translate(_WIDTHS)
    found = []
    for match in _WITHIN.finditer(plain):
        days = _read_number(match["number"])
        if 0 < days <= _MAX_DAYS and not _NO_LIMIT.search(plain[max(0, match.start() - 8) : match.start()]):
            found.append(TimeLimit(Pace.WITHIN, match.start(), match.end(), days, match["working"] is not None))
    for pace, pattern in ((Pace.IMMEDIATE, _IMMEDIATE), (Pace.PERIODIC, _PERIODIC)):
        found += [TimeLimit(pace, match.start(), match.end()) for match in pattern.finditer(plain)]
    return sorted(found, key=lambda limit: limit.start)


def working_days(text: str) -> int | None:
    """The first number of working days (工作日) within which the text demands it; None if it names none."""
    return next((limit.days for limit in find_time_limits(text) if limit.working), None)


def _read_number(text: str) -> int:
    """Read 20, 2 0, 二十, 十五, 一百二十; 0 for what is no number."""
    text = text.replace(" ", "")
    if text.isdecimal():
        return int(text)
    total, digit = 0, 0
    for character in text:
        if character in "十百":
            total, digit = total + (digit or 1) * {"十": 10, "百": 100}[character], 0
        else:
            digit = digit * 10 + _NUMERALS[character]  # 二〇 reads as 20
    return total + digit
