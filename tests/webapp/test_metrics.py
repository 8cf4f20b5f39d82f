"""`/metrics`: who may see it, and that it counts over all workers."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from corpus.blobs import BlobStore
from corpus.store import DocumentStore
from indexer.errors import IndexMissingError
from tests.webapp.conftest import MakeClient
from tests.webapp.memory_engine import FailingEngine, MemoryEngine
from tests.webapp.world import World
from webapp.factory import create_app
from webapp.request_counts import BUCKETS, RequestCounts
from webapp.settings import Settings
from webapp.web_settings import WebSettings
from webapp.workspace import Workspace

_LINE = re.compile(
    r'# (HELP|TYPE) [a-z_]+ .+|(?P<name>[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})?) (?P<value>[0-9.+e-]+)'
)


def read(client: FlaskClient) -> dict[str, float]:
    """Every sample; each line must be one of the text format."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.content_type == "text/plain; version=0.0.4; charset=utf-8"
    lines = [_LINE.fullmatch(line) for line in response.get_data(as_text=True).splitlines()]
    assert all(lines)
    samples = [line for line in lines if line and line["name"]]
    assert len({line["name"] for line in samples}) == len(samples)
    return {line["name"]: float(line["value"]) for line in samples}


def test_it_counts_what_is_kept_and_what_can_be_found(client: FlaskClient, world: World) -> None:
    found, counts = read(client), world.store.counts()
    for state in ("live", "gone", "withdrawn"):
        assert found[f'gongkai_documents{{state="{state}"}}'] == counts[state]
    assert found["gongkai_index_up"] == 1
    assert found["gongkai_index_documents"] == counts["live"]
    assert found["gongkai_crawl_queue"] == 0
    assert "gongkai_crawl_finished_timestamp_seconds" not in found
    assert found["gongkai_store_changed_timestamp_seconds"] > 1.7e9


def test_without_an_index_it_still_tells_of_the_store(make_client: MakeClient) -> None:
    found = read(make_client(FailingEngine(IndexMissingError("none"))))
    assert found["gongkai_index_up"] == 0
    assert "gongkai_index_documents" not in found
    assert found['gongkai_documents{state="live"}'] > 0


def test_it_says_when_the_index_was_brought_up(store: DocumentStore, blobs: BlobStore) -> None:
    moment = datetime(2026, 11, 24, 8, tzinfo=UTC)
    app = create_app(MemoryEngine([]), store, blobs, WebSettings(), as_of=lambda: moment)
    assert read(app.test_client())["gongkai_index_as_of_timestamp_seconds"] == moment.timestamp()


def test_requests_are_counted_over_all_workers(make_client: MakeClient, tmp_path: Path) -> None:
    settings = WebSettings(shared_folder=tmp_path / "shared")
    workers = [make_client(settings=settings) for _ in range(2)]
    for worker in workers:
        worker.get("/search?q=低保")
        worker.get("/search?page=x")
        worker.get("/没有这一页")
    found = read(workers[0])
    name = "gongkai_http_request_duration_seconds"
    assert found[f'{name}_count{{endpoint="search.page",status="2xx"}}'] == 2
    assert found[f'{name}_count{{endpoint="search.page",status="4xx"}}'] == 2
    assert found[f'{name}_count{{endpoint="none",status="4xx"}}'] == 2
    assert found[f'{name}_bucket{{endpoint="search.page",status="2xx",le="+Inf"}}'] == 2
    assert found[f'{name}_sum{{endpoint="search.page",status="2xx"}}'] > 0
    assert read(workers[1])[f'{name}_count{{endpoint="metrics.metrics",status="2xx"}}'] == 1
    assert "低保" not in "".join(map(str, found))


def test_no_count_is_lost_between_threads(tmp_path: Path) -> None:
    counts = [RequestCounts(tmp_path, ["home.page", "search.page"]) for _ in range(4)]

    def add(one: RequestCounts) -> None:
        for number in range(100):
            one.add("search.page", 200, (0.001, 0.005, 20.0)[number % 3])

    threads = [threading.Thread(target=add, args=(one,)) for one in counts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (found,) = counts[0].histograms()
    assert (found.endpoint, found.status) == ("search.page", 2)
    assert (found.counts[0], found.counts[-1], sum(found.counts)) == (268, 132, 400)
    assert found.seconds == pytest.approx(4 * (34 * 0.001 + 33 * 0.005 + 33 * 20.0))
    assert len(found.counts) == len(BUCKETS) + 1


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.7", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.7"}, 403),
        ("203.0.113.7", {"Authorization": "Bearer right"}, 200),
        ("127.0.0.1", {"Authorization": "Bearer wrong"}, 403),
        ("", {}, 403),
    ],
)
def test_only_this_machine_or_the_token_sees_it(
    make_client: MakeClient, address: str, headers: dict[str, str], status: int
) -> None:
    client = make_client(settings=WebSettings(metrics_token="right"))
    assert client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}).status_code == status


def test_without_a_token_in_the_settings_none_opens_it(client: FlaskClient) -> None:
    response = client.get("/metrics", headers={"Authorization": "Bearer "}, environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert response.status_code == 403


def test_the_operators_settings_reach_the_pages(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, metrics_token="right", cors_origins=("https://a.example",), rate_limit=7)
    web = Workspace(settings).web
    assert web.shared_folder == tmp_path / "shared"
    assert (web.metrics_token, web.cors_origins, web.rate_limit) == ("right", ("https://a.example",), 7)
