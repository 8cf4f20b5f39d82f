"""Files, folders and JSON lines → documents in the store. What cannot be read is listed; it stops nothing."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from corpus.blobs import BlobStore
from corpus.errors import RecordError, UnreadableError
from corpus.models import Document, Original
from corpus.parsers import Source, Verdict
from corpus.parsers.dispatch import parse
from corpus.records import document_from_record
from corpus.store import DocumentStore

# How many documents, and how many characters of text and bytes of originals, one transaction takes in.
_BATCH_DOCUMENTS = 1_000
_BATCH_SIZE = 4_000_000

# A larger file is refused: no published text is (a scan of 500 pages has about 100 MB), and it is read into memory.
MAX_FILE_BYTES = 256 << 20

_JSON_LINES = (".jsonl", ".jsonl.gz")


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
    paths: Sequence[Path], store: DocumentStore, blobs: BlobStore, on_progress: Progress = lambda _: None
) -> IngestSummary:
    """Take files, folders (with all that is below) and ``.jsonl``/``.jsonl.gz`` of Documents into the store.

    What was committed before an interruption stays; ingesting again changes nothing that is already there.
    """
    summary = IngestSummary()
    batch: list[tuple[str, Document, tuple[Original, bytes] | None]] = []
    size = 0

    def flush() -> None:
        nonlocal size
        if batch:
            _keep(batch, store, blobs, summary)
            on_progress(summary.read)
        batch.clear()
        size = 0

    for path in paths:
        for item in _documents(path):
            if isinstance(item, _Refusal):
                _refuse(item, store, blobs, summary)
                continue
            batch.append(item)
            size += len(item[1].body) + (len(item[2][1]) if item[2] else 0)
            if len(batch) >= _BATCH_DOCUMENTS or size >= _BATCH_SIZE:
                flush()
    flush()
    return summary


@dataclass(frozen=True, slots=True)
class _Refusal:
    source: str
    reason: str
    data: bytes = b""  # kept, if there are any: a later version may read them


_Item = tuple[str, Document, tuple[Original, bytes] | None] | _Refusal


def _documents(path: Path) -> Iterator[_Item]:
    if path.is_dir():
        inside = sorted(entry for entry in path.rglob("*") if entry.is_file() and not _hidden(entry, path))
        for entry in inside:
            yield from _one_file(entry)
    elif path.exists():
        yield from _one_file(path)
    else:
        yield _Refusal(_shown(path), "there is no such file or folder")


def _hidden(entry: Path, root: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in entry.relative_to(root).parts)


def _shown(path: Path) -> str:
    """A path as text. Names that are no UTF-8 come out of archives made on Chinese Windows: GBK."""
    name = os.fsencode(path)
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("gb18030", "replace")


def file_document_id(path: str) -> str:
    """The id of a document that came from a file: of its absolute path, so that a changed file is a new version."""
    return "f-" + hashlib.sha256(path.encode()).hexdigest()[:16]


def read_file(path: str, data: bytes) -> tuple[Document, Original]:
    """The document that a file's bytes make; one without a title is named by its file.

    Raises UnreadableError if its format cannot be read, or it is a page that is no document.
    """
    name = Path(path).name
    parsed = parse(Source(data=data, name=name))
    if parsed.verdict is not Verdict.ARTICLE:
        raise UnreadableError(f"the page is no document ({parsed.verdict.value})")
    document = parsed.to_document(file_document_id(path), url="", site="", fetched_at=datetime.now(UTC))
    original = Original(
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=parsed.media_type,
        name=name,
        size=len(data),
        parser=parsed.parser,
    )
    return replace(document, title=document.title or Path(name).stem), original


def _one_file(path: Path) -> Iterator[_Item]:
    source = _shown(path.resolve())
    if path.name.endswith(_JSON_LINES):
        yield from _json_lines(path)
        return
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            yield _Refusal(source, f"the file is larger than {MAX_FILE_BYTES >> 20} MB")
            return
        data = path.read_bytes()
    except OSError as error:
        yield _Refusal(source, f"the file cannot be opened: {error.strerror or error}")
        return
    try:
        document, original = read_file(source, data)
    except UnreadableError as error:
        yield _Refusal(source, error.reason, data)
        return
    yield source, document, (original, data)


def _json_lines(path: Path) -> Iterator[_Item]:
    number = 0
    try:
        with _open_lines(path) as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                where = f"{_shown(path)}, line {number}"
                try:
                    yield where, document_from_record(json.loads(line.decode("utf-8-sig"))), None
                except (ValueError, RecursionError) as error:  # a number of 5,000 digits and 1,000 brackets as well
                    yield _Refusal(where, f"the line is no JSON in UTF-8: {error}")
                except RecordError as error:
                    yield _Refusal(where, str(error))
    except (OSError, EOFError, zlib.error) as error:
        yield _Refusal(_shown(path), f"the file breaks off after line {number}: {error}")


def _open_lines(path: Path) -> BinaryIO:
    return gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb")  # type: ignore[return-value]


def _keep(
    batch: Iterable[tuple[str, Document, tuple[Original, bytes] | None]],
    store: DocumentStore,
    blobs: BlobStore,
    summary: IngestSummary,
) -> None:
    with store.writing() as writer:
        put = writer.put_many([(document, kept[0] if kept else None) for _, document, kept in batch])
        refused = set(put.withdrawn)
        for where, document, kept in batch:
            writer.clear_failure(where)
            if document.id in refused:
                summary.refused.append((where, f"the document {document.id} was withdrawn and stays so"))
            elif kept:
                blobs.put(kept[1])
    summary.created += put.created
    summary.changed += put.changed
    summary.unchanged += put.unchanged
    summary.withdrawn += len(put.withdrawn)


def _refuse(refusal: _Refusal, store: DocumentStore, blobs: BlobStore, summary: IngestSummary) -> None:
    summary.refused.append((refusal.source, refusal.reason))
    with store.writing() as writer:
        sha256 = blobs.put(refusal.data) if refusal.data else ""
        writer.record_failure(refusal.source, refusal.reason, sha256)
