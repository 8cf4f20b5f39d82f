"""Several crawlers at one frontier, in PostgreSQL: each address is fetched once, whoever dies."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import select, update

from corpus.blobs import BlobStore
from corpus.crawl import CrawlError, Site, crawl, crawl_history, is_crawled_elsewhere
from corpus.crawl.claims import HostClaims
from corpus.crawl.frontier import Frontier, NewAddress
from corpus.crawl.outcomes import Role
from corpus.crawl.runs import Run, begin
from corpus.shared import SharedTables
from corpus.store import DocumentStore
from corpus.tables import crawl_hosts
from tests.corpus.crawl.conftest import SETTINGS, site_at
from tests.corpus.crawl.server import TinyServer
from tests.test_kill import ROOT, kill_with_children

pytestmark = pytest.mark.services

PAGES = 15

PROGRAM = """
import json, sys
from dataclasses import replace
from pathlib import Path
from corpus.blobs import BlobStore
from corpus.crawl import Site, crawl
from corpus.store import DocumentStore
from tests.corpus.crawl.conftest import SETTINGS
url, data, site = sys.argv[1], Path(sys.argv[2]), Site.model_validate_json(sys.argv[3])
with DocumentStore.open(url) as store:
    settings = replace(SETTINGS, concurrency=1, lease_s=3.0)
    summary = crawl(site, store, BlobStore(data.parent / "blobs"), data_dir=data, settings=settings)
    print(json.dumps(summary.to_dict()))
