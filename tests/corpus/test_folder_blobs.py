"""Bytes in a folder: on the disk before they have a name, once, and never outside of the folder."""

from __future__ import annotations

import errno
import io
import os
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.blobs import BlobStore
from corpus.errors import BlobDamagedError, BlobMissingError, BlobWriteError
from tests.corpus.test_blobs import NO_NAMES, PAGE, SHA256


def files(blobs: BlobStore) -> set[str]:
    return {path.name for path in blobs.folder.rglob("*") if path.is_file()}


def test_the_same_bytes_are_kept_once_and_not_written_again(blobs: BlobStore) -> None:
    blobs.put(PAGE)
    os.utime(blobs.path(SHA256), (1, 1))
    assert blobs.put(PAGE) == SHA256
    assert files(blobs) == {SHA256}
    assert blobs.path(SHA256).stat().st_mtime == 1
    assert blobs.path(SHA256) == blobs.folder / SHA256[:2] / SHA256


def test_bytes_that_were_damaged_are_not_read(blobs: BlobStore) -> None:
    blobs.put(PAGE)
    blobs.path(SHA256).write_bytes(PAGE[:-1])
    with pytest.raises(BlobDamagedError, match=f"{SHA256} is damaged"):
        blobs.read(SHA256)


def test_a_file_under_no_name_of_a_blob_is_kept_nowhere(blobs: BlobStore) -> None:
    with pytest.raises(BlobDamagedError):
        blobs.add("../../" + "a" * 58, io.BytesIO(PAGE))
    assert not blobs.folder.exists()


@pytest.mark.parametrize("name", NO_NAMES)
def test_nothing_outside_is_deleted_and_a_missing_one_is_no_error(tmp_path: Path, name: str) -> None:
    outside = tmp_path / "etc" / "passwd"
    outside.parent.mkdir()
    outside.write_text("root")
    blobs = BlobStore(tmp_path / "a" / "blobs")
    blobs.put(PAGE)
    blobs.delete(name)
    blobs.delete("b" * 64)
    assert files(blobs) == {SHA256}
    assert outside.exists()
    blobs.delete(SHA256)
    assert files(blobs) == set()


def test_a_folder_or_a_link_to_nowhere_is_no_blob(blobs: BlobStore) -> None:
    blobs.put(PAGE)
    (blobs.folder / "aa" / ("a" * 64)).mkdir(parents=True)
    (blobs.folder / "aa" / ("a" * 63 + "b")).symlink_to("nowhere")
    for name in ("a" * 64, "a" * 63 + "b"):
        with pytest.raises(BlobMissingError):
            blobs.read(name)


def _full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


class _FullFile:
    """A temporary file on a disk that is full: a part was written when it refuses."""

    def __init__(self, **options: object) -> None:
        descriptor, self.name = tempfile.mkstemp(dir=str(options["dir"]), prefix=str(options["prefix"]))
        self._descriptor = descriptor

    def __enter__(self) -> _FullFile:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def write(self, data: bytes) -> int:
        os.write(self._descriptor, data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("where", "what"),
    [
        ("os.fsync", _full),
        ("pathlib.Path.replace", _full),
        ("pathlib.Path.mkdir", _full),
        ("tempfile.NamedTemporaryFile", _FullFile),
        ("tempfile.NamedTemporaryFile", _full),
    ],
)
def test_a_full_disk_is_told_and_leaves_nothing_half_written(
    blobs: BlobStore, monkeypatch: pytest.MonkeyPatch, where: str, what: Callable[..., object]
) -> None:
    kept = blobs.put(b"earlier")
    with monkeypatch.context() as full:
        full.setattr(where, what)
        with pytest.raises(BlobWriteError, match=f"cannot keep {len(PAGE)} bytes in .*blobs: No space left"):
            blobs.put(PAGE)
    assert files(blobs) == {kept}
    with pytest.raises(BlobMissingError):
        blobs.read(SHA256)
    assert blobs.put(PAGE) == SHA256  # there is room again
    assert blobs.read(SHA256) == PAGE


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BlobWriteError, match="cannot keep"):
        BlobStore(tmp_path / "file" / "blobs").put(PAGE)


def test_the_bytes_are_on_the_disk_before_the_name_is(blobs: BlobStore, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "bytes")
        fsync(descriptor)

    def noted_replace(self: Path, target: Path) -> Path:
        steps.append("name")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    blobs.put(PAGE)
    assert steps == ["bytes", "name", "folder"]


def test_a_sweep_removes_what_nobody_needs_once_it_is_old(blobs: BlobStore) -> None:
    needed, orphan, young = blobs.put(b"needed"), blobs.put(b"orphan"), blobs.put(b"young")
    left = blobs.folder / "incoming-abc"
    left.write_bytes(b"half")
    old = time.time() - 7_200
    for path in (blobs.path(needed), blobs.path(orphan), left):
        os.utime(path, (old, old))
    assert blobs.sweep({needed}) == 2
    assert files(blobs) == {needed, young}
    assert blobs.sweep({needed}) == 0
    assert blobs.sweep({needed}, older_than_s=-10) == 1
    assert files(blobs) == {needed}


def test_a_sweep_of_a_store_that_was_never_used_removes_nothing(tmp_path: Path) -> None:
    assert BlobStore(tmp_path / "none").sweep(set()) == 0
