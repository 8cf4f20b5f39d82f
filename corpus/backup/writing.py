"""How is a backup made while everything goes on?"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Table, select

from corpus.backup.manifest import NAME, Manifest, read_manifest, write_manifest
from corpus.blob_copies import BlobCopies, copy_blobs
from corpus.blobs import Blobs, BlobStore
from corpus.errors import BackupError, StoreError
from corpus.migrations import HEAD
from corpus.store import DocumentStore, sqlite_url
from corpus.stored import load_blob_names
from corpus.tables import counters
from corpus.transfer import Progress, count_rows, transfer

_LOCK = "backup.lock"
_OURS = ("store-", "blobs", NAME, _LOCK)

# How many pages of SQLite are copied before progress is told: 16 MB.
_PAGES = 4_096


@dataclass(frozen=True, slots=True)
class Saved:
    """A backup that was made: its manifest, and what became of the originals."""

    manifest: Manifest
    copies: BlobCopies


def backup(
    store: DocumentStore,
    blobs: Blobs,
    folder: Path,
    tables: Sequence[Table],
    *,
    on_rows: Progress,
    on_blobs: Progress,
) -> Saved:
    """Copy one moment of the store, and the originals that are not in the folder yet, as the folder's new backup.

    Writers need not wait. What is there of an earlier backup stays whole until this one is; then it goes, with the
    originals that only it named. Raises BackupError (the folder holds other things, is being written, is full),
    StoreError, BlobError.
    """
    try:
        _take(folder, blobs)
        with FileLock(folder / _LOCK, timeout=0):
            return _backup(store, blobs, folder, tables, on_rows, on_blobs)
    except Timeout:
        raise BackupError(f"another backup is being written into {folder}; wait until it is done") from None
    except (OSError, sqlite3.Error) as error:
        said = (error.strerror if isinstance(error, OSError) else None) or error
        raise BackupError(f"the backup in {folder} cannot be written: {said}; the earlier one is as it was") from error


def _take(folder: Path, blobs: Blobs) -> None:
    if (folder / "blobs").resolve() == Path(blobs.url).resolve():  # what the backup does not need it removes there
        raise BackupError(f"{folder} is where the originals are kept; name another folder for the backup")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds the hashes of passwords
    others = [path.name for path in folder.iterdir() if not path.name.startswith(_OURS)]
    if others:
        raise BackupError(f"{folder} holds other things ({others[0]}); name an empty folder, or that of a backup")


def _backup(
    store: DocumentStore, blobs: Blobs, folder: Path, tables: Sequence[Table], on_rows: Progress, on_blobs: Progress
) -> Saved:
    now = datetime.now(UTC)
    _tidy(folder)
    copy = folder / f"store-{now:%Y%m%dT%H%M%S%f}.db"
    partial = copy.with_suffix(".db.partial")
    try:
        with store.reading() as connection:
            rows = {table.name: count_rows(connection, table) for table in tables}
            change = connection.scalar(select(counters.c.value).where(counters.c.name == "change")) or 0
            needed = load_blob_names(connection)
            partial.touch(mode=0o600, exist_ok=False)  # before SQLite writes to it; its log takes the same mode
            _copy_store(connection, partial, tables, on_rows)
        size, sha256 = _settle(partial)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    kept = BlobStore(folder / "blobs")
    copies = copy_blobs(needed, blobs, kept, on_blobs)
    partial.replace(copy)
    manifest = Manifest(
        created_at=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        gongkai=version("gongkai"),
        revision=HEAD,
        change=change,
        store=copy.name,
        store_bytes=size,
        store_sha256=sha256,
        rows=rows,
        blobs=len(needed) - len(copies.lost),
        lost=[name for name, _ in copies.lost],
    )
    write_manifest(folder, manifest)
    _tidy(folder)
    kept.sweep(needed, older_than_s=0)
    return Saved(manifest, copies)


def _tidy(folder: Path) -> None:
    """Remove copies of the store that no manifest names: they are older, or were left by a kill."""
    try:
        named = read_manifest(folder).store
    except BackupError:  # a damaged one may name any of them
        if (folder / NAME).exists():
            return
        named = ""
    for path in folder.glob("store-*"):
        if path.name != named:
            path.unlink()


def _copy_store(connection: Connection, target: Path, tables: Sequence[Table], on_rows: Progress) -> None:
    """One moment of the store, as a SQLite file; SQLite's own copy where that is what it is."""
    if connection.dialect.name != "sqlite":
        try:
            with DocumentStore.open(sqlite_url(target)) as copy, copy.writing() as writer:
                transfer(connection, writer.connection, tables, on_rows)
        except StoreError as error:
            raise BackupError(f"the store cannot be copied to {target}: {error}") from error
        return
    source = connection.connection.driver_connection
    assert isinstance(source, sqlite3.Connection)  # noqa: S101
    opened = sqlite3.connect(target)
    try:
        # The open transaction of the reader keeps the pages as they were; else each change would start the copy anew.
        source.backup(opened, pages=_PAGES, progress=lambda _, left, total: on_rows(total - left, total))
    finally:
        opened.close()


def _settle(path: Path) -> tuple[int, str]:
    """One file, without a log beside it, on the disk: its size in bytes and its SHA-256."""
    opened = sqlite3.connect(path)
    try:
        opened.execute("PRAGMA journal_mode = DELETE")
    finally:
        opened.close()
    path.chmod(0o600)
    with path.open("rb") as file:
        os.fsync(file.fileno())
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return path.stat().st_size, sha256
