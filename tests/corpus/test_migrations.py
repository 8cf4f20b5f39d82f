"""Every store that a release made becomes one of today's, once; nothing else is touched."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect

import corpus.migrations
from corpus import database, tables
from corpus.errors import StoreError, StoreVersionError
from corpus.migrations import HEAD, revision_of
from corpus.store import DocumentStore
from tests.corpus.test_store import NOTICE, put
from webapp.accounts import tables as accounts

# What no revision but a later one than the first makes.
_LATER = ("crawl_hosts", "unwanted_blobs")


def before_revisions(url: str) -> None:
    """A store as it was made before there were revisions, with the staff area never opened."""
    engine = database.connect(url)
    with engine.connect().execution_options(gongkai_write=True) as connection, connection.begin():
        tables.metadata.create_all(connection, [one for one in tables.metadata.sorted_tables if one.name not in _LATER])
        rows = [{"name": "store_version", "value": 2}, {"name": "change", "value": 0}]
        connection.execute(tables.counters.insert(), rows)
    engine.dispose()


def set_row(url: str, statement: str) -> None:
    engine = database.connect(url)
    with engine.connect().execution_options(gongkai_write=True) as connection, connection.begin():
        connection.exec_driver_sql(statement)
    engine.dispose()


def differences(connection: Connection, definitions: list[MetaData]) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, definitions))  # type: ignore[arg-type]  # documented: a sequence will do


def test_the_revisions_make_what_the_definitions_say(store_url: str) -> None:
    with DocumentStore.open(store_url) as store, store.reading() as connection:
        assert differences(connection, [tables.metadata, accounts.metadata]) == []
        assert differences(connection, [tables.metadata]) != []


def test_the_last_revision_is_the_head() -> None:
    script = ScriptDirectory(str(Path(corpus.migrations.__file__).parent))
    assert script.get_heads() == [HEAD]
    assert len(list(script.walk_revisions())) == int(HEAD)


def test_a_store_from_before_revisions_keeps_its_documents_and_gets_what_is_missing(store_url: str) -> None:
    before_revisions(store_url)
    old = DocumentStore(database.connect(store_url))
    put(old, NOTICE)
    old.close()
    with DocumentStore.open(store_url) as store:
        stored = store.get("yunxi-1")
        assert stored is not None and stored.document == NOTICE
        assert store.last_change() == 1
        with store.reading() as connection:
            assert revision_of(connection) == HEAD
            assert differences(connection, [tables.metadata, accounts.metadata]) == []


def test_a_store_of_today_is_opened_without_a_writer(store_url: str) -> None:
    with DocumentStore.open(store_url) as store, store.writing(), DocumentStore.open(store_url) as other:
        assert other.counts()["live"] == 0


def test_a_store_that_a_newer_release_wrote_is_refused_and_left_alone(store_url: str) -> None:
    DocumentStore.open(store_url).close()
    set_row(store_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreVersionError, match=f"revision 9999, this gongkai knows revisions up to {HEAD}"):
        DocumentStore.open(store_url)
    set_row(store_url, f"UPDATE alembic_version SET version_num = '{HEAD}'")  # noqa: S608 (our own words)
    DocumentStore.open(store_url).close()


def test_a_store_from_before_the_first_release_is_refused(store_url: str) -> None:
    before_revisions(store_url)
    set_row(store_url, "UPDATE counters SET value = 1 WHERE name = 'store_version'")
    with pytest.raises(StoreVersionError, match="version 1"):
        DocumentStore.open(store_url)


def test_an_upgrade_that_fails_leaves_the_store_as_it_was(store_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before_revisions(store_url)
    run = corpus.migrations._run

    def run_and_fail(connection: Connection, revision: str | None) -> None:
        run(connection, revision)
        connection.exec_driver_sql("SELECT * FROM no_such_table")

    monkeypatch.setattr(corpus.migrations, "_run", run_and_fail)
    with pytest.raises(StoreError, match="cannot open the store"):
        DocumentStore.open(store_url)
    monkeypatch.undo()
    engine = database.connect(store_url)
    with engine.connect() as connection:
        assert "staff_users" not in inspect(connection).get_table_names()
    engine.dispose()
    DocumentStore.open(store_url).close()


def test_processes_that_start_at_once_upgrade_once(store_url: str) -> None:
    before_revisions(store_url)
    program = "import sys; from corpus.store import DocumentStore; DocumentStore.open(sys.argv[1]).close()"
    started = [
        subprocess.Popen([sys.executable, "-c", program, store_url], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert [(process.communicate()[1], process.returncode) for process in started] == [("", 0)] * 4
    with DocumentStore.open(store_url) as store, store.reading() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").all() == [(HEAD,)]
