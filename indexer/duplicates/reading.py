"""Files and folders on the disk, and text → drafts to be checked, a few of them in memory at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from corpus.errors import UnreadableError
from corpus.file_documents import Refusal
from corpus.importers import MAX_FILE_BYTES
from corpus.parsers import Source
from corpus.parsers.isolation import ParserPool
from indexer.duplicates.drafts import MAX_CHARACTERS, draft_of_text, drafts_of_file
from indexer.duplicates.model import Draft

# A character of UTF-8 has at most 4 bytes.
_MAX_TEXT_BYTES = 4 * MAX_CHARACTERS


def files_in(paths: Sequence[Path]) -> list[Path]:
    """The files that the paths name, folders with all that is below them but hidden files; what is not there stays."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(
                file for file in path.rglob("*") if file.is_file() and not file.name.startswith((".", "~$"))
            )
        else:
            found.append(path)
    return found


def read_drafts(files: Sequence[Path], text: BinaryIO | None = None) -> Iterator[Draft | Refusal]:
    """The drafts of a text (named ``-``) and of files, each file read in a worker process with limits.

    What cannot be read is a `Refusal`; it stops nothing.
    """
    if text is not None:
        yield _of_text(text.read(_MAX_TEXT_BYTES + 1))
    refused: deque[Refusal] = deque()

    def sources() -> Iterator[tuple[tuple[str, bytes], Source]]:
        for path in files:
            opened = _open(path)
            if isinstance(opened, Refusal):
                refused.append(opened)
            else:
                yield (str(path), opened), Source(data=opened, name=path.name)

    with ParserPool() as pool:
        for (name, data), read in pool.parse_all(sources()):
            yield from drafts_of_file(name, data, read)
            while refused:
                yield refused.popleft()
    yield from refused


def _open(path: Path) -> bytes | Refusal:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            return Refusal(str(path), f"the file is larger than {MAX_FILE_BYTES >> 20} MB")
        return path.read_bytes()
    except OSError as error:
        return Refusal(str(path), f"the file cannot be opened: {error.strerror or error}")


def _of_text(data: bytes) -> Draft | Refusal:
    try:
        if len(data) > _MAX_TEXT_BYTES:
            raise UnreadableError(f"the text is longer than {MAX_CHARACTERS:,} characters")
        return draft_of_text(data.decode("utf-8", "replace"), "-")
    except UnreadableError as error:
        return Refusal("-", error.reason)
