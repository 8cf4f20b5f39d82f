"""What the tests of the API share: the fictional district behind its real engine, index and store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from indexer.generations import IndexFolder
from indexer.upkeep import bring_up
from indexer.whoosh_engine import WhooshEngine
from tests.webapp.conftest import ReadingClient
from tests.webapp.world import World
from webapp.factory import create_app
from webapp.web_settings import WebSettings

PUBLIC = "https://www.yunxi.example.cn"


@pytest.fixture(scope="session")
def indexed(world: World) -> Iterator[WhooshEngine]:
    """The engine over an index of the district, with its phrasebook."""
    folder = IndexFolder(world.folder / "index")
    bring_up(world.store, folder)
    engine = WhooshEngine(folder)
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def api_app(world: World, indexed: WhooshEngine) -> Flask:
    app = create_app(indexed, world.store, world.blobs, WebSettings(place_name="云溪区", public_url=PUBLIC))
    app.test_client_class = ReadingClient
    return app


@pytest.fixture
def api(api_app: Flask) -> FlaskClient:
    return api_app.test_client()
