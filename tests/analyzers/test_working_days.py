"""Working days between two days, by China's calendar."""

from __future__ import annotations

from datetime import date

import pytest

from analyzers.working_days import WorkingDays, working_days_between


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2024, 3, 1), date(2024, 3, 4), 1),  # Friday to Monday
        (date(2024, 2, 2), date(2024, 2, 4), 1),  # a Sunday that was worked before the Spring Festival
        (date(2024, 9, 30), date(2024, 10, 8), 1),  # the week of the National Day
        (date(2024, 3, 4), date(2024, 3, 4), 0),
        (date(2024, 3, 4), date(2024, 3, 1), 0),
    ],
)
def test_holidays_and_worked_weekends_count_as_announced(first: date, last: date, count: int) -> None:
    assert working_days_between(first, last) == WorkingDays(count)


def test_a_year_without_a_calendar_counts_monday_to_friday_and_says_so() -> None:
    assert working_days_between(date(2099, 1, 2), date(2099, 1, 9)) == WorkingDays(5, expected=True)
