"""What do the files say that documents carry? Read after the crawl that fetched them, and again by better parsers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from corpus.blobs import Blobs
from corpus.errors import BlobMissingError, UnreadableError
from corpus.parsers import Parsed, Source
from corpus.parsers.html.attachments import file_extension
from corpus.parsers.isolation import ParserPool
from corpus.store import DocumentStore
from corpus.stored import CarriedFile


@dataclass(slots=True)
class ReadingSummary:
    """How many files were read, and (URL, reason) of those that cannot be."""

    read: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


OnProgress = Callable[[int, int, str], None]  # how many are done, how many are left, the last one's URL


def read_new_files(store: DocumentStore, blobs: Blobs, on_progress: OnProgress) -> ReadingSummary:
    """Read the files that nobody has tried to read yet."""
    waiting = [carried for carried in store.carried_files() if not carried.parser and not carried.problem]
    if not waiting:
        return ReadingSummary()
    with ParserPool() as pool:
        return read_files(store, blobs, pool, waiting, on_progress)


def read_files(
    store: DocumentStore,
    blobs: Blobs,
    pool: ParserPool,
    files: Sequence[CarriedFile],
    on_progress: OnProgress,
) -> ReadingSummary:
    """Read files and keep what they say, each in a transaction of its own.

    One that cannot be read keeps what an earlier parser read out of it, and is listed as a failure of the store.
    """
    summary = ReadingSummary()

    def sources() -> Iterator[tuple[CarriedFile, Source]]:
        for carried in files:
            try:
                data = blobs.read(carried.sha256)
            except BlobMissingError as error:
                summary.refused.append((carried.url, str(error)))
                continue
            yield carried, Source(data=data, url=carried.url, name=_shown_name(store, carried))

    for carried, read in pool.parse_all(sources()):
        if isinstance(read, Parsed):
            summary.read += 1
            _keep(store, carried, read)
        else:
            summary.refused.append((carried.url, read.reason))
            _note(store, carried, read)
        done = summary.read + len(summary.refused)
        on_progress(done, len(files) - done, carried.url)
    return summary


def _shown_name(store: DocumentStore, carried: CarriedFile) -> str:
    """What the file is called where it is linked, with the extension that its address has if that names none; the name
    in its address where no document carries it now."""
    name = unquote(PurePosixPath(urlsplit(carried.url).path).name)
    stored = store.file(carried.sha256)
    shown = next((text for text in stored.names if "://" not in text), "") if stored is not None else ""
    if not shown or file_extension(shown):
        return shown or name
    extension = file_extension(carried.url)
    return f"{shown}.{extension}" if extension else shown


def _keep(store: DocumentStore, carried: CarriedFile, parsed: Parsed) -> None:
    with store.writing() as writer:
        writer.put_extract(
            carried.sha256,
            parser=parsed.parser,
            text=parsed.body,
            entries=parsed.entries,
            needs_ocr=parsed.needs_ocr,
            problem="; ".join(parsed.problems),
        )
        if carried.parser:
            writer.clear_failure(carried.url)


def _note(store: DocumentStore, carried: CarriedFile, error: UnreadableError) -> None:
    with store.writing() as writer:
        if carried.parser:  # what an earlier parser read out of it stays
            writer.record_failure(carried.url, error.reason)
        else:
            writer.put_extract(carried.sha256, parser="", problem=error.reason)
