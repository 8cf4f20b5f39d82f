"""The parts of one installation, opened where its settings say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.blobs import Blobs
    from corpus.shared import SharedTables
    from corpus.store import DocumentStore
    from indexer.duplicates.checker import Checker
    from indexer.generations import Generations
    from indexer.opensearch.engine import OpenSearchEngine
    from indexer.whoosh_engine import WhooshEngine
    from webapp.settings import Settings
    from webapp.staff.services import Staff
    from webapp.web_settings import WebSettings


@dataclass(frozen=True)
class Workspace:
    """Opens each part, and imports it, when it is first asked for; nothing is made on the disk before that."""

    settings: Settings

    def close(self) -> None:
        """Let go of the store, if it was opened."""
        shared: SharedTables | None = self.__dict__.get("shared")
        if shared is not None:
            shared.close()
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
    def shared(self) -> SharedTables | None:
        """What web servers on several machines share; None where the store is one machine's."""
        from corpus.shared import SharedTables

        return SharedTables.beside(self.store.engine)

    @cached_property
    def blobs(self) -> Blobs:
        from corpus.blobs import open_blobs

        return open_blobs(self.settings.blobs_url or str(self.data / "blobs"))

    @cached_property
    def index(self) -> Generations:
        """In the data folder, or on a cluster where ``engine_url`` says so."""
        from indexer.engines import open_index

        settings = self.settings
        return open_index(
            self.data / "index", settings.engine_url, shards=settings.engine_shards, replicas=settings.engine_replicas
        )

    @cached_property
    def engine(self) -> WhooshEngine | OpenSearchEngine:
        from indexer.engines import open_engine

        return open_engine(self.index, semantic=self.settings.semantic)

    @cached_property
    def checker(self) -> Checker:
        from indexer.duplicates.checker import Checker

        return Checker(self.store, self.index, self.engine)

    @cached_property
    def staff(self) -> Staff:
        from webapp.accounts.secrets import shared_signing_key
        from webapp.staff.services import Staff
        from webapp.staff.settings import StaffSettings
        from webapp.staff.withdrawal import Takedowns

        settings = self.settings
        return Staff(
            self.store,
            self.data,
            self.checker,
            self.engine,
            Takedowns(self.store, self.index),
            StaffSettings(
                secret_key=settings.secret_key or shared_signing_key(self.store, self.data),
                idle=timedelta(minutes=settings.staff_idle_minutes),
                absolute=timedelta(hours=settings.staff_session_hours),
                secure_cookie=settings.staff_secure_cookie,
                upload_bytes=settings.staff_upload_mb << 20,
                proxies=settings.proxies,
                private_hosts=settings.staff_private_hosts,
            ),
        )

    @property
    def web(self) -> WebSettings:
        from webapp.web_settings import WebSettings

        return WebSettings(
            place_name=self.settings.place_name,
            public_url=self.settings.public_url,
            trusted_hosts=self.settings.trusted_hosts,
            query_folder=self.data / "logs" / "queries",
            query_days=self.settings.query_days,
            blocked_queries=self.settings.blocked_queries,
            disclosure_request_url=self.settings.disclosure_request_url,
            inquiry_url=self.settings.inquiry_url,
            inquiry_phone=self.settings.inquiry_phone,
            shared_folder=self.data / "shared",
            metrics_token=self.settings.metrics_token,
            cors_origins=self.settings.cors_origins,
            rate_limit=self.settings.rate_limit,
            theme=self.settings.theme,
            kiosk=self.settings.kiosk,
        )
