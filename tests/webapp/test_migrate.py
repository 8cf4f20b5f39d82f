"""A district's store moves into another database, its originals to object storage, and back: all of it or nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from sqlalchemy import create_engine, inspect, select

from corpus.blobs import BlobStore, open_blobs
from corpus.crawl.runs import begin
from corpus.crawl.site import Site
from corpus.errors import StoreError
from corpus.store import DocumentStore, sqlite_url
from corpus.tables import crawl_hosts, crawls
from corpus.transfer import migrate
from tests.webapp.filled_store import DOCUMENTS, everything, fill
from tests.webapp.test_cli import gongkai
from webapp.cli import main
from webapp.tables import ALL_TABLES

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run the command line in this process: exit code, stdout, stderr."""

    def run_it(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["gongkai", *arguments, "--data", str(tmp_path / "data")])
        with pytest.raises(SystemExit) as ended:
            main()
        return (int(ended.value.code or 0), *capsys.readouterr())

    return run_it


@pytest.fixture
def district(tmp_path: Path) -> DocumentStore:
    """The store of a data folder with rows in every table."""
    (tmp_path / "data").mkdir()
    store = DocumentStore.open(sqlite_url(tmp_path / "data" / "store.db"))
    fill(store, BlobStore(tmp_path / "data" / "blobs"))
    return store


def progress(*_: int) -> None:
    """Nobody looks."""


def test_the_tables_that_move_are_those_that_there_are(store: DocumentStore) -> None:
    with store.reading() as connection:
        there = set(inspect(connection).get_table_names()) - {"alembic_version"}
    assert {table.name for table in ALL_TABLES} == there


@pytest.mark.services
def test_a_store_moves_to_postgresql_and_back_row_for_row(
    district: DocumentStore, postgresql_url: str, tmp_path: Path
) -> None:
    before = everything(district)
    assert all(before.values())
    with DocumentStore.open(postgresql_url) as there:
        moved = migrate(district, there, ALL_TABLES, progress)
        assert everything(there) == before
        assert {item.table: (item.source, item.target) for item in moved} == {
            name: (len(rows), len(rows)) for name, rows in before.items()
        }
        with DocumentStore.open(sqlite_url(tmp_path / "back.db")) as back:
            migrate(there, back, ALL_TABLES, progress)
            assert everything(back) == before
    assert everything(district) == before
    district.close()


@pytest.mark.services
def test_what_is_new_gets_numbers_of_its_own_after_a_move(district: DocumentStore, postgresql_url: str) -> None:
    with DocumentStore.open(postgresql_url) as there:
        migrate(district, there, ALL_TABLES, progress)
        with there.writing() as writer:
            crawl = begin(writer, Site.from_url("http://www.example.gov.cn/"))
        last = max(number for (number, *_) in everything(district)["crawls"])  # type: ignore[type-var]
        with there.reading() as connection:
            assert connection.scalars(select(crawls.c.number).order_by(crawls.c.number)).all()[-1] == crawl.number
        assert isinstance(last, int) and crawl.number == last + 1
    with DocumentStore.open(postgresql_url) as there, there.writing() as writer:
        change = there.last_change()
        writer.mark_gone(["yunxi-1"])
    with DocumentStore.open(postgresql_url) as there:
        assert [(item.number, item.document_id) for item in there.changes(change, 10)] == [(change + 1, "yunxi-1")]
    district.close()


def test_a_store_that_is_in_use_is_not_written_over(district: DocumentStore, tmp_path: Path) -> None:
    with DocumentStore.open(sqlite_url(tmp_path / "other.db")) as other:
        migrate(district, other, ALL_TABLES, progress)
        with pytest.raises(StoreError, match=r"other\.db is not empty \(rows in \w+: \d+\)"):
            migrate(district, other, ALL_TABLES, progress)
    with pytest.raises(StoreError, match="the one to move from"):
        migrate(district, district, ALL_TABLES, progress)
    district.close()


