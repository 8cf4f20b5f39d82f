"""What is in a backup? A JSON file that also tells whether it was damaged itself."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpus.errors import BackupError

NAME = "manifest.json"

# Raised when the layout of a backup changes; a newer one is refused.
_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A backup: when it was made, by which gongkai, of which state (the number of the last change), and its parts.

    ``store`` is the file name of the copied store, ``revision`` that of its tables, ``rows`` the rows of each table,
    ``blobs`` the number of originals beside it, ``lost`` those that the store names and that were lost before.
    """

    created_at: str  # UTC, ISO 8601
    gongkai: str
    revision: str
    change: int
    store: str
    store_bytes: int
    store_sha256: str
    rows: dict[str, int]
    blobs: int
    lost: list[str]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Give the folder a new manifest, in one moment."""
    fields = {"format": _FORMAT, **asdict(manifest)}
    temporary = folder / f"{NAME}.partial"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump({**fields, "sha256": _digest(fields)}, file, ensure_ascii=False, indent=2)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(folder / NAME)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_manifest(folder: Path) -> Manifest:
    """Raises BackupError if there is none, or one that is damaged or newer than this gongkai."""
    path = folder / NAME
    try:
        fields = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BackupError(f"{folder} holds no whole backup: there is no {NAME}") from None
    except (OSError, ValueError) as error:
        raise BackupError(f"{path} is damaged and nothing can be restored by it: {error}") from error
    said = fields.pop("sha256", None) if isinstance(fields, dict) else None
    if said is None or said != _digest(fields):
        raise BackupError(f"{path} is damaged and nothing can be restored by it: its checksum differs")
    if (made := fields.pop("format", None)) != _FORMAT:
        raise BackupError(f"{path} has format {made}, this gongkai reads {_FORMAT}; restore with a newer one")
    try:
        manifest = Manifest(**fields)
        inside = Path(manifest.store).name == manifest.store
    except TypeError as error:
        raise BackupError(f"{path} is no manifest of a backup: {error}") from None
    if not inside:
        raise BackupError(f"{path} names a store outside its folder: {manifest.store}")
    return manifest


def _digest(fields: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
