"""Bad inputs, full disks, second writers, Ctrl-C: a message, the right exit code, nothing lost or half-written."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

import corpus.database
from corpus.store import DocumentStore, sqlite_url
from tests.corpus.parsers.files import make_docx, make_pdf
from tests.webapp.test_cli import gongkai
from webapp.cli import main

NOTE = "关于滨河路停水的公告\n\n因管网检修，滨河路沿线停水，请居民提前储水。\n"
COMMAND = [sys.executable, "-m", "webapp"]

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """The command line in this process: gives the exit code and what was said on stderr."""

    def run(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["gongkai", *arguments, "--data", str(tmp_path / "data")])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr().err
        assert "Traceback" not in said
        return int(ended.value.code or 0), said

    return run


def records(first: int, last: int, body: str = "停水。") -> str:
    return "".join(
        json.dumps({"id": f"y-{number}", "title": f"第{number}号公告", "body": body}, ensure_ascii=False) + "\n"
        for number in range(first, last)
    )


def live(data: Path) -> set[str]:
    with DocumentStore.open(sqlite_url(data / "store.db")) as store:
        return {stored.document.id for stored in store.live_documents()}


def wait_until(condition: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)


# -- files that are no documents

UNREADABLE = {
    "unknown.exe": b"MZ\x90\x00\x03\x00\x00\x00" + bytes(range(256)),
    "empty.html": b"",
    "empty.zip": b"",
    "cut.zip": make_docx().replace(b"word/", b"file/")[:900],
    "cut.docx": make_docx()[:-600],
    "cut.pdf": make_pdf()[:400],
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_file_is_listed_and_stops_nothing(run: Run, tmp_path: Path, name: str) -> None:
    bad, good = tmp_path / name, tmp_path / "公告.txt"
    bad.write_bytes(UNREADABLE[name])
    good.write_text(NOTE, "utf-8")
    code, said = run("ingest", str(bad), str(good))
    assert code == 3
    assert f"refused: {bad}: " in said
    with DocumentStore.open(sqlite_url(tmp_path / "data" / "store.db")) as store:
        assert store.counts()["live"] == 1
        ((source, reason),) = [(failure.source, failure.reason) for failure in store.failures()]
        assert source == str(bad)
        assert len(reason) > 10
        named = store.blob_names()
    kept = {path.name for path in (tmp_path / "data" / "blobs").rglob("*") if path.is_file()}
    assert kept == named
    assert len(kept) == 1 + bool(UNREADABLE[name])


def test_nothing_but_unreadable_files_is_a_failure(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").write_bytes(b"")
    code, said = run("ingest", str(tmp_path / "empty.pdf"), str(tmp_path / "nowhere.pdf"))
    assert code == 1
    assert "the file is empty" in said and "there is no such file or folder" in said


# -- reading again


def test_reparse_tells_by_its_exit_code_what_came_of_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "公告.txt").write_text(NOTE, "utf-8")
    assert run("ingest", str(tmp_path / "公告.txt"))[0] == 0
    assert run("reparse")[0] == 0
    assert run("reparse", "--all")[0] == 0
    assert run("reparse", "--failed")[0] == 0
    (tmp_path / "cut.pdf").write_bytes(UNREADABLE["cut.pdf"])
    assert run("ingest", str(tmp_path / "cut.pdf"))[0] == 1
    code, said = run("reparse", "--failed")
    assert code == 3
    assert f"refused: {tmp_path / 'cut.pdf'}: " in said
    code, said = run("reparse", "--failed", "--all")
    assert code == 2
    assert "exclude each other" in said
    (tmp_path / "data" / "store.db").write_bytes(b"no database at all" * 100)
    for rest in ("store.db-wal", "store.db-shm"):
        (tmp_path / "data" / rest).unlink(missing_ok=True)
    code, said = run("reparse")
    assert code == 1
    assert "store.db" in said


# -- a full disk


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("large.txt", NOTE + " " * 3_000_000, "blobs: File too large"),
        ("large.jsonl", records(9, 10, body="停水。" * 300_000), "the store cannot be written: "),
    ],
)
def test_a_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path, name: str, data: str, said: str) -> None:
    """The kernel refuses as it would on a full disk: no file may grow beyond 2 MB."""
    (tmp_path / "small.jsonl").write_text(records(0, 2), "utf-8")
    (tmp_path / name).write_text(data, "utf-8")
    folder = tmp_path / "data"
    assert gongkai(folder, "ingest", str(tmp_path / "small.jsonl")).returncode == 0
    refused = subprocess.run(
        [*COMMAND, "ingest", str(tmp_path / name), "--data", str(folder)],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2 << 20, 2 << 20)),
    )
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    assert live(folder) == {"y-0", "y-1"}
    assert [path for path in (folder / "blobs").rglob("*") if path.is_file()] == []
    assert gongkai(folder, "ingest", str(tmp_path / name)).returncode == 0  # there is room again
    assert len(live(folder)) == 3


# -- a second writer


def test_a_second_writer_of_the_store_is_told_so_whatever_its_data_folder(
    run: Run, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus.database, "BUSY_TIMEOUT_S", 0.05)
    monkeypatch.setenv("GONGKAI_STORE_URL", store_url)
    (tmp_path / "papers.jsonl").write_text(records(0, 2), "utf-8")
    with DocumentStore.open(store_url) as other:
        with other.writing():
            code, said = run("ingest", str(tmp_path / "papers.jsonl"))
        assert code == 1
        assert "another program has been writing to the store" in said
        assert other.counts()["live"] == 0
        assert run("ingest", str(tmp_path / "papers.jsonl"))[0] == 0
        assert other.counts()["live"] == 2


def test_a_second_writer_of_the_index_is_told_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "papers.jsonl").write_text(records(0, 2), "utf-8")
    assert run("ingest", str(tmp_path / "papers.jsonl"))[0] == 0
    (tmp_path / "data" / "index").mkdir()
    with FileLock(tmp_path / "data" / "index" / "writer.lock"):
        code, said = run("index")
    assert code == 1
    assert "another gongkai is writing the index" in said
    assert run("index")[0] == 0


# -- Ctrl-C


def interrupted(process: subprocess.Popen[str]) -> str:
    """Press Ctrl-C; gives what the command says."""
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Traceback" not in said
    return said


def test_ctrl_c_in_the_middle_of_ingest_keeps_what_was_committed(tmp_path: Path) -> None:
    folder, pipe = tmp_path / "data", tmp_path / "papers.jsonl"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [*COMMAND, "ingest", str(pipe), "--data", str(folder)], stderr=subprocess.PIPE, text=True
    )
    with pipe.open("w", encoding="utf-8") as papers:
        papers.write(records(0, 1_500))
        papers.flush()
        wait_until(lambda: (folder / "store.db").exists() and len(live(folder)) == 1_000, process)
        assert "what was committed is kept" in interrupted(process)
    assert live(folder) == {f"y-{number}" for number in range(1_000)}
    pipe.unlink()
    pipe.write_text(records(0, 1_500), "utf-8")
    again = gongkai(folder, "ingest", str(pipe), "--json")
    counted = json.loads(again.stdout)
    assert (again.returncode, counted["new"], counted["unchanged"]) == (0, 500, 1_000)


def test_ctrl_c_in_the_middle_of_index_leaves_the_live_index_and_no_lock(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (tmp_path / "first.jsonl").write_text(records(0, 10), "utf-8")
    (tmp_path / "rest.jsonl").write_text(records(10, 1_500, body="因管网检修，滨河路沿线停水。" * 30), "utf-8")
    assert gongkai(folder, "ingest", str(tmp_path / "first.jsonl")).returncode == 0
    assert gongkai(folder, "index").returncode == 0
    assert gongkai(folder, "ingest", str(tmp_path / "rest.jsonl")).returncode == 0
    before = set((folder / "index" / "000001").iterdir())
    process = subprocess.Popen([*COMMAND, "index", "--data", str(folder)], stderr=subprocess.PIPE, text=True)
    wait_until(lambda: set((folder / "index" / "000001").iterdir()) > before, process)
    time.sleep(0.1)
    assert "interrupted" in interrupted(process)
    assert json.loads(gongkai(folder, "search", "公告", "--json").stdout)["total"] == 10
    assert gongkai(folder, "index").returncode == 0
    assert json.loads(gongkai(folder, "search", "公告", "--json").stdout)["total"] == 1_500
