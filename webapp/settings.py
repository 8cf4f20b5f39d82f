"""What can be set, from where: command line, ``GONGKAI_*`` variables, ``gongkai.toml``, defaults; in this order."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from indexer.opensearch.address import read_address
from webapp.kiosk.settings import KioskSettings
from webapp.theme import Theme


class Settings(BaseSettings):
    """Read once, where the program is wired, and passed on; nothing below reads the environment."""

    model_config = SettingsConfigDict(env_prefix="GONGKAI_", toml_file="gongkai.toml", frozen=True, extra="forbid")

    data: Path = Field(default=Path("data"), description="folder of the store, the originals, the index and the logs")
    store_url: str = Field(default="", description="database of the store; empty: SQLite in the data folder")
    blobs_url: str = Field(
        default="", description="where originals are: s3://bucket/prefix or a folder; empty: in the data folder"
    )
    engine_url: str = Field(
        default="", description="nodes of OpenSearch and index name: http://a:9200,http://b:9200/NAME; empty: embedded"
    )
    engine_shards: int = Field(default=1, ge=1, le=1024, description="shards of a new index on OpenSearch")
    engine_replicas: int = Field(default=1, ge=0, le=8, description="further copies of each shard on OpenSearch")
    semantic: bool = Field(
        default=False, description="order articles of law also by meaning: extra `semantic`, made by `gongkai encode`"
    )
    contact: str = Field(default="", description="URL or mail address at which a crawled site's operator reaches us")
    place_name: str = Field(default="", description="name of the place, shown on every page")
    public_url: str = Field(
        default="", description="address under which people reach the site, for links that leave it"
    )
    trusted_hosts: tuple[str, ...] = Field(default=(), description="host names that are answered; empty: all")
    query_days: int = Field(default=30, ge=0, description="days that daily counts of queries are kept; 0: none are")
    blocked_queries: Path | None = Field(
        default=None, description="file of words, one a line, whose queries are neither counted nor shown"
    )
    disclosure_request_url: str = Field(default="", description="page of 依申请公开, where nothing is published yet")
    inquiry_url: str = Field(default="", description="page where people can ask (咨询)")
    inquiry_phone: str = Field(default="", description="telephone of the office that answers (12345 …)")
    metrics_token: str = Field(default="", description="bearer token that opens /metrics beyond loopback; empty: none")
    cors_origins: tuple[str, ...] = Field(default=(), description="origins whose scripts may read /api; *: all of them")
    rate_limit: int = Field(default=300, ge=0, description="requests to /api a minute and address; 0: no limit")
    theme: Theme = Field(default=Theme(), description="name, colours, links and imprint of the pages: docs/theme.md")
    kiosk: KioskSettings = Field(default=KioskSettings(), description="the touch screen at /kiosk: docs/kiosk.md")
    host: str = Field(default="127.0.0.1", description="address that `serve` listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="port that `serve` listens on; 0: any free one")
    workers: int = Field(default=0, ge=0, description="worker processes of `serve`; 0: one a core")
    proxies: int = Field(
        default=0, ge=0, le=5, description="reverse proxies in front whose X-Forwarded-For is believed"
    )
    secret_key: str = Field(
        default="", description="signs the staff cookie; empty: made once, in the data (secret.key) or on PostgreSQL"
    )
    staff_idle_minutes: int = Field(default=30, ge=1, description="a staff session ends after so long without use")
    staff_session_hours: int = Field(default=8, ge=1, description="a staff session lasts so long at most")
    staff_secure_cookie: bool = Field(default=True, description="the staff cookie travels over HTTPS only")
    staff_upload_mb: int = Field(default=300, ge=1, description="what staff may upload at once, in MB")
    staff_private_hosts: tuple[str, ...] = Field(
        default=(), description="portals at private addresses (host or host:port) whose pages staff may check"
    )

    @field_validator("engine_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if url:
            read_address(url)
        return url

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
