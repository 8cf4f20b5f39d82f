"""What can be set, from where: command line, ``GONGKAI_*`` variables, ``gongkai.toml``, defaults; in this order."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource


class Settings(BaseSettings):
    """Read once, where the program is wired, and passed on; nothing below reads the environment."""

    model_config = SettingsConfigDict(env_prefix="GONGKAI_", toml_file="gongkai.toml", frozen=True, extra="forbid")

    data: Path = Field(default=Path("data"), description="folder of the store, the originals, the index and the logs")
    store_url: str = Field(default="", description="database of the store; empty: SQLite in the data folder")
    contact: str = Field(default="", description="URL or mail address at which a crawled site's operator reaches us")
    place_name: str = Field(default="", description="name of the place, shown on every page")
    public_url: str = Field(
        default="", description="address under which people reach the site, for links that leave it"
    )
    trusted_hosts: tuple[str, ...] = Field(default=(), description="host names that are answered; empty: all")
    host: str = Field(default="127.0.0.1", description="address that `serve` listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="port that `serve` listens on; 0: any free one")
    workers: int = Field(default=0, ge=0, description="worker processes of `serve`; 0: one a core")

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
