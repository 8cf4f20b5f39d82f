"""Which documents does a file make? One; an archive makes one more for each of its members."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath

from corpus.errors import UnreadableError
from corpus.models import Document, Original
from corpus.parsers import Parsed, Verdict


@dataclass(frozen=True, slots=True)
class Refusal:
    """What gave no document: where it came from, why, and its bytes, if any (a later version may read them)."""

    source: str
    reason: str
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class FileDocument:
    """A document, where it came from, and the original that it was read from (a JSON line has none)."""

    source: str
    document: Document
    original: Original | None = None
    data: bytes = b""


def file_document_id(path: str) -> str:
    """The id of a document that came from a file: of its absolute path, so that a changed file is a new version."""
    return "f-" + hashlib.sha256(path.encode()).hexdigest()[:16]


def documents_of(path: str, data: bytes, read: Parsed | UnreadableError) -> Iterator[FileDocument | Refusal]:
    """The documents of the file at ``path`` (absolute), whose bytes were ``read`` so; titled by its name where it shows
    no title.

    A member of an archive comes from ``ARCHIVE!/MEMBER`` and keeps the archive's id in ``extra["archive"]``; the
    archive itself is a document whose text is the list of its members.
    """
    if isinstance(read, UnreadableError):
        yield Refusal(path, read.reason, data)
        return
    if read.verdict is not Verdict.ARTICLE:
        yield Refusal(path, f"the page is no document ({read.verdict.value})", data)
        return
    name = PurePosixPath(path.replace("\\", "/")).name
    document = read.to_document(file_document_id(path), url="", site="", fetched_at=datetime.now(UTC))
    document = replace(document, title=document.title or PurePosixPath(name).stem)
    if read.members:
        document = replace(document, body="\n".join(member.name for member in read.members))
    original = Original(
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=read.media_type,
        name=name,
        size=len(data),
        parser=read.parser,
    )
    yield FileDocument(path, document, original, data)
    for member in read.members:
        inside = f"{path}!/{member.name}"
        for found in documents_of(inside, member.data, member.parsed or UnreadableError(member.problem)):
            if isinstance(found, FileDocument):
                extra = {"archive": document.id, **found.document.extra}
                found = replace(found, document=replace(found.document, extra=extra))
            yield found
