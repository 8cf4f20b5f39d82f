"""A file that `indexer.upkeep` makes beside a generation: opened once, and again when it is made anew."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from indexer.errors import IndexDamagedError, IndexMissingError, IndexOutdatedError
from indexer.generations import Generations

Opened = TypeVar("Opened")

log = logging.getLogger(__name__)


class Derived(Generic[Opened]):
    """One such file of the live generation; any thread may ask for it. ``without`` says what is missing without it."""

    def __init__(self, folder: Generations, name: str, opener: Callable[[Path], Opened], without: str) -> None:
        self._folder, self._name, self._opener, self._without = folder, name, opener, without
        self._known: tuple[tuple[str, int], Opened | None] | None = None

    def current(self) -> Opened | None:
        """What the file holds; None where there is none (yet), or none that can be read: that is logged."""
        try:
            path = self._folder.live() / self._name
            state = str(path), path.stat().st_mtime_ns
        except (FileNotFoundError, IndexMissingError):  # not made yet, or swapped away this very moment
            return None
        known = self._known
        if known is None or known[0] != state:
            try:
                known = state, self._opener(path)
            except FileNotFoundError:
                return None
            except (IndexDamagedError, IndexOutdatedError) as error:
                log.warning("%s: %s", self._without, error)
                known = state, None
            self._known = known
        return known[1]

    def close(self) -> None:
        """Let the file go; who asks again opens it again."""
        self._known = None
