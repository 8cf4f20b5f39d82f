"""Which days are a year, a quarter, a month or a day, and how does a period read in Chinese?"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

Days = tuple[date, date]  # the first and the last


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``since`` to ``until``, both included; None is open. ``str`` gives how it reads in Chinese."""

    since: date | None
    until: date | None

    def __str__(self) -> str:
        if self.since and self.until:
            return _closed(self.since, self.until)
        if self.since:
            return f"{_day(self.since)}以来"
        return f"{_day(self.until)}以前" if self.until else ""


def days_of_years(first: int, last: int) -> Days:
    return date(first, 1, 1), date(last, 12, 31)


def days_of_months(year: int, first: int, count: int = 1) -> Days:
    """Months of one year."""
    last = first + count - 1
    return date(year, first, 1), date(year, last, monthrange(year, last)[1])


def days_of_quarter(year: int, quarter: int, *, up_to: bool = False) -> Days:
    """A quarter, or all of the year up to its end (前三季度)."""
    return days_of_months(year, 1, 3 * quarter) if up_to else days_of_months(year, 3 * quarter - 2, 3)


def days_of_month(year: int, month: int | None, day: int | None = None) -> Days | None:
    """A month, or one day of it; None if the calendar has no such."""
    if month is None or not 1 <= month <= 12:
        return None
    if day is None:
        return days_of_months(year, month)
    if not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day), date(year, month, day)


def months_before(day: date, count: int) -> date:
    """The same day some months before, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _closed(since: date, until: date) -> str:
    whole_months = since.day == 1 and until == days_of_months(until.year, until.month)[1]
    if whole_months and (since.month, until.month) == (1, 12):
        return f"{since.year}年" if since.year == until.year else f"{since.year}年—{until.year}年"
    if whole_months:
        first = f"{since.year}年{since.month}月"
        if (since.year, since.month) == (until.year, until.month):
            return first
        return f"{first}—{until.month}月" if since.year == until.year else f"{first}—{until.year}年{until.month}月"
    return _day(since) if since == until else f"{_day(since)}—{_day(until)}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
