"""How does everything that a store holds get into another one: every row, and not a row more?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.exc import DBAPIError

from corpus import database
from corpus.errors import StoreError
from corpus.shared import is_shared
from corpus.store import DocumentStore
from corpus.tables import counters, crawl_hosts

# How many rows are held in memory and sent at once; the longest are documents, some 20 KB each.
_BATCH_ROWS = 200

Progress = Callable[[int, int], None]  # how many are done, how many there are


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows of a table were in the store that was read, and are in the one that was written."""

    table: str
    source: int
    target: int


def migrate(
    source: DocumentStore, target: DocumentStore, tables: Sequence[Table], on_progress: Progress
) -> list[Moved]:
    """Copy a store into an empty one, in one transaction: all of it arrives, or nothing.

    ``tables`` are all tables of the store, in an order in which rows may refer to each other. No other program writes
    to either store meanwhile, and what others count beside it is copied as at one moment; the source is left as it is.
    Raises StoreError: a crawl is running, the target holds something, or a number of rows differs; StoreBusyError.
    """
    if source.engine.url == target.engine.url:
        raise StoreError("the store to move to is the one to move from")
    with source.writing() as alone, source.reading() as snapshot, target.writing() as writer:
        check_idle(alone.connection)
        return transfer(snapshot, writer.connection, tables, on_progress)


def check_idle(source: Connection) -> None:
    """Crawlers that share a store show by their claims that they live (see `crawl.claims`). Raises StoreError."""
    if not is_shared(source.engine):
        return
    alive = crawl_hosts.c.until_s > func.extract("epoch", func.clock_timestamp())
    if host := source.scalar(select(crawl_hosts.c.host).where(crawl_hosts.c.holder != "", alive).limit(1)):
        raise StoreError(f"a crawl is running (at {host}); wait until it is done, then migrate")


def transfer(source: Connection, target: Connection, tables: Sequence[Table], on_progress: Progress) -> list[Moved]:
    """Copy every row between open transactions: the source's sees one moment, the target's store must hold nothing.

    Raises StoreError.
    """
    check_empty(target, tables)
    target.execute(counters.delete())
    counts = {table.name: count_rows(source, table) for table in tables}
    total, done = sum(counts.values()), 0
    moved = []
    for table in tables:
        for rows in source.execution_options(yield_per=_BATCH_ROWS).execute(select(table)).mappings().partitions():
            try:
                target.execute(table.insert(), [dict(row) for row in rows])
            except DBAPIError as error:
                raise StoreError(f"the store refuses a row of {table.name}: {database.reason(error)}") from error
            done += len(rows)
            on_progress(done, total)
        _go_on_counting(target, table)
        moved.append(Moved(table.name, counts[table.name], count_rows(target, table)))
    if differ := [item for item in moved if item.source != item.target]:
        listed = ", ".join(f"{item.table}: {item.source} and {item.target}" for item in differ)
        raise StoreError(f"not every row arrived ({listed}); nothing was kept")
    return moved


def check_empty(connection: Connection, tables: Sequence[Table]) -> None:
    """Raise StoreError if the store holds anything."""
    for table in tables:
        if table.name != counters.name and (count := count_rows(connection, table)):
            raise StoreError(
                f"the store {connection.engine.url!r} is not empty (rows in {table.name}: {count}); name an empty one"
            )
    if change := connection.scalar(select(counters.c.value).where(counters.c.name == "change")):
        raise StoreError(
            f"the store {connection.engine.url!r} was in use (its last change has number {change}); name an empty one"
        )


def count_rows(connection: Connection, table: Table) -> int:
    """How many rows the table has."""
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _go_on_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers new rows by a sequence, which knows nothing of rows that came with their numbers."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    last = connection.scalar(select(func.max(column)))
    sequence = func.pg_get_serial_sequence(table.name, column.name)
    connection.execute(select(func.setval(sequence, last or 1, last is not None)))
