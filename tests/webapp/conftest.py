"""What the tests of the pages share: a fictional district, an application over it, and a reader of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from indexer.engine import SearchEngine
from tests.webapp.memory_engine import MemoryEngine
from tests.webapp.world import World, build_world
from webapp.factory import create_app
from webapp.web_settings import WebSettings

MakeClient: TypeAlias = Callable[..., FlaskClient]


class ReadingClient(FlaskClient):
    """A client that reads every answer to its end, as servers do, so that files are closed."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        return super().open(*args, **{"buffered": True, **kwargs})


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The district; nothing may change it."""
    built = build_world(tmp_path_factory.mktemp("world"))
    yield built
    built.store.close()


@pytest.fixture(scope="session")
def engine(world: World) -> MemoryEngine:
    return MemoryEngine(stored.document for stored in world.store.live_documents())


@pytest.fixture
def make_client(world: World, engine: MemoryEngine) -> MakeClient:
    """Makes a client of an application; with another engine or other settings where they are given."""

    def make(engine_: SearchEngine = engine, settings: WebSettings | None = None, **more: Any) -> FlaskClient:
        settings = settings or WebSettings(place_name="云溪区")
        app = create_app(engine_, world.store, world.blobs, settings, **more)
        app.test_client_class = ReadingClient
        return app.test_client()

    return make


@pytest.fixture
def client(make_client: MakeClient) -> FlaskClient:
    return make_client()


def read_page(response: TestResponse) -> BeautifulSoup:
    """The page in an answer; it must be HTML in UTF-8."""
    assert response.content_type == "text/html; charset=utf-8"
    return BeautifulSoup(response.get_data(as_text=True), "lxml")


def text_of(page: BeautifulSoup, selector: str) -> str:
    """The text of the one element that the selector finds, white space folded."""
    (element,) = page.select(selector)
    return " ".join(element.get_text().split())


def texts_of(page: BeautifulSoup, selector: str) -> list[str]:
    return [" ".join(element.get_text().split()) for element in page.select(selector)]
