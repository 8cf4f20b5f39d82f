"""`/healthz` when something below cannot answer."""

from __future__ import annotations

import pytest

from corpus.blobs import BlobStore
from corpus.store import DocumentStore
from indexer.errors import IndexMissingError
from tests.webapp.conftest import MakeClient
from tests.webapp.memory_engine import FailingEngine, MemoryEngine
from tests.webapp.world import World
from webapp.factory import create_app
from webapp.web_settings import WebSettings


def test_a_missing_index_is_unavailable_and_says_why(make_client: MakeClient, world: World) -> None:
    engine = FailingEngine(IndexMissingError("nothing is indexed yet; run `gongkai index`"))
    response = make_client(engine).get("/healthz")
    assert response.status_code == 503
    assert response.get_json() == {
        "status": "unavailable",
        "part": "index",
        "reason": "nothing is indexed yet; run `gongkai index`",
        "stored": world.store.counts()["live"],
    }


def test_a_store_that_cannot_be_read_is_unavailable(
    store: DocumentStore, blobs: BlobStore, caplog: pytest.LogCaptureFixture
) -> None:
    client = create_app(MemoryEngine([]), store, blobs, WebSettings()).test_client()
    with store.writing() as writer:
        writer.connection.exec_driver_sql("DROP TABLE failures")
    response = client.get("/healthz")
    assert response.status_code == 503
    body = response.get_json()
    assert (body["status"], body["part"]) == ("unavailable", "store")
    assert "failures" in body["reason"]
    assert "SELECT" not in body["reason"]
    assert "cannot answer" in caplog.text
