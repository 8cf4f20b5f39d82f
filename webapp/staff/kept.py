"""What takes minutes is made in the background, by one worker of all, and kept in a file beside the index."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Thread
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from indexer.generations import write_atomically
from webapp.staff.alone import alone

T = TypeVar("T")
OnProgress = Callable[[int, int], None]  # done, in all

logger = logging.getLogger(__name__)


class KeptFile(Generic[T]):
    """A value of the type of ``adapter``, in the files of this name in ``folder``; ``make`` makes it anew.

    Any worker may read it. It may be deleted.
    """

    def __init__(self, folder: Path, name: str, adapter: TypeAdapter[T], make: Callable[[OnProgress], T]) -> None:
        self._folder, self._name, self._adapter, self._make = folder, name, adapter, make

    def read(self) -> T | None:
        """As it was last made; None if it was not, or by another version."""
        try:
            return self._adapter.validate_json(self._path(".json").read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def progress(self) -> tuple[int, int] | None:
        """How much is done, and in all, while somebody makes it, else None."""
        with self._making() as mine:
            if mine:
                return None
        try:
            done, total = json.loads(self._path("-progress.json").read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return 0, 0
        return done, total

    def start(self) -> None:
        """Make it anew in a thread of its own, unless somebody does already."""
        Thread(target=self._make_quietly, name=self._name, daemon=True).start()

    def make(self) -> None:
        """Make it anew, now; nothing happens while somebody else does."""
        with self._making() as mine:
            if mine:
                self._note(0, 0)
                self.keep(self._make(self._note))

    def keep(self, value: T) -> None:
        write_atomically(self._path(".json"), self._adapter.dump_json(value).decode())

    def _make_quietly(self) -> None:
        try:
            self.make()
        except Exception as error:
            logger.error("%s was not made", self._name, exc_info=error)

    def _note(self, done: int, total: int) -> None:
        write_atomically(self._path("-progress.json"), json.dumps([done, total]))

    def _making(self) -> AbstractContextManager[bool]:
        """True for the one that may make it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return alone(self._path(".lock"))

    def _path(self, ending: str) -> Path:
        return self._folder / f"{self._name}{ending}"
