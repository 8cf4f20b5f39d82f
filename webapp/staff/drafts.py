"""Where are drafts kept? In a private folder a session: what was given, how far it is, its text, its verdict."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from pydantic import TypeAdapter

from corpus.records import document_from_record, record_from_document
from indexer.duplicates.model import CheckedDraft, Draft, Verdict
from webapp.staff.alone import alone

# A batch is what a person looks through in a day.
MAX_DRAFTS = 1_000

# A record needs an id, and a draft has none yet.
_DRAFT = "draft"
# Names that are no session's: a folder on its way out.
_DYING = ".wiped-"
# Names in a session's folder that are no draft's: who works on them, who changes them, bytes that are still arriving.
_LOCK, _CHANGING = "lock", "changing"
_LANDING = "landing-"


class Source(StrEnum):
    """How a draft was given."""

    TEXT = "text"
    FILE = "file"
    PAGE = "page"


class State(StrEnum):
    """How far a draft is. One that a stopped program leaves ``reading`` is not tried again: it may have stopped it."""

    WAITING = "waiting"
    READING = "reading"
    CHECKED = "checked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftEntry:
    """A draft in the list: ``name`` is its file's name, title or address, ``problem`` why it ``FAILED`` (Chinese)."""

    id: str
    name: str
    source: Source
    state: State = State.WAITING
    problem: str = ""
    url: str = ""
    size: int = 0
    verdict: Verdict | None = None
    text_hash: str = ""  # of its text, by which a decision on it is known again


_CHECKED = TypeAdapter(CheckedDraft)
_ENTRY = TypeAdapter(DraftEntry)


