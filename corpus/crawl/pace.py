"""How slowly are servers asked, where one of them wants it slower than the site file says?"""

from __future__ import annotations

import time

from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle

# After the first 429 (Too Many Requests), and at most; seconds. Retry-After only says when the same page may be had.
FIRST_BACK_OFF_S = 1.0
MAX_BACK_OFF_S = 60.0


class Pace:
    """The delay between two requests of one crawl, to any host of the site; it only ever grows."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._backed_off_at = 0.0

    def slow_down(self, delay_s: float) -> None:
        """Keep at least ``delay_s`` seconds between two requests from now on; for all hosts of the site, to be on the
        safe side of what one operator asks."""
        throttle = self._throttle
        throttle.mindelay = max(throttle.mindelay, delay_s)
        throttle.maxdelay = max(throttle.maxdelay, delay_s)
        for slot in self._crawler.engine.downloader.slots.values():
            slot.delay = max(slot.delay, delay_s)

    def back_off(self, latency_s: float) -> None:
        """A server finds us too fast: twice the delay. What was asked before the last time counts with that one; the
        answer came ``latency_s`` seconds after its request."""
        now = time.monotonic()
        if now - latency_s >= self._backed_off_at:
            self._backed_off_at = now
            self.slow_down(min(max(2 * self._throttle.mindelay, FIRST_BACK_OFF_S), MAX_BACK_OFF_S))

    @property
    def _throttle(self) -> AutoThrottle:
        throttle = self._crawler.get_extension(AutoThrottle)
        assert throttle is not None  # noqa: S101
        return throttle
