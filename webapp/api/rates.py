"""How many requests did an address send this minute, counted over all workers?

One small file that all workers share: 65,536 places of a window's number and a count, an address's place being the hash
of it. Addresses themselves are written nowhere. Two that share a place share what it allows: of a thousand callers in
a minute about fifteen.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path

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


class SharedRates:
    """Counts in fixed windows of `WINDOW_S` seconds; safe from any thread and process."""

    def __init__(self, path: Path, limit: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._limit = path, limit

    def count(self, address: str, now: float) -> Allowance:
        """Count one more request at ``now`` (seconds since 1970)."""
        window = int(now // WINDOW_S)
        place = int.from_bytes(hashlib.blake2b(network_of(address).encode(), digest_size=2).digest(), "big")
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
        return Allowance(self._limit, self._limit - count, int((window + 1) * WINDOW_S - now) + 1)