class SessionDrafts:
    """The drafts of one session, in ``folder`` (mode 0700). Any worker may read and write it.

    Once the folder is wiped everything here raises FileNotFoundError, and nothing makes it again.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def landing_path(self) -> Path:
        """A new path for bytes that are still arriving."""
        return self.folder / f"{_LANDING}{secrets.token_hex(8)}"

    def add(self, name: str, source: Source, *, data: bytes = b"", landed: Path | None = None, url: str = "") -> str:
        """Take in a draft, whose bytes are ``data`` or a landed file; gives its id."""
        draft_id = f"{time.time_ns():x}{secrets.token_hex(2)}"  # ids sort by time
        path = self._path(draft_id, "bytes")
        if landed is not None:
            landed.replace(path)
        else:
            self._write(path, data)
        size = path.stat().st_size
        self._save(DraftEntry(id=draft_id, name=name, source=source, url=url, size=size))
        return draft_id

    def entries(self) -> list[DraftEntry]:
        """Every draft, the first given first."""
        entries = []
        for path in sorted(self.folder.glob("*.entry.json")):
            with suppress(FileNotFoundError):  # cleared meanwhile
                entries.append(_entry(path))
        return entries

    def entry(self, draft_id: str) -> DraftEntry | None:
        path = self._path(draft_id, "entry.json")
        return _entry(path) if draft_id.isalnum() and path.is_file() else None

    def pending(self) -> list[DraftEntry]:
        """The drafts that nobody is done with, the first given first."""
        return [entry for entry in self.entries() if entry.state in (State.WAITING, State.READING)]

    def read_bytes(self, draft_id: str) -> bytes:
        return self._path(draft_id, "bytes").read_bytes()

    def begin(self, entry: DraftEntry) -> None:
        with self._changing(entry):
            self._save(replace(entry, state=State.READING))

    def fail(self, entry: DraftEntry, problem: str) -> None:
        with self._changing(entry):
            self._save(replace(entry, state=State.FAILED, problem=problem))
            self._path(entry.id, "bytes").unlink(missing_ok=True)

    def finish(self, entry: DraftEntry, draft: Draft, checked: CheckedDraft, text_hash: str) -> None:
        """Keep text and verdict; the bytes are not needed any more."""
        document = replace(draft.document, id=_DRAFT)
        record = {**asdict(replace(draft, document=None)), "document": record_from_document(document)}  # type: ignore[arg-type]
        with self._changing(entry):
            self._write(self._path(entry.id, "draft.json"), json.dumps(record).encode())
            self._write(self._path(entry.id, "verdict.json"), _CHECKED.dump_json(checked))
            self._save(replace(entry, state=State.CHECKED, verdict=checked.verdict, text_hash=text_hash))
            self._path(entry.id, "bytes").unlink(missing_ok=True)

    def drop(self, entry: DraftEntry) -> None:
        """Forget a draft whose place others took (an archive, for what is in it)."""
        for path in self.folder.glob(f"{entry.id}.*"):
            path.unlink(missing_ok=True)

    def draft(self, draft_id: str) -> Draft:
        record = json.loads(self._path(draft_id, "draft.json").read_bytes())
        record["problems"] = tuple(record["problems"])
        return Draft(**{**record, "document": document_from_record(record["document"])})

    def checked(self, draft_id: str) -> CheckedDraft:
        return _CHECKED.validate_json(self._path(draft_id, "verdict.json").read_bytes())

    def clear(self) -> None:
        """Forget every draft; the session goes on, and what is just arriving goes on arriving."""
        with self._changing():
            for path in self.folder.iterdir():
                if path.name not in (_LOCK, _CHANGING) and not path.name.startswith(_LANDING):
                    path.unlink(missing_ok=True)

    def working(self) -> AbstractContextManager[bool]:
        """One worker at a time looks at a session's drafts: True for the one that may. A dead one gives way."""
        return alone(self.folder / _LOCK)

    @contextmanager
    def _changing(self, entry: DraftEntry | None = None) -> Iterator[None]:
        """Alone in the folder for a moment. Raises FileNotFoundError if the draft was cleared meanwhile."""
        with (self.folder / _CHANGING).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if entry is not None:
                self._path(entry.id, "entry.json").stat()
            yield

    def _path(self, draft_id: str, what: str) -> Path:
        return self.folder / f"{draft_id}.{what}"

    def _save(self, entry: DraftEntry) -> None:
        self._write(self._path(entry.id, "entry.json"), _ENTRY.dump_json(entry))

    def _write(self, path: Path, data: bytes) -> None:
        incoming = self.landing_path()
        with open_private(incoming) as file:
            file.write(data)
        incoming.replace(path)


class DraftFolders:
    """The folders of all sessions, in ``data/drafts``; never indexed, and no page outside the staff area reads them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, session_folder: str) -> SessionDrafts:
        return SessionDrafts(self._folder / session_folder)

    def open(self, session_folder: str) -> None:
        """Make a session's folder, for its owner's program only."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / session_folder).mkdir(mode=0o700)

    def wipe(self, session_folder: str) -> None:
        """Remove a session's folder with all that is in it; moved away first, so that nobody writes to it meanwhile."""
        dying = self._folder / f"{_DYING}{secrets.token_hex(8)}"
        try:
            (self._folder / session_folder).rename(dying)
        except FileNotFoundError:
            return
        shutil.rmtree(dying, ignore_errors=True)  # what is left of it is for the next sweep

    def sweep(self, open_sessions: Callable[[], Collection[str]]) -> int:
        """Remove every folder that belongs to none of the sessions; gives how many there were.

        The sessions are asked for after the folders were listed: a folder is made only for a session that is open.
        """
        if not self._folder.is_dir():
            return 0
        names = [path.name for path in self._folder.iterdir()]
        belonging = open_sessions()
        others = [name for name in names if name not in belonging]
        for name in others:
            self.wipe(name)
        return len(others)


def open_private(path: Path) -> BinaryIO:
    """A new file, open for writing, that only its owner may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _entry(path: Path) -> DraftEntry:
    return _ENTRY.validate_json(path.read_bytes())
