"""What was published, as it stands now and as it stood: reading the store, and opening it for writing."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from corpus import database
from corpus.errors import StoreBusyError, StoreError
from corpus.migrations import upgrade
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
    load_blob_names,
    load_documents,
    load_freshness,
)
from corpus.tables import (
    counters,
    document_files,
    documents,
    extracts,
    failures,
    files,
    versions,
    withdrawals,
)
from corpus.writer import StoreWriter


class DocumentStore:
    """The store behind one URL: ``sqlite:////path/store.db`` or ``postgresql+psycopg://…``; safe to share by threads.

    Reading never waits for a writer. ``writing()`` is one transaction and one writer at a time: a second one waits up
    to `database.BUSY_TIMEOUT_S` and then raises StoreBusyError.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> DocumentStore:
        """Open the store; one of an earlier release is brought to today's tables, a new one gets them.

        Raises StoreError, StoreVersionError.
        """
        engine = database.connect(url)
        try:
            upgrade(engine)
        except DBAPIError as error:
            engine.dispose()
            if database.is_busy(error):
                raise StoreBusyError(
                    f"the store {engine.url!r} is being written by another program; try again when it is done"
                ) from error
            raise StoreError(f"cannot open the store {engine.url!r}: {database.reason(error)}") from error
        except StoreError:
            engine.dispose()
            raise
        return cls(engine)

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
            raise StoreError(f"the store cannot be read: {database.reason(error)}") from error

    @contextmanager
    def writing(self) -> Iterator[StoreWriter]:
        """One transaction: all of it is kept when the block ends, nothing of it when it raises.

        Raises StoreBusyError if another writer keeps it waiting, StoreError if the database refuses.
        """
        try:
            with self.engine.connect().execution_options(gongkai_write=True) as connection, connection.begin():
                yield StoreWriter(connection)
        except DBAPIError as error:
            if database.is_busy(error):
                raise StoreBusyError(
                    f"another program has been writing to the store for {database.BUSY_TIMEOUT_S:.0f} s; "
                    "wait until it is done and try again"
                ) from error
            raise StoreError(f"the store cannot be written: {database.reason(error)}") from error

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

    def has_removed(self, after: int) -> bool:
        """Was a document taken out, or found gone, by a change above ``after``?"""
        query = select(documents.c.id).where(documents.c.change > after, documents.c.state != "live").limit(1)
        with self.reading() as connection:
            return connection.scalar(query) is not None

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

    def size_bytes(self) -> int:
        """What the database takes of a disk, without its log."""
        query = {
            "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
            "postgresql": "SELECT pg_database_size(current_database())",
        }[self.engine.dialect.name]
        with self.reading() as connection:
            return int(connection.exec_driver_sql(query).scalar_one())

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

    def withdrawn(self, ids: Collection[str]) -> set[str]:
        """Which of these documents were withdrawn."""
        wanted, found = sorted(ids), set[str]()
        if not wanted:
            return found
        with self.reading() as connection:
            for start in range(0, len(wanted), IN_LIMIT):
                some = withdrawals.c.document_id.in_(wanted[start : start + IN_LIMIT])
                found.update(connection.scalars(select(withdrawals.c.document_id).where(some)))
        return found

    def blob_names(self) -> set[str]:
        """The SHA-256 of every blob that a version, a file, a failure or a held version (see `crawl.held`) names."""
        with self.reading() as connection:
            return load_blob_names(connection)

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


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite store in this file."""
    return f"sqlite:///{path}"
