"""Which days does a question mean? Periods (去年, 近三年, 2020年7月至9月, 十四五期间) as first and last day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from analyzers.calendar_spans import (
    Days,
    Period,
    days_of_month,
    days_of_months,
    days_of_quarter,
    days_of_years,
    months_before,
)
from analyzers.dates import MAX_YEAR, MIN_YEAR
from analyzers.lookup import Typed
from analyzers.numerals import read_numeral

_NUMERAL = "〇零一二三四五六七八九十"
_YEAR = (
    r"(?<![\d.])(?:(?P<year>(?:19|20)\d\d|[一二][〇零九][〇零一二三四五六七八九]{2}) ?年度?"
    r"|(?P<short>[012]\d) ?年(?= ?\d{1,2} ?月))"
)
_MONTH_DAY = (
    rf"(?: ?(?P<month>\d{{1,2}}|[{_NUMERAL}元]{{1,2}}) ?月份?"
    rf"(?: ?(?P<day>\d{{1,2}}|[{_NUMERAL}]{{1,3}}) ?[日号])?)"
)
_PART = r"(?:的? ?(?:(?P<up_to>前)?第?(?P<quarter>[一二三四1-4])个?季度|(?P<half>[上下])半年))"
_RELATIVE_YEAR = r"(?P<relative>今年|本年度?|去年|上年度?|上一年度?|前年|明年)"
_POINT = re.compile(
    rf"(?:{_YEAR}|{_RELATIVE_YEAR})(?:{_MONTH_DAY}|{_PART})?"
    r"|(?<![\d.\-/])(?P<iso_year>(?:19|20)\d\d)(?P<sign>[-/.])(?P<iso_month>0?[1-9]|1[0-2])"
    r"(?:(?P=sign)(?P<iso_day>\d{1,2}))?(?![\d\-/.号])"
)
# What stands between the two ends of a range: 至9月, 到2021年, -9月30日.
_BETWEEN = r" ?(?:至|到|[-—–~～]{1,2}) ?"
_TO = re.compile(_BETWEEN)
_MONTH_ONLY = re.compile(_MONTH_DAY)
_DAY_ONLY = re.compile(r"(?P<day>\d{1,2}) ?[日号]")
_YEARS = re.compile(rf"(?<![\d.])(?P<first>(?:19|20)\d\d) ?年?{_BETWEEN}(?P<last>(?:19|20)\d\d) ?年?度?(?![\d号\-/.])")
# A year without 年 (2020 部门预算) stands by itself or before a word, never before what is counted (2020元).
_BARE_YEAR = re.compile(
    r"(?<![^\s，,。、(（])(?P<year>(?:19|20)\d\d)"
    r"(?=[\s，,。、)）]|$|[\u4e00-\u9fff]{2})(?![元个人名号万户亩家米种件条])"
)
_AFTER = re.compile(r" ?(?:以来|之后|以后|至今|后(?![勤备续期])|起(?![草诉止]))")
_BEFORE = re.compile(rf" ?(?:以前|之前|前(?![{_NUMERAL}\d期往]))")
_SPAN = re.compile(r"期间")
_RECENT = re.compile(
    rf"(?:最近的?|近|过去的?|这) ?(?P<count>\d{{1,2}}|[{_NUMERAL}两]{{1,3}}|半|几)"
    r" ?个?(?P<unit>年|季度|月|周|星期|天|日)(?:以?来|[之以]?内(?!蒙)|间)?"
)
_PLAN = re.compile(
    r"""[“"]?(?P<plan>十[一二三四五]五|十五(?=[”"]?(?:计划|期间))|1[1-5]5(?=期间|时期|规划))[”"]?"""
    r"(?P<span>期间|时期)?"
)
_ALONE = re.compile(
    r"(?P<up_to>前)?第?(?P<quarter>[一二三四])季度|(?P<half>[上下])半年"
    r"|本季度|上个?季度|本月|这个月|上个?月|本周|上周|今[天日]|昨[天日]"
)

