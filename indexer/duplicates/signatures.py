"""The signatures of the live generation: kept up to the store by its change log, opened for those who ask.

``signatures.json`` names the files and the change of the store that they stand at. One file has every document as of
some change; what changed since is in a second, which is made anew each time, so that a change costs what it changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from corpus.store import DocumentStore
from corpus.stored import StoredDocument
from indexer.duplicates.signature_file import LAYOUT, SignatureFile, write_signatures
from indexer.errors import IndexMissingError
from indexer.generations import write_atomically

# When more changed since the first file than this, and than one document in so many, everything is signed anew: 5,000
# documents take a second, and a file of all 200,000 half a minute.
_FEW, _ONE_IN = 5_000, 20

_READ_BATCH = 500


@dataclass(frozen=True, slots=True)
class _Note:
    """What stands in ``signatures.json``: ``base`` is the change of the first file, ``change`` that of all of them."""

    layout: int
    base: int
    change: int
    files: list[str]
    replaced: list[str]  # ids of which the first file tells an older state


def refresh_signatures(store: DocumentStore, generation: Path, *, rebuild: bool = False) -> int:
    """Bring the signatures of a generation up to the store; gives how many documents were signed.

    With ``rebuild`` nothing stays of documents that are gone.
    """
    with FileLock(generation.parent / "signatures.lock"):
        note = None if rebuild else _read_note(generation)
        change = store.last_change()
        if note is not None and note.change == change:
            return 0
        if note is not None:
            first = len(SignatureFile(generation / note.files[0]))
            if store.change_count(after=note.base) > max(_FEW, first // _ONE_IN):
                note = None
        if note is None:
            name = f"signatures-{change}.gk"
            signed = write_signatures(generation / name, store.live_documents())
            made = _Note(LAYOUT, change, change, [name], [])
        else:
            name = f"signatures-{note.base}-{change}.gk"
            replaced: list[str] = []
            signed = write_signatures(generation / name, _changed(store, note.base, replaced))
            made = _Note(LAYOUT, note.base, change, [note.files[0], name], replaced)
        write_atomically(_note_path(generation), json.dumps(asdict(made), ensure_ascii=False))
        for old in generation.glob("signatures-*.gk"):
            if old.name not in made.files:
                old.unlink()
        return signed


def _changed(store: DocumentStore, after: int, replaced: list[str]) -> Iterator[StoredDocument]:
    """The live documents that changed; the ids of all that did are added to ``replaced``."""
    while changes := store.changes(after, _READ_BATCH):
        after = changes[-1].number
        ids = [change.document_id for change in changes]
        replaced += ids
        yield from (stored for stored in store.documents(ids) if stored.state == "live")


@dataclass(frozen=True, slots=True)
class Signatures:
    """Open signatures: the files, and which documents the first of them knows no more as they are."""

    files: tuple[SignatureFile, ...]
    replaced: frozenset[str]

    @property
    def documents(self) -> int:
        """How many documents were signed."""
        return sum(map(len, self.files))

    def current(self, number: int, row: int) -> str | None:
        """The id of the document in this row of file ``number``; None if another file knows it better."""
        document_id = self.files[number].id(row)
        return None if number == 0 and document_id in self.replaced else document_id


def open_signatures(generation: Path) -> Signatures:
    """Map the signatures of a generation into memory. Raises IndexMissingError, IndexDamagedError."""
    note = _read_note(generation)
    if note is None:
        raise IndexMissingError("there are no signatures of the documents yet; run `gongkai index`")
    return Signatures(tuple(SignatureFile(generation / name) for name in note.files), frozenset(note.replaced))


def stamp(generation: Path) -> tuple[str, int]:
    """Something that differs when the signatures do."""
    try:
        return generation.name, _note_path(generation).stat().st_mtime_ns
    except FileNotFoundError:
        return generation.name, 0


def _read_note(generation: Path) -> _Note | None:
    """None where there are no signatures, or where they were written otherwise than today."""
    try:
        note = _Note(**json.loads(_note_path(generation).read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return note if note.layout == LAYOUT and all((generation / name).is_file() for name in note.files) else None


def _note_path(generation: Path) -> Path:
    return generation / "signatures.json"
