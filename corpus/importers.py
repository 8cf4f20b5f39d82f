"""Files, folders and JSON lines → documents in the store. What cannot be read is listed; it stops nothing."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from corpus.blobs import Blobs
from corpus.errors import RecordError
from corpus.file_documents import FileDocument, Refusal, documents_of
from corpus.parsers import Source
from corpus.parsers.isolation import ParserPool
from corpus.records import document_from_record
from corpus.store import DocumentStore

# How many documents, and how many characters of text and bytes of originals, one transaction takes in.
_BATCH_DOCUMENTS = 1_000
_BATCH_SIZE = 4_000_000

# A larger file is refused: no published text is (a scan of 500 pages has about 100 MB), and it is read into memory.
MAX_FILE_BYTES = 256 << 20


@dataclass(slots=True)
class IngestSummary:
    """What became of the inputs; ``refused`` are (where, why) of those that gave no document."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.created + self.changed + self.unchanged


Progress = Callable[[int], None]  # documents read


def ingest(
    paths: Sequence[Path], store: DocumentStore, blobs: Blobs, on_progress: Progress = lambda _: None
) -> IngestSummary:
    """Take files, folders (with all that is below) and ``.jsonl``/``.jsonl.gz`` of Documents into the store.

    What was committed before an interruption stays; ingesting again changes nothing that is already there.
    """
    summary = IngestSummary()
    batch: list[FileDocument] = []
    size = 0

    def flush() -> None:
        nonlocal size
        if batch:
            _keep(batch, store, blobs, summary)
            on_progress(summary.read)
        batch.clear()
        size = 0

    with ParserPool() as pool:
        for item in _documents(paths, pool):
            if isinstance(item, Refusal):
                _refuse(item, store, blobs, summary)
                continue
            batch.append(item)
            size += len(item.document.body) + len(item.data)
            if len(batch) >= _BATCH_DOCUMENTS or size >= _BATCH_SIZE:
                flush()
    flush()
    return summary


_Item = FileDocument | Refusal


def _documents(paths: Sequence[Path], pool: ParserPool) -> Iterator[_Item]:
    yield from (Refusal(_shown(path), "there is no such file or folder") for path in paths if not path.exists())
    files = (file for path in paths for file in _inside(path))
    for is_json_lines, group in groupby(files, key=_is_json_lines):
        if is_json_lines:
            for path in group:
                yield from _json_lines(path)
        else:
            yield from _read_files(group, pool)


def _inside(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(entry for entry in path.rglob("*") if entry.is_file() and not _hidden(entry, path))
    elif path.exists():
        yield path


def _is_json_lines(path: Path) -> bool:
    return path.name.endswith((".jsonl", ".jsonl.gz"))


def _hidden(entry: Path, root: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in entry.relative_to(root).parts)


def _shown(path: Path) -> str:
    """A path as text. Names that are no UTF-8 come out of archives made on Chinese Windows: GBK."""
    name = os.fsencode(path)
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("gb18030", "replace")


def _read_files(files: Iterable[Path], pool: ParserPool) -> Iterator[_Item]:
    """The documents of files, in their order; the pool reads ahead."""
    refusals: deque[Refusal] = deque()

    def sources() -> Iterator[tuple[tuple[str, bytes], Source]]:
        for path in files:
            opened = _open(path)
            if isinstance(opened, Refusal):
                refusals.append(opened)
            else:
                yield opened, Source(data=opened[1], name=Path(opened[0]).name)

    for (path, data), read in pool.parse_all(sources()):
        yield from documents_of(path, data, read)
    yield from refusals


def _open(path: Path) -> tuple[str, bytes] | Refusal:
    """The absolute path and the bytes of a file."""
    shown = _shown(path.resolve())
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            return Refusal(shown, f"the file is larger than {MAX_FILE_BYTES >> 20} MB")
        return shown, path.read_bytes()
    except OSError as error:
        return Refusal(shown, f"the file cannot be opened: {error.strerror or error}")


def _json_lines(path: Path) -> Iterator[_Item]:
    number = 0
    try:
        with _open_lines(path) as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                where = f"{_shown(path)}, line {number}"
                try:
                    yield FileDocument(where, document_from_record(json.loads(line.decode("utf-8-sig"))))
                except (ValueError, RecursionError) as error:  # a number of 5,000 digits and 1,000 brackets as well
                    yield Refusal(where, f"the line is no JSON in UTF-8: {error}")
                except RecordError as error:
                    yield Refusal(where, str(error))
    except (OSError, EOFError, zlib.error) as error:
        yield Refusal(_shown(path), f"the file breaks off after line {number}: {error}")


def _open_lines(path: Path) -> BinaryIO:
    return gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb")  # type: ignore[return-value]


def _keep(batch: Iterable[FileDocument], store: DocumentStore, blobs: Blobs, summary: IngestSummary) -> None:
    with store.writing() as writer:
        put = writer.put_many([(item.document, item.original) for item in batch])
        refused = set(put.withdrawn)
        for item in batch:
            writer.clear_failure(item.source)
            if item.document.id in refused:
                summary.refused.append((item.source, f"the document {item.document.id} was withdrawn and stays so"))
            elif item.original:
                blobs.put(item.data)
    summary.created += put.created
    summary.changed += put.changed
    summary.unchanged += put.unchanged
    summary.withdrawn += len(put.withdrawn)


def _refuse(refusal: Refusal, store: DocumentStore, blobs: Blobs, summary: IngestSummary) -> None:
    summary.refused.append((refusal.source, refusal.reason))
    with store.writing() as writer:
        sha256 = blobs.put(refusal.data) if refusal.data else ""
        writer.record_failure(refusal.source, refusal.reason, sha256)
