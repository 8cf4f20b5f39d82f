"""The tables of the store, once; who reads and writes them stands in `store`, `writer` and `crawl.frontier`."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

# Raised when a table changes its meaning; a store of another version is refused, never guessed at.
STORE_VERSION = 1

metadata = MetaData()

# Named integers: ``store_version``, and ``change``, the monotone number of the last change of any document. The row is
# updated first in every transaction that changes a document, so on every database changes commit in their order.
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
    Column("url", Text, nullable=False),
    Column("site", String(64), nullable=False, index=True),
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
    Column("record", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("original_sha256", String(64), nullable=False, index=True),  # empty: it came without a file of its own
    Column("original_name", Text, nullable=False),
    Column("original_type", String(128), nullable=False),
    Column("original_size", BigInteger, nullable=False),
    Column("parser", String(64), nullable=False),
    Column("fetched_at", DateTime),  # UTC
    Column("recorded_at", DateTime, nullable=False),  # UTC
)

# The files that documents carry, by URL; a file that changes at its URL gets a new revision. ``problem`` says why
# there are no bytes (``sha256`` is then empty).
files = Table(
    "files",
    metadata,
    Column("url", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size", BigInteger, nullable=False),
    Column("media_type", String(128), nullable=False),
    Column("problem", Text, nullable=False),
    Column("fetched_at", DateTime, nullable=False),  # UTC
)

# Which document's current version carries which file.
document_files = Table(
    "document_files",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("url", Text, primary_key=True, index=True),
)

# The text that a parser read out of a file's bytes. Derived: `reparse` makes it anew.
extracts = Table(
    "extracts",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("parser", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("problem", Text, nullable=False),
)

# What could not be read, by where it came from (a URL, a path, a line of a file), until it can.
failures = Table(
    "failures",
    metadata,
    Column("source", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("sha256", String(64), nullable=False),  # of the kept bytes; empty if there are none
    Column("failed_at", DateTime, nullable=False),  # UTC
)

# The audit line of a takedown. It outlives everything else that is known of the document.
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("reason", String(64), nullable=False),  # the class that the public page shows
    Column("note", Text, nullable=False),  # for the audit only
    Column("purged", Boolean, nullable=False),
    Column("withdrawn_at", DateTime, nullable=False),  # UTC
)

Index("documents_by_state", documents.c.state, documents.c.change)
