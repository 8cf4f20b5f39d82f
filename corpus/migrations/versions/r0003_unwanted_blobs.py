"""Blobs of purged documents, until their bytes are deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "unwanted_blobs", sa.Column("sha256", sa.String(length=64), nullable=False), sa.PrimaryKeyConstraint("sha256")
    )
