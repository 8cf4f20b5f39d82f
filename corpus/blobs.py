"""Where the original bytes are kept: by SHA-256, never half-written; in a folder, or as `object_blobs` on S3."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from corpus.errors import BlobDamagedError, BlobError, BlobMissingError, BlobWriteError

_SHA256 = re.compile(r"[0-9a-f]{64}")

# How much of a stream is copied at a time, in bytes.
_PIECE_BYTES = 1 << 20


class Blobs(Protocol):
    """Original files by the SHA-256 of their bytes, wherever they are; safe to share by threads.

    A blob is there whole or not at all. Anything may raise BlobError: the storage does not answer.
    """

    @property
    def url(self) -> str:
        """By which `open_blobs` finds them again, in another process."""

    def put(self, data: bytes) -> str:
        """Keep the bytes; gives their SHA-256 in hexadecimal. Raises BlobWriteError."""

    def add(self, sha256: str, file: BinaryIO) -> None:
        """Keep a file of any size that is said to have this SHA-256.

        Raises BlobDamagedError if it has not, BlobWriteError.
        """

    def open(self, sha256: str) -> BinaryIO:
        """A blob's bytes as a file that can seek, not verified. Raises BlobMissingError."""

    def read(self, sha256: str) -> bytes:
        """A blob's bytes, whole, verified. Raises BlobMissingError, BlobDamagedError."""

    def size(self, sha256: str) -> int:
        """A blob's length in bytes. Raises BlobMissingError, also for anything that is no SHA-256."""

    def names(self) -> Iterator[str]:
        """The SHA-256 of every blob, in no particular order."""

    def delete(self, sha256: str) -> None:
        """Forget a blob; one that is not there is no error, so a purge can be repeated."""

    def sweep(self, needed: Collection[str], older_than_s: float = 3_600) -> int:
        """Remove blobs that are not ``needed`` and what writers left half-way, both left by crashes; gives how many.

        What is younger than ``older_than_s`` seconds stays: a writer keeps the bytes before the row that names them.
        """


def open_blobs(url: str) -> Blobs:
    """The blobs in a folder, or at ``s3://bucket/prefix``. Raises BlobError."""
    if url.startswith("s3://"):
        from corpus.object_blobs import ObjectBlobStore

        return ObjectBlobStore.at(url)
    if "://" in url:
        scheme = url.partition("://")[0]
        raise BlobError(f"blobs_url is s3://bucket/prefix or a folder; {scheme}:// is neither")
    return BlobStore(Path(url))


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

    @property
    def url(self) -> str:
        """The folder's path, from the root."""
        return str(self._folder.resolve())

    def put(self, data: bytes) -> str:
        """Keep the bytes; gives their SHA-256 in hexadecimal. Raises BlobWriteError if the disk refuses."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self._target(sha256)
        if not target.exists():
            with self._incoming(target, f"{len(data)} bytes") as file:
                file.write(data)
        return sha256

    def add(self, sha256: str, file: BinaryIO) -> None:
        """Keep a file that is said to have this SHA-256. Raises BlobDamagedError if it has not, BlobWriteError."""
        if not is_sha256(sha256):
            raise BlobDamagedError(sha256)
        target = self._target(sha256)
        if not target.exists():
            with self._incoming(target, f"the file {sha256}") as incoming:
                for piece in checked_pieces(sha256, file):
                    incoming.write(piece)

    @contextmanager
    def _incoming(self, target: Path, what: str) -> Iterator[BinaryIO]:
        """A temporary file that takes the target's name when it is on the disk; gone if anything is raised."""
        temporary: Path | None = None
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix="incoming-", delete=False) as file:
                temporary = Path(file.name)
                yield file  # type: ignore[misc]  # it wraps a BinaryIO
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
            _sync_folder(target.parent)
        except BaseException as error:
            if temporary is not None:
                temporary.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise BlobWriteError(f"cannot keep {what} in {self._folder}: {error.strerror or error}") from error
            raise

    def path(self, sha256: str) -> Path:
        """The file of a blob. Raises BlobMissingError, also for anything that is no SHA-256."""
        if not is_sha256(sha256) or not (target := self._target(sha256)).is_file():
            raise BlobMissingError(sha256)
        return target

    def open(self, sha256: str) -> BinaryIO:
        """A blob's bytes, open for reading. Raises BlobMissingError."""
        return self.path(sha256).open("rb")

    def read(self, sha256: str) -> bytes:
        """A blob's bytes, whole, verified. Raises BlobMissingError, BlobDamagedError."""
        data = self.path(sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BlobDamagedError(sha256)
        return data

    def size(self, sha256: str) -> int:
        """A blob's length in bytes. Raises BlobMissingError."""
        return self.path(sha256).stat().st_size

    def names(self) -> Iterator[str]:
        """The SHA-256 of every blob, in no particular order."""
        for path in self._folder.glob("??/*"):
            if is_sha256(path.name):
                yield path.name

    def delete(self, sha256: str) -> None:
        """Forget a blob; one that is not there is no error, so a purge can be repeated."""
        if is_sha256(sha256):
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


def is_sha256(name: str) -> bool:
    """Can it be the name of a blob?"""
    return _SHA256.fullmatch(name) is not None


def checked_pieces(sha256: str, file: BinaryIO) -> Iterator[bytes]:
    """A file's bytes, piece by piece. Raises BlobDamagedError behind the last one if they have another SHA-256."""
    digest = hashlib.sha256()
    while piece := file.read(_PIECE_BYTES):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != sha256:
        raise BlobDamagedError(sha256)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
