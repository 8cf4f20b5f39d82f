"""A backup is one moment of what is truth; it is restored as it was, or refused."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from corpus.backup import Restored, Saved, backup, read_manifest, restore
from corpus.backup.manifest import _digest as manifest_digest
from corpus.backup.manifest import write_manifest
from corpus.blobs import BlobStore, open_blobs
from corpus.database import connect
from corpus.errors import BackupError, StoreError
from corpus.store import DocumentStore, sqlite_url
from tests.corpus.test_migrations import before_revisions
from tests.webapp.filled_store import DOCUMENTS, NOTICE, everything, fill
from tests.webapp.test_migrate import Run, progress, run
from webapp.tables import ALL_TABLES

__all__ = ["run"]


@pytest.fixture
def district(store_url: str, tmp_path: Path) -> Iterator[DocumentStore]:
    """A store with rows in every table, in each of the databases."""
    with DocumentStore.open(store_url) as store:
        fill(store, BlobStore(tmp_path / "blobs"))
        yield store


def save(store: DocumentStore, folder: Path, **options: Callable[..., None]) -> Saved:
    blobs = BlobStore(folder.parent / "blobs")
    progresses = {"on_rows": progress, "on_blobs": progress, **options}
    return backup(store, blobs, folder / "backup", ALL_TABLES, **progresses)


def put_back(folder: Path, store: DocumentStore, *, partial: bool = False) -> Restored:
    blobs = BlobStore(folder / "restored")
    return restore(
        folder / "backup",
        store,
        blobs,
        ALL_TABLES,
        scratch=folder,
        partial=partial,
        on_rows=progress,
        on_blobs=progress,
    )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a backup goes, and comes back to."""
    (tmp_path / "place").mkdir()
    return tmp_path / "place"


@pytest.fixture
def empty(place: Path) -> Iterator[DocumentStore]:
    """The store to restore into."""
    with DocumentStore.open(sqlite_url(place / "restored.db")) as store:
        yield store


def test_what_is_restored_is_what_was_there(district: DocumentStore, place: Path, empty: DocumentStore) -> None:
    before = everything(district)
    assert all(before.values())
    saved = save(district, place)
    assert (saved.copies.copied, saved.copies.lost) == (21, ())
    assert saved.manifest.rows == {name: len(rows) for name, rows in before.items()}
    assert saved.manifest.change == district.last_change()
    restored = put_back(place, empty)
    assert everything(empty) == before
    assert restored.manifest == saved.manifest == read_manifest(place / "backup")
    assert set(BlobStore(place / "restored").names()) == district.blob_names()


@pytest.mark.services
def test_a_backup_of_files_is_restored_into_a_cluster_and_the_other_way_round(
    store: DocumentStore, blobs: BlobStore, place: Path, postgresql_url: str, s3_url: str, empty: DocumentStore
) -> None:
    fill(store, blobs)
    before = everything(store)
    save(store, place)
    objects = open_blobs(s3_url)
    with DocumentStore.open(postgresql_url) as cluster:
        restore(
            place / "backup",
            cluster,
            objects,
            ALL_TABLES,
            scratch=place,
            on_rows=progress,
            on_blobs=progress,
        )
        assert everything(cluster) == before
        assert set(objects.names()) == store.blob_names()
        backup(cluster, objects, place / "backup", ALL_TABLES, on_rows=progress, on_blobs=progress)
    put_back(place, empty)
    assert everything(empty) == before


def test_a_later_backup_copies_what_is_new_and_forgets_what_was_purged(
    district: DocumentStore, tmp_path: Path, place: Path, empty: DocumentStore
) -> None:
    save(district, place)
    blobs = BlobStore(tmp_path / "blobs")
    secret = blobs.put(b"secret")
    with district.writing() as writer:
        writer.put_file("http://www.example.gov.cn/secret.pdf", sha256=secret, size=6, media_type="application/pdf")
    assert save(district, place).copies.copied == 1
    with district.writing() as writer:
        writer.connection.exec_driver_sql("DELETE FROM files WHERE url LIKE '%%secret.pdf'")
    blobs.delete(secret)
    later = save(district, place)
    assert (later.copies.copied, later.copies.present) == (0, 21)
    assert secret not in set(BlobStore(place / "backup" / "blobs").names())
    assert {path.name for path in (place / "backup").iterdir()} == {
        "backup.lock",
        "blobs",
        "manifest.json",
        later.manifest.store,
    }
    put_back(place, empty)
    assert everything(empty) == everything(district)


