"""How many working days (工作日) lie between two days, by the calendar that the State Council announces each year?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A count of working days; ``expected`` (预计) if the calendar of a year in it is not known: Monday to Friday."""

    count: int
    expected: bool = False


def working_days_between(first: date, last: date) -> WorkingDays:
    """The working days after ``first`` up to and with ``last``, none if that is not later.

    The day of the event does not count, the last day does (《民法典》 article 201).
    """
    count, expected = 0, False
    for number in range(1, (last - first).days + 1):
        day = first + timedelta(days=number)
        try:
            count += chinese_calendar.is_workday(day)
        except NotImplementedError:  # a year that the calendar does not have
            expected = True
            count += day.weekday() < 5
    return WorkingDays(count, expected)
