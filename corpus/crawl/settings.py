"""How does a crawl behave towards servers, apart from what the site file says?"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from corpus.crawl.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSettings:
    """Settings of every crawl. ``contact`` (a URL or mail address) is how a site's operator reaches us; it goes into
    the user agent. ``concurrency`` requests are in flight at once, to all hosts of a site together.

    An answer that may come out better next time (5xx, 408, 429, no answer) is asked for again up to ``max_retries``
    times, first after ``retry_delay_s`` seconds, then after twice as long each time, or when the server says.
    ``lease_s`` is for how long a crawler that died keeps its hosts from others, where several share a frontier.
    ``parser`` is the function that reads answers, as ``module:name``.
    """

    contact: str = ""
    concurrency: int = 4
    timeout_s: float = 60.0  # for a whole answer
    max_retries: int = 2
    retry_delay_s: float = 5.0
    lease_s: float = 60.0  # a database server that starts again takes less
    log_level: str = "INFO"
    parser: str = "corpus.parsers.dispatch:parse"

    def user_agent(self, site: Site) -> str:
        """Who we say that we are: the site file's name for us, or our own with the contact."""
        return site.user_agent or f"gongkai/{version('gongkai')} (+{self.contact or 'no contact set'})"


def scrapy_settings(site: Site, settings: CrawlSettings) -> dict[str, Any]:
    """The settings of Scrapy for one crawl. Frontier, retries and redirects of pages are ours (see `spider`)."""
    return {
        "USER_AGENT": settings.user_agent(site),
        "SCHEDULER": "corpus.crawl.scheduler.FrontierScheduler",
        "CONCURRENT_REQUESTS": settings.concurrency + 1,  # one more for robots.txt, which a page waits for
        "CONCURRENT_REQUESTS_PER_DOMAIN": settings.concurrency,
        "DOWNLOAD_DELAY": site.delay_s,
        "RANDOMIZE_DOWNLOAD_DELAY": False,  # by half, below what the site file or robots.txt asks for
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": site.delay_s,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(settings.concurrency) if site.delay_s == 0 else 1.0,
        "DOWNLOAD_TIMEOUT": settings.timeout_s,
        "DOWNLOAD_MAXSIZE": site.max_body_mb * 1_000_000,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": site.verify_tls,  # by the trust store of the platform, or SSL_CERT_FILE
        "COOKIES_ENABLED": False,
        "HTTPCACHE_ENABLED": False,
        "HTTPPROXY_ENABLED": False,  # a proxy would resolve names behind the back of `hostguard`
        "METAREFRESH_ENABLED": False,
        "ROBOTSTXT_OBEY": False,  # by `robots`, which also reads the delay and the sitemaps
        "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.1"},
        "DOWNLOADER_MIDDLEWARES": {
            "corpus.crawl.hostguard.HostGuard": 50,
            "corpus.crawl.robots.RobotsMiddleware": 100,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        },
        "EXTENSIONS": {
            f"scrapy.extensions.{name}": None
            for name in (
                "telnet.TelnetConsole",
                "remote_control.RemoteControl",
                "feedexport.FeedExporter",
                "spiderstate.SpiderState",
                "closespider.CloseSpider",
                "memdebug.MemoryDebugger",
                "memusage.MemoryUsage",
                "logstats.LogStats",
            )
        },
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_LEVEL": settings.log_level,
        "LOG_COLOR": False,
        "RETRY_TIMES": settings.max_retries,  # of robots.txt; pages say dont_retry
    }