_SPOKEN_YEARS = ("今年", "去年", "前年")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_FEW = 3  # 近几年
# Bare years before the first or after the next are more often amounts.
_FIRST_BARE_YEAR = 1949
# The 11th plan began in 2006; a plan lasts five years. The 10th, 十五, is read only where 计划 or 期间 follows.
_ELEVENTH_PLAN, _PLAN_YEARS = 2006, 5


@dataclass(frozen=True, slots=True)
class FoundPeriod:
    """A period at ``text[start:end]``.

    ``relative`` says that it is told by today; ``spoken`` that only readers say it so, never a document (去年,
    近三年; titles do say 上半年 and 上年度).
    """

    period: Period
    start: int
    end: int
    confidence: float
    relative: bool
    spoken: bool = False


def find_periods(typed: Typed, today: date) -> list[FoundPeriod]:
    """The periods of a question in their order, as far as they are sure; spans never overlap.

    A month without a year and 近期 name no days that could be told. 2020年以前 ends before the year begins, 2020年以后
    begins with it. Sources of the plans: 国民经济和社会发展五年规划, of which the 11th began in 2006.
    """
    normal, found, end = typed.normal, list[FoundPeriod](), 0
    for place in sorted(typed.edges | {match.start() for match in re.finditer(r"(?<!\d)\d", normal)}):
        if place < end or place >= len(normal):
            continue
        if one := _at(typed, place, today):
            found.append(one)
            end = one.end
    return found


def _at(typed: Typed, place: int, today: date) -> FoundPeriod | None:
    normal = typed.normal
    if match := _YEARS.match(normal, place):
        first, last = int(match["first"]), int(match["last"])
        if first < last:
            return _found(days_of_years(first, last), match.start(), match.end(), 0.9)
    if match := _POINT.match(normal, place):
        return _from_point(normal, match, today)
    if match := _BARE_YEAR.match(normal, place):
        year = int(match["year"])
        return (
            _found(days_of_years(year, year), match.start(), match.end(), 0.6)
            if _FIRST_BARE_YEAR <= year <= today.year + 1
            else None
        )
    if match := _PLAN.match(normal, place):
        plan = match["plan"]
        number = int(plan[:2]) if plan[0] == "1" else read_numeral(plan[:-1])
        first = _ELEVENTH_PLAN + _PLAN_YEARS * ((number or 11) - 11)
        sure = 0.85 if match["span"] else 0.6
        return _found(days_of_years(first, first + _PLAN_YEARS - 1), match.start(), match.end(), sure)
    if match := _RECENT.match(normal, place):
        sure = 0.5 if match["count"] == "几" else 0.85
        return _found(_recent(match, today), match.start(), match.end(), sure, relative=True, spoken=True)
    if (match := _ALONE.match(normal, place)) and typed.is_word(match.start(), match.end()):
        spoken = not (match["half"] or match["quarter"])
        return _found(_alone(match, today), match.start(), match.end(), 0.7, relative=True, spoken=spoken)
    return None


def _found(
    days: Days | None,
    start: int,
    end: int,
    confidence: float,
    *,
    relative: bool = False,
    spoken: bool = False,
) -> FoundPeriod | None:
    if days is None or days[0] > days[1]:
        return None
    return FoundPeriod(Period(*days), start, end, confidence, relative, spoken)


def _from_point(normal: str, match: re.Match[str], today: date) -> FoundPeriod | None:
    days = _point(match.groupdict(), today)
    if days is None:
        return None
    start, end, confidence = match.start(), match.end(), 0.9
    if match["short"] or match["iso_year"]:
        confidence = 0.8
    if (to := _TO.match(normal, end)) and (last := _second(normal, to.end(), match, days, today)):
        days, end = (days[0], last[0]), last[1]
        if span := _SPAN.match(normal, end):
            end = span.end()
    since: date | None = days[0]
    until: date | None = days[1]
    if days[0] > days[1]:
        return None
    relative = match["relative"] is not None
    if after := _AFTER.match(normal, end):
        until, end = None, after.end()
    elif before := _BEFORE.match(normal, end):
        since, until, end = None, days[0] - timedelta(days=1), before.end()
    elif span := _SPAN.match(normal, end):
        end = span.end()
    spoken = match["relative"] in _SPOKEN_YEARS and not (match["half"] or match["quarter"])
    return FoundPeriod(Period(since, until), start, end, confidence, relative, spoken)