"""


@pytest.fixture
def store(postgresql_url: str) -> Iterator[DocumentStore]:
    with DocumentStore.open(postgresql_url) as opened:
        yield opened


@pytest.fixture
def servers() -> Iterator[tuple[TinyServer, TinyServer]]:
    """Two hosts of one site; the first page of the first one names all pages of both."""
    with ExitStack() as stack:
        first, second = (stack.enter_context(TinyServer()) for _ in range(2))
        links = []
        for server in (first, second):
            for number in range(PAGES):
                server.article(f"/a{number}.html", f"文件{server.host}第{number}号")
                links.append(f"{server.url}/a{number}.html")
            server.delay_s = 1.5  # until each crawler has a host; one that waits looks every 5 s
        first.links("/", *links)
        yield first, second


def shared_site(servers: tuple[TinyServer, TinyServer]) -> Site:
    return site_at(servers[0], hosts=[server.host for server in servers])


def start(url: str, data: Path, site: Site) -> subprocess.Popen[str]:
    data.mkdir()
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, url, str(data), site.model_dump_json()],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def wait_for_pages(server: TinyServer, count: int) -> None:
    deadline = time.monotonic() + 120
    while sum(request.path.startswith("/a") for request in server.requests) < count:
        assert time.monotonic() < deadline, "nobody asks"
        time.sleep(0.02)


def hurry(servers: tuple[TinyServer, TinyServer]) -> None:
    for server in servers:
        server.delay_s = 0.0


def fetched(servers: tuple[TinyServer, TinyServer]) -> Counter[str]:
    return Counter(
        f"{server.url}{request.path}"
        for server in servers
        for request in server.requests
        if request.path != "/robots.txt"  # each crawler reads the rules of each host that it asks
    )


def test_two_crawlers_share_a_site_and_fetch_every_address_once(
    servers: tuple[TinyServer, TinyServer], store: DocumentStore, postgresql_url: str, tmp_path: Path
) -> None:
    site = shared_site(servers)
    crawlers = [start(postgresql_url, tmp_path / name, site) for name in ("one", "two")]
    wait_for_pages(servers[1], 2)
    hurry(servers)
    summaries = [json.loads(process.communicate(timeout=240)[0]) for process in crawlers]
    assert [(one["outcome"], one["created"], one["number"]) for one in summaries] == [("finished", 2 * PAGES, 1)] * 2
    assert set(fetched(servers).values()) == {1}
    assert store.counts()["live"] == 2 * PAGES
    recorded = [round(one["pages_per_s"] * one["seconds"]) for one in summaries]
    assert min(recorded) > 0, "both had something to do"
    assert abs(sum(recorded) - (2 * PAGES + 2)) <= 1  # the first page and the sitemap that is guessed; rounded
    assert [record.outcome for record in crawl_history(store)] == ["finished"], "it is judged once"


def test_a_crawler_finishes_what_a_killed_one_has_left(
    servers: tuple[TinyServer, TinyServer], store: DocumentStore, postgresql_url: str, tmp_path: Path
) -> None:
    site = shared_site(servers)
    doomed = start(postgresql_url, tmp_path / "one", site)
    wait_for_pages(servers[0], 1)
    other = start(postgresql_url, tmp_path / "two", site)
    wait_for_pages(servers[1], 2)  # each has a host now
    kill_with_children(doomed)
    hurry(servers)
    summary = json.loads(other.communicate(timeout=240)[0])
    assert doomed.stdout is not None
    doomed.stdout.close()
    assert (summary["outcome"], summary["created"], summary["not_visited"]) == ("finished", 2 * PAGES, 0)
    assert store.counts()["live"] == 2 * PAGES
    counted = fetched(servers)
    assert len(counted) == 2 * PAGES + 2  # the first page and the sitemap that is guessed
    assert sum(counted.values()) <= len(counted) + 1, "but for what the dead one was fetching"


@pytest.fixture
def run(store: DocumentStore) -> Run:
    """A crawl of 20 pages at each of two hosts."""
    site = Site.model_validate(
        {"id": "two", "start_urls": ["http://a.gov.cn/"], "hosts": ["a.gov.cn", "b.gov.cn"], "sitemaps": []}
    )
    with store.writing() as writer:
        run = begin(writer, site, alone=False)
        pages = [
            NewAddress(role=Role.PAGE, url=f"http://{host}/{number}.html")
            for host in ("a.gov.cn", "b.gov.cn")
            for number in range(20)
        ]
        Frontier(writer.connection, site.id, run.number).add(pages)
    return run


class MakeClaims(Protocol):
    def __call__(self, *, most: int, lease_s: float = 60.0, delay_s: float = 0.0) -> HostClaims: ...


@pytest.fixture
def tables(store: DocumentStore) -> Iterator[SharedTables]:
    opened = SharedTables.beside(store.engine)
    assert opened is not None
    with closing(opened):
        yield opened


@pytest.fixture
def claims(tables: SharedTables) -> MakeClaims:
    def make(*, most: int, lease_s: float = 60.0, delay_s: float = 0.0) -> HostClaims:
        return HostClaims(tables, most=most, lease_s=lease_s, delay_s=delay_s)

    return make


def lease(store: DocumentStore, run: Run, claims: HostClaims, limit: int, pages: int = 1_000) -> list[str]:
    with store.writing() as writer:
        return [one.url for one in Frontier(writer.connection, run.site, run.number, claims).lease(limit, pages=pages)]


def hosts(urls: list[str]) -> set[str]:
    return {url.split("/")[2] for url in urls}


def test_a_host_is_one_crawlers_alone_until_it_lets_it_go(store: DocumentStore, run: Run, claims: MakeClaims) -> None:
    one, two, three = (claims(most=1) for _ in range(3))
    first, second = lease(store, run, one, 8), lease(store, run, two, 8)
    assert len(first) == len(second) == 8
    assert (hosts(first), hosts(second)) == ({"a.gov.cn"}, {"b.gov.cn"})
    assert lease(store, run, three, 8) == []
    one.leave()
    taken_over = lease(store, run, three, 100)
    assert hosts(taken_over) == {"a.gov.cn"}
    assert set(first) < set(taken_over), "what it had taken is free again"
    with store.reading() as connection:
        frontier = Frontier(connection, run.site, run.number, one)
        assert frontier.waiting(taken=True) == 42  # 40, the first page and the sitemap that is guessed


def test_a_crawler_with_room_asks_its_hosts_in_turn(store: DocumentStore, run: Run, claims: MakeClaims) -> None:
    taken = lease(store, run, claims(most=4), 6)
    assert hosts(taken) == {"a.gov.cn", "b.gov.cn"}
    assert sorted(url.split("/")[2] for url in taken) == ["a.gov.cn"] * 3 + ["b.gov.cn"] * 3


def test_the_pause_between_two_requests_holds_for_the_next_crawler(
    store: DocumentStore, run: Run, claims: MakeClaims
) -> None:
    one, two = claims(most=2, delay_s=3600.0), claims(most=2)
    assert lease(store, run, one, 4)
    one.leave()
    assert lease(store, run, two, 4) == []


def test_what_a_dead_crawler_has_taken_counts_for_no_page_limit(
    store: DocumentStore, run: Run, claims: MakeClaims
) -> None:
    assert len(lease(store, run, claims(most=1, lease_s=0.0), 8, pages=8)) == 8
    assert len(lease(store, run, claims(most=1), 8, pages=8)) == 8


def test_a_crawler_whose_claim_has_passed_to_another_keeps_nothing_and_stops(
    servers: tuple[TinyServer, TinyServer], store: DocumentStore, tmp_path: Path
) -> None:
    def rob(_done: int, _queued: int, _url: str) -> None:
        with store.writing() as writer:
            writer.connection.execute(update(crawl_hosts).values(holder="somebody else"))

    with pytest.raises(CrawlError, match="another crawler has it now"):
        crawl(
            shared_site(servers),
            store,
            BlobStore(tmp_path / "blobs"),
            data_dir=tmp_path,
            settings=SETTINGS,
            on_progress=rob,
        )
    assert max(fetched(servers).values()) == 1


def test_sites_that_others_crawl_are_known(
    store: DocumentStore, run: Run, claims: MakeClaims, tables: SharedTables
) -> None:
    site = Site.model_validate({"id": "two", "start_urls": ["http://a.gov.cn/", "http://b.gov.cn/"]})
    assert not is_crawled_elsewhere(tables, site)
    one = claims(most=2)
    lease(store, run, one, 4)
    assert is_crawled_elsewhere(tables, site)
    one.leave()
    assert not is_crawled_elsewhere(tables, site)
    with store.reading() as connection:
        assert connection.execute(select(crawl_hosts)).all() == [], "who leaves clears away what is free"