def test_a_backup_is_one_moment_while_others_write(
    district: DocumentStore, place: Path, empty: DocumentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.backup.writing._PAGES", 32)
    drafts = iter(range(1, 1_000))

    def write(*_: int) -> None:
        """Another program commits, here and now, two documents that are always equal."""
        draft = next(drafts)
        with district.writing() as writer:
            for name in ("yunxi-1", "yunxi-2"):
                writer.put(replace(NOTICE, id=name, body=f"第{draft}稿"))

    write()
    before, change = everything(district), district.last_change()
    saved = save(district, place, on_rows=write)
    assert next(drafts) > 4
    assert saved.manifest.change == change < district.last_change()
    put_back(place, empty)
    assert everything(empty) == before


Damage = Callable[[Path], object]


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _store_of(folder: Path) -> Path:
    return folder / read_manifest(folder).store


def _a_blob_of(folder: Path) -> Path:
    return sorted(path for path in (folder / "blobs").rglob("*") if path.is_file())[0]


def _edit(folder: Path) -> None:
    manifest = folder / "manifest.json"
    fields = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps({**fields, "blobs": fields["blobs"] - 1}), "utf-8")


DAMAGES: list[tuple[Damage, str]] = [
    (lambda folder: (folder / "manifest.json").unlink(), "holds no whole backup: there is no manifest.json"),
    (lambda folder: os.truncate(folder / "manifest.json", 200), "manifest.json is damaged"),
    (lambda folder: (folder / "manifest.json").write_text("[]"), "manifest.json is damaged"),
    (lambda folder: (folder / "manifest.json").write_bytes(b"\xff\xfe"), "manifest.json is damaged"),
    (_edit, "manifest.json is damaged .* its checksum differs"),
    (lambda folder: _store_of(folder).unlink(), r"incomplete: .*\.db is missing"),
    (lambda folder: _flip(_store_of(folder)), r"damaged: .*\.db has another SHA-256"),
    (lambda folder: _a_blob_of(folder).unlink(), "incomplete: 1 of 21 originals are missing"),
    (lambda folder: _flip(_a_blob_of(folder)), "damaged: 1 of 21 originals"),
]


@pytest.mark.parametrize(("damage", "said"), DAMAGES)
def test_a_damaged_or_incomplete_backup_is_refused_before_anything_is_changed(
    store: DocumentStore, blobs: BlobStore, place: Path, empty: DocumentStore, damage: Damage, said: str
) -> None:
    fill(store, blobs)
    save(store, place)
    damage(place / "backup")
    with pytest.raises(BackupError, match=said):
        put_back(place, empty)
    assert empty.counts()["live"] == 0
    assert not list(place.glob("restore-*"))


@pytest.mark.parametrize(
    "damage", [lambda folder: _a_blob_of(folder).unlink(), lambda folder: _flip(_a_blob_of(folder))]
)
def test_what_is_whole_of_a_damaged_backup_can_be_had(
    store: DocumentStore, blobs: BlobStore, place: Path, empty: DocumentStore, damage: Damage
) -> None:
    fill(store, blobs)
    save(store, place)
    lost = _a_blob_of(place / "backup").name
    damage(place / "backup")
    assert [name for name, _ in put_back(place, empty, partial=True).copies.lost] == [lost]
    assert everything(empty) == everything(store)
    assert set(BlobStore(place / "restored").names()) == store.blob_names() - {lost}


def test_originals_that_were_lost_before_are_named_and_the_rest_is_backed_up(
    store: DocumentStore, blobs: BlobStore, place: Path, empty: DocumentStore
) -> None:
    fill(store, blobs)
    gone, damaged = sorted(store.blob_names())[:2]
    blobs.delete(gone)
    _flip(blobs.path(damaged))
    saved = save(store, place)
    assert (saved.manifest.lost, saved.manifest.blobs) == ([gone, damaged], 19)
    assert put_back(place, empty).copies.lost == ()
    assert everything(empty) == everything(store)


