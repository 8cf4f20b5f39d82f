"""What several machines share on PostgreSQL: hosts that are being crawled, counted requests and queries, secrets."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "crawl_hosts",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("until_s", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("host"),
        if_not_exists=True,
    )
    op.create_table(
        "rate_windows",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counted_in", sa.BigInteger(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("place"),
    )
    op.create_table(
        "query_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("query", sa.String(length=64), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "query"),
    )
    op.create_table(
        "shared_secrets",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE rate_windows SET UNLOGGED")  # a minute's counts need not outlive a crash
