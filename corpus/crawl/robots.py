"""What does robots.txt allow, how slowly, and which sitemaps does it name? (RFC 9309)"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

from corpus.crawl.outcomes import Outcome
from corpus.crawl.refusal import Refusal, explain
from corpus.crawl.urls import join_url

if TYPE_CHECKING:
    from corpus.crawl.spider import PortalSpider

log = logging.getLogger(__name__)

# A Crawl-delay above this would make a crawl of a small site last for weeks; seconds.
MAX_CRAWL_DELAY_S = 300.0

# RFC 9309, 2.5: a crawler reads at least 500 kibibytes; what follows is ignored.
_MAX_BYTES = 512_000


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of one origin. ``problem``: they cannot be known, so nothing may be fetched (RFC 9309, 2.3.1.4)."""

    parser: Any = None
    problem: str = ""


class RobotsMiddleware:
    """Downloader middleware: asks each origin for its robots.txt once, before the first page.

    Unlike Scrapy's own it takes an unreachable robots.txt (5xx, no answer) for a ban, keeps Crawl-delay, and tells the
    spider of the sitemaps.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent = str(crawler.settings["USER_AGENT"]).partition("/")[0].strip() or "gongkai"
        self._rules: dict[str, asyncio.Future[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("is_robots_txt"):
            return
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = asyncio.ensure_future(self._fetch(origin))
        rules = await self._rules[origin]
        if rules.problem:
            raise Refusal(Outcome.ERROR, rules.problem)
        if rules.parser is not None and not rules.parser.can_fetch(request.url, self._agent):
            raise Refusal(Outcome.FORBIDDEN, "robots.txt forbids it")

    async def _fetch(self, origin: str) -> Rules:
        url = f"{origin}/robots.txt"
        request = Request(url, priority=1_000, callback=NO_CALLBACK, meta={"is_robots_txt": True})
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # whatever kept the answer away, the rules are unknown
            settings = self._crawler.settings
            megabytes = settings.getint("DOWNLOAD_MAXSIZE") // 1_000_000
            reason = explain(error, timeout_s=settings.getfloat("DOWNLOAD_TIMEOUT"), max_body_mb=megabytes).reason
            if isinstance(error, Refusal):
                return Rules(problem=f"robots.txt is not ours to read: {reason}")
            return Rules(problem=f"robots.txt cannot be read: {reason}")
        if response.status >= 500 or response.status == 429:
            return Rules(problem=f"robots.txt cannot be read: HTTP {response.status}")
        if response.status != 200:
            return Rules()  # there are none: everything is allowed
        text = response.body[:_MAX_BYTES].decode("utf-8-sig", "replace")
        if text.lstrip()[:1] == "<":
            return Rules()  # an error page with status 200
        spider: PortalSpider = self._crawler.spider  # type: ignore[assignment]
        parser = Protego.parse(text)
        delay = parser.crawl_delay(self._agent)
        if delay:
            log.info("%s asks for a delay of %.1f s", origin, delay)
            spider.pace.slow_down(min(float(delay), MAX_CRAWL_DELAY_S))
        sitemaps = [found for item in parser.sitemaps if (found := join_url(url, item))]
        if sitemaps:
            await spider.name_sitemaps(sitemaps)
        return Rules(parser)
