"""Who of many workers does something that one must do alone?"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(lock: Path) -> Iterator[bool]:
    """True for the one that holds the lock file, False for others; whoever dies gives it back.

    It makes the file, but never its folder (as `filelock` does): a wiped folder raises FileNotFoundError.
    """
    with lock.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
