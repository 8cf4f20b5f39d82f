"""The parts of one installation, opened where its settings say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.blobs import BlobStore
    from corpus.store import DocumentStore
    from indexer.generations import IndexFolder
    from indexer.whoosh_engine import WhooshEngine
    from webapp.settings import Settings
    from webapp.web_settings import WebSettings


@dataclass(frozen=True)
class Workspace:
    """Opens each part, and imports it, when it is first asked for; nothing is made on the disk before that."""

    settings: Settings

    def close(self) -> None:
        """Let go of the store, if it was opened."""
        if "store" in self.__dict__:
            self.store.close()

    @property
    def data(self) -> Path:
        return self.settings.data

    @cached_property
    def store(self) -> DocumentStore:
        from corpus.store import DocumentStore, sqlite_url

        self.data.mkdir(parents=True, exist_ok=True)
        return DocumentStore.open(self.settings.store_url or sqlite_url(self.data / "store.db"))

    @cached_property
    def blobs(self) -> BlobStore:
        from corpus.blobs import BlobStore

        folder = self.data / "blobs"
        folder.mkdir(parents=True, exist_ok=True)
        return BlobStore(folder)

    @property
    def index(self) -> IndexFolder:
        from indexer.generations import IndexFolder

        return IndexFolder(self.data / "index")

    @cached_property
    def engine(self) -> WhooshEngine:
        from indexer.whoosh_engine import WhooshEngine

        return WhooshEngine(self.index)

    @property
    def web(self) -> WebSettings:
        from webapp.web_settings import WebSettings

        return WebSettings(
            place_name=self.settings.place_name,
            public_url=self.settings.public_url,
            trusted_hosts=self.settings.trusted_hosts,
        )
