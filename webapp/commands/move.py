"""`migrate`: to another database, to object storage, and back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from webapp.commands.common import REFUSED, print_refusals, progress, say, with_workspace
from webapp.workspace import Workspace

if TYPE_CHECKING:
    from corpus.transfer import Moved


@click.command()
@click.option("--to", "store_url", metavar="URL", help="An empty database: postgresql+psycopg://… or sqlite:////PATH.")
@click.option("--blobs-to", "blobs_url", metavar="URL", help="Where originals go: s3://BUCKET/PREFIX or a folder.")
@with_workspace
def migrate(workspace: Workspace, store_url: str | None, blobs_url: str | None) -> None:
    """Copy the store into another database, originals to another place, or both.

    What is there stays as it is. Everything in the store arrives in one transaction; originals that arrived are not
    copied again. Run a broken off migration again. Then set store_url and blobs_url.
    """
    if store_url is None and blobs_url is None:
        raise click.UsageError("name where to: --to URL, --blobs-to URL, or both")
    lost: Sequence[tuple[str, str]] = ()
    with ExitStack() as alone:
        _stand_alone(workspace, alone)
        if blobs_url is not None:
            lost = _move_blobs(workspace, blobs_url)
        if store_url is not None:
            _move_store(workspace, store_url)
            if blobs_url is not None:  # what was taken in meanwhile is in the moved store
                lost = _move_blobs(workspace, blobs_url)
    for name, value in (("store_url", store_url), ("blobs_url", blobs_url)):
        if value is not None:
            say(f"now set {name} to where it is, and start gongkai again; nothing was removed here")
    if lost:
        print_refusals(lost)
        raise click.exceptions.Exit(REFUSED)


def _stand_alone(workspace: Workspace, alone: ExitStack) -> None:
    """No crawl and no index may go on with what is left behind."""
    from corpus.errors import LockHeldError
    from corpus.locks import FolderLocks
    from corpus.transfer import check_idle

    store = workspace.store
    with store.reading() as connection:  # crawls of a store that machines share have no lock in the data folder
        check_idle(connection)
    for who, locks, name in (
        ("a crawl", FolderLocks(workspace.data), "crawl"),
        ("gongkai index", workspace.index.locks(store), "writer"),
    ):
        try:
            alone.enter_context(locks.held(name))
        except LockHeldError:
            raise click.ClickException(f"{who} is running; wait until it is done, then migrate") from None


def _move_store(workspace: Workspace, url: str) -> None:
    from corpus.store import DocumentStore
    from corpus.transfer import migrate
    from webapp.tables import ALL_TABLES

    with DocumentStore.open(url) as target, progress("moving the store", "rows") as update:
        moved = migrate(workspace.store, target, ALL_TABLES, update)
    _print_moved(moved)


def _move_blobs(workspace: Workspace, url: str) -> Sequence[tuple[str, str]]:
    from corpus.blob_copies import copy_blobs
    from corpus.blobs import open_blobs
    from corpus.transfer import Moved

    target = open_blobs(url)
    needed = workspace.store.blob_names()
    with progress("moving originals", "files") as update:
        copies = copy_blobs(needed, workspace.blobs, target, update)
    _print_moved([Moved("originals", len(needed), len(needed.intersection(target.names())))])
    return copies.lost


def _print_moved(moved: Sequence[Moved]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("", title="moved", title_justify="left")
    for name in ("here", "there"):
        table.add_column(name, justify="right")
    for item in moved:
        table.add_row(item.table, f"{item.source:,}", f"{item.target:,}")
    Console(highlight=False).print(table)
