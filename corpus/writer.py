"""What one transaction may change in the store: documents, files, failures, takedowns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from corpus.blobs import Blobs
from corpus.errors import UnknownDocumentError
from corpus.models import CatalogEntry, Document, Original
from corpus.records import document_from_record, dump_entries, dump_record, record_from_document
from corpus.tables import (
    MAX_KEY_BYTES,
    counters,
    document_files,
    documents,
    extracts,
    failures,
    files,
    frontier,
    held,
    unwanted_blobs,
    versions,
    withdrawals,
)


@dataclass(slots=True)
class PutSummary:
    """What became of documents that were put: how many are new, changed, unchanged, and the ids that stay withdrawn."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: list[str] = field(default_factory=list)


class StoreWriter:
    """The open transaction of `DocumentStore.writing`; ``connection`` is for the other tables of the same store."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._now = datetime.now(UTC).replace(tzinfo=None)

    def put(self, document: Document, original: Original | None = None) -> PutSummary:
        """Keep one document; see `put_many`."""
        return self.put_many([(document, original)])

    def put_many(self, items: Sequence[tuple[Document, Original | None]]) -> PutSummary:
        """Keep documents. One that differs from its current version gets a new one.

        An equal one changes nothing, except who read the bytes last. A document that was gone is live again; one that
        was withdrawn stays so. When an id comes twice the later one counts.
        """
        summary = PutSummary()
        latest = {document.id: (document, original) for document, original in items}
        known = {
            row.id: row
            for row in self.connection.execute(
                select(
                    documents.c.id,
                    documents.c.state,
                    documents.c.version,
                    versions.c.digest,
                    versions.c.original_sha256,
                    versions.c.parser,
                )
                .outerjoin(
                    versions,
                    (versions.c.document_id == documents.c.id) & (versions.c.version == documents.c.version),
                )
                .where(documents.c.id.in_(list(latest)))
            )
        }
        new_documents, moved, new_versions, carried, read_again = [], [], [], [], []
        for document_id, (document, original) in latest.items():
            record = dump_record(record_from_document(replace(document, fetched_at=None)))
            digest = hashlib.sha256(record.encode()).hexdigest()
            row = known.get(document_id)
            if row is not None and row.state == "withdrawn":
                summary.withdrawn.append(document_id)
                continue
            if row is not None and row.digest == digest and row.state == "live":
                summary.unchanged += 1
                if original and original.sha256 == row.original_sha256 and original.parser != row.parser:
                    read_again.append({"key": document_id, "number": row.version, "reader": original.parser})
                continue
            version = 1 if row is None else row.version + (row.digest != digest)
            place = {
                "url": document.url,
                "site": document.site,
                "state": "live",
                "version": version,
                "changed_at": self._now,
            }
            if row is None:
                summary.created += 1
                new_documents.append({"id": document_id, **place})
            else:
                summary.changed += 1
                moved.append({"key": document_id, **place})
            if row is None or row.digest != digest:
                new_versions.append(
                    {
                        "document_id": document_id,
                        "version": version,
                        "record": record,
                        "digest": digest,
                        "original_sha256": original.sha256 if original else "",
                        "original_name": original.name if original else "",
                        "original_type": original.media_type if original else "",
                        "original_size": original.size if original else 0,
                        "parser": original.parser if original else "",
                        "needs_ocr": document.extra.get("needs_ocr") is True,
                        "fetched_at": _utc(document.fetched_at),
                        "recorded_at": self._now,
                    }
                )
            urls = dict.fromkeys(item.url for item in document.attachments if item.url)
            carried += [
                {"document_id": document_id, "url": url}
                for url in urls
                if len((document_id + url).encode()) <= MAX_KEY_BYTES  # else it is no address that anybody fetches
            ]
        numbers = iter(self._take_changes(len(new_documents) + len(moved)))
        for values in new_documents + moved:
            values["change"] = next(numbers)
        if new_documents:
            self.connection.execute(documents.insert(), new_documents)
        if moved:
            self.connection.execute(
                update(documents)
                .where(documents.c.id == bindparam("key"))
                .values(
                    {name: bindparam(name) for name in ("url", "site", "state", "version", "changed_at", "change")}
                ),
                moved,
            )
            self.connection.execute(
                delete(document_files).where(document_files.c.document_id.in_([values["key"] for values in moved]))
            )
        if new_versions:
            self.connection.execute(versions.insert(), new_versions)
        if carried:
            self.connection.execute(document_files.insert(), carried)
        if read_again:
            self.connection.execute(
                update(versions)
                .where(versions.c.document_id == bindparam("key"), versions.c.version == bindparam("number"))
                .values(parser=bindparam("reader")),
                read_again,
            )
        return summary

    def stands_at(self, document_id: str, version: int) -> bool:
        """Is the document live, and this its current version?"""
        query = select(documents.c.state, documents.c.version).where(documents.c.id == document_id)
        return self.connection.execute(query).one_or_none() == ("live", version)

    def put_file(self, url: str, *, sha256: str = "", size: int = 0, media_type: str = "", problem: str = "") -> bool:
        """Keep what a file's URL gave: bytes (by SHA-256), or the problem why there are none.

        A file that differs from its last revision gets a new one, and the documents that carry it count as changed.
        Gives whether it differs.
        """
        last = self.connection.execute(
            select(files).where(files.c.url == url).order_by(files.c.revision.desc()).limit(1)
        ).one_or_none()
        if last is not None and (last.sha256, last.problem) == (sha256, problem):
            return False
        self.connection.execute(
            files.insert().values(
                url=url,
                revision=1 if last is None else last.revision + 1,
                sha256=sha256,
                size=size,
                media_type=media_type,
                problem=problem,
                fetched_at=self._now,
            )
        )
        self._touch(
            self.connection.scalars(select(document_files.c.document_id).where(document_files.c.url == url)).all()
        )
        return True

    def put_extract(
        self,
        sha256: str,
        *,
        parser: str,
        text: str = "",
        entries: Sequence[CatalogEntry] = (),
        needs_ocr: bool = False,
        problem: str = "",
    ) -> None:
        """Keep what ``parser`` read out of a file, or why it could not."""
        row = self.connection.execute(select(extracts).where(extracts.c.sha256 == sha256)).one_or_none()
        seen = {"text": text, "entries": dump_entries(entries) if entries else "", "problem": problem}
        values = {"parser": parser, "needs_ocr": needs_ocr, **seen}
        if row is None:
            self.connection.execute(extracts.insert().values(sha256=sha256, **values))
        else:
            self.connection.execute(update(extracts).where(extracts.c.sha256 == sha256).values(values))
        if row is None or any(getattr(row, name) != value for name, value in seen.items()):
            self._touch(
                self.connection.scalars(
                    select(document_files.c.document_id)
                    .join(files, files.c.url == document_files.c.url)
                    .where(files.c.sha256 == sha256)
                ).all()
            )

    def mark_gone(self, ids: Iterable[str]) -> int:
        """Put a tombstone on live documents whose pages vanished; their versions stay. Gives how many were live."""
        live = self.connection.scalars(
            select(documents.c.id).where(documents.c.id.in_(list(ids)), documents.c.state == "live")
        ).all()
        self._set_state(live, "gone")
        return len(live)

    def record_failure(self, source: str, reason: str, sha256: str = "") -> None:
        """List something that could not be read; the latest reason counts."""
        self.clear_failure(source)
        self.connection.execute(
            failures.insert().values(source=source, reason=reason, sha256=sha256, failed_at=self._now)
        )

    def clear_failure(self, source: str) -> None:
        """It could be read after all."""
        self.connection.execute(delete(failures).where(failures.c.source == source))

    def withdraw(self, document_id: str, *, reason: str, note: str = "", purge: bool = False) -> list[str]:
        """Take a document down for good; only the audit line says that it was there.

        ``reason`` is the class that the public page shows. With ``purge`` its versions, and the files and extracts that
        no other document carries, are removed too; gives the SHA-256 of the blobs that nobody needs any more, which are
        noted for `delete_unwanted`. Purging what was withdrawn before is allowed. Raises UnknownDocumentError.
        """
        row = self.connection.execute(select(documents).where(documents.c.id == document_id)).one_or_none()
        if row is None:
            raise UnknownDocumentError(document_id)
        earlier = self.connection.execute(
            select(withdrawals).where(withdrawals.c.document_id == document_id)
        ).one_or_none()
        if earlier is None:
            self.connection.execute(
                withdrawals.insert().values(
                    document_id=document_id, reason=reason, note=note, purged=purge, withdrawn_at=self._now
                )
            )
        elif purge:
            self.connection.execute(
                update(withdrawals).where(withdrawals.c.document_id == document_id).values(purged=True)
            )
        self._set_state([document_id], "withdrawn")
        return self._purge(document_id, row.url) if purge else []

    def _purge(self, document_id: str, url: str) -> list[str]:
        carried = self._orphaned_by(document_id)
        candidates = set(
            self.connection.scalars(
                select(versions.c.original_sha256).where(
                    versions.c.document_id == document_id, versions.c.original_sha256 != ""
                )
            )
        )
        candidates |= set(
            self.connection.scalars(select(files.c.sha256).where(files.c.url.in_(carried), files.c.sha256 != ""))
        )
        candidates |= set(
            self.connection.scalars(select(failures.c.sha256).where(failures.c.source == url, failures.c.sha256 != ""))
        )
        self.connection.execute(delete(failures).where(failures.c.source.in_([document_id, url, *carried])))
        self.connection.execute(delete(document_files).where(document_files.c.document_id == document_id))
        self.connection.execute(delete(files).where(files.c.url.in_(carried)))
        self.connection.execute(delete(versions).where(versions.c.document_id == document_id))
        # What the crawler knows of it: the address, the words of links to it, versions that wait for a verdict.
        waiting = held.c.document_id == document_id
        candidates |= set(self.connection.scalars(select(held.c.sha256).where(waiting, held.c.sha256 != "")))
        self.connection.execute(delete(held).where(waiting))
        self.connection.execute(
            delete(frontier).where(or_(frontier.c.document_id == document_id, frontier.c.url.in_(carried)))
        )
        self.connection.execute(update(documents).where(documents.c.id == document_id).values(url="", site=""))
        orphans = sorted(candidates - self._needed(candidates))
        self.connection.execute(delete(extracts).where(extracts.c.sha256.in_(orphans)))
        self.connection.execute(delete(unwanted_blobs).where(unwanted_blobs.c.sha256.in_(orphans)))
        if orphans:
            self.connection.execute(insert(unwanted_blobs), [{"sha256": sha256} for sha256 in orphans])
        return orphans

    def delete_unwanted(self, blobs: Blobs) -> None:
        """Delete the bytes of what was purged, also what an earlier purge did not get to. Raises BlobWriteError.

        In the transaction, so that nobody names one of them meanwhile; a purge that was killed is gone on with.
        """
        noted = set(self.connection.scalars(select(unwanted_blobs.c.sha256)))
        for sha256 in sorted(noted - self._needed(noted)):
            blobs.delete(sha256)
        self.connection.execute(delete(unwanted_blobs))

    def _orphaned_by(self, document_id: str) -> list[str]:
        """URLs of the files that any version of this document carried and no other document carries now."""
        urls: set[str] = set()
        for record in self.connection.scalars(select(versions.c.record).where(versions.c.document_id == document_id)):
            urls |= {item.url for item in document_from_record(json.loads(record)).attachments if item.url}
        others = self.connection.scalars(
            select(document_files.c.url).where(
                document_files.c.url.in_(urls), document_files.c.document_id != document_id
            )
        )
        return sorted(urls - set(others))

    def _needed(self, candidates: Collection[str]) -> set[str]:
        """Those of the blobs that a version, a file or a failure still names."""
        needed: set[str] = set()
        for column in (versions.c.original_sha256, files.c.sha256, failures.c.sha256, held.c.sha256):
            needed |= set(self.connection.scalars(select(column).where(column.in_(candidates))))
        return needed

    def _set_state(self, ids: Collection[str], state: str) -> None:
        self._touch(ids)
        self.connection.execute(update(documents).where(documents.c.id.in_(ids)).values(state=state))

    def _touch(self, ids: Collection[str]) -> None:
        """Give documents a new change number, so that the index looks at them again."""
        ids = list(dict.fromkeys(ids))
        if not ids:
            return
        rows = [{"key": key, "number": number} for key, number in zip(ids, self._take_changes(len(ids)), strict=True)]
        self.connection.execute(
            update(documents)
            .where(documents.c.id == bindparam("key"))
            .values(change=bindparam("number"), changed_at=self._now),
            rows,
        )

    def _take_changes(self, count: int) -> range:
        """The next ``count`` change numbers. The row lock on the counter is what orders writers on PostgreSQL."""
        if count == 0:
            return range(0)
        self.connection.execute(
            update(counters).where(counters.c.name == "change").values(value=counters.c.value + count)
        )
        last = self.connection.scalar(select(counters.c.value).where(counters.c.name == "change")) or 0
        return range(last - count + 1, last + 1)


def _utc(moment: datetime | None) -> datetime | None:
    """Without its zone, in UTC: SQLite keeps none."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None
