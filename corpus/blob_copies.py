"""How do original files get from one place into another: whole, and each once?"""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from corpus.blobs import Blobs
from corpus.errors import BlobMissingError

# How many are copied at once: object storage answers each request late, but many of them together.
_THREADS = 8
# How many are given to the threads before progress is told.
_BATCH = 256


@dataclass(frozen=True, slots=True)
class BlobCopies:
    """How many were copied, and were there before; those of which the source has no bytes, or other ones, and why."""

    copied: int
    present: int
    lost: tuple[tuple[str, str], ...]


def copy_blobs(
    needed: Collection[str], source: Blobs, target: Blobs, on_progress: Callable[[int, int], None]
) -> BlobCopies:
    """Copy blobs, each verified by its SHA-256 while it is copied; calling again goes on where a call broke off.

    Raises BlobError if either place cannot be used.
    """
    present = set(target.names()).intersection(needed)
    waiting = sorted(set(needed) - present)
    lost: list[tuple[str, str]] = []

    def copy(sha256: str) -> tuple[str, str] | None:
        try:
            with source.open(sha256) as file:
                target.add(sha256, file)
        except BlobMissingError as error:
            return sha256, str(error)
        return None

    with ThreadPoolExecutor(_THREADS) as threads:
        for start in range(0, len(waiting), _BATCH):
            batch = waiting[start : start + _BATCH]
            lost += [problem for problem in threads.map(copy, batch) if problem]
            on_progress(len(present) + start + len(batch), len(needed))
    return BlobCopies(copied=len(waiting) - len(lost), present=len(present), lost=tuple(lost))
