"""May this sign-in be tried now? Failures in a row close the door, for longer each time, on all workers alike."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from corpus.store import DocumentStore
from webapp.accounts.errors import LockedOutError
from webapp.accounts.tables import Clock, attempts, utc_now
from webapp.networks import network_of

# An account: five slips are a person, more are a program (OWASP, Authentication Cheat Sheet). An address may be an
# office of many people behind one router.
_FREE = {"user": 5, "address": 20}
# The first wait, doubled at every further failure, up to the longest; a day without a failure forgets them all. For an
# account the longest is short: who knows its name could keep its owner out, and an address waits for itself.
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = {"user": timedelta(minutes=5), "address": timedelta(hours=1)}
_FORGOTTEN_AFTER = timedelta(days=1)


class Lockout:
    """Counts failed sign-ins of accounts and of addresses, in the store's database."""

    def __init__(self, store: DocumentStore, clock: Clock = utc_now) -> None:
        self._store, self._clock = store, clock

    def begin(self, user_name: str, address: str) -> None:
        """Count an attempt as failed until `succeeded` says otherwise: many at once cannot slip past the count.

        A name that no account has is counted as any other. Raises LockedOutError, and counts nothing, while the
        account or the address must wait.
        """
        now = self._clock()
        subjects = (_account(user_name), _address(address))
        with self._store.writing() as writer:
            connection = writer.connection
            connection.execute(delete(attempts).where(attempts.c.last_at < now - _FORGOTTEN_AFTER))
            failures = _failures(connection, subjects, now)
            for subject in subjects:
                _count(connection, subject, failures.get(subject, 0) + 1, now)

    def forget(self, user_name: str) -> None:
        """Let an account be tried again at once."""
        with self._store.writing() as writer:
            writer.connection.execute(delete(attempts).where(attempts.c.subject == _account(user_name)))

    def succeeded(self, user_name: str, address: str) -> None:
        """Forget the account's failures, and this attempt of the address: others who share it may still be guessing."""
        with self._store.writing() as writer:
            connection = writer.connection
            connection.execute(delete(attempts).where(attempts.c.subject == _account(user_name)))
            connection.execute(
                update(attempts)
                .where(attempts.c.subject == _address(address))
                .values(failures=attempts.c.failures - 1, locked_until=None)
            )


def _account(user_name: str) -> str:
    """An account's subject, as a hash: people type passwords into the field of the name."""
    return f"user:{hashlib.sha256(user_name.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _address(address: str) -> str:
    return f"address:{network_of(address)}"


def _failures(connection: Connection, subjects: Sequence[str], now: datetime) -> dict[str, int]:
    """How often each failed so far. Raises LockedOutError."""
    rows = connection.execute(select(attempts).where(attempts.c.subject.in_(subjects))).all()
    closed = [row.locked_until for row in rows if row.locked_until and row.locked_until > now]
    if closed:
        raise LockedOutError(max(closed))
    return {row.subject: row.failures for row in rows}


def _count(connection: Connection, subject: str, failures: int, now: datetime) -> None:
    kind = subject.partition(":")[0]
    beyond = failures - _FREE[kind]
    wait = None if beyond < 0 else min(_FIRST_WAIT * 2 ** min(beyond, 16), _LONGEST_WAIT[kind])
    values = {"failures": failures, "last_at": now, "locked_until": None if wait is None else now + wait}
    if not connection.execute(update(attempts).where(attempts.c.subject == subject).values(values)).rowcount:
        connection.execute(attempts.insert().values(subject=subject, **values))
