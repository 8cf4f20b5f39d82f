"""Which index answers: the generations in the index folder, and the pointer to the live one.

``index/<generation>/`` is one whole Whoosh index with its ``meta.json``; the file ``index/CURRENT`` holds the name of
the live one. A generation is built beside the live one and goes live by one rename.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from analyzers.tokenizer import segmenter
from indexer.columnar.disk import wait_for_disk
from indexer.errors import IndexMissingError, IndexOutdatedError
from indexer.fields import SCHEMA_VERSION

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


class IndexFolder:
    """The folder of all generations."""

    def __init__(self, folder: Path) -> None:
        self.path = folder

    def live(self) -> Path:
        """The live generation. Raises IndexMissingError, IndexOutdatedError."""
        try:
            generation = self.path / (self.path / "CURRENT").read_text("utf-8").strip()
        except FileNotFoundError:
            raise IndexMissingError("nothing is indexed yet; run `gongkai index`") from None
        meta = read_meta(generation)
        if meta is None:
            raise IndexMissingError(f"the index {generation.name} is not there; run `gongkai index --rebuild`")
        if not meta.is_current:
            raise IndexOutdatedError(
                f"the index was written with {meta.segmenter} and schema {meta.schema}, this gongkai has "
                f"{segmenter().identity} and schema {SCHEMA_VERSION}; run `gongkai index --rebuild`"
            )
        return generation

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
