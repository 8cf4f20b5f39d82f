"""Where are the daily counts of queries kept? In files of one machine, or in a table that all machines share.

Neither tells which queries came after each other once their day has passed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from corpus.shared import SharedTables
from webapp.accounts.tables import query_counts


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, on how many of the days that are kept it was asked, and how often in all."""

    query: str
    days: int
    times: int


class QueryDays(Protocol):
    """Any number of processes may use them at once; they raise OSError or StoreError if they cannot be used."""

    def add(self, query: str, today: date) -> None:
        """Count a query once."""
        ...

    def tidy(self, oldest: date, today: date) -> None:
        """Forget the days up to ``oldest``, and the order within those that have passed."""
        ...

    def asked(self) -> Iterator[Asked]:
        """Every query that is kept."""
        ...


class FolderDays:
    """A query of today is a line of ``2026-11-24.open``; a day that has passed is put into order and counted
    (``2026-11-23.tsv``: query, tab, count)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, query: str, today: date) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        # One write of a short line to a file opened for appending is not torn by those of other processes.
        file = os.open(self._folder / f"{today}.open", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, f"{query}\n".encode("utf-8", "replace"))
        finally:
            os.close(file)

    def tidy(self, oldest: date, today: date) -> None:
        for path in self._folder.glob("*"):
            day = _day_of(path)
            with suppress(FileNotFoundError):  # another process was first
                if day is None or day <= oldest:
                    path.unlink()
                elif path.suffix == ".open" and day < today:
                    _put_into_order(path)

    def asked(self) -> Iterator[Asked]:
        days: Counter[str] = Counter()
        times: Counter[str] = Counter()
        for path in self._folder.glob("*"):
            counts = _counts(path)
            days.update(counts.keys())
            times.update(counts)
        for query, number in days.items():
            yield Asked(query, number, times[query])


class TableDays:
    """A row a query and day: counted from the first moment, so that there is no order to forget."""

    def __init__(self, tables: SharedTables) -> None:
        self._tables = tables

    def add(self, query: str, today: date) -> None:
        kept = query_counts.c
        # What no UTF-8 can hold is replaced, as in the files.
        one = insert(query_counts).values(day=today, query=query.encode("utf-8", "replace").decode(), asked=1)
        counted = one.on_conflict_do_update(index_elements=[kept.day, kept.query], set_={"asked": kept.asked + 1})
        with self._tables.using() as connection:
            connection.execute(counted)

    def tidy(self, oldest: date, today: date) -> None:  # noqa: ARG002 - days that passed are as they should be
        with self._tables.using() as connection:
            connection.execute(delete(query_counts).where(query_counts.c.day <= oldest))

    def asked(self) -> Iterator[Asked]:
        query = select(query_counts.c.query, func.count(), func.sum(query_counts.c.asked)).group_by(
            query_counts.c.query
        )
        with self._tables.using() as connection:
            for text, days, times in connection.execute(query):
                yield Asked(text, days, int(times))


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
