"""The sample portal as `make demo` crawls and indexes it, once for all tests that ask it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from corpus.blobs import BlobStore
from corpus.crawl import CrawlSettings, crawl, document_id_for, parse_site
from corpus.models import Document
from corpus.sample import SamplePortal
from corpus.store import DocumentStore, sqlite_url
from indexer.generations import IndexFolder
from indexer.upkeep import bring_up
from indexer.whoosh_engine import WhooshEngine

# What 去年 is told by: the portal's newest documents are of this autumn.
TODAY = date(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Demo:
    """The sample portal, crawled and indexed."""

    url: str
    store: DocumentStore
    engine: WhooshEngine

    def document(self, path: str) -> Document:
        stored = self.store.get(document_id_for(self.url + path))
        assert stored is not None
        return stored.document


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    data = tmp_path_factory.mktemp("demo")
    with SamplePortal() as portal, DocumentStore.open(sqlite_url(data / "store.db")) as store:
        settings = CrawlSettings(retry_delay_s=0.0)
        summary = crawl(
            parse_site(portal.site_toml()), store, BlobStore(data / "blobs"), data_dir=data, settings=settings
        )
        assert summary.outcome == "finished"
        bring_up(store, IndexFolder(data / "index"))
        engine = WhooshEngine(IndexFolder(data / "index"), today=lambda: TODAY)
        yield Demo(portal.url, store, engine)
        engine.close()
