"""The embedded engine's generations as they are written: segments of arrays in a folder, by one writer at a time."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from whoosh import index as whoosh_index

from corpus.models import Document
from indexer.catalog_mapping import index_rows
from indexer.columnar.verification import verify_index
from indexer.columnar.writer import ColumnarWriter
from indexer.errors import IndexDamagedError, IndexMissingError, IndexOutdatedError
from indexer.fields import schema
from indexer.generations import IndexFolder, read_meta, write_meta

log = logging.getLogger(__name__)

# For how long files that were found whole, and that nobody touched since, are taken to be: what rots on a disk does so
# in months.
_TRUSTED_S = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class EmbeddedGeneration:
    """A generation in an index folder (see `indexer.generations.Generation`)."""

    folder: IndexFolder
    path: Path
    change: int
    rebuilt: bool

    @classmethod
    def of(cls, folder: IndexFolder, *, rebuild: bool) -> EmbeddedGeneration:
        """The live one if it is whole and not to be rebuilt, else what a kill left of a rebuild, else a new one."""
        live = None if rebuild else _whole(folder)
        path = live or _unfinished(folder) or folder.new()
        if not whoosh_index.exists_in(path):
            whoosh_index.create_in(path, schema()).close()
        meta = read_meta(path)
        return cls(folder, path, meta.change if meta else 0, live is None)

    @contextmanager
    def writing(self, workers: int) -> Iterator[EmbeddedWriter]:
        with ColumnarWriter(self.path, index_rows, workers=workers) as writer:
            yield EmbeddedWriter(self.path, writer)

    def go_live(self) -> None:
        self.folder.go_live(self.path)


class EmbeddedWriter:
    """Writes to a generation in an index folder (see `indexer.generations.Writer`)."""

    refused: Sequence[tuple[str, str]] = ()

    def __init__(self, generation: Path, writer: ColumnarWriter[Document]) -> None:
        self._generation, self._writer = generation, writer

    def take_in(self, ids: Collection[str], documents: Sequence[Document]) -> None:
        self._writer.delete("parent", ids)
        if documents:
            self._writer.add(documents)

    def commit(self, change: int) -> None:
        self._writer.commit()
        write_meta(self._generation, change)

    def finish(self, change: int) -> None:
        if self._writer.merge():
            write_meta(self._generation, change)  # readers look at it to see that something changed

    def purge(self, change: int) -> None:
        self._writer.purge()
        write_meta(self._generation, change)


def _whole(folder: IndexFolder) -> Path | None:
    """The live generation; None if there is none that can be gone on with."""
    try:
        generation = folder.live()
        verify_index(generation, trusted_s=_TRUSTED_S)
    except (IndexMissingError, IndexOutdatedError):
        return None
    except IndexDamagedError as error:
        log.warning("the index is damaged (%s); it is built anew from the store", error)
        return None
    return generation


def _unfinished(folder: IndexFolder) -> Path | None:
    """What a kill left of a rebuild, if it is whole."""
    generation = folder.unfinished()
    try:
        if generation is not None:
            verify_index(generation)
    except IndexDamagedError:
        return None
    return generation
