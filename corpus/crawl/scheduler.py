"""What does Scrapy fetch next? What the frontier table says: this scheduler keeps no list of its own."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from corpus.crawl.frontier import Address

if TYPE_CHECKING:
    from corpus.crawl.spider import PortalSpider

log = logging.getLogger(__name__)

T = TypeVar("T")


class FrontierScheduler(BaseScheduler):
    """Hands out leased addresses, at most ``concurrency`` at a time until their answers are committed.

    Addresses are leased in the transaction that records an answer, so that the reactor's thread writes only when all
    is quiet (a retry has become due). A stopped crawl hands out nothing more, and ends when the rest is committed.
    """

    def __init__(self, concurrency: int) -> None:
        self._concurrency = concurrency
        self._leased: deque[Address] = deque()
        self._in_flight: set[int] = set()
        self._spider: PortalSpider | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        return cls(crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))

    def open(self, spider: Spider) -> None:
        self._spider = spider  # type: ignore[assignment]
        self._leased.extend(self._portal.recorder.open())
        self._portal.scheduler = self

    @property
    def room(self) -> int:
        """How many addresses a recording should lease: the next two rounds."""
        return 2 * self._concurrency - len(self._leased)

    def has_pending_requests(self) -> bool:
        if self._portal.stopping:
            return False
        return bool(self._leased or self._in_flight) or self._ask(self._portal.recorder.waiting, 0) > 0

    def enqueue_request(self, request: Request) -> bool:
        log.error("nothing but the frontier queues requests: %s", request)
        return False

    def next_request(self) -> Request | None:
        if self._portal.stopping or len(self._in_flight) >= self._concurrency:
            return None
        if not self._leased and not self._in_flight:
            self._leased.extend(self._ask(self._portal.recorder.lease, []))
        if not self._leased:
            return None
        address = self._leased.popleft()
        self._in_flight.add(address.id)
        return self._portal.request_for(address)

    def committed(self, address_id: int, leased: Sequence[Address]) -> None:
        """An answer was recorded, and ``leased`` were taken to go on with."""
        self._in_flight.discard(address_id)
        self._leased.extend(leased)

    def _ask(self, question: Callable[[], T], otherwise: T) -> T:
        """Ask the store, from the reactor's thread. What it raises would only be logged there, and asked again for
        ever: it ends the crawl."""
        try:
            return question()
        except Exception as error:
            self._portal.fail(error)
            return otherwise

    @property
    def _portal(self) -> PortalSpider:
        assert self._spider is not None  # noqa: S101
        return self._spider
