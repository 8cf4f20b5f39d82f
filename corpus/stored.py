"""What the store gives back: a document with its files as they are now, and what it says of changes and takedowns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, Connection, func, select

from corpus.models import Attachment, Document, Original
from corpus.records import document_from_record, load_entries
from corpus.tables import crawls, documents, extracts, failures, files, frontier, held, versions

# How many rows one IN (…) names at most; SQLite's own limit of parameters is far above, PostgreSQL's 32,767.
IN_LIMIT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document as it stands: ``state`` is ``live``, ``gone`` (at its source) or ``withdrawn`` (by us)."""

    document: Document
    state: str
    version: int
    original: Original | None
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What the index must do to be at ``number``: take the document in anew (it is live), or out (it is not)."""

    number: int
    document_id: str
    live: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A kept file that a live document carries, with the names that documents give it."""

    sha256: str
    media_type: str
    size: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadOriginal:
    """Bytes of which a live document was read: the document, where it was published, and who read it."""

    document_id: str
    url: str
    media_type: str
    parser: str
    needs_ocr: bool


@dataclass(frozen=True, slots=True)
class CarriedFile:
    """A file that documents carry: a URL that gave it, the parser that read it last, and what that could not read."""

    sha256: str
    url: str
    media_type: str
    parser: str
    problem: str
    needs_ocr: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """The audit line of a takedown; ``reason`` is its class, which is all that the public may see beside the date."""

    document_id: str
    withdrawn_on: date
    reason: str
    note: str
    purged: bool


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be read: where it came from, why, and when it was last tried (UTC).

    ``sha256`` is that of its bytes, empty if they are not kept for its sake.
    """

    source: str
    reason: str
    sha256: str
    failed_at: datetime


@dataclass(frozen=True, slots=True)
class Freshness:
    """When a document changed last and a crawl ended last (UTC; None: never), and how many addresses wait for one."""

    changed_at: datetime | None
    crawled_at: datetime | None
    waiting: int


def load_freshness(connection: Connection) -> Freshness:
    changed_at = connection.scalar(select(func.max(documents.c.changed_at)))
    crawled_at = connection.scalar(select(func.max(crawls.c.finished_at)))
    waiting = connection.scalar(select(func.count()).select_from(frontier).where(frontier.c.state != "done"))
    return Freshness(_utc(changed_at), _utc(crawled_at), waiting or 0)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def load_blob_names(connection: Connection) -> set[str]:
    """The SHA-256 of every blob that a version, a file, a failure or a held version (see `crawl.held`) names."""
    return {
        sha256
        for column in (versions.c.original_sha256, files.c.sha256, failures.c.sha256, held.c.sha256)
        for sha256 in connection.scalars(select(column).where(column != "").distinct())
    }


def load_documents(connection: Connection, condition: ColumnElement[bool]) -> list[StoredDocument]:
    """The documents for which the condition on `documents` holds, with their files as they are now."""
    query = (
        select(documents, versions)
        .join(
            versions,
            (versions.c.document_id == documents.c.id) & (versions.c.version == documents.c.version),
        )
        .where(condition)
    )
    rows = connection.execute(query).all()
    loaded = [(row, document_from_record(json.loads(row.record))) for row in rows]
    urls = {item.url for _, document in loaded for item in document.attachments if item.url}
    resolved = _resolve_files(connection, sorted(urls))
    return [
        StoredDocument(
            document=replace(
                document,
                fetched_at=row.fetched_at.replace(tzinfo=UTC) if row.fetched_at else None,
                attachments=tuple(
                    replace(resolved[item.url], name=item.name) if item.url in resolved else item
                    for item in document.attachments
                ),
            ),
            state=row.state,
            version=row.version,
            original=Original(
                sha256=row.original_sha256,
                media_type=row.original_type,
                name=row.original_name,
                size=row.original_size,
                parser=row.parser,
            )
            if row.original_sha256
            else None,
            changed_at=row.changed_at,
        )
        for row, document in loaded
    ]


def _resolve_files(connection: Connection, urls: Sequence[str]) -> dict[str, Attachment]:
    resolved: dict[str, Attachment] = {}
    for start in range(0, len(urls), IN_LIMIT):
        query = (
            select(files, extracts.c.text, extracts.c.entries, extracts.c.problem.label("unread"))
            .outerjoin(extracts, extracts.c.sha256 == files.c.sha256)
            .where(files.c.url.in_(urls[start : start + IN_LIMIT]))
            .order_by(files.c.revision)
        )
        for row in connection.execute(query):  # a later revision replaces an earlier one
            resolved[row.url] = Attachment(
                name="",
                url=row.url,
                sha256=row.sha256,
                size=row.size if row.sha256 else None,
                media_type=row.media_type,
                text=row.text or "",
                problem=row.problem or row.unread or "",
                entries=load_entries(row.entries or ""),
            )
    return resolved
