"""How many large answers may be under way at once, over all workers of a machine? (Their threads are few.)"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout
from flask import Response
from werkzeug.exceptions import ServiceUnavailable

# A stream keeps one of a worker's 8 threads for as long as its reader takes: four leave most of them to searching.
_SLOTS = 4
# Seconds after which whoever was refused may ask again: most exports are done by then.
_RETRY_AFTER_S = 30


class Slots:
    """A lock file a slot in a folder that all workers see: a worker that dies gives its slots back.

    Without a folder (one process, a test) nothing is bounded.
    """

    def __init__(self, folder: Path | None, count: int = _SLOTS) -> None:
        self._folder, self._count = folder, count

    def answer(self, make: Callable[[], Response]) -> Response:
        """The answer that ``make`` gives, a slot taken until its last byte left. Raises ServiceUnavailable (503)."""
        slot = self._take()
        try:
            response = make()
        except BaseException:
            if slot:
                slot.release()
            raise
        if slot:
            response.call_on_close(slot.release)
        return response

    def _take(self) -> FileLock | None:
        if self._folder is None:
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        for number in range(self._count):
            # Taken in one thread, it may be given back in another.
            slot = FileLock(self._folder / f"export-{number}.lock", timeout=0, thread_local=False)
            with suppress(Timeout):
                slot.acquire()
                return slot
        raise ServiceUnavailable(retry_after=_RETRY_AFTER_S)