def test_a_move_that_breaks_off_leaves_an_empty_store(district: DocumentStore, store_url: str) -> None:
    def broken(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    if "store.db" in store_url:
        store_url = store_url.replace("store.db", "target.db")
    with DocumentStore.open(store_url) as there:
        with pytest.raises(KeyboardInterrupt):
            migrate(district, there, ALL_TABLES, broken)
        assert [name for name, rows in everything(there).items() if rows] == ["counters"]
        migrate(district, there, ALL_TABLES, progress)
        assert everything(there) == everything(district)
    district.close()


@pytest.mark.services
def test_what_web_servers_count_meanwhile_does_not_disturb_a_move(
    district: DocumentStore, postgresql_url: str, tmp_path: Path
) -> None:
    with DocumentStore.open(postgresql_url) as there, DocumentStore.open(sqlite_url(tmp_path / "back.db")) as back:
        migrate(district, there, ALL_TABLES, progress)
        before = everything(there)
        server = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")  # waits for no writer
        with server.connect() as connection:

            def count(*_: int) -> None:
                connection.exec_driver_sql("DELETE FROM query_counts")

            migrate(there, back, ALL_TABLES, count)
        server.dispose()
        assert everything(back) == before
        assert everything(there)["query_counts"] == []
    district.close()


def test_rows_that_do_not_arrive_are_noticed(district: DocumentStore, tmp_path: Path) -> None:
    with DocumentStore.open(sqlite_url(tmp_path / "other.db")) as there:
        with there.writing() as writer:
            writer.connection.exec_driver_sql(
                "CREATE TRIGGER lossy AFTER INSERT ON files BEGIN DELETE FROM files WHERE url = NEW.url; END"
            )
        with pytest.raises(StoreError, match=r"not every row arrived \(files: 1 and 0\); nothing was kept"):
            migrate(district, there, ALL_TABLES, progress)
        assert there.counts()["live"] == 0
    district.close()


@pytest.mark.services
def test_the_command_moves_store_and_originals_and_says_what_is_next(
    run: Run, district: DocumentStore, postgresql_url: str, s3_url: str, tmp_path: Path
) -> None:
    code, out, said = run("migrate", "--to", postgresql_url, "--blobs-to", s3_url)
    assert (code, said.count("now set")) == (0, 2), said
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in out.splitlines() if "│" in line]
    assert ["documents", str(DOCUMENTS), str(DOCUMENTS)] in rows and ["originals", "21", "21"] in rows
    assert set(open_blobs(s3_url).names()) == district.blob_names()
    with DocumentStore.open(postgresql_url) as there:
        assert everything(there) == everything(district)
    district.close()
    code, _, said = run("migrate", "--to", postgresql_url)
    assert (code, "is not empty" in said) == (1, True)
    # And back: with the settings of the cluster, into files again.
    environment = {"GONGKAI_STORE_URL": postgresql_url, "GONGKAI_BLOBS_URL": s3_url}
    with pytest.MonkeyPatch.context() as cluster:
        for name, value in environment.items():
            cluster.setenv(name, value)
        code, _, said = run("migrate", "--to", sqlite_url(tmp_path / "back.db"), "--blobs-to", str(tmp_path / "back"))
    assert code == 0, said
    assert set(BlobStore(tmp_path / "back").names()) == set(BlobStore(tmp_path / "data" / "blobs").names())


def test_originals_that_are_lost_are_listed_and_the_rest_moves(
    run: Run, district: DocumentStore, tmp_path: Path
) -> None:
    blobs = BlobStore(tmp_path / "data" / "blobs")
    gone, damaged = sorted(district.blob_names())[:2]
    blobs.delete(gone)
    blobs.path(damaged).write_bytes(b"other")
    district.close()
    code, _, said = run("migrate", "--blobs-to", str(tmp_path / "there"))
    assert code == 3
    assert f"refused: {gone}: no original with SHA-256" in said
    assert f"{damaged} is damaged" in said
    assert len(list(BlobStore(tmp_path / "there").names())) == 19
    blobs.delete(damaged)


