"""`backup`, `restore`: a consistent copy while everything runs, and back."""

from __future__ import annotations

from pathlib import Path

import click

from webapp.commands.common import REFUSED, print_counts, print_refusals, progress, say, with_workspace
from webapp.workspace import Workspace


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@with_workspace
def backup(workspace: Workspace, folder: Path) -> None:
    """Copy the store and the originals into DIR, while everything goes on.

    A later backup into the same DIR copies only originals that are new, and takes the place of the earlier one when it
    is whole. The index, drafts, logs and settings are not in it. Exit code 3: originals that the store names were lost
    before; the rest is backed up.
    """
    from corpus.backup import backup as make
    from webapp.tables import ALL_TABLES

    with progress("backing up", "parts") as update:
        saved = make(workspace.store, workspace.blobs, folder, ALL_TABLES, on_rows=update, on_blobs=update)
    manifest, copies = saved.manifest, saved.copies
    print_counts(
        f"backup in {folder} of {manifest.created_at}",
        {
            "documents": manifest.rows["documents"],
            "versions": manifest.rows["versions"],
            "last change": manifest.change,
            "store bytes": manifest.store_bytes,
            "originals": manifest.blobs,
            "of these new": copies.copied,
            "lost": len(copies.lost),
        },
    )
    if copies.lost:
        print_refusals(copies.lost)
        raise click.exceptions.Exit(REFUSED)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True), metavar="DIR")
@click.option("--partial", is_flag=True, help="Leave out originals that the backup has lost or that are damaged.")
@with_workspace
def restore(workspace: Workspace, folder: Path, partial: bool) -> None:
    """Put the backup in DIR into an empty data folder, or wherever store_url and blobs_url point."""
    from corpus.backup import restore as put_back
    from webapp.tables import ALL_TABLES

    store = workspace.store
    with progress("restoring", "parts") as update:
        restored = put_back(
            folder,
            store,
            workspace.blobs,
            ALL_TABLES,
            scratch=workspace.data,
            partial=partial,
            on_rows=update,
            on_blobs=update,
        )
    lost = [*restored.copies.lost, *((name, "lost before the backup") for name in restored.manifest.lost)]
    print_counts(
        f"restored the backup of {restored.manifest.created_at}",
        {
            **{item.table: item.target for item in restored.moved if item.target and item.table != "counters"},
            "originals": restored.copies.copied + restored.copies.present,
            "lost": len(lost),
        },
    )
    say("now run `gongkai index --rebuild`: the index is no part of a backup")
    if lost:
        print_refusals(lost)
        raise click.exceptions.Exit(REFUSED)
