"""What can the operator say about the pages? (The program's own settings are read elsewhere and passed in.)"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Settings of the pages.

    ``place_name`` stands before 政务公开 in every heading. ``public_url`` (``https://www.example.gov.cn``, no path)
    makes canonical links absolute; without it they are relative, never taken from the Host header. ``trusted_hosts``
    are the host names that are answered (``.example.gov.cn`` includes its subdomains); empty answers all of them.
    ``examples`` are the questions offered under the box on the home page.
    """

    place_name: str = ""
    public_url: str = ""
    trusted_hosts: tuple[str, ...] = ()
    examples: tuple[str, ...] = ("低保怎么申请", "国办发〔2019〕54号", "义务教育招生")

    @property
    def place(self) -> str:
        """The name alone, where 政务公开 was set as part of it."""
        return self.place_name.removesuffix("政务公开").strip()

    @property
    def site_name(self) -> str:
        return f"{self.place}政务公开"
