"""How many requests did an address send this minute, counted over all workers, and over all machines?

65,536 places of a window's number and a count, an address's place being the hash of it: in a small file that the
workers of one machine share, or in a table that all machines share. Addresses themselves are written nowhere. Two that
share a place share what it allows: of a thousand callers in a minute about fifteen.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import case, func
from sqlalchemy.dialects.postgresql import insert

from corpus.shared import SharedTables
from webapp.accounts.tables import rate_windows
from webapp.networks import network_of

WINDOW_S = 60
_PLACES = 1 << 16
_PLACE = struct.Struct("<QQ")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to an address (below 0: it asked too much) and in how many seconds it has all again."""

    limit: int
    remaining: int
    reset_s: int


class Rates(Protocol):
    """Counts in fixed windows of `WINDOW_S` seconds; safe from any thread and process."""

    def count(self, address: str, now: float) -> Allowance:
        """Count one more request at ``now`` (seconds since 1970). Raises OSError or StoreError if it cannot."""
        ...


class FileRates:
    """In a file: for the workers of one machine."""

    def __init__(self, path: Path, limit: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._limit = path, limit

    def count(self, address: str, now: float) -> Allowance:
        window, place = _window(now), _place(address)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)  # held by this opening, so that threads wait for each other too
            # What was never written reads as nothing.
            known = os.pread(file, _PLACE.size, place * _PLACE.size).ljust(_PLACE.size, b"\0")
            counted_in, count = _PLACE.unpack(known)
            count = count + 1 if counted_in == window else 1
            os.pwrite(file, _PLACE.pack(window, count), place * _PLACE.size)
        finally:
            os.close(file)
        return _allowance(self._limit, count, window, now)


class TableRates:
    """In a table: for the workers of all machines, one statement a request. What clocks differ by moves no window
    back: who is behind counts in the window that others began."""

    def __init__(self, tables: SharedTables, limit: int) -> None:
        self._tables, self._limit = tables, limit

    def count(self, address: str, now: float) -> Allowance:
        kept = rate_windows.c
        one = insert(rate_windows).values(place=_place(address), counted_in=_window(now), requests=1)
        counted = one.on_conflict_do_update(
            index_elements=[kept.place],
            set_={
                "requests": case((kept.counted_in >= one.excluded.counted_in, kept.requests + 1), else_=1),
                "counted_in": func.greatest(kept.counted_in, one.excluded.counted_in),
            },
        ).returning(kept.counted_in, kept.requests)
        with self._tables.using() as connection:
            window, count = connection.execute(counted).one()
        return _allowance(self._limit, count, window, now)


def _window(now: float) -> int:
    return int(now // WINDOW_S)


def _place(address: str) -> int:
    return int.from_bytes(hashlib.blake2b(network_of(address).encode(), digest_size=2).digest(), "big")


def _allowance(limit: int, count: int, window: int, now: float) -> Allowance:
    return Allowance(limit, limit - count, int((window + 1) * WINDOW_S - now) + 1)
