"""A lock is one's alone, and who dies lets it go."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy

from corpus import database
from corpus.errors import LockHeldError, LockLostError
from corpus.locks import DatabaseLocks, FolderLocks, Locks, locks_of
from tests.test_kill import ROOT

_HOLD = """
import sys, time
from pathlib import Path
from corpus import database
from corpus.locks import locks_of
with locks_of(database.connect(sys.argv[1]), Path(sys.argv[2])).held("writer"):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def locks(store_url: str, tmp_path: Path) -> Locks:
    return locks_of(database.connect(store_url), tmp_path / "locks")


@pytest.mark.services
def test_the_store_says_where_its_locks_are(postgresql_url: str, tmp_path: Path) -> None:
    assert isinstance(locks_of(database.connect(f"sqlite:///{tmp_path}/store.db"), tmp_path), FolderLocks)
    assert isinstance(locks_of(database.connect(postgresql_url), tmp_path), DatabaseLocks)


def test_one_holds_a_lock_and_another_one_of_the_same_name_is_refused(locks: Locks) -> None:
    with locks.held("writer") as mine:
        mine.assure()
        with pytest.raises(LockHeldError, match="'writer'"), locks.held("writer"):
            pass
        with locks.held("other"):
            pass
    with locks.held("writer"):
        pass


def test_a_lock_is_waited_for_as_long_as_it_is_said(locks: Locks) -> None:
    with locks.held("writer"):
        began = time.monotonic()
        with pytest.raises(LockHeldError), locks.held("writer", patience_s=0.3):
            pass
        assert time.monotonic() - began >= 0.3


def test_a_holder_that_is_killed_lets_go(store_url: str, locks: Locks, tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, store_url, str(tmp_path / "locks")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(LockHeldError), locks.held("writer"):
        pass
    holder.kill()
    holder.communicate()
    with locks.held("writer", patience_s=30):
        pass


@pytest.mark.services
def test_a_holder_whose_connection_was_cut_knows_it(postgresql_url: str, tmp_path: Path) -> None:
    locks = locks_of(database.connect(postgresql_url), tmp_path)
    with locks.held("writer") as mine:
        mine.assure()
        server = sqlalchemy.create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            )
        server.dispose()
        with pytest.raises(LockLostError, match="run it again"):
            mine.assure()
        with locks.held("writer"):
            pass


@pytest.mark.services
def test_locks_of_two_spaces_are_apart(postgresql_url: str) -> None:
    with DatabaseLocks(postgresql_url, "one").held("writer"), DatabaseLocks(postgresql_url, "two").held("writer"):
        pass
