"""What is often searched for? Queries as daily counts, without who asked, when in the day, or from where."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from analyzers.normalize import normalize
from analyzers.personal_data import find_personal_data
from corpus.errors import StoreError
from webapp.query_days import QueryDays

# Shown to others is only what was asked on so many different days: there is no address by which to tell people apart,
# but who repeats a search on one day counts once.
LEAST_DAYS = 5
# Longer ones are somebody's own story, and hardly asked twice.
_LONGEST = 20
# Digits side by side that may be a card's, a telephone's or a register's number, beyond those that are surely one.
_LONG_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}")
# What is shown is read anew after so long, what is kept being small but much.
_KEPT_S = 600.0

log = logging.getLogger(__name__)


class QueryCounts:
    """Counts queries, and says which are asked often.

    Nothing is kept longer than ``days``. A query with one of the words of ``blocked`` (a file, a word a line, ``#``
    begins a comment) is never counted or shown; what is added to the file counts at once. What cannot be written is
    told to the log, and the search goes on. Raises ValueError if the file cannot be read at the start.
    """

    def __init__(
        self, kept: QueryDays, days: int, blocked: Path | None = None, today: Callable[[], date] | None = None
    ) -> None:
        self._kept, self._days = kept, days
        self._blocked, self._words = blocked, () if blocked is None else _words_in(blocked)
        self._today = today or (lambda: datetime.now().astimezone().date())
        self._found: tuple[date, float, tuple[str, ...]] | None = None

    def count(self, text: str) -> None:
        """Count a query once for today; personal numbers, long ones and blocked words never are."""
        query = " ".join(normalize(text).split())
        if not self._may_be_kept(query):
            return
        try:
            self._kept.add(query, self._today())
        except (OSError, StoreError) as error:
            log.warning("queries are not counted: %s", error)

    def popular(self, limit: int) -> tuple[str, ...]:
        """What was asked on at least `LEAST_DAYS` days that are kept, the most days first."""
        today, now = self._today(), time.monotonic()
        if self._found is None or self._found[0] != today or now - self._found[1] > _KEPT_S:
            self._kept.tidy(today - timedelta(days=self._days), today)
            often = [one for one in self._kept.asked() if one.days >= LEAST_DAYS and self._may_be_kept(one.query)]
            often.sort(key=lambda one: (-one.days, -one.times, one.query))
            self._found = today, now, tuple(one.query for one in often)
        return self._found[2][:limit]

    def _may_be_kept(self, query: str) -> bool:
        if not 2 <= len(query) <= _LONGEST or _LONG_NUMBER.search(query) or find_personal_data(query):
            return False
        return not any(word in query for word in self._blocked_words())

    def _blocked_words(self) -> tuple[str, ...]:
        if self._blocked is not None:
            try:
                self._words = _words_in(self._blocked)
            except ValueError as error:
                log.warning("the words that were read last still hold: %s", error)
        return self._words


def _words_in(path: Path) -> tuple[str, ...]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise ValueError(f"blocked_queries cannot be read: {path}: {error}; name a file of UTF-8 text") from error
    words = (normalize(line.partition("#")[0]).strip() for line in text.splitlines())
    return tuple(word for word in words if word)
