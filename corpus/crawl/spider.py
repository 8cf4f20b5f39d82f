"""How does an address become a request, and an answer a record?"""

from __future__ import annotations

import asyncio
import logging
import string
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from urllib.parse import quote

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from corpus.crawl.errors import CrawlError
from corpus.crawl.frontier import Address
from corpus.crawl.listings import request_for
from corpus.crawl.outcomes import Role
from corpus.crawl.pace import Pace
from corpus.crawl.reading import Answer
from corpus.crawl.recorder import Progress, Recorder
from corpus.crawl.refusal import explain
from corpus.crawl.scheduler import FrontierScheduler
from corpus.crawl.settings import CrawlSettings
from corpus.crawl.site import Site

log = logging.getLogger(__name__)

_NOTHING: tuple[Any, ...] = ()


class PortalSpider(Spider):
    """Fetches what the frontier says. Parsing and writing happen in one thread of their own, in the order in which
    answers come; what that thread raises (disk full, store busy) ends the crawl and is kept in ``fatal``."""

    name = "gongkai"
    pace: Pace

    def __init__(
        self,
        *,
        site: Site,
        crawl_settings: CrawlSettings,
        recorder: Recorder,
        stop: Event,
        on_progress: Callable[[Progress], None],
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.site = site
        self.crawl_settings = crawl_settings
        self.recorder = recorder
        self.scheduler: FrontierScheduler | None = None
        self.fatal: Exception | None = None
        self._stop = stop
        self._on_progress = on_progress
        self._listings = site.listings()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recorder")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> PortalSpider:
        spider: PortalSpider = super().from_crawler(crawler, *args, **kwargs)
        spider.pace = Pace(crawler)
        crawler.signals.connect(spider._stumbled, signals.spider_error)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Nothing: the frontier was filled before."""
        for item in _NOTHING:
            yield item

    @property
    def stopping(self) -> bool:
        return self._stop.is_set() or self.fatal is not None

    def request_for(self, address: Address) -> Request:
        """The request for an address; with the validators of what we have, where we have something."""
        headers: dict[str, str] = {}
        method, body, url = "GET", "", address.url
        if address.role is Role.LISTING:
            number, page = int(str(address.hints.get("listing", 0))), int(str(address.hints.get("page", 0)))
            wanted = request_for(self._listings[number], page) if number < len(self._listings) else None
            if wanted is not None:
                url, method, body, headers = wanted.url, wanted.method, wanted.body, dict(wanted.headers)
        if address.etag:
            headers["If-None-Match"] = address.etag
        if address.last_modified:
            headers["If-Modified-Since"] = address.last_modified
        return Request(
            url.partition("#")[0],
            method=method,
            body=body,
            headers=headers,
            callback=self.answered,
            errback=self.failed,
            dont_filter=True,
            meta={"address": address, "handle_httpstatus_all": True, "dont_retry": True},
        )

    async def answered(self, response: Response) -> None:
        """A response came, of any status."""
        address: Address = response.meta["address"]
        if response.status == 429:
            self.pace.back_off(response.meta.get("download_latency", 0.0))
        answer = Answer(address=address, status=response.status, headers=_headers(response), body=response.body)
        await self._record(answer)

    async def failed(self, failure: Failure) -> None:
        """There is no response."""
        address: Address = failure.request.meta["address"]  # type: ignore[attr-defined]
        error = failure.value or RuntimeError("no reason given")
        known = explain(error, timeout_s=self.crawl_settings.timeout_s, max_body_mb=self.site.max_body_mb)
        answer = Answer(address=address, outcome=known.outcome, reason=known.reason, may_retry=known.may_retry)
        await self._record(answer)

    async def name_sitemaps(self, urls: list[str]) -> None:
        """robots.txt names these sitemaps (canonical addresses). Where the site file names its own, those count."""
        if self.site.sitemaps:
            return
        found = [url for url in urls if self.site.covers(url)]
        try:
            await self._in_thread(self.recorder.name_sitemaps, found)
        except Exception as error:
            self.fail(error)

    async def _record(self, answer: Answer) -> None:
        assert self.scheduler is not None  # noqa: S101
        if self.fatal is not None:
            return
        room = 0 if self.stopping else self.scheduler.room
        try:
            leased = await self._in_thread(self.recorder.record, answer, room)
        except Exception as error:
            # Nothing of this answer is committed: it is fetched again by the next crawl.
            self.fail(error)
            leased = []
        self.scheduler.committed(answer.address.id, leased)
        self._on_progress(self.recorder.progress)

    def fail(self, error: Exception) -> None:
        """It cannot go on (the store or the blob store does not work): hand out nothing more, and end the crawl."""
        log.error("the crawl ends", exc_info=error)
        self.fatal = self.fatal or error

    def _stumbled(self, failure: Failure) -> None:
        """A mistake of ours in a callback: its address would be in flight for ever."""
        self.fail(failure.value if isinstance(failure.value, Exception) else CrawlError(str(failure.value)))

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    def closed(self, reason: str) -> None:
        del reason
        self._thread.shutdown()


def _headers(response: Response) -> dict[str, str]:
    """Names in lower case; of a header that came twice the last one counts. What is no ASCII is percent-encoded, as
    browsers do: some servers write addresses in UTF-8 or GBK into Location."""
    return {
        name.decode("latin-1").lower(): quote(values[-1], safe=string.printable)
        for name, values in response.headers.items()
        if values
    }
