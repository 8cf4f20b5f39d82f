"""How is the store's database reached: SQLite and PostgreSQL, reading and writing?"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from corpus.errors import StoreError

# How long a writer waits for another one's transaction before it gives up, in seconds.
BUSY_TIMEOUT_S = 30.0

# The key of PostgreSQL's advisory lock that the one writer holds: any number that no other program uses.
_WRITER_LOCK = 0x676F6E676B6169  # "gongkai"


def connect(url: str) -> Engine:
    """The engine for a store's URL; it connects when it is first used.

    A connection with the execution option ``gongkai_write`` is the one writer, until its transaction ends; any other
    one sees one moment of the database. Raises StoreError for a URL of another kind, or if the driver is missing.
    """
    try:
        prepare = _PREPARE[make_url(url).get_backend_name()]
        engine = create_engine(
            url,
            pool_pre_ping=True,  # a database server may have been restarted meanwhile
            hide_parameters=True,  # what was typed is in no error, and so in no log
        )
    except (ArgumentError, KeyError):
        raise StoreError(
            "the store's URL must begin with sqlite:/// or postgresql+psycopg://; see the setting store_url"
        ) from None
    except ImportError as error:
        raise StoreError(f"the store needs a driver: pip install 'gongkai[postgres]' ({error})") from error
    prepare(engine)
    return engine


def reason(error: DBAPIError) -> str:
    """What the database said, as one line, without the statement that PostgreSQL quotes."""
    diagnosis = getattr(error.orig, "diag", None)
    return " ".join(str(getattr(diagnosis, "message_primary", None) or error.orig).split())


def is_busy(error: DBAPIError) -> bool:
    """Did another writer's lock keep this one waiting for too long?"""
    lock_not_available = getattr(error.orig, "sqlstate", "") == "55P03"
    return lock_not_available or "locked" in str(error.orig) or "busy" in str(error.orig)


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, foreign keys, deleted text overwritten, and BEGIN IMMEDIATE for writers.

    Python's sqlite3 would begin transactions at times of its own; with ``isolation_level`` None they begin where
    SQLAlchemy says, and a writer takes its lock at once, so that it never fails half-way for a second writer.
    """

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(BUSY_TIMEOUT_S * 1000)}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _is_writer(connection) else "BEGIN")


def _prepare_postgresql(engine: Engine) -> None:
    """Readers see one moment; a writer holds the advisory lock until its transaction ends, wherever it runs."""

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if _is_writer(connection):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(BUSY_TIMEOUT_S * 1000)}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
        else:
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


_PREPARE = {"sqlite": _prepare_sqlite, "postgresql": _prepare_postgresql}


def _is_writer(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("gongkai_write", False))
