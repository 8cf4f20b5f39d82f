"""How old is what the index answers from?"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from indexer.generations import Generations

# China has one time zone and no summer time (since 1991).
_CHINA = timezone(timedelta(hours=8))


def indexed_at(index: Generations) -> datetime | None:
    """When the live generation was last brought up to the store (UTC); None in the moment in which it is swapped.

    A run that fails, and one that still builds the next generation, leave it as it was. Raises IndexMissingError,
    IndexOutdatedError, IndexAwayError.
    """
    index.live()
    try:
        state = index.state()
    except FileNotFoundError:
        return None
    return state.written_at if state is not None else None


def chinese_moment(moment: datetime) -> str:
    """2026年11月24日 18:05, by China's clock."""
    there = moment.astimezone(_CHINA)
    return f"{there.year}年{there.month}月{there.day}日 {there:%H:%M}"
