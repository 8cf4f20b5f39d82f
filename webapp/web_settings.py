"""What can the operator say about the pages? (The program's own settings are read elsewhere and passed in.)"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from webapp.kiosk.settings import KioskSettings
from webapp.theme import Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Settings of the pages.

    ``place_name`` stands before 政务公开 in every heading. ``public_url`` (``https://www.example.gov.cn``, no path)
    makes canonical links absolute; without it they are relative, never taken from the Host header. ``trusted_hosts``
    are the host names that are answered (``.example.gov.cn`` includes its subdomains); empty answers all of them.
    ``disclosure_request_url``, ``inquiry_url`` and ``inquiry_phone`` are ways to ask where nothing is found.
    ``shared_folder`` is where the workers of a machine keep what they share (running exports, counted requests);
    without it they share and bound nothing. ``metrics_token`` opens ``/metrics`` to others than loopback.
    ``cors_origins`` are the origins whose scripts may read ``/api`` (``*``: all), ``rate_limit`` how many requests a
    minute an address has (0: all). ``query_folder`` holds the daily counts of queries for ``query_days`` days (0:
    nothing is counted); queries with a word of the file ``blocked_queries`` never stand there. ``examples`` are the
    questions offered under the box on the home page.
    """

    place_name: str = ""
    public_url: str = ""
    trusted_hosts: tuple[str, ...] = ()
    query_folder: Path | None = None
    query_days: int = 0
    blocked_queries: Path | None = None
    disclosure_request_url: str = ""
    inquiry_url: str = ""
    inquiry_phone: str = ""
    shared_folder: Path | None = None
    metrics_token: str = ""
    cors_origins: tuple[str, ...] = ()
    rate_limit: int = 0
    theme: Theme = field(default_factory=Theme)
    kiosk: KioskSettings = field(default_factory=KioskSettings)
    examples: tuple[str, ...] = ("低保怎么申请", "国办发〔2019〕54号", "义务教育招生")

    @property
    def place(self) -> str:
        """The name alone, where 政务公开 was set as part of it."""
        return self.place_name.removesuffix("政务公开").strip()

    @property
    def site_name(self) -> str:
        return f"{self.place}{self.section_name}"

    @property
    def section_name(self) -> str:
        """What the site is called after its place."""
        return self.theme.name or "政务公开"
