"""May this host be asked at all? Only the site's own hosts, and none at a private address."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import dnscache

from corpus.crawl.outcomes import Outcome
from corpus.crawl.refusal import Refusal
from corpus.crawl.site import Site
from corpus.crawl.urls import canonical_url


class HostGuard:
    """Downloader middleware, before every other: pages, redirects and robots.txt all pass it.

    A name is resolved once in the life of the process and connected to at the address that was checked (Scrapy's own
    cache is filled with it), so a name that changes its address between check and connection gains nothing.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._checked: dict[str, str] = {}  # host → why not; empty: fine

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostGuard:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        site: Site = self._crawler.spider.site  # type: ignore[union-attr]
        url = canonical_url(request.url)
        if url is None or not site.covers(url):
            raise Refusal(Outcome.REFUSED, f"{urlsplit(request.url).netloc} is not one of the site's hosts")
        if site.allow_private:
            return
        host = (urlsplit(url).hostname or "").strip("[]")
        if host not in self._checked:
            self._checked[host] = await self._check(host)
        if self._checked[host]:
            raise Refusal(Outcome.REFUSED, self._checked[host])

    async def _check(self, host: str) -> str:
        try:
            loop = asyncio.get_running_loop()
            address = host if ":" in host else await loop.run_in_executor(None, socket.gethostbyname, host)
        except OSError as error:
            # Never let it pass: the connection would resolve the name again, to an address that nobody checked.
            raise CannotResolveHostError(str(error)) from error
        if not ipaddress.ip_address(address).is_global:
            return f"{host} has the private address {address}; allow_private = true in the site file would allow it"
        dnscache[host] = address
        return ""
