"""Which index answers: its generations, wherever they are, and those of the embedded engine in the index folder.

``index/<generation>/`` is one whole Whoosh index with its ``meta.json``; the file ``index/CURRENT`` holds the name of
the live one. A generation is built beside the live one and goes live by one rename.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from analyzers.tokenizer import segmenter
from corpus.locks import FolderLocks, Locks
from indexer.columnar.disk import wait_for_disk
from indexer.errors import IndexMissingError, IndexOutdatedError
from indexer.fields import SCHEMA_VERSION

if TYPE_CHECKING:
    from corpus.models import Document
    from corpus.store import DocumentStore
    from indexer.embedded import EmbeddedGeneration

_META = "meta.json"


@dataclass(frozen=True, slots=True)
class GenerationMeta:
    """What a generation was written with, and the store's change number that it stands at."""

    schema: int
    segmenter: str
    change: int

    @property
    def is_current(self) -> bool:
        """Was it written with today's schema and words?"""
        return (self.schema, self.segmenter) == (SCHEMA_VERSION, segmenter().identity)


@dataclass(frozen=True, slots=True)
class IndexState:
    """The live generation by its name; ``meta`` is None where it does not say what it was written with.

    ``written_at`` is when it was last brought up to the store. ``health`` is what a cluster says: ``green``, ``yellow``
    (it answers, some copies are missing), ``red`` (a part of it is away); empty for the embedded engine.
    """

    name: str
    meta: GenerationMeta | None
    written_at: datetime | None = None
    health: str = ""


class Writer(Protocol):
    """Takes documents into one generation; nothing of it is seen before the next `commit`.

    ``refused`` are those that the engine would not take, each with its reason.
    """

    @property
    def refused(self) -> Sequence[tuple[str, str]]: ...

    def take_in(self, ids: Collection[str], documents: Sequence[Document]) -> None:
        """Put these documents in the place of all that is there under these ids; the others of them go."""
        ...

    def commit(self, change: int) -> None:
        """Make it last and be seen: the generation stands at this change of the store."""
        ...

    def finish(self, change: int) -> None:
        """What is better done once, after the last commit."""
        ...

    def purge(self, change: int) -> None:
        """Leave nothing of removed documents on the disk."""
        ...


class Generation(Protocol):
    """A generation that is written to: it stands at ``change``; one that is ``rebuilt`` has still to go live."""

    @property
    def change(self) -> int: ...

    @property
    def rebuilt(self) -> bool: ...

    def writing(self, workers: int) -> AbstractContextManager[Writer]:
        """Open it for writing; texts are prepared in so many processes (0: in this one)."""
        ...

    def go_live(self) -> None:
        """Let it answer, by one step, and remove all others."""
        ...


class Generations(Protocol):
    """The generations of an index; ``path`` is a local folder for locks and for what is made beside an index."""

    @property
    def path(self) -> Path: ...

    def locks(self, store: DocumentStore) -> Locks:
        """The locks that hold for all who write this index, wherever they run."""
        ...

    def live(self) -> Path:
        """The local folder of the live generation. Raises IndexMissingError, IndexOutdatedError, IndexAwayError."""
        ...

    def state(self) -> IndexState | None:
        """What the live generation says of itself; None if there is none. Raises IndexAwayError."""
        ...

    def generation(self, *, rebuild: bool) -> Generation:
        """The generation to write to: the live one, or where that cannot be gone on with, or for ``rebuild``, one
        beside it."""
        ...


class IndexFolder:
    """The folder of all generations of the embedded engine."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        # The live generation, and what its files were when they were read; requests ask for it again and again.
        self._known: tuple[Path, tuple[_Written, _Written]] | None = None

    def locks(self, store: DocumentStore) -> Locks:  # noqa: ARG002 - whatever the store is, the folder is one machine's
        """In the folder."""
        return FolderLocks(self.path)

    def live(self) -> Path:
        """The live generation. Raises IndexMissingError, IndexOutdatedError."""
        pointer, known = self.path / "CURRENT", self._known
        pointed = _written(pointer)
        if known is not None and known[1] == (pointed, _written(known[0] / _META)):
            return known[0]
        try:
            generation = self.path / pointer.read_text("utf-8").strip()
        except FileNotFoundError:
            raise IndexMissingError("nothing is indexed yet; run `gongkai index`") from None
        noted = _written(generation / _META)
        meta = read_meta(generation)
        if meta is None:
            raise IndexMissingError(f"the index {generation.name} is not there; run `gongkai index --rebuild`")
        if not meta.is_current:
            raise IndexOutdatedError(
                f"the index was written with {meta.segmenter} and schema {meta.schema}, this gongkai has "
                f"{segmenter().identity} and schema {SCHEMA_VERSION}; run `gongkai index --rebuild`"
            )
        if pointed is not None and noted is not None:
            self._known = generation, (pointed, noted)
        return generation

    def state(self) -> IndexState | None:
        """What the live generation says of itself; None if there is none."""
        current = self._current_name()
        meta = read_meta(self.path / current) if current else None
        if not current or not meta:
            return None
        written_s = (self.path / current / _META).stat().st_mtime
        return IndexState(current, meta, datetime.fromtimestamp(written_s, UTC))

    def generation(self, *, rebuild: bool) -> EmbeddedGeneration:
        """The generation to write to (`indexer.embedded`)."""
        from indexer.embedded import EmbeddedGeneration  # who only reads needs no writer

        return EmbeddedGeneration.of(self, rebuild=rebuild)

    def unfinished(self) -> Path | None:
        """A generation that a killed rebuild left and that can be gone on with."""
        current = self._current_name()
        for generation in sorted(self._generations(), reverse=True):
            meta = read_meta(generation)
            if current is None or generation.name > current:
                return generation if meta is not None and meta.is_current else None
        return None

    def new(self) -> Path:
        """An empty folder for the next generation, under a number that no other has."""
        numbers = [int(generation.name) for generation in self._generations()]
        generation = self.path / f"{max(numbers, default=0) + 1:06d}"
        generation.mkdir(parents=True)
        return generation

    def go_live(self, generation: Path) -> None:
        """Point to this generation, by one rename, and remove all others."""
        write_atomically(self.path / "CURRENT", generation.name + "\n")
        for other in self._generations():
            if other != generation:
                shutil.rmtree(other)

    def _generations(self) -> list[Path]:
        if not self.path.is_dir():
            return []
        return [entry for entry in self.path.iterdir() if entry.is_dir() and entry.name.isdecimal()]

    def _current_name(self) -> str | None:
        try:
            return (self.path / "CURRENT").read_text("utf-8").strip()
        except FileNotFoundError:
            return None


_Written = tuple[int, int, int]


def _written(path: Path) -> _Written | None:
    """What tells a file from those that were there before; None if there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def read_meta(generation: Path) -> GenerationMeta | None:
    """What the generation says of itself; None if it was never committed to, or if that cannot be read any more."""
    try:
        return GenerationMeta(**json.loads((generation / _META).read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write_meta(generation: Path, change: int) -> None:
    """Say that the generation stands at this change number."""
    meta = GenerationMeta(SCHEMA_VERSION, segmenter().identity, change)
    write_atomically(generation / _META, json.dumps(asdict(meta), ensure_ascii=False, indent=1))


def write_atomically(path: Path, text: str) -> None:
    """Write a small file, or leave what was there."""
    temporary = path.with_suffix(".new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    wait_for_disk(path.parent)  # before what it replaces goes
