"""Who of many does what one must do alone? Locks in a folder of one machine, or in the PostgreSQL of many.

Whoever dies lets go: of a file lock with its process, of an advisory lock when the server finds its connection closed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from corpus.database import is_busy, reason
from corpus.errors import LockHeldError, LockLostError, StoreError
from corpus.shared import is_shared

# The first half of the key of each of our advisory locks: any number that no other program uses ("gong").
_OURS = 0x676F6E67

# A machine that vanished (no power, no network) lets go after about a minute: the server asks after 30 s of silence,
# and gives up after three questions 10 s apart. Its own defaults are two hours and more.
_SESSION = (
    "SET tcp_keepalives_idle = 30",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
    "SET idle_session_timeout = 0",  # a lock is held in silence
)


class Held(Protocol):
    """A lock that is held."""

    def assure(self) -> None:
        """Raise LockLostError if it is not ours any more: before what must not be done twice becomes final."""
        ...


class Locks(Protocol):
    """Locks by name."""

    def held(self, name: str, *, patience_s: float = 0.0) -> AbstractContextManager[Held]:
        """Hold a lock; somebody else's is waited for so many seconds. Raises LockHeldError."""
        ...


def locks_of(store: Engine, folder: Path, *, space: str = "") -> Locks:
    """Locks that hold for everybody who uses this store: in its database where that serves many machines, in a
    ``space`` of their own, else in the folder."""
    if is_shared(store):
        return DatabaseLocks(store.url.render_as_string(hide_password=False), space)
    return FolderLocks(folder)


class FolderLocks:
    """``NAME.lock`` files in a folder on a local disk, which is made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def held(self, name: str, *, patience_s: float = 0.0) -> Iterator[Held]:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / f"{name}.lock")
        try:
            lock.acquire(timeout=patience_s)
        except Timeout:
            raise LockHeldError(name) from None
        with lock:
            yield _Ours()


class DatabaseLocks:
    """Advisory locks of PostgreSQL, each held by a connection of its own (a pooler must pool sessions, not
    transactions). ``space`` keeps equal names apart."""

    def __init__(self, url: str, space: str = "") -> None:
        self._url, self._space = url, space

    @contextmanager
    def held(self, name: str, *, patience_s: float = 0.0) -> Iterator[Held]:
        engine = create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT", hide_parameters=True)
        try:
            connection = engine.connect()
        except DBAPIError as error:
            raise StoreError(f"the lock {name!r} cannot be asked for: {reason(error)}") from error
        with connection:
            _take(connection, name, _key(f"{self._space}/{name}"), patience_s)
            yield _OfConnection(connection, name)


class _Ours:
    def assure(self) -> None:
        """The system takes no file lock from a process that lives."""


class _OfConnection:
    def __init__(self, connection: Connection, name: str) -> None:
        self._connection, self._name = connection, name

    def assure(self) -> None:
        try:
            self._connection.exec_driver_sql("SELECT 1")
        except DBAPIError as error:
            raise LockLostError(self._name, reason(error)) from error


def _take(connection: Connection, name: str, key: int, patience_s: float) -> None:
    try:
        for statement in _SESSION:
            connection.exec_driver_sql(statement)
        if patience_s > 0:
            connection.exec_driver_sql(f"SET lock_timeout = {max(1, int(patience_s * 1000))}")
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({_OURS}, {key})")
        elif not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_OURS}, {key})").scalar():
            raise LockHeldError(name)
    except DBAPIError as error:
        if is_busy(error):
            raise LockHeldError(name) from None
        raise StoreError(f"the lock {name!r} cannot be asked for: {reason(error)}") from error


def _key(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big", signed=True)
