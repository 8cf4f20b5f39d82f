"""What machines share is counted together, and each of them is as strict as one alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from corpus.errors import StoreError
from corpus.shared import SharedTables
from corpus.store import DocumentStore, sqlite_url
from tests.webapp.conftest import MakeClient
from tests.webapp.test_query_counts import Days, asked_on
from webapp.accounts.secrets import shared_signing_key
from webapp.api.rates import FileRates, Rates, TableRates
from webapp.query_counts import LEAST_DAYS, QueryCounts
from webapp.query_days import FolderDays, QueryDays, TableDays
from webapp.web_settings import WebSettings

pytestmark = pytest.mark.services


@pytest.fixture
def store(postgresql_url: str) -> Iterator[DocumentStore]:
    with DocumentStore.open(postgresql_url) as opened:
        yield opened


@pytest.fixture
def tables(store: DocumentStore) -> Iterator[SharedTables]:
    opened = SharedTables.beside(store.engine)
    assert opened is not None
    with closing(opened):
        yield opened


@pytest.fixture(params=["file", "table"])
def rates(request: pytest.FixtureRequest, tmp_path: Path) -> Rates:
    if request.param == "file":
        return FileRates(tmp_path / "rates", 1_000)
    return TableRates(request.getfixturevalue("tables"), 1_000)


@pytest.fixture(params=["folder", "table"])
def days(request: pytest.FixtureRequest, tmp_path: Path) -> QueryDays:
    if request.param == "folder":
        return FolderDays(tmp_path / "queries")
    return TableDays(request.getfixturevalue("tables"))


def test_requests_are_counted_over_threads_and_anew_each_window(rates: Rates) -> None:
    def ask() -> None:
        for _ in range(25):
            rates.count("203.0.113.7", 120.0)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = rates.count("203.0.113.7", 179.9)
    assert (last.limit, last.remaining, last.reset_s) == (1_000, 1_000 - 101, 1)
    assert rates.count("203.0.113.7", 180.0).remaining == 999
    assert rates.count("198.51.100.1", 180.0).remaining == 999


def test_a_machine_whose_clock_is_behind_counts_in_the_window_that_others_began(tables: SharedTables) -> None:
    ahead, behind = TableRates(tables, 10), TableRates(tables, 10)
    assert ahead.count("203.0.113.7", 180.0).remaining == 9
    counted = behind.count("203.0.113.7", 179.5)
    assert (counted.remaining, counted.reset_s) == (8, 61)
    assert ahead.count("203.0.113.7", 180.5).remaining == 7


def test_an_address_has_one_allowance_at_all_servers(
    make_client: MakeClient, tables: SharedTables, tmp_path: Path
) -> None:
    servers = [
        make_client(settings=WebSettings(shared_folder=tmp_path / name, rate_limit=3), shared=tables)
        for name in ("one", "two")
    ]
    answers = [servers[number % 2].get("/api/v1/status") for number in range(5)]
    if len({answer.headers["RateLimit-Remaining"] for answer in answers[:3]}) < 3:  # the minute ended on the way
        answers = [servers[number % 2].get("/api/v1/status") for number in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]


def test_without_the_database_everybody_is_answered_and_nobody_limited(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    away = SharedTables.at("postgresql+psycopg://gongkai@/none?host=/nowhere")
    client = make_client(settings=WebSettings(rate_limit=1, query_days=30), shared=away)
    assert [client.get("/api/v1/status").status_code for _ in range(3)] == [200, 200, 200]
    assert client.get("/search?q=低保").status_code == 200
    assert "are not limited" in caplog.text


def test_queries_of_a_day_are_counted_together_and_forgotten_in_time(days: QueryDays) -> None:
    first = date(2026, 3, 2)
    for number in range(3):
        for text in ("低保怎么申请", "低保怎么申请", "\ud800残"):
            days.add(text, first + timedelta(days=number))
    asked = {one.query: (one.days, one.times) for one in days.asked()}
    assert asked["低保怎么申请"] == (3, 6)
    assert set(asked) == {"低保怎么申请", "?残"}
    days.tidy(first + timedelta(days=1), first + timedelta(days=2))
    assert {one.query: (one.days, one.times) for one in days.asked()} == {"低保怎么申请": (1, 2), "?残": (1, 1)}


def test_what_one_server_counts_the_other_shows(tables: SharedTables) -> None:
    days = Days()
    asked_on(QueryCounts(TableDays(tables), 30, today=days), days, LEAST_DAYS, "低保怎么申请")
    other = QueryCounts(TableDays(tables), 30, today=days)
    assert other.popular(5) == ("低保怎么申请",)


def test_servers_have_one_signing_key_in_the_database_and_alone_a_file(
    store: DocumentStore, postgresql_url: str, tmp_path: Path
) -> None:
    key = shared_signing_key(store, tmp_path / "one")
    with DocumentStore.open(postgresql_url) as other:
        assert shared_signing_key(other, tmp_path / "two") == key
    assert not (tmp_path / "one").exists()
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as own:
        assert shared_signing_key(own, tmp_path / "data") == (tmp_path / "data" / "secret.key").read_text()


def test_what_is_counted_waits_for_no_disk_and_for_no_writer(tables: SharedTables, store: DocumentStore) -> None:
    with store.writing(), tables.using() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "off"
        assert TableRates(tables, 10).count("203.0.113.7", 0.0).remaining == 9


def test_tables_that_cannot_be_reached_are_the_houses_own_error() -> None:
    tables = SharedTables.at("postgresql+psycopg://gongkai@/none?host=/nowhere")
    with closing(tables), pytest.raises(StoreError, match="shared tables cannot be used"), tables.using():
        pass


def test_a_store_of_one_machine_shares_nothing(tmp_path: Path) -> None:
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as own:
        assert SharedTables.beside(own.engine) is None
