"""How does an address become a request, and an answer a record?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from twisted.python.failure import Failure

from corpus.crawl.frontier import Address
from corpus.crawl.listings import request_for
from corpus.crawl.outcomes import Role
from corpus.crawl.reading import Answer
from corpus.crawl.recorder import Progress, Recorder
from corpus.crawl.refusal import explain
from corpus.crawl.scheduler import FrontierScheduler
from corpus.crawl.settings import CrawlSettings
from corpus.crawl.site import Site
from corpus.crawl.urls import canonical_url

log = logging.getLogger(__name__)

_NOTHING: tuple[Any, ...] = ()


class PortalSpider(Spider):
    """Fetches what the frontier says. Parsing and writing happen in one thread of their own, in the order in which
    answers come; what that thread raises (disk full, store busy) ends the crawl and is kept in ``fatal``."""

    name = "gongkai"

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
        headers = {str(name).lower(): str(value) for name, value in response.headers.to_unicode_dict().items()}
        await self._record(Answer(address=address, status=response.status, headers=headers, body=response.body))

    async def failed(self, failure: Failure) -> None:
        """There is no response."""
        address: Address = failure.request.meta["address"]  # type: ignore[attr-defined]
        error = failure.value or RuntimeError("no reason given")
        known = explain(error, timeout_s=self.crawl_settings.timeout_s, max_body_mb=self.site.max_body_mb)
        answer = Answer(address=address, outcome=known.outcome, reason=known.reason, may_retry=known.may_retry)
        await self._record(answer)

    async def name_sitemaps(self, urls: list[str]) -> None:
        """robots.txt names these sitemaps. Where the site file names its own, those count."""
        if self.site.sitemaps:
            return
        found = [url for item in urls if (url := canonical_url(item)) and self.site.covers(url)]
        await self._in_thread(self.recorder.name_sitemaps, found)

    async def _record(self, answer: Answer) -> None:
        assert self.scheduler is not None  # noqa: S101
        if self.fatal is not None:
            return
        room = 0 if self.stopping else self.scheduler.room
        try:
            leased = await self._in_thread(self.recorder.record, answer, room)
        except Exception as error:
            # Nothing of this answer is committed: it is fetched again by the next crawl.
            log.exception("cannot record %s", answer.url)
            self.fatal = error
            leased = []
        self.scheduler.committed(answer.address.id, leased)
        self._on_progress(self.recorder.progress)

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    def closed(self, reason: str) -> None:
        del reason
        self._thread.shutdown()
