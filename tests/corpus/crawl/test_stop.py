"""What cuts a crawl off, and what it must not reach: the next call goes on, and nothing is lost or half-written."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from filelock import FileLock
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import dnscache

from corpus.blobs import BlobStore
from corpus.crawl import CrawlBusyError, CrawlError, Site, crawl
from corpus.crawl.frontier import Address
from corpus.crawl.hostguard import HostGuard
from corpus.crawl.refusal import Refusal
from corpus.crawl.scheduler import FrontierScheduler
from corpus.store import DocumentStore, sqlite_url
from tests.corpus.crawl.conftest import ROOT, SETTINGS, Crawl, reasons, site_at
from tests.corpus.crawl.server import Answer, TinyServer

PROGRAM = """
import json, sys
from pathlib import Path
from types import SimpleNamespace
from corpus.blobs import BlobStore
from corpus.crawl import Site, crawl
from corpus.store import DocumentStore, sqlite_url
from tests.corpus.crawl.conftest import SETTINGS
data = Path(sys.argv[1])
with DocumentStore.open(sqlite_url(data / "store.db")) as store:
    site = Site.model_validate_json(sys.argv[2])
    summary = crawl(site, store, BlobStore(data / "blobs"), data_dir=data, settings=SETTINGS)
    print(json.dumps(summary.to_dict()))
    sys.exit(summary.exit_code)
"""


def _start(data: Path, site: Site) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(data), site.model_dump_json()],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ask(guard: HostGuard, request: Request) -> None:
    """In a thread of its own: the browser tests leave an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(guard.process_request(request))).result()


def _wait_for_requests(server: TinyServer, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(server.requests) < count:
        assert time.monotonic() < deadline, "the crawler did not begin"
        time.sleep(0.02)


def _big_site(server: TinyServer, count: int = 40) -> None:
    paths = [f"/a{number}.html" for number in range(count)]
    server.links("/", *paths)
    for path in paths:
        server.article(path, f"文件{path}")


def test_ctrl_c_commits_what_is_in_flight_and_the_next_crawl_goes_on(server: TinyServer, tmp_path: Path) -> None:
    _big_site(server)
    server.delay_s = 0.1
    process = _start(tmp_path, site_at(server))
    _wait_for_requests(server, 12)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    stopped = json.loads(output)
    assert (stopped["outcome"], process.returncode) == ("stopped", 1)
    assert "continues" in stopped["message"]
    assert 0 < stopped["created"] < 40
    assert stopped["not_visited"] > 0

    first = [request.path for request in server.requests if request.status == 200]
    server.forget()
    server.delay_s = 0.0
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as store:
        assert store.counts()["live"] == stopped["created"]
        resumed = crawl(site_at(server), store, BlobStore(tmp_path / "blobs"), data_dir=tmp_path, settings=SETTINGS)
        assert store.counts()["live"] == 40
    assert (resumed.outcome, resumed.resumed, resumed.number, resumed.created) == ("finished", True, 1, 40)
    assert not set(first) & {request.path for request in server.requests}, "what was answered was committed"


def test_the_crawler_does_not_outlive_a_program_that_was_killed(server: TinyServer, tmp_path: Path) -> None:
    _big_site(server)
    server.delay_s = 0.1
    process = _start(tmp_path, site_at(server))
    _wait_for_requests(server, 8)
    process.kill()
    process.communicate()
    server.delay_s = 0.0
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as store:
        resumed = crawl(site_at(server), store, BlobStore(tmp_path / "blobs"), data_dir=tmp_path, settings=SETTINGS)
        assert store.counts()["live"] == 40
    assert (resumed.outcome, resumed.resumed) == ("finished", True)


def test_a_second_crawl_in_the_same_folder_is_refused(server: TinyServer, run_crawl: Crawl, tmp_path: Path) -> None:
    _big_site(server, 1)
    with FileLock(tmp_path / "crawl.lock"), pytest.raises(CrawlBusyError, match="another crawl works in"):
        run_crawl()
    assert not server.requests
    assert run_crawl().created == 1


def test_a_full_disk_ends_the_crawl_with_its_reason_and_loses_nothing(
    server: TinyServer, run_crawl: Crawl, store: DocumentStore, blobs: BlobStore
) -> None:
    _big_site(server, 5)
    blobs.folder.write_text("no folder: every write fails as on a full disk")
    with pytest.raises(CrawlError, match=r"cannot keep \d+ bytes.*run it again to continue"):
        run_crawl()
    assert store.counts()["live"] == 0
    blobs.folder.unlink()
    summary = run_crawl()
    assert (summary.created, summary.resumed) == (5, True)


def test_a_crawler_that_dies_without_a_word_is_reported(
    server: TinyServer, run_crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    _big_site(server, 1)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(CrawlError, match=r"exit code 1.*crawl-tiny\.log"):
        run_crawl()


def test_private_addresses_are_refused_unless_the_site_file_allows_them(server: TinyServer, run_crawl: Crawl) -> None:
    _big_site(server, 1)
    summary = run_crawl(allow_private=False)
    assert not server.requests
    assert (summary.outcome, summary.exit_code) == ("failed", 1)
    assert "private address 127.0.0.1" in reasons(summary, server)["/"]


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("203.0.112.9", ""),
        ("10.1.2.3", "private address 10.1.2.3"),
        ("169.254.169.254", "private address 169.254.169.254"),
        ("localhost", "private address 127.0.0.1"),
        ("[::1]", "private address ::1"),
    ],
)
def test_a_host_is_judged_by_the_address_that_is_connected_to(host: str, reason: str) -> None:
    site = Site.from_url(f"http://{host}/")
    guard = HostGuard(SimpleNamespace(spider=SimpleNamespace(site=site)))  # type: ignore[arg-type]
    request = Request(f"http://{host}/a.html")
    if not reason:
        _ask(guard, request)
        assert host not in dnscache or dnscache[host] == host
        return
    with pytest.raises(Refusal, match=reason):
        _ask(guard, request)


