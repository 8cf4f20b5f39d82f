"""What do machines share beside documents? Small tables in the store's database, where that is one for many machines.

SQLite is one machine's: there processes share files of the data folder, and nothing of this is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from corpus.database import reason
from corpus.errors import StoreError

# Connections that a process keeps for this: each statement is a transaction of its own and takes well under 1 ms.
_KEPT_CONNECTIONS = 2

# A request is worth more than its count: it waits no longer for a server that does not answer, in seconds.
_CONNECT_S = 3


def is_shared(engine: Engine) -> bool:
    """May processes on other machines use this database, too?"""
    return engine.dialect.name == "postgresql"


class SharedTables:
    """The tables, for statements that never wait for the store's one writer.

    Each statement is a transaction. One that was answered may be lost with the last half second before the database
    server crashes (``synchronous_commit = off``): counts and leases are worth no wait for a disk.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def beside(cls, store: Engine) -> SharedTables | None:
        """Those of the store's database; None where it is one machine's."""
        if not is_shared(store):
            return None
        return cls.at(store.url.render_as_string(hide_password=False))

    @classmethod
    def at(cls, url: str) -> SharedTables:
        """Those of the database at a URL of PostgreSQL; it connects when it is first used."""
        engine = create_engine(
            url,
            isolation_level="AUTOCOMMIT",
            pool_size=_KEPT_CONNECTIONS,
            hide_parameters=True,
            connect_args={"connect_timeout": _CONNECT_S},
        )

        @event.listens_for(engine, "connect")
        def on_connect(connection: Any, _record: object) -> None:
            connection.autocommit = True  # else the setting would end with a transaction
            connection.execute("SET synchronous_commit = off")

        return cls(engine)

    @contextmanager
    def using(self) -> Iterator[Connection]:
        """A connection whose statements count at once. Raises StoreError."""
        try:
            with self._engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise StoreError(f"the shared tables cannot be used: {reason(error)}") from error

    def close(self) -> None:
        self._engine.dispose()