def test_a_backup_of_an_earlier_release_becomes_a_store_of_today(
    store: DocumentStore, blobs: BlobStore, place: Path, empty: DocumentStore
) -> None:
    fill(store, blobs)
    saved = save(store, place)
    path = place / "backup" / saved.manifest.store
    path.unlink()
    before_revisions(sqlite_url(path))
    old = DocumentStore(connect(sqlite_url(path)))
    with old.writing() as writer:
        writer.put(NOTICE)
    old.close()
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest = replace(saved.manifest, revision="", store_bytes=path.stat().st_size, store_sha256=sha256, rows={})
    write_manifest(place / "backup", manifest)
    put_back(place, empty)
    stored = empty.get(NOTICE.id)
    assert stored is not None and stored.document == NOTICE
    assert path.read_bytes() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def test_a_backup_of_a_newer_release_is_refused(store: DocumentStore, place: Path, empty: DocumentStore) -> None:
    save(store, place)
    fields = json.loads((place / "backup" / "manifest.json").read_text("utf-8"))
    del fields["sha256"]
    fields["format"] = 2
    (place / "backup" / "manifest.json").write_text(json.dumps({**fields, "sha256": manifest_digest(fields)}), "utf-8")
    with pytest.raises(BackupError, match="has format 2, this gongkai reads 1"):
        put_back(place, empty)


def test_a_store_that_is_in_use_is_not_restored_into(store: DocumentStore, blobs: BlobStore, place: Path) -> None:
    fill(store, blobs)
    save(store, place)
    before = everything(store)
    with pytest.raises(StoreError, match="is not empty"):
        put_back(place, store)
    assert everything(store) == before


@pytest.mark.parametrize("where", ["on_rows", "on_blobs", "write_manifest", "_tidy"])
def test_a_kill_in_the_middle_leaves_the_earlier_backup(
    store: DocumentStore, blobs: BlobStore, place: Path, empty: DocumentStore, tmp_path: Path, where: str
) -> None:
    fill(store, blobs)
    save(store, place)
    before = everything(store)
    with store.writing() as writer:
        writer.put(replace(NOTICE, id="later"))
        writer.put_file("http://www.example.gov.cn/later.pdf", sha256=blobs.put(b"later"), size=5)
    program = f"""
import os, signal, sys
from pathlib import Path
from corpus.backup import writing
from corpus.blobs import BlobStore
from corpus.store import DocumentStore
from webapp.tables import ALL_TABLES
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
def live(*_): pass
where = {where!r}
if where == "_tidy":
    tidy, calls = writing._tidy, []
    writing._tidy = lambda folder: die() if calls else (calls.append(1), tidy(folder))
elif where == "write_manifest":
    writing.write_manifest = die
writing._PAGES = 1
writing.backup(
    DocumentStore.open(sys.argv[1]), BlobStore(Path(sys.argv[2])), Path(sys.argv[3]), ALL_TABLES,
    on_rows=die if where == "on_rows" else live, on_blobs=die if where == "on_blobs" else live,
)
"""
    arguments = [sqlite_url(tmp_path / "store.db"), str(blobs.folder), str(place / "backup")]
    killed = subprocess.run([sys.executable, "-c", program, *arguments], check=False)
    assert killed.returncode == -signal.SIGKILL
    put_back(place, empty)
    assert everything(empty) == (everything(store) if where == "_tidy" else before)
    later = save(store, place)
    assert {path.name for path in (place / "backup").iterdir()} == {
        "backup.lock",
        "blobs",
        "manifest.json",
        later.manifest.store,
    }


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"format": 1}, "is no manifest of a backup"),
        ({}, "has format None"),
        (None, "names a store outside its folder"),
    ],
)
def test_a_manifest_that_nobody_of_ours_wrote_is_refused(
    store: DocumentStore, place: Path, fields: dict[str, object] | None, said: str
) -> None:
    save(store, place)
    path = place / "backup" / "manifest.json"
    if fields is None:
        fields = {**json.loads(path.read_text("utf-8")), "store": "../elsewhere.db"}
        del fields["sha256"]
    path.write_text(json.dumps({**fields, "sha256": manifest_digest(fields)}), "utf-8")
    with pytest.raises(BackupError, match=said):
        read_manifest(place / "backup")