def test_a_name_that_cannot_be_resolved_is_not_connected_to_and_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[str | OSError] = [OSError("try again"), "10.1.2.3"]

    def resolve(_host: str) -> str:
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    monkeypatch.setattr("socket.gethostbyname", resolve)
    guard = HostGuard(SimpleNamespace(spider=SimpleNamespace(site=Site.from_url("http://a.gov.cn/"))))  # type: ignore[arg-type]
    request = Request("http://a.gov.cn/")
    with pytest.raises(CannotResolveHostError):
        _ask(guard, request)
    with pytest.raises(Refusal, match=r"private address 10\.1\.2\.3"):
        _ask(guard, request)


def test_a_host_that_the_site_file_does_not_name_is_refused() -> None:
    guard = HostGuard(SimpleNamespace(spider=SimpleNamespace(site=Site.from_url("http://a.gov.cn/"))))  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="not one of the site's hosts"):
        _ask(guard, Request("http://b.gov.cn/"))


def test_an_unreachable_robots_txt_forbids_everything(server: TinyServer, run_crawl: Crawl) -> None:
    _big_site(server, 1)
    server.pages["/robots.txt"] = Answer(status=503)
    summary = run_crawl()
    assert {request.path for request in server.requests} == {"/robots.txt"}
    assert reasons(summary, server)["/"] == "robots.txt cannot be read: HTTP 503"
    assert summary.exit_code == 1


def test_the_delay_that_robots_txt_asks_for_is_kept(server: TinyServer, run_crawl: Crawl) -> None:
    _big_site(server, 3)
    server.pages["/robots.txt"] = Answer(b"User-agent: *\nCrawl-delay: 0.4\n", content_type="text/plain")
    began = time.monotonic()
    assert run_crawl(settings=SETTINGS).created == 3
    # four pages and sitemap.xml after robots.txt
    assert time.monotonic() - began > 5 * 0.4


def test_a_server_that_finds_us_too_fast_is_asked_more_slowly(server: TinyServer, run_crawl: Crawl) -> None:
    _big_site(server, 2)
    answers = iter([Answer(status=429)])
    page = server.pages["/a0.html"]
    assert isinstance(page, Answer)
    asked: list[float] = []

    def answer(_request: object) -> Answer:
        asked.append(time.monotonic())
        return next(answers, page)

    server.pages["/a0.html"] = answer
    assert run_crawl(settings=replace(SETTINGS, concurrency=1)).created == 2
    assert asked[1] - asked[0] > 0.9


def test_a_store_that_cannot_be_asked_ends_the_crawl() -> None:
    def locked() -> list[Address]:
        raise OSError("the disk is full")

    told: list[Exception] = []
    recorder = SimpleNamespace(open=list, lease=locked, waiting=locked)
    scheduler = FrontierScheduler(1)
    scheduler.open(SimpleNamespace(recorder=recorder, stopping=False, fail=told.append))  # type: ignore[arg-type]
    assert scheduler.next_request() is None
    assert not scheduler.has_pending_requests()
    assert [str(error) for error in told] == ["the disk is full"] * 2


def test_a_second_ctrl_c_ends_at_once_and_the_store_is_whole(server: TinyServer, tmp_path: Path) -> None:
    _big_site(server)
    server.delay_s = 0.5
    process = _start(tmp_path, site_at(server))
    _wait_for_requests(server, 5)
    process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode in (1, -signal.SIGINT)
    server.delay_s = 0.0
    with DocumentStore.open(sqlite_url(tmp_path / "store.db")) as store:
        crawl(site_at(server), store, BlobStore(tmp_path / "blobs"), data_dir=tmp_path, settings=SETTINGS)
        assert store.counts()["live"] == 40
    assert [path.name for path in (tmp_path / "logs").iterdir()] == ["crawl-tiny.log"]
