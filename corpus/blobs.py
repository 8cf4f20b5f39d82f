"""Where the original bytes are kept: by SHA-256, never half-written."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO

from corpus.errors import BlobMissingError, BlobWriteError

_SHA256 = re.compile(r"[0-9a-f]{64}")


class BlobStore:
    """A folder of files named by the SHA-256 of their bytes: ``ab/abcdef…``.

    A blob is written to a temporary name, fsynced and renamed, and the folder fsynced: after a crash it is there whole
    or not at all. Writing the same bytes twice keeps one copy.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """Where the blobs are."""
        return self._folder

    def put(self, data: bytes) -> str:
        """Keep the bytes; gives their SHA-256 in hexadecimal. Raises BlobWriteError if the disk refuses."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self._target(sha256)
        if target.exists():
            return sha256
        temporary: Path | None = None
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix="incoming-", delete=False) as file:
                temporary = Path(file.name)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
            _sync_folder(target.parent)
        except OSError as error:
            if temporary is not None:
                temporary.unlink(missing_ok=True)
            raise BlobWriteError(
                f"cannot keep {len(data)} bytes in {self._folder}: {error.strerror or error}"
            ) from error
        return sha256

    def path(self, sha256: str) -> Path:
        """The file of a blob. Raises BlobMissingError, also for anything that is no SHA-256."""
        if not _SHA256.fullmatch(sha256) or not (target := self._target(sha256)).is_file():
            raise BlobMissingError(sha256)
        return target

    def open(self, sha256: str) -> BinaryIO:
        """A blob's bytes, open for reading. Raises BlobMissingError."""
        return self.path(sha256).open("rb")

    def read(self, sha256: str) -> bytes:
        """A blob's bytes, whole. Raises BlobMissingError."""
        return self.path(sha256).read_bytes()

    def size(self, sha256: str) -> int:
        """A blob's length in bytes. Raises BlobMissingError."""
        return self.path(sha256).stat().st_size

    def delete(self, sha256: str) -> None:
        """Forget a blob; one that is not there is no error, so a purge can be repeated."""
        if _SHA256.fullmatch(sha256):
            self._target(sha256).unlink(missing_ok=True)

    def sweep(self, needed: Collection[str], older_than_s: float = 3_600) -> int:
        """Remove blobs that are not ``needed`` and temporary files, both left by crashes; gives how many.

        What is younger than ``older_than_s`` seconds stays: a writer keeps the bytes before the row that names them.
        """
        deadline = time.time() - older_than_s
        removed = 0
        for path in self._folder.glob("**/*"):
            if path.is_file() and path.name not in needed and path.stat().st_mtime < deadline:
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def _target(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