@pytest.mark.parametrize(("lock", "who"), [("crawl.lock", "a crawl"), ("index/writer.lock", "gongkai index")])
def test_nothing_moves_while_it_is_being_changed(
    run: Run, district: DocumentStore, tmp_path: Path, lock: str, who: str
) -> None:
    district.close()
    (tmp_path / "data" / "index").mkdir()
    with FileLock(tmp_path / "data" / lock):
        code, _, said = run("migrate", "--to", sqlite_url(tmp_path / "other.db"))
    assert (code, f"{who} is running" in said) == (1, True)


@pytest.mark.services
def test_a_store_that_crawlers_share_does_not_move_under_them(
    district: DocumentStore, postgresql_url: str, tmp_path: Path
) -> None:
    with DocumentStore.open(postgresql_url) as there:
        migrate(district, there, ALL_TABLES, progress)
        with there.writing() as writer:
            claim = {"host": "www.example.gov.cn", "holder": "one of them", "until_s": time.time() + 60}
            writer.connection.execute(crawl_hosts.insert(), [claim])
        with DocumentStore.open(sqlite_url(tmp_path / "back.db")) as back:
            with pytest.raises(StoreError, match=r"a crawl is running \(at www\.example\.gov\.cn\)"):
                migrate(there, back, ALL_TABLES, progress)
            with there.writing() as writer:  # it died, and its claim ended
                writer.connection.execute(crawl_hosts.update().values(until_s=time.time() - 1))
            migrate(there, back, ALL_TABLES, progress)
    district.close()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "--to URL, --blobs-to URL, or both"),
        (["--to", "mysql://localhost/x"], 1, "must begin with sqlite:/// or postgresql+psycopg://"),
        (["--to", "postgresql+psycopg://gongkai@127.0.0.1:9/x"], 1, "cannot open the store"),
        (["--to", "sqlite:////no/such/folder/store.db"], 1, "unable to open database file"),
        (["--blobs-to", "ftp://host/blobs"], 1, "s3://bucket/prefix or a folder"),
        (["--blobs-to", "/proc/no-such-folder"], 1, "cannot keep"),
    ],
)
def test_where_nothing_can_move_to_is_one_sentence(
    run: Run, district: DocumentStore, arguments: list[str], code: int, words: str
) -> None:
    district.close()
    ended, _, said = run("migrate", *arguments)
    assert (ended, words in said, "Traceback" in said) == (code, True, False), said


@pytest.mark.services
def test_a_database_that_may_not_be_written_is_one_sentence(
    run: Run, district: DocumentStore, postgresql_url: str
) -> None:
    district.close()
    server = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql("DROP ROLE IF EXISTS guest")
        connection.exec_driver_sql("CREATE ROLE guest LOGIN")
        code, _, said = run("migrate", "--to", postgresql_url.replace("gongkai@", "guest@"))
        connection.exec_driver_sql("DROP ROLE guest")
    server.dispose()
    assert (code, said.count("\n"), "cannot open the store" in said) == (1, 1, True), said


@pytest.mark.services
def test_a_killed_move_is_run_again(district: DocumentStore, postgresql_url: str, tmp_path: Path) -> None:
    before = everything(district)
    program = (
        "import os, signal, sys; from corpus.store import DocumentStore; from corpus.transfer import migrate;"
        "from webapp.tables import ALL_TABLES;"
        "migrate(DocumentStore.open(sys.argv[1]), DocumentStore.open(sys.argv[2]), ALL_TABLES,"
        " lambda done, total: os.kill(os.getpid(), signal.SIGKILL) if done > 600 else None)"
    )
    source = sqlite_url(tmp_path / "data" / "store.db")
    killed = subprocess.run([sys.executable, "-c", program, source, postgresql_url], check=False)
    assert killed.returncode == -signal.SIGKILL
    again = gongkai(tmp_path / "data", "migrate", "--to", postgresql_url)
    assert again.returncode == 0, again.stderr
    with DocumentStore.open(postgresql_url) as there:
        assert everything(there) == before
    district.close()
