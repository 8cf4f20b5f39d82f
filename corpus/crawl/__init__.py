"""How do a government site's pages and files get into the store, and how do they stay there?"""

from corpus.crawl.claims import is_crawled_elsewhere
from corpus.crawl.errors import CrawlBusyError, CrawlError
from corpus.crawl.launch import OnProgress, crawl
from corpus.crawl.runs import CrawlRecord, crawl_history, last_concluded
from corpus.crawl.settings import CrawlSettings
from corpus.crawl.site import Site, load_site, parse_site
from corpus.crawl.summary import CrawlFailure, CrawlSummary, summarize
from corpus.crawl.urls import canonical_url, document_id_for

__all__ = [
    "CrawlBusyError",
    "CrawlError",
    "CrawlFailure",
    "CrawlRecord",
    "CrawlSettings",
    "CrawlSummary",
    "OnProgress",
    "Site",
    "canonical_url",
    "crawl",
    "crawl_history",
    "document_id_for",
    "is_crawled_elsewhere",
    "last_concluded",
    "load_site",
    "parse_site",
    "summarize",
]
