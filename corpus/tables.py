"""The tables of the store, once; who reads and writes them stands in `store`, `writer` and `crawl.frontier`.

They are made, and changed, by the revisions in `migrations`.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

from corpus.records import storable


class _Text(TypeDecorator[str]):
    """Text from outside, of any length: what PostgreSQL would refuse in it (see `records.storable`) is left out."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else storable(value)


# How many bytes an index takes as one key: PostgreSQL refuses more than 2,704.
MAX_KEY_BYTES = 2_600

metadata = MetaData()

# Named integers: ``change``, the monotone number of the last change of any document (the row is updated first in every
# transaction that changes a document, so on every database changes commit in their order), and ``store_version``, 2 for
# ever: what releases before `migrations` look at.
counters = Table(
    "counters",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

# One row a document that was ever published. ``state`` is live, gone (vanished at the source) or withdrawn (by us).
# ``change`` is the number of its last change: what the index must do next is every row above the number it stands at.
documents = Table(
    "documents",
    metadata,
    Column("id", String(512), primary_key=True),
    Column("url", _Text, nullable=False),
    Column("site", _Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("change", BigInteger, nullable=False, unique=True),
    Column("changed_at", DateTime, nullable=False),  # UTC
)

# Every version of a document, numbered from 1. ``record`` is its JSON (keys of §2 of the design, see `records`),
# ``digest`` the SHA-256 of that; the ``original_`` columns name the bytes that it was read from, ``parser`` who read.
versions = Table(
    "versions",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("record", _Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("original_sha256", String(64), nullable=False, index=True),  # empty: it came without a file of its own
    Column("original_name", _Text, nullable=False),
    Column("original_type", String(128), nullable=False),
    Column("original_size", BigInteger, nullable=False),
    Column("parser", String(64), nullable=False),
    Column("needs_ocr", Boolean, nullable=False),  # more of it could be read if OCR were installed
    Column("fetched_at", DateTime),  # UTC
    Column("recorded_at", DateTime, nullable=False),  # UTC
)

# The files that documents carry, by URL; a file that changes at its URL gets a new revision. ``problem`` says why
# there are no bytes (``sha256`` is then empty).
files = Table(
    "files",
    metadata,
    Column("url", _Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("problem", _Text, nullable=False),
    Column("fetched_at", DateTime, nullable=False),  # UTC
)

# Which document's current version carries which file.
document_files = Table(
    "document_files",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("url", _Text, primary_key=True, index=True),
)

# What a parser read out of a file's bytes: its text, and (JSON) the rows of the catalogs in it. ``needs_ocr`` says that
# more could be read if OCR were installed. Derived: `reparse` makes it anew.
extracts = Table(
    "extracts",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("parser", String(64), nullable=False),
    Column("text", _Text, nullable=False),
    Column("entries", _Text, nullable=False),
    Column("needs_ocr", Boolean, nullable=False),
    Column("problem", _Text, nullable=False),
)

# What could not be read, by where it came from (a URL, a path, a line of a file), until it can.
failures = Table(
    "failures",
    metadata,
    Column("source", _Text, primary_key=True),
    Column("reason", _Text, nullable=False),
    Column("sha256", String(64), nullable=False),  # of the kept bytes; empty if there are none
    Column("failed_at", DateTime, nullable=False),  # UTC
)

# The audit line of a takedown. It outlives everything else that is known of the document.
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("reason", String(64), nullable=False),  # the class that the public page shows
    Column("note", _Text, nullable=False),  # for the audit only
    Column("purged", Boolean, nullable=False),
    Column("withdrawn_at", DateTime, nullable=False),  # UTC
)

# Blobs of purged documents that nobody named any more: each stands here until its bytes are deleted, whatever happens
# in between.
unwanted_blobs = Table("unwanted_blobs", metadata, Column("sha256", String(64), primary_key=True))

Index("documents_by_state", documents.c.state, documents.c.change)

# A run of the crawler over one site. ``outcome`` is running until it ends: finished, held (the guard kept everything as
# it was), failed (nothing answered). A stopped or killed run stays running; the next crawl of the site continues it.
crawls = Table(
    "crawls",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("site", String(64), nullable=False, index=True),
    Column("site_digest", String(64), nullable=False),  # of what decides how a page is read; see `site.Site.digest`
    Column("known_documents", Integer, nullable=False),  # live documents of the site when it began; above 0: guarded
    Column("outcome", String(16), nullable=False),
    Column("gone", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("message", _Text, nullable=False),
    Column("started_at", DateTime, nullable=False),  # UTC
    Column("finished_at", DateTime),  # UTC
)

# Every address that a crawl knows, with what became of it in crawl number ``crawl``. ``state`` is queued, leased (being
# fetched) or done; ``outcome`` says how it ended (see `crawl.outcomes`). A PDF that one page
# attaches and a list shows as a document of its own has a row in each role.
frontier = Table(
    "frontier",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("site", String(64), nullable=False),
    Column("role", String(16), nullable=False),  # page, attachment, listing, sitemap
    Column("url", _Text, nullable=False),  # canonical; a listing's POST body adds a fragment
    Column("state", String(16), nullable=False),
    Column("crawl", Integer, nullable=False),
    Column("depth", Integer, nullable=False),  # links away from a start page
    Column("redirects", Integer, nullable=False),  # how many led here in a row
    Column("priority", Integer, nullable=False),  # higher goes first
    Column("due_at", DateTime),  # UTC; not before (a retry)
    Column("parent", _Text, nullable=False),  # the page that names it
    Column("anchor", _Text, nullable=False),  # the words of that link
    Column("hints", _Text, nullable=False),  # JSON: what a listing says of the page; a listing's own page number
    Column("document_id", String(64), nullable=False, index=True),  # of pages; empty for the other roles
    Column("etag", _Text, nullable=False),  # validators of the last version that was kept
    Column("last_modified", _Text, nullable=False),
    Column("status", Integer, nullable=False),  # of HTTP; 0: no answer
    Column("outcome", String(16), nullable=False),
    Column("reason", _Text, nullable=False),
    Column("retries", Integer, nullable=False),
    Column("misses", Integer, nullable=False),  # crawls in a row that answered 404 or 410
    Column("accepted", Boolean, nullable=False),  # somebody confirmed that it is missing (--accept-removals)
    Column("size", BigInteger, nullable=False),  # bytes received in this crawl
)

# What a guarded crawl found and has not published yet: a document's new version, a file's new revision. Applied, or
# dropped, when the crawl ends.
held = Table(
    "held",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("crawl", Integer, nullable=False, index=True),
    Column("frontier_id", Integer, nullable=False, index=True),
    Column("document_id", String(64), nullable=False, index=True),  # empty: a file
    Column("shrunk", Boolean, nullable=False),
    Column("sha256", String(64), nullable=False),  # of the bytes it was read from
    Column("record", _Text, nullable=False),  # JSON of the document or the file, see `crawl.held`
)

# Which crawler asks a host (``host`` or ``host:port``) now, where several share one frontier: see `crawl.claims`.
crawl_hosts = Table(
    "crawl_hosts",
    metadata,
    Column("host", _Text, primary_key=True),
    Column("holder", String(32), nullable=False),  # empty: nobody, and nobody may before ``until_s``
    Column("until_s", Float, nullable=False),  # seconds since 1970 by the database's clock
)

Index("frontier_by_address", frontier.c.site, frontier.c.role, frontier.c.url, unique=True)
Index("frontier_queue", frontier.c.site, frontier.c.state, frontier.c.priority)
