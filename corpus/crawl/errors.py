"""What can go wrong with a crawl as a whole? (A page that fails is listed in the summary, never raised.)

CorpusError
└── CrawlError        the run stopped before its end; what was committed stays, and running it again continues
    └── CrawlBusyError    another crawl works in this data folder (of SQLite; on PostgreSQL it joins in)
"""

from corpus.errors import CorpusError


class CrawlError(CorpusError):
    """The run stopped before its end; nothing is lost, and running it again continues."""


class CrawlBusyError(CrawlError):
    """Another crawl works in this data folder."""
