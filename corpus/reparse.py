"""Reading the stored originals again with today's parsers: what a better parser gains, without fetching anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from corpus.blobs import BlobStore
from corpus.errors import BlobMissingError, UnreadableError
from corpus.importers import read_file
from corpus.models import Document, Kind, Validity
from corpus.parsers import Source, Verdict
from corpus.parsers.dispatch import parse, parser_version
from corpus.store import DocumentStore
from corpus.stored import StoredDocument

# What a reading that leaves it empty does not take away: the listing or the site file may have said it.
_EMPTY = (None, "", (), Kind.OTHER, Validity.UNKNOWN)
_ALWAYS_NEW = frozenset({"body", "attachments", "extra", "fetched_at"})


@dataclass(slots=True)
class ReparseSummary:
    """What became of the originals: documents and attached files read anew, and (source, reason) of those refused."""

    changed: int = 0
    unchanged: int = 0
    files: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def reparse(
    store: DocumentStore,
    blobs: BlobStore,
    *,
    everything: bool = False,
    failed_only: bool = False,
    on_progress: Callable[[int], None] = lambda _: None,
) -> ReparseSummary:
    """Read originals again: those that another version of a parser read, and those that failed.

    ``failed_only`` leaves the former alone, ``everything`` reads all. A document whose original cannot be read any more
    stays as it is and is listed.
    """
    summary = ReparseSummary()
    for source, sha256 in store.kept_failures():
        _retry_failure(store, blobs, source, sha256, summary)
        on_progress(1)
    for carried in store.carried_files():
        if everything or carried.problem or (not failed_only and _is_stale(carried.parser, carried.media_type)):
            _read_carried(store, blobs, carried.sha256, carried.url, summary)
            on_progress(1)
    if not failed_only:
        for stored in store.live_documents():
            if stored.original and (everything or _is_stale(stored.original.parser, stored.original.media_type)):
                _read_again(store, blobs, stored, summary)
                on_progress(1)
    return summary


def _is_stale(parser: str, media_type: str) -> bool:
    """Would another version of a parser read it today?"""
    return parser != parser_version(media_type)


def _retry_failure(store: DocumentStore, blobs: BlobStore, source: str, sha256: str, summary: ReparseSummary) -> None:
    if urlsplit(source).scheme in ("http", "https"):
        return  # a page that was no document; the next crawl asks for it again
    try:
        document, original = read_file(source, blobs.read(sha256))
    except (UnreadableError, BlobMissingError) as error:
        summary.refused.append((source, str(error)))
        return
    with store.writing() as writer:
        writer.put(document, original)
        writer.clear_failure(source)
    summary.changed += 1


def _read_carried(store: DocumentStore, blobs: BlobStore, sha256: str, url: str, summary: ReparseSummary) -> None:
    name = PurePosixPath(urlsplit(url).path).name
    try:
        parsed = parse(Source(data=blobs.read(sha256), url=url, name=name))
    except (UnreadableError, BlobMissingError) as error:
        summary.refused.append((url, str(error)))
        return
    with store.writing() as writer:
        writer.put_extract(sha256, parser=parsed.parser, text=parsed.body, problem="; ".join(parsed.problems))
    summary.files += 1


def _read_again(store: DocumentStore, blobs: BlobStore, stored: StoredDocument, summary: ReparseSummary) -> None:
    old, original = stored.document, stored.original
    assert original is not None  # noqa: S101
    source = Source(data=b"", url=old.url, name=original.name, content_type="")
    try:
        parsed = parse(replace(source, data=blobs.read(original.sha256)))
        if parsed.verdict is not Verdict.ARTICLE:
            raise UnreadableError(f"the page now reads as {parsed.verdict.value}")
    except (UnreadableError, BlobMissingError) as error:
        summary.refused.append((old.url or original.name, str(error)))
        return
    new = parsed.to_document(old.id, url=old.url, site=old.site, fetched_at=old.fetched_at)
    with store.writing() as writer:
        put = writer.put(_merged(new, old), replace(original, media_type=parsed.media_type, parser=parsed.parser))
    summary.changed += put.changed
    summary.unchanged += put.unchanged


def _merged(new: Document, old: Document) -> Document:
    kept = {
        item.name: getattr(old, item.name)
        for item in fields(Document)
        if item.name not in _ALWAYS_NEW and getattr(new, item.name) in _EMPTY
    }
    return replace(new, **kept)
