"""Torn and damaged files are noticed and made anew from the store; killed workers and writers leave nothing behind."""

from __future__ import annotations

import logging
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest
from whoosh import index as whoosh_index

import indexer.sync
from corpus.store import DocumentStore
from indexer.columnar.segment import SegmentArrays
from indexer.columnar.verification import verify_index
from indexer.columnar.writer import ColumnarWriter
from indexer.engine import Query
from indexer.errors import IndexDamagedError
from indexer.generations import IndexFolder
from indexer.sync import sync
from indexer.whoosh_engine import WhooshEngine
from tests.indexer.columnar.papers import Row, as_rows, contents, schema, write_bulk
from tests.indexer.papers import answers, keep, notice, notices

ROOT = Path(__file__).resolve().parents[3]

INDEX = """
import sys
from pathlib import Path
import indexer.sync
from corpus.store import DocumentStore, sqlite_url
from indexer.generations import IndexFolder
if __name__ == "__main__":
    data = Path(sys.argv[1])
    indexer.sync._WORTH_WORKERS, indexer.sync.COMMIT_DOCUMENTS, indexer.sync._READ_BATCH = 0, 60, 10
    indexer.sync._BATCH_DOCUMENTS = 10
    with DocumentStore.open(sqlite_url(data / "store.db")) as store:
        indexer.sync.sync(store, IndexFolder(data / "index"), rebuild=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made: list[Row] = [
        {
            "id": f"n-{number}",
            "words": f"望江路第{number}标段停水",
            "pairs": "停水公告",
            "placed": "一 二 一",
            "site": b"yl",
        }
        for number in range(40)
    ]
    write_bulk(tmp_path / "index", schema(), [made[:20], made[20:]])
    return tmp_path / "index"


# -- damage is noticed


def test_a_changed_byte_is_noticed_wherever_it_says_anything(folder: Path) -> None:
    verify_index(folder)
    before = contents(folder)
    moments = random.Random(4)
    noticed = 0
    for path in [*folder.glob("*.postings"), *folder.glob("*.documents")]:
        whole = path.read_bytes()
        for place in moments.sample(range(len(whole)), 60):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
            try:
                verify_index(folder)
            except IndexDamagedError:
                noticed += 1
            else:
                assert contents(folder) == before  # it stands between the arrays
        path.write_bytes(whole)
    assert noticed > 100
    verify_index(folder)


@pytest.mark.parametrize("end", [".postings", ".documents", ".toc"])
def test_a_torn_or_missing_file_is_noticed(folder: Path, end: str) -> None:
    path = sorted(folder.glob(f"*{end}"))[-1]
    whole = path.read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(IndexDamagedError):
            verify_index(folder)
    path.unlink()
    with pytest.raises(IndexDamagedError):
        verify_index(folder)


def test_what_was_found_whole_is_read_again_only_when_touched_or_after_a_while(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    verify = SegmentArrays.verify

    def watched(arrays: SegmentArrays) -> None:
        read.extend(arrays.paths)
        verify(arrays)

    monkeypatch.setattr(SegmentArrays, "verify", watched)
    verify_index(folder, trusted_s=60)
    assert len(read) == 4
    verify_index(folder, trusted_s=60)
    assert len(read) == 4
    verify_index(folder)
    assert len(read) == 8
    (folder / "verified.json").write_text("[")
    verify_index(folder, trusted_s=60)
    assert len(read) == 12
    path = sorted(folder.glob("*.postings"))[0]
    whole = bytearray(path.read_bytes())
    whole[0] ^= 1
    path.write_bytes(whole)
    with pytest.raises(IndexDamagedError):
        verify_index(folder, trusted_s=60)


def test_segments_of_another_format_are_no_index_of_ours(tmp_path: Path) -> None:
    index = whoosh_index.create_in(tmp_path, schema())
    writer = index.writer()
    writer.add_document(id="a")
    writer.commit()
    index.close()
    with pytest.raises(IndexDamagedError, match="another format"):
        verify_index(tmp_path)


@pytest.mark.parametrize("end", [".postings", ".documents", ".toc"])
def test_a_damaged_index_is_built_anew_from_the_store_and_it_is_said(
    store: DocumentStore, tmp_path: Path, caplog: pytest.LogCaptureFixture, end: str
) -> None:
    generations = IndexFolder(tmp_path / "index")
    keep(store, notices(15))
    sync(store, generations)
    before = answers(generations)
    live = generations.live()
    (path,) = live.glob(f"*{end}")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    keep(store, [notice(15)])
    with caplog.at_level(logging.WARNING):
        summary = sync(store, generations)
    assert "the index is damaged" in caplog.text
    assert (summary.rebuilt, summary.indexed) == (True, 16)
    assert generations.live() != live
    with store.writing() as writer:
        writer.mark_gone(["n-15"])
    sync(store, generations)
    assert answers(generations) == before


def test_a_damaged_part_of_a_rebuild_is_not_gone_on_with(
    store: DocumentStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexer.sync, "COMMIT_DOCUMENTS", 10)
    generations = IndexFolder(tmp_path / "index")
    keep(store, notices(30))
    sync(store, generations)
    before = answers(generations)

    def interrupt(done: int, _: int) -> None:
        if done == 25:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(store, generations, rebuild=True, on_progress=interrupt)
    half = generations.unfinished()
    assert half is not None
    path = next(half.glob("*.postings"))
    path.write_bytes(path.read_bytes()[:-1])
    summary = sync(store, generations, rebuild=True)
    assert summary.indexed == 30
    assert generations.live() != half
    assert answers(generations) == before


# -- kills


def children(process: int) -> set[int]:
    """The processes below this one."""
    found = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False)
    direct = {int(child) for child in found.stdout.split()}
    return direct.union(*(children(child) for child in direct))


def alive(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_killed_writer_takes_its_workers_along_and_the_next_goes_on(store: DocumentStore, tmp_path: Path) -> None:
    keep(store, notices(400))
    sync(store, IndexFolder(tmp_path / "calm"))
    moments = random.Random(7)
    program = tmp_path / "build.py"
    program.write_text(INDEX, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    kills = 0
    for _ in range(4):
        process = subprocess.Popen([sys.executable, str(program), str(tmp_path)], env=environment)
        deadline = time.monotonic() + 60
        while len(children(process.pid)) < 3 and process.poll() is None:  # a fork server and two workers
            assert time.monotonic() < deadline, "no workers come"
            time.sleep(0.02)
        time.sleep(moments.uniform(0.0, 1.5))
        below = children(process.pid)
        process.send_signal(signal.SIGKILL)
        kills += process.wait() == -signal.SIGKILL
        deadline = time.monotonic() + 30
        while any(map(alive, below)):
            assert time.monotonic() < deadline, "workers outlive the writer"
            time.sleep(0.02)
    assert kills
    assert subprocess.run([sys.executable, str(program), str(tmp_path)], env=environment, check=False).returncode == 0
    generations = IndexFolder(tmp_path / "index")
    with closing(WhooshEngine(generations)) as engine:
        assert engine.search(Query(text="停水", limit=1)).total == 400
    assert answers(generations) == answers(IndexFolder(tmp_path / "calm"))


def test_what_a_kill_left_is_removed_by_the_next_writer(folder: Path) -> None:
    before = {path.name for path in folder.iterdir()}
    for name in ("MAIN_abcdefgh.postings", "MAIN_abcdefgh.documents", "_MAIN_9.toc.1700000000.5"):
        (folder / name).write_bytes(b"half")
    with ColumnarWriter(folder, as_rows):
        pass
    assert {path.name for path in folder.iterdir()} == before
