"""`/healthz` when something below cannot answer."""

from __future__ import annotations

from indexer.errors import IndexMissingError
from tests.webapp.conftest import MakeClient
from tests.webapp.memory_engine import FailingEngine
from tests.webapp.world import World


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