def test_the_folder_of_the_originals_themselves_is_refused(store: DocumentStore, tmp_path: Path) -> None:
    blobs = BlobStore(tmp_path / "live" / "blobs")
    name = blobs.put(b"original")
    with pytest.raises(BackupError, match="where the originals are kept"):
        backup(store, blobs, tmp_path / "live", ALL_TABLES, on_rows=lambda *_: None, on_blobs=lambda *_: None)
    assert blobs.read(name) == b"original"


def test_a_folder_of_other_things_is_left_alone(store: DocumentStore, place: Path) -> None:
    (place / "backup").mkdir()
    (place / "backup" / "thesis.docx").write_bytes(b"mine")
    with pytest.raises(BackupError, match=r"holds other things \(thesis.docx\)"):
        save(store, place)
    assert [path.name for path in (place / "backup").iterdir()] == ["thesis.docx"]


def test_two_backups_into_one_folder_do_not_mix(store: DocumentStore, place: Path) -> None:
    (place / "backup").mkdir()
    with FileLock(place / "backup" / "backup.lock"), pytest.raises(BackupError, match="another backup"):
        save(store, place)


def test_nobody_else_reads_a_backup(store: DocumentStore, place: Path) -> None:
    saved = save(store, place)
    assert (place / "backup").stat().st_mode & 0o077 == 0
    assert (place / "backup" / saved.manifest.store).stat().st_mode & 0o077 == 0


def test_a_disk_that_is_full_is_told_and_the_earlier_backup_stays(
    store: DocumentStore, blobs: BlobStore, place: Path, empty: DocumentStore, tmp_path: Path
) -> None:
    fill(store, blobs)
    save(store, place)
    before = everything(store)
    with store.writing() as writer:
        writer.put(replace(NOTICE, id="later"))
    store.close()
    (tmp_path / "data").mkdir()
    (tmp_path / "store.db").rename(tmp_path / "data" / "store.db")
    blobs.folder.rename(tmp_path / "data" / "blobs")
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000));"
    command = [sys.executable, "-c", f"{limited} from webapp.cli import main; main()"]
    full = subprocess.run(
        [*command, "backup", str(place / "backup"), "--data", str(tmp_path / "data")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert full.returncode == 1
    assert f"the backup in {place / 'backup'} cannot be written" in full.stderr
    assert "Traceback" not in full.stderr
    put_back(place, empty)
    assert everything(empty) == before


def test_the_commands_make_a_backup_and_put_it_back(run: Run, place: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with DocumentStore.open(sqlite_url(tmp_path / "data" / "store.db")) as store:
        fill(store, BlobStore(tmp_path / "data" / "blobs"))
        before = everything(store)
    code, _, said = run("backup", str(place / "backup"))
    assert code == 0, said
    assert str(DOCUMENTS) in said and "of these new" in said
    code, _, said = run("restore", str(place / "backup"))
    assert (code, "is not empty" in said) == (1, True)
    (tmp_path / "data").rename(tmp_path / "lost")
    code, _, said = run("restore", str(place / "backup"))
    assert (code, "now run `gongkai index --rebuild`" in said) == (0, True), said
    with DocumentStore.open(sqlite_url(tmp_path / "data" / "store.db")) as store:
        assert everything(store) == before
    assert {path.name for path in (tmp_path / "data").iterdir()} >= {"store.db", "blobs"}
    assert not list((tmp_path / "data").glob("restore-*"))


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["restore", "/no/such/folder"], 2, "does not exist"),
        (["restore", "/proc"], 1, "holds no whole backup"),
        (["backup", "/proc/backup"], 1, "cannot be written"),
        (["backup", __file__], 2, "is a file"),
    ],
)
def test_a_place_that_cannot_be_used_is_one_sentence(run: Run, arguments: list[str], code: int, words: str) -> None:
    ended, _, said = run(*arguments)
    assert (ended, words in said, "Traceback" in said) == (code, True, False), said