def _second(normal: str, place: int, first: re.Match[str], days: Days, today: date) -> tuple[date, int] | None:
    """The last day of what follows 至, and where it ends; a year or month that is missing is that of the first."""
    if point := _POINT.match(normal, place):
        last = _point(point.groupdict(), today)
        return (last[1], point.end()) if last else None
    if month := _MONTH_ONLY.match(normal, place):
        last = _month(days[0].year, month["month"], month["day"])
        return (last[1], month.end()) if last and month["month"] else None
    if (first["day"] or first["iso_day"]) and (day := _DAY_ONLY.match(normal, place)):
        last = _month(days[0].year, str(days[0].month), day["day"])
        return (last[1], day.end()) if last else None
    return None


def _point(groups: dict[str, str | None], today: date) -> Days | None:
    """The first and the last day of a year, a month, a day, a quarter or a half."""
    if groups["iso_year"]:
        return _month(int(groups["iso_year"]), groups["iso_month"], groups["iso_day"])
    if relative := groups["relative"]:
        year: int | None = today.year + {"今": 0, "本": 0, "去": -1, "上": -1, "前": -2, "明": 1}[relative[0]]
    else:
        year = 2000 + int(groups["short"]) if groups["short"] else read_numeral(groups["year"] or "")
    if year is None or not MIN_YEAR <= year <= MAX_YEAR:
        return None
    if groups["month"]:
        return _month(year, groups["month"], groups["day"])
    if groups["quarter"]:
        return days_of_quarter(year, _QUARTERS[groups["quarter"]], up_to=groups["up_to"] is not None)
    if groups["half"]:
        return days_of_months(year, 1 if groups["half"] == "上" else 7, 6)
    return days_of_years(year, year)


def _recent(match: re.Match[str], today: date) -> Days | None:
    unit, count = match["unit"], match["count"]
    number = _FEW if count == "几" else read_numeral(count) if count != "半" else None
    if count == "半":
        return (months_before(today, 6), today) if unit == "年" else None
    if not number:
        return None
    if unit in ("年", "季度", "月"):
        return months_before(today, number * {"年": 12, "季度": 3, "月": 1}[unit]), today
    return today - timedelta(days=number * (7 if unit in ("周", "星期") else 1)), today


def _alone(match: re.Match[str], today: date) -> Days:
    text = match[0]
    if match["half"]:
        return days_of_months(today.year, 1 if match["half"] == "上" else 7, 6)
    if match["quarter"]:
        return days_of_quarter(today.year, _QUARTERS[match["quarter"]], up_to=match["up_to"] is not None)
    if text[0] in "今昨":
        day = today - timedelta(days=text[0] == "昨")
        return day, day
    if text.endswith("周"):
        monday = today - timedelta(days=today.weekday() + (7 if text[0] == "上" else 0))
        return monday, monday + timedelta(days=6)
    if text.endswith("季度"):
        first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
        first = months_before(first, 3) if text[0] == "上" else first
        return days_of_months(first.year, first.month, 3)
    first = months_before(today.replace(day=1), 1) if text[0] == "上" else today
    return days_of_months(first.year, first.month, 1)


def _month(year: int, month_text: str | None, day_text: str | None) -> Days | None:
    month = 1 if month_text == "元" else read_numeral(month_text or "")
    day = None if day_text is None else read_numeral(day_text) or 0
    return days_of_month(year, month, day)
