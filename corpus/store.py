"""What was published, as it stands now and as it stood: reading the store, and opening it for writing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError

from corpus.errors import StoreBusyError, StoreError, StoreVersionError
from corpus.models import Document
from corpus.records import document_from_record
from corpus.stored import (
    IN_LIMIT,
    CarriedFile,
    Change,
    Failure,
    Freshness,
    ReadOriginal,
    StoredDocument,
    StoredFile,
    Withdrawal,
    load_documents,
    load_freshness,
)
from corpus.tables import (
    STORE_VERSION,
    counters,
    document_files,
    documents,
    extracts,
    failures,
    files,
    held,
    metadata,
    versions,
    withdrawals,
)
from corpus.writer import StoreWriter

# How long a writer waits for another one's transaction before it gives up, in seconds.
BUSY_TIMEOUT_S = 30.0

# The key of PostgreSQL's advisory lock that the one writer holds: any number that no other program uses.
_WRITER_LOCK = 0x676F6E676B6169  # "gongkai"


class DocumentStore:
    """The store behind one URL: ``sqlite:////path/store.db`` or ``postgresql+psycopg://…``; safe to share by threads.

    Reading never waits for a writer. ``writing()`` is one transaction and one writer at a time: a second one waits up
    to `BUSY_TIMEOUT_S` and then raises StoreBusyError.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> DocumentStore:
        """Open the store, making its tables where there are none. Raises StoreError, StoreVersionError."""
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
        store = cls(engine)
        try:
            store._make_tables()
        except DBAPIError as error:
            engine.dispose()
            raise StoreError(f"cannot open the store {engine.url!r}: {error.orig}") from error
        except StoreError:
            engine.dispose()
            raise
        return store

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    def __enter__(self) -> DocumentStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def forget_deleted(self) -> None:
        """Leave nothing of deleted rows on the disk: SQLite's write-ahead log still holds the pages as they were.

        Raises StoreBusyError while a reader keeps the log in use; calling again is safe. Other databases keep their own
        logs, which their operator prunes.
        """
        if self.engine.dialect.name != "sqlite":
            return
        with self.engine.connect() as connection:
            connection.rollback()
            raw = connection.connection.driver_connection
            assert raw is not None  # noqa: S101
            blocked, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if blocked:
            raise StoreBusyError("the store is being read; purge again to clear its log")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection whose reads all see one moment of the store. Raises StoreError if it cannot be read."""
        try:
            with self.engine.connect() as connection, connection.begin():
                yield connection
        except DBAPIError as error:
            raise StoreError(f"the store cannot be read: {error.orig}") from error

    @contextmanager
    def writing(self) -> Iterator[StoreWriter]:
        """One transaction: all of it is kept when the block ends, nothing of it when it raises.

        Raises StoreBusyError if another writer keeps it waiting, StoreError if the database refuses.
        """
        try:
            with self.engine.connect().execution_options(gongkai_write=True) as connection, connection.begin():
                yield StoreWriter(connection)
        except DBAPIError as error:
            if _is_busy(error):
                raise StoreBusyError(
                    f"another program has been writing to the store for {BUSY_TIMEOUT_S:.0f} s; "
                    "wait until it is done and try again"
                ) from error
            raise StoreError(f"the store cannot be written: {error.orig}") from error

    def get(self, document_id: str) -> StoredDocument | None:
        """The document with this id, in any state; None if there never was one or it was purged."""
        with self.reading() as connection:
            return next(iter(load_documents(connection, documents.c.id == document_id)), None)

    def documents(self, ids: Collection[str]) -> Iterator[StoredDocument]:
        """Those of the documents that there are, in no particular order."""
        wanted = list(ids)
        for start in range(0, len(wanted), IN_LIMIT):
            with self.reading() as connection:
                loaded = load_documents(connection, documents.c.id.in_(wanted[start : start + IN_LIMIT]))
            yield from loaded

    def live_documents(self, batch: int = 500) -> Iterator[StoredDocument]:
        """Every live document, in the order of last change; ``batch`` are held in memory at a time."""
        last = 0
        while True:
            changes = self.changes(last, batch)
            if not changes:
                return
            last = changes[-1].number
            yield from self.documents([change.document_id for change in changes if change.live])

    def versions_of(self, document_id: str) -> list[tuple[int, Document, datetime]]:
        """Every version kept of a document, oldest first: number, document, and when it was recorded (UTC)."""
        query = (
            select(versions.c.version, versions.c.record, versions.c.recorded_at)
            .where(versions.c.document_id == document_id)
            .order_by(versions.c.version)
        )
        with self.reading() as connection:
            return [
                (row.version, document_from_record(json.loads(row.record)), row.recorded_at)
                for row in connection.execute(query)
            ]

    def changes(self, after: int, limit: int) -> list[Change]:
        """At most ``limit`` changes above number ``after``, oldest first; only the last one of each document."""
        query = (
            select(documents.c.change, documents.c.id, documents.c.state)
            .where(documents.c.change > after)
            .order_by(documents.c.change)
            .limit(limit)
        )
        with self.reading() as connection:
            return [Change(row.change, row.id, row.state == "live") for row in connection.execute(query)]

    def last_change(self) -> int:
        """The number of the last change; 0 if there was none."""
        with self.reading() as connection:
            return connection.scalar(select(counters.c.value).where(counters.c.name == "change")) or 0

    def change_count(self, after: int) -> int:
        """How many documents changed above number ``after``."""
        with self.reading() as connection:
            query = select(func.count()).select_from(documents).where(documents.c.change > after)
            return connection.scalar(query) or 0

    def counts(self) -> dict[str, int]:
        """How many documents are ``live``, ``gone`` and ``withdrawn``, how many ``versions``, ``files``, ``failures``.

        ``pending_files`` are attachments that a live document names and that were not fetched yet; ``needs_ocr``
        documents and files of which OCR could read more.
        """
        with self.reading() as connection:
            states = connection.execute(select(documents.c.state, func.count()).group_by(documents.c.state)).all()
            by_state: dict[str, int] = {row[0]: row[1] for row in states}
            current = (versions.c.document_id == documents.c.id) & (versions.c.version == documents.c.version)
            known_files = select(files.c.url).where(files.c.url == document_files.c.url).exists()
            return {
                "live": by_state.get("live", 0),
                "gone": by_state.get("gone", 0),
                "withdrawn": by_state.get("withdrawn", 0),
                "versions": connection.scalar(select(func.count()).select_from(versions)) or 0,
                "files": connection.scalar(
                    select(func.count(func.distinct(files.c.sha256))).where(files.c.sha256 != "")
                )
                or 0,
                "pending_files": connection.scalar(
                    select(func.count(func.distinct(document_files.c.url))).where(~known_files)
                )
                or 0,
                "needs_ocr": (
                    connection.scalar(
                        select(func.count())
                        .select_from(documents.join(versions, current))
                        .where(documents.c.state == "live", versions.c.needs_ocr)
                    )
                    or 0
                )
                + (connection.scalar(select(func.count()).where(extracts.c.needs_ocr)) or 0),
                "failures": connection.scalar(select(func.count()).select_from(failures)) or 0,
            }

    def freshness(self) -> Freshness:
        """When the store was last brought up to what is published."""
        with self.reading() as connection:
            return load_freshness(connection)

    def failures(self) -> list[Failure]:
        """Everything that could not be read, newest first."""
        with self.reading() as connection:
            query = select(failures).order_by(failures.c.failed_at.desc(), failures.c.source)
            return [Failure(row.source, row.reason, row.sha256, row.failed_at) for row in connection.execute(query)]

    def read_originals(self) -> list[ReadOriginal]:
        """What every live document was read from, and by whom, for all whose bytes are kept; in the order of change."""
        query = (
            select(documents.c.id, documents.c.url, versions.c.original_type, versions.c.parser, versions.c.needs_ocr)
            .join(versions, (versions.c.document_id == documents.c.id) & (versions.c.version == documents.c.version))
            .where(documents.c.state == "live", versions.c.original_sha256 != "")
            .order_by(documents.c.change)
        )
        with self.reading() as connection:
            return [
                ReadOriginal(row.id, row.url, row.original_type, row.parser, row.needs_ocr)
                for row in connection.execute(query)
            ]

    def carried_files(self) -> list[CarriedFile]:
        """Every file that was fetched for a document, once, and who read it."""
        query = (
            select(
                files.c.sha256,
                files.c.media_type,
                func.min(files.c.url).label("url"),
                extracts.c.parser,
                extracts.c.problem,
                extracts.c.needs_ocr,
            )
            .outerjoin(extracts, extracts.c.sha256 == files.c.sha256)
            .where(files.c.sha256 != "")
            .group_by(files.c.sha256, files.c.media_type, extracts.c.parser, extracts.c.problem, extracts.c.needs_ocr)
            .order_by(files.c.sha256)
        )
        with self.reading() as connection:
            return [
                CarriedFile(
                    row.sha256, row.url, row.media_type, row.parser or "", row.problem or "", bool(row.needs_ocr)
                )
                for row in connection.execute(query)
            ]

    def withdrawal(self, document_id: str) -> Withdrawal | None:
        """The audit line of this document's takedown; None if it was not withdrawn."""
        with self.reading() as connection:
            row = connection.execute(select(withdrawals).where(withdrawals.c.document_id == document_id)).one_or_none()
        if row is None:
            return None
        return Withdrawal(
            document_id=row.document_id,
            withdrawn_on=row.withdrawn_at.replace(tzinfo=UTC).astimezone().date(),
            reason=row.reason,
            note=row.note,
            purged=row.purged,
        )

    def blob_names(self) -> set[str]:
        """The SHA-256 of every blob that a version, a file, a failure or a held version (see `crawl.held`) names."""
        with self.reading() as connection:
            return {
                sha256
                for column in (versions.c.original_sha256, files.c.sha256, failures.c.sha256, held.c.sha256)
                for sha256 in connection.scalars(select(column).where(column != "").distinct())
            }

    def file(self, sha256: str) -> StoredFile | None:
        """The file with these bytes, if a document that is not withdrawn carries it now."""
        query = (
            select(files.c.media_type, files.c.size, document_files.c.document_id, files.c.url)
            .join(document_files, document_files.c.url == files.c.url)
            .join(documents, documents.c.id == document_files.c.document_id)
            .where(files.c.sha256 == sha256, documents.c.state != "withdrawn")
        )
        with self.reading() as connection:
            rows = connection.execute(query).all()
            names: list[str] = []
            for stored in load_documents(connection, documents.c.id.in_({row.document_id for row in rows})):
                names += [item.name for item in stored.document.attachments if item.sha256 == sha256]
        if not names:  # nobody carries it, or only an earlier revision of the file had these bytes
            return None
        return StoredFile(
            sha256=sha256, media_type=rows[0].media_type, size=rows[0].size, names=tuple(dict.fromkeys(names))
        )

    def _make_tables(self) -> None:
        with self.engine.connect() as probe:
            found = self.engine.dialect.has_table(probe, counters.name)
        if not found:
            with self.engine.connect().execution_options(gongkai_write=True) as connection, connection.begin():
                metadata.create_all(connection)
                if connection.scalar(select(func.count()).select_from(counters)) == 0:
                    connection.execute(
                        counters.insert(),
                        [{"name": "store_version", "value": STORE_VERSION}, {"name": "change", "value": 0}],
                    )
        with self.reading() as connection:
            version = connection.scalar(select(counters.c.value).where(counters.c.name == "store_version"))
        if version != STORE_VERSION:
            raise StoreVersionError(
                f"the store has version {version}, this gongkai reads version {STORE_VERSION}; "
                "use the gongkai that wrote it, or crawl and ingest into a new data folder"
            )


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite store in this file."""
    return f"sqlite:///{path}"


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


def _is_busy(error: DBAPIError) -> bool:
    """Did another writer's lock keep this one waiting for too long?"""
    lock_not_available = getattr(error.orig, "sqlstate", "") == "55P03"
    return lock_not_available or "locked" in str(error.orig) or "busy" in str(error.orig)
