"""How does a store that an earlier release made become one of today's?

Every table of the store's database, those of the staff area too, has one history: the revisions in ``versions/``. A
revision writes out what it makes and imports no table definition of ours, so that it does the same for ever. To change
a table: change its definition, write the next revision (``revision``, ``down_revision``, ``upgrade``; there is no way
back but a backup), and raise `HEAD`; tests compare what the revisions make with the definitions, in each database.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, column, inspect, select, table

from corpus.errors import StoreVersionError

# The last revision. It stands here so that opening a store of today reads one row and loads no alembic.
HEAD = "0003"

# What stores were marked with before they had revisions; older ones were never released.
_UNMARKED_VERSION = 2

_ALEMBIC = table("alembic_version", column("version_num"))
_COUNTERS = table("counters", column("name"), column("value"))


def upgrade(engine: Engine) -> None:
    """Bring the database to `HEAD`, making every table where there are none.

    Any number of processes may ask at once: one does it, in one transaction, the others wait for it. Raises
    StoreVersionError if a newer gongkai wrote it, or one from before the first release; a DBAPIError if the database
    refuses.
    """
    with engine.connect() as connection, connection.begin():
        if revision_of(connection) == HEAD:
            return
    with engine.connect().execution_options(gongkai_write=True) as connection, connection.begin():
        revision = revision_of(connection)
        if revision == HEAD:  # another process was first
            return
        if revision is None:
            _check_unmarked(connection)
        _run(connection, revision)


def revision_of(connection: Connection) -> str | None:
    """The revision at which the database stands; None if it has no tables of ours or is older than revisions."""
    if not inspect(connection).has_table(_ALEMBIC.name):
        return None
    return connection.scalar(select(_ALEMBIC.c.version_num))


def _check_unmarked(connection: Connection) -> None:
    if not inspect(connection).has_table(_COUNTERS.name):
        return
    version = connection.scalar(select(_COUNTERS.c.value).where(_COUNTERS.c.name == "store_version"))
    if version != _UNMARKED_VERSION:
        raise StoreVersionError(
            f"the store has version {version}, which no release of gongkai wrote; crawl and ingest into a new one"
        )


def _run(connection: Connection, revision: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreVersionError(
            f"the store has revision {revision}, this gongkai knows revisions up to {HEAD}; "
            "use the gongkai that wrote it, or a newer one"
        )
    command.upgrade(config, "head")
