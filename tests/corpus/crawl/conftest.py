"""A crawl of a tiny site, in one call."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import pytest

from corpus.blobs import BlobStore
from corpus.crawl import CrawlSettings, CrawlSummary, OnProgress, Site, crawl, document_id_for
from corpus.models import Document
from corpus.store import DocumentStore, sqlite_url
from tests.corpus.crawl.server import TinyServer

ROOT = Path(__file__).resolve().parents[3]

SETTINGS = CrawlSettings(retry_delay_s=0.0, timeout_s=10.0, parser="tests.corpus.crawl.tiny_parser:parse")


class Crawl(Protocol):
    def __call__(
        self,
        *,
        accept_removals: bool = False,
        on_progress: OnProgress | None = None,
        settings: CrawlSettings = SETTINGS,
        **site: object,
    ) -> CrawlSummary: ...


@pytest.fixture(autouse=True, scope="session")
def _importable() -> Iterator[None]:
    """The crawler's own process finds the tiny parser."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        yield


@pytest.fixture
def server() -> Iterator[TinyServer]:
    with TinyServer() as running:
        yield running


def site_at(server: TinyServer, **values: object) -> Site:
    """A site file for the server; no delay, loopback allowed."""
    data: dict[str, object] = {"id": "tiny", "start_urls": [f"{server.url}/"], "delay_s": 0.0, "allow_private": True}
    return Site.model_validate({**data, **values})


@pytest.fixture
def run_crawl(server: TinyServer, store: DocumentStore, blobs: BlobStore, tmp_path: Path) -> Crawl:
    def run(
        *,
        accept_removals: bool = False,
        on_progress: OnProgress | None = None,
        settings: CrawlSettings = SETTINGS,
        **site: object,
    ) -> CrawlSummary:
        return crawl(
            site_at(server, **site),
            store,
            blobs,
            data_dir=tmp_path,
            accept_removals=accept_removals,
            settings=replace(settings),
            on_progress=on_progress,
        )

    return run


@dataclass(frozen=True)
class FirstCrawl:
    """A site and the data folder of its first crawl: made once, lent to every test of a module."""

    server: TinyServer
    folder: Path

    @contextmanager
    def lent_server(self) -> Iterator[TinyServer]:
        """The server; what the test changes is undone."""
        pages = dict(self.server.pages)
        self.server.forget()
        yield self.server
        self.server.pages = pages

    @contextmanager
    def copied_store(self, folder: Path) -> Iterator[DocumentStore]:
        """A copy of the data folder, and the store in it."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        with DocumentStore.open(sqlite_url(folder / "store.db")) as store:
            yield store


@pytest.fixture(scope="module")
def first_crawl(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirstCrawl]:
    """The first crawl of the site that the module's function ``build`` makes."""
    folder = tmp_path_factory.mktemp("first")
    with TinyServer() as server:
        request.module.build(server)
        with DocumentStore.open(sqlite_url(folder / "store.db")) as store:
            summary = crawl(site_at(server), store, BlobStore(folder / "blobs"), data_dir=folder, settings=SETTINGS)
        assert (summary.outcome, summary.failed) == ("finished", ()), summary
        yield FirstCrawl(server, folder)


def document_at(store: DocumentStore, url: str) -> Document | None:
    """The live document at an address."""
    stored = store.get(document_id_for(url))
    return stored.document if stored is not None and stored.state == "live" else None


def reasons(summary: CrawlSummary, server: TinyServer) -> dict[str, str]:
    """Path → reason of what failed."""
    return {item.url.removeprefix(server.url): item.reason for item in summary.failed}
