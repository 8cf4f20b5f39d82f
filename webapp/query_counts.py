"""What is often searched for? Queries as daily counts, without who asked, when in the day, or from where.

A query of today is a line of ``2026-11-24.open``; a day that has passed is put into order and counted
(``2026-11-23.tsv``: query, tab, count), so that nothing tells which queries came after each other. Any number of
processes may write at once.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path

from analyzers.normalize import normalize
from analyzers.personal_data import find_personal_data

# Shown to others is only what was asked on so many different days: there is no address by which to tell people apart,
# but who repeats a search on one day counts once.
LEAST_DAYS = 5
# Longer ones are somebody's own story, and hardly asked twice.
_LONGEST = 20
# Digits side by side that may be a card's, a telephone's or a register's number, beyond those that are surely one.
_LONG_NUMBER = re.compile(r"\d(?:[\s-]?\d){6,}")
# What is shown is read anew after so long, a day's files being small but many.
_KEPT_S = 600.0

log = logging.getLogger(__name__)


class QueryCounts:
    """Counts queries in a folder, and says which are asked often.

    Nothing is kept longer than ``days``. A query with one of the words of ``blocked`` (a file, a word a line, ``#``
    begins a comment) is never counted or shown; what is added to the file counts at once. What cannot be written is
    told to the log, and the search goes on. Raises ValueError if the file cannot be read at the start.
    """

    def __init__(
        self, folder: Path, days: int, blocked: Path | None = None, today: Callable[[], date] | None = None
    ) -> None:
        self._folder, self._days = folder, days
        self._blocked, self._words = blocked, () if blocked is None else _words_in(blocked)
        self._today = today or (lambda: datetime.now().astimezone().date())
        self._found: tuple[date, float, tuple[str, ...]] | None = None

    def count(self, text: str) -> None:
        """Count a query once for today; personal numbers, long ones and blocked words never are."""
        query = " ".join(normalize(text).split())
        if not self._may_be_kept(query):
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # One write of a short line to a file opened for appending is not torn by those of other processes.
            file = os.open(self._folder / f"{self._today()}.open", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, f"{query}\n".encode("utf-8", "replace"))
            finally:
                os.close(file)
        except OSError as error:
            log.warning("queries are not counted: %s", error)

    def popular(self, limit: int) -> tuple[str, ...]:
        """What was asked on at least `LEAST_DAYS` days that are kept, the most days first."""
        today, now = self._today(), time.monotonic()
        if self._found is None or self._found[0] != today or now - self._found[1] > _KEPT_S:
            self._tidy(today)
            days: Counter[str] = Counter()
            asked: Counter[str] = Counter()
            for path in self._folder.glob("*"):
                counts = _counts(path)
                days.update(counts.keys())
                asked.update(counts)
            often = [query for query, count in days.items() if count >= LEAST_DAYS and self._may_be_kept(query)]
            often.sort(key=lambda query: (-days[query], -asked[query], query))
            self._found = today, now, tuple(often)
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

    def _tidy(self, today: date) -> None:
        """Put the days that have passed into order, and forget those that are too old."""
        oldest = today - timedelta(days=self._days)
        for path in self._folder.glob("*"):
            day = _day_of(path)
            with suppress(FileNotFoundError):  # another process was first
                if day is None or day <= oldest:
                    path.unlink()
                elif path.suffix == ".open" and day < today:
                    _put_into_order(path)


def _words_in(path: Path) -> tuple[str, ...]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeError) as error:
        raise ValueError(f"blocked_queries cannot be read: {path}: {error}; name a file of UTF-8 text") from error
    words = (normalize(line.partition("#")[0]).strip() for line in text.splitlines())
    return tuple(word for word in words if word)


def _put_into_order(path: Path) -> None:
    claimed = path.with_suffix(f".{os.getpid()}")
    path.rename(claimed)
    counted = path.with_suffix(".tsv")
    counts = _counts(claimed) + _counts(counted)
    ordered = path.with_suffix(f".{os.getpid()}.ordered")
    ordered.write_text("".join(f"{query}\t{count}\n" for query, count in sorted(counts.items())), "utf-8")
    ordered.rename(counted)
    claimed.unlink()


def _counts(path: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    with suppress(FileNotFoundError):
        for line in path.read_text("utf-8", "replace").splitlines():  # a full disk may have cut a character
            query, _, count = line.partition("\t")
            counts[query] += int(count or 1)
    return counts


def _day_of(path: Path) -> date | None:
    try:
        return date.fromisoformat(path.name[:10])
    except ValueError:
        return None
