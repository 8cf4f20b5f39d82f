"""The parts of one installation, opened where its settings say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.blobs import BlobStore
    from corpus.store import DocumentStore
    from indexer.duplicates.checker import Checker
    from indexer.generations import IndexFolder
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

    @cached_property
    def checker(self) -> Checker:
        from indexer.duplicates.checker import Checker

        return Checker(self.store, self.index, self.engine)

    @cached_property
    def staff(self) -> Staff:
        from functools import partial

        from webapp.accounts.secrets import signing_key
        from webapp.staff.services import Staff
        from webapp.staff.settings import StaffSettings
        from webapp.staff.withdrawal import take_down

        settings = self.settings
        return Staff(
            self.store,
            self.data,
            self.checker,
            partial(take_down, self.store, self.blobs, self.index),
            StaffSettings(
                secret_key=settings.secret_key or signing_key(self.data),
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
