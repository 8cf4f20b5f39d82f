"""Reading the stored originals again with today's parsers: what a better parser gains, without fetching anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from corpus.blobs import Blobs
from corpus.carried_files import read_files
from corpus.crawl.making import attachments_of
from corpus.errors import BlobMissingError, UnreadableError
from corpus.file_documents import FileDocument, documents_of
from corpus.models import Document, Kind, Original, Validity
from corpus.parsers import Parsed, Source, Verdict, ocr
from corpus.parsers.dispatch import parser_version
from corpus.parsers.isolation import ParserPool
from corpus.records import document_from_record, record_from_document
from corpus.store import DocumentStore
from corpus.stored import Failure, ReadOriginal, StoredDocument
from corpus.writer import PutSummary

# What a reading that leaves it empty does not take away: the listing or the site file may have said it.
_EMPTY = (None, "", (), Kind.OTHER, Validity.UNKNOWN)
_ALWAYS_NEW = frozenset({"body", "attachments", "entries", "extra", "fetched_at"})
_KEPT_EXTRA = "archive"  # said by the ingest: which archive a file came in


OnProgress = Callable[[int], None]  # how many more are done


@dataclass(slots=True)
class ReparseSummary:
    """What became of the originals: documents and attached files read anew, and (source, reason) of those refused, of
    those that are unreadable for the same reason as before, and of those that were not tried as a crawl must."""

    changed: int = 0
    unchanged: int = 0
    files: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    known: list[tuple[str, str]] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)


def reparse(
    store: DocumentStore,
    blobs: Blobs,
    *,
    everything: bool = False,
    failed_only: bool = False,
    on_progress: OnProgress = lambda _: None,
) -> ReparseSummary:
    """Read originals again: those that another version of a parser read, and those that failed.

    ``failed_only`` leaves the former alone, ``everything`` reads all. What cannot be read is listed, here and in the
    store's failures; a document or file of which an earlier reading is kept stays as it is. Unless one of the two asks
    for it, what could not be read before for the same reason is no refusal but known. A page on which the last crawl
    failed is left to the next one, which asks for it again and knows its column.
    """
    summary = ReparseSummary()

    def stale(parser: str, media_type: str, needs_ocr: bool) -> bool:
        """Would another version of a parser read it today, or OCR what could not be?"""
        return everything or (
            not failed_only and (parser != parser_version(media_type) or (needs_ocr and ocr.available()))
        )

    failures = store.failures()
    known = {failure.source: failure.reason for failure in failures}
    waiting = {failure.source for failure in failures if failure.sha256}
    failed = known.keys() - waiting
    files = [
        item
        for item in store.carried_files()
        if ((item.problem or item.url in known) and (failed_only or not item.parser))
        or stale(item.parser, item.media_type, item.needs_ocr)
    ]
    known = {item.url: item.problem for item in files if item.problem} | known
    with ParserPool() as pool:
        _retry_failures(store, blobs, pool, [item for item in failures if item.sha256], summary, on_progress)
        reading = read_files(store, blobs, pool, files, lambda *_: on_progress(1))
        summary.files += reading.read
        summary.refused += reading.refused
        originals = [
            item
            for item in store.read_originals()
            if _source(item) not in waiting
            and (_source(item) in failed or stale(item.parser, item.media_type, item.needs_ocr))
        ]
        _read_again(store, blobs, pool, originals, summary, on_progress)
    if not (everything or failed_only):
        summary.known = [refusal for refusal in summary.refused if known.get(refusal[0]) == refusal[1]]
        summary.refused = [refusal for refusal in summary.refused if known.get(refusal[0]) != refusal[1]]
    return summary


def _source(read: ReadOriginal) -> str:
    """Where a document came from, as failures name it; of one that came as a file only the id is known."""
    return read.url or read.document_id


def _retry_failures(
    store: DocumentStore,
    blobs: Blobs,
    pool: ParserPool,
    failures: Sequence[Failure],
    summary: ReparseSummary,
    on_progress: OnProgress,
) -> None:
    def sources() -> Iterator[tuple[tuple[Failure, bytes], Source]]:
        for failure in failures:
            if urlsplit(failure.source).scheme in ("http", "https"):
                summary.left.append((failure.source, f"{failure.reason}; the next crawl asks for it again"))
                continue
            try:
                data = blobs.read(failure.sha256)
            except BlobMissingError as error:
                _refuse(store, failure.source, str(error), failure.sha256, summary)
                continue
            yield (failure, data), Source(data=data, name=PurePosixPath(failure.source).name)

    for (failure, data), read in pool.parse_all(sources()):
        for item in documents_of(failure.source, data, read):
            if isinstance(item, FileDocument):
                with store.writing() as writer:
                    put = writer.put(item.document, item.original)
                    if not put.withdrawn:
                        blobs.put(item.data)
                    writer.clear_failure(item.source)
                _count(put, summary)
            else:
                _refuse(store, item.source, item.reason, blobs.put(item.data) if item.data else "", summary)
        on_progress(1)


def _read_again(
    store: DocumentStore,
    blobs: Blobs,
    pool: ParserPool,
    originals: Sequence[ReadOriginal],
    summary: ReparseSummary,
    on_progress: OnProgress,
) -> None:
    def sources() -> Iterator[tuple[tuple[ReadOriginal, StoredDocument, Original], Source]]:
        for read in originals:
            stored = store.get(read.document_id)
            if stored is None or stored.original is None:
                continue  # purged, or replaced by a record, since we asked
            try:
                data = blobs.read(stored.original.sha256)
            except BlobMissingError as error:
                _refuse(store, _source(read), str(error), "", summary)
                continue
            source = Source(data=data, url=stored.document.url, name=stored.original.name)
            yield (read, stored, stored.original), source

    for (read, stored, original), parsed in pool.parse_all(sources()):
        on_progress(1)
        if isinstance(parsed, Parsed) and parsed.verdict is not Verdict.ARTICLE:
            parsed = UnreadableError(f"the page now reads as {parsed.verdict.value}")
        if isinstance(parsed, UnreadableError):
            _refuse(store, _source(read), parsed.reason, "", summary)
            continue
        new = _merged(parsed, stored.document)
        with store.writing() as writer:
            if not writer.stands_at(new.id, stored.version):
                continue  # a crawl was faster
            put = writer.put(new, replace(original, media_type=parsed.media_type, parser=parsed.parser))
            writer.clear_failure(_source(read))
        _count(put, summary)


def _refuse(store: DocumentStore, source: str, reason: str, sha256: str, summary: ReparseSummary) -> None:
    summary.refused.append((source, reason))
    with store.writing() as writer:
        writer.record_failure(source, reason, sha256)


def _count(put: PutSummary, summary: ReparseSummary) -> None:
    summary.changed += put.created + put.changed
    summary.unchanged += put.unchanged


def _merged(parsed: Parsed, old: Document) -> Document:
    """The document that the new reading makes, in the spelling in which a crawl or an ingest keeps it."""
    new = parsed.to_document(old.id, url=old.url, site=old.site, fetched_at=old.fetched_at)
    kept = {
        item.name: getattr(old, item.name)
        for item in fields(Document)
        if item.name not in _ALWAYS_NEW and getattr(new, item.name) in _EMPTY
    }
    if parsed.title_guessed and old.url and old.title:
        kept["title"] = old.title  # its listing's, perhaps
    if _KEPT_EXTRA in old.extra:
        kept["extra"] = {_KEPT_EXTRA: old.extra[_KEPT_EXTRA], **new.extra}
    if parsed.members:
        kept["body"] = old.body  # an archive's text is the list of its members
    new = replace(new, **kept)
    if not old.url:
        return new
    return document_from_record(record_from_document(replace(new, attachments=attachments_of(parsed.attachments))))
