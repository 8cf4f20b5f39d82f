"""The tables of the staff area, in the store's database; who reads and writes each stands in the module of its name.

They are made, and changed, by the revisions in `corpus.migrations`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Index, Integer, MetaData, String, Table, Text

# Gives the time now in UTC, without its zone, as the tables keep it. Only tests put another one in its place.
Clock = Callable[[], datetime]

metadata = MetaData()

# Accounts of people. ``role`` is staff or admin.
users = Table(
    "staff_users",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("password_hash", String(256), nullable=False),  # argon2id, with its parameters and salt
    Column("role", String(16), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", DateTime, nullable=False),
)

# Who is signed in. The cookie holds a secret of which only the hash is kept; ``folder`` names the session's drafts.
sessions = Table(
    "staff_sessions",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("user_name", String(64), nullable=False, index=True),
    Column("folder", String(32), nullable=False, unique=True),
    Column("started_at", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
)

# Tokens of programs. The token is shown once; only its hash is kept.
tokens = Table(
    "api_tokens",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("secret_hash", String(64), nullable=False, unique=True),
    Column("created_at", DateTime, nullable=False),
    Column("revoked_at", DateTime),
)

# Failed sign-ins in a row, of an account (``user:NAME``, also of one that does not exist) or from an ``address:IP``.
attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("subject", String(160), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", DateTime, nullable=False),
    Column("locked_until", DateTime),
)

# What was done. Rows are only ever added; none holds a word of a draft.
audit = Table(
    "audit_log",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", DateTime, nullable=False),
    Column("who", String(80), nullable=False),  # a user's name, token:NAME, or empty
    Column("action", String(32), nullable=False),
    Column("subject", Text, nullable=False),  # what it was done to: an id, a name
    Column("detail", Text, nullable=False),
    Column("address", String(64), nullable=False),  # where the request came from; empty for the shell
)

# What was decided about documents that belong together, or about a draft and a document. ``subject`` is the key of
# both (see `decisions`), ``members`` the ids as JSON. A later decision on the same subject replaces the earlier one.
decisions = Table(
    "duplicate_decisions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("subject", String(64), nullable=False, index=True),
    Column("members", Text, nullable=False),
    Column("decision", String(16), nullable=False),
    Column("why", Text, nullable=False),
    Column("who", String(80), nullable=False),
    Column("at", DateTime, nullable=False),
)

# Published documents that show full personal numbers: how many of each kind (see `analyzers.personal_data`).
personal_data = Table(
    "personal_data",
    metadata,
    Column("document_id", String(512), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("numbers", Integer, nullable=False),
)

# Up to which change of the store something was looked through.
progress = Table(
    "staff_progress",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("change", BigInteger, nullable=False),
)

# The next three serve where several machines share the database (see `corpus.shared`).

# Requests to the API, counted by a hash of the address in windows of time: see `webapp.api.rates`.
rate_windows = Table(
    "rate_windows",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("counted_in", BigInteger, nullable=False),  # the window's number
    Column("requests", Integer, nullable=False),
)

# How often a query was asked on a day (see `webapp.query_counts`).
query_counts = Table(
    "query_counts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("query", String(64), primary_key=True),
    Column("asked", Integer, nullable=False),
)

# Keys that all web servers must have alike (see `secrets`).
shared_secrets = Table(
    "shared_secrets",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", String(128), nullable=False),
)

Index("audit_by_time", audit.c.at)


def utc_now() -> datetime:
    """The time now in UTC, without its zone."""
    return datetime.now(UTC).replace(tzinfo=None)
