"""A running sample portal, and a client that follows nothing and raises nothing by itself."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from corpus.sample import SamplePortal
from corpus.sample.files.prerender import FONT


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


class Client:
    def __init__(self, base: str) -> None:
        self.base = base

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.base).netloc, timeout=10)
        try:
            connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()


@pytest.fixture
def chinese_font() -> str:
    """The font that the portal's pictures are drawn with; the test is skipped where it is not installed."""
    if not Path(FONT).exists():
        pytest.skip(f"no {FONT}; apt-get install fonts-noto-cjk")
    return FONT


@pytest.fixture
def portal() -> Iterator[SamplePortal]:
    with SamplePortal() as running:
        yield running


@pytest.fixture
def client(portal: SamplePortal) -> Client:
    return Client(portal.url)
