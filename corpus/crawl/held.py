"""How is what a crawl found kept: published at once, or held back until the crawl is judged?

The first crawl of a site publishes every page as it comes. A later one is *guarded*: what differs from what we have
(documents and files, new ones too) waits in the table ``held``, its bytes already in the blob store, until `guard` has
judged the crawl as a whole.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, insert, select

from corpus.blobs import Blobs
from corpus.crawl.frontier import set_validators
from corpus.crawl.outcomes import Outcome
from corpus.models import Document, Original
from corpus.records import document_from_record, dump_record, record_from_document
from corpus.tables import documents, files, held, versions
from corpus.writer import StoreWriter

# A version whose text has less than this share of the earlier one's characters (white space not counted) has shrunk.
SHRINK_FRACTION = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDocument:
    """A document as read, and its bytes."""

    document: Document
    data: bytes
    media_type: str
    name: str
    parser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file that documents carry under ``url``: its bytes, or the ``problem`` why there are none. What it says is
    read after the crawl (`corpus.carried_files`)."""

    url: str
    data: bytes = b""
    media_type: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps what one visit found, within the transaction of ``writer``."""

    writer: StoreWriter
    blobs: Blobs
    crawl: int
    guarded: bool

    def keep_document(self, address_id: int, found: FoundDocument, validators: tuple[str, str]) -> Outcome:
        """Publish or hold; gives CREATED, CHANGED, UNCHANGED, or WITHDRAWN (then nothing is kept, not even bytes)."""
        connection = self.writer.connection
        record = dump_record(record_from_document(replace(found.document, fetched_at=None)))
        standing = connection.execute(
            select(documents.c.state, versions.c.record)
            .outerjoin(
                versions, (versions.c.document_id == documents.c.id) & (versions.c.version == documents.c.version)
            )
            .where(documents.c.id == found.document.id)
        ).one_or_none()
        if standing is not None and standing.state == "withdrawn":
            return Outcome.WITHDRAWN
        if standing is not None and standing.state == "live" and standing.record == record:
            set_validators(connection, [(address_id, *validators)])
            return Outcome.UNCHANGED
        original = Original(
            sha256=self.blobs.put(found.data),
            media_type=found.media_type,
            name=found.name,
            size=len(found.data),
            parser=found.parser,
        )
        if self.guarded:
            shrunk = standing is not None and standing.state == "live" and _has_shrunk(standing.record, found.document)
            self._hold(
                address_id,
                document_id=found.document.id,
                shrunk=shrunk,
                sha256=original.sha256,
                record={
                    "document": record_from_document(found.document),
                    "original": [original.sha256, original.media_type, original.name, original.size, original.parser],
                    "validators": list(validators),
                },
            )
        else:
            self.writer.put(found.document, original)
            set_validators(connection, [(address_id, *validators)])
        return Outcome.CREATED if standing is None else Outcome.CHANGED

    def keep_file(self, address_id: int, found: FoundFile, validators: tuple[str, str]) -> Outcome:
        """Publish or hold a file. A problem never replaces bytes that we have."""
        connection = self.writer.connection
        last = connection.execute(
            select(files.c.sha256, files.c.problem)
            .where(files.c.url == found.url)
            .order_by(files.c.revision.desc())
            .limit(1)
        ).one_or_none()
        sha256 = hashlib.sha256(found.data).hexdigest() if not found.problem else ""
        if last is not None and ((last.sha256, last.problem) == (sha256, found.problem) or found.problem):
            if not found.problem:
                set_validators(connection, [(address_id, *validators)])
            return Outcome.UNCHANGED
        if not found.problem:
            self.blobs.put(found.data)
        record = {
            "url": found.url,
            "size": len(found.data),
            "media_type": found.media_type,
            "problem": found.problem,
            "validators": list(validators),
        }
        if self.guarded:
            self._hold(address_id, document_id="", shrunk=False, sha256=sha256, record=record)
        else:
            _publish_file(self.writer, address_id, sha256, record)
        return Outcome.CREATED if last is None else Outcome.CHANGED

    def note_problem(self, url: str, problem: str) -> None:
        """Say why a file is not fetched, unless there are bytes of it or that is said already."""
        known = self.writer.connection.execute(select(files.c.url).where(files.c.url == url).limit(1)).first()
        if known is None:
            self.writer.put_file(url, problem=problem)

    def _hold(self, address_id: int, *, document_id: str, shrunk: bool, sha256: str, record: dict[str, object]) -> None:
        connection = self.writer.connection
        connection.execute(delete(held).where(held.c.frontier_id == address_id))
        connection.execute(
            insert(held).values(
                crawl=self.crawl,
                frontier_id=address_id,
                document_id=document_id,
                shrunk=shrunk,
                sha256=sha256,
                record=json.dumps(record, ensure_ascii=False),
            )
        )


def publish_held(writer: StoreWriter, crawl: int, limit: int) -> int:
    """Publish up to ``limit`` of what a crawl holds back; gives how many they were (0: none is left)."""
    connection = writer.connection
    rows = connection.execute(select(held).where(held.c.crawl == crawl).order_by(held.c.id).limit(limit)).all()
    for row in rows:
        record = json.loads(row.record)
        if row.document_id:
            document = document_from_record(record["document"])
            sha256, media_type, name, size, parser = record["original"]
            original = Original(sha256=sha256, media_type=media_type, name=name, size=size, parser=parser)
            writer.put(document, original)
            set_validators(connection, [(row.frontier_id, *record["validators"])])
        else:
            _publish_file(writer, row.frontier_id, row.sha256, record)
    connection.execute(delete(held).where(held.c.id.in_([row.id for row in rows])))
    return len(rows)


def drop_held(connection: Connection, crawl: int) -> None:
    """Forget what a crawl holds back; its bytes become orphans that a sweep of the blob store removes."""
    connection.execute(delete(held).where(held.c.crawl == crawl))


def _publish_file(writer: StoreWriter, address_id: int, sha256: str, record: dict[str, object]) -> None:
    writer.put_file(
        str(record["url"]),
        sha256=sha256,
        size=int(str(record["size"])) if sha256 else 0,
        media_type=str(record["media_type"]),
        problem=str(record["problem"]),
    )
    validators = record["validators"]
    if sha256 and isinstance(validators, list | tuple):
        set_validators(writer.connection, [(address_id, validators[0], validators[1])])


def _has_shrunk(record: str, document: Document) -> bool:
    before = _length(document_from_record(json.loads(record)).body)
    return _length(document.body) < before * SHRINK_FRACTION


def _length(text: str) -> int:
    return sum(1 for character in text if not character.isspace())
