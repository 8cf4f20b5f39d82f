"""How does a backup become a running store again?"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Table

from corpus.backup.manifest import Manifest, read_manifest
from corpus.blob_copies import BlobCopies, copy_blobs
from corpus.blobs import Blobs, BlobStore
from corpus.errors import BackupError
from corpus.store import DocumentStore, sqlite_url
from corpus.transfer import Moved, Progress, check_empty, transfer


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: the backup's manifest, the rows of each table, and what became of the originals."""

    manifest: Manifest
    moved: list[Moved]
    copies: BlobCopies


def restore(
    folder: Path,
    store: DocumentStore,
    blobs: Blobs,
    tables: Sequence[Table],
    *,
    scratch: Path,
    partial: bool = False,
    on_rows: Progress,
    on_blobs: Progress,
) -> Restored:
    """Put a backup into an empty store, verifying all of it first; one of an earlier release is brought to today's.

    ``scratch`` is a folder with room for the copied store. Originals come before the store, which comes in one
    transaction: a restore that broke off is run again. With ``partial`` damaged and missing originals are left out.
    Raises BackupError (missing parts, wrong checksums), StoreError (not empty), BlobError.
    """
    manifest = read_manifest(folder)
    with store.reading() as connection:
        check_empty(connection, tables)
    with tempfile.TemporaryDirectory(dir=scratch, prefix="restore-") as room:
        copy = Path(room) / "store.db"
        _fetch_store(folder, manifest, copy)
        with DocumentStore.open(sqlite_url(copy)) as saved:
            needed = saved.blob_names().difference(manifest.lost)
            copies = _fetch_blobs(BlobStore(folder / "blobs"), needed, blobs, partial, on_blobs)
            with saved.reading() as source, store.writing() as writer:
                moved = transfer(source, writer.connection, tables, on_rows)
    return Restored(manifest, moved, copies)


def _fetch_store(folder: Path, manifest: Manifest, target: Path) -> None:
    path = folder / manifest.store
    try:
        shutil.copyfile(path, target)
    except FileNotFoundError:
        raise BackupError(f"the backup is incomplete: {path} is missing") from None
    with target.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    if sha256 != manifest.store_sha256:
        raise BackupError(f"the backup is damaged: {path} has another SHA-256 than its manifest says")


def _fetch_blobs(
    kept: BlobStore, needed: Collection[str], blobs: Blobs, partial: bool, on_blobs: Progress
) -> BlobCopies:
    remedy = "restore what is whole with --partial"
    missing = set(needed).difference(kept.names())
    if missing and not partial:
        raise BackupError(
            f"the backup is incomplete: {len(missing)} of {len(needed)} originals are missing, {min(missing)} first; "
            + remedy
        )
    copies = copy_blobs(needed, kept, blobs, on_blobs)
    if copies.lost and not partial:
        raise BackupError(
            f"the backup is damaged: {len(copies.lost)} of {len(needed)} originals, {copies.lost[0][0]} first; {remedy}"
        )
    return copies
