"""`withdraw`, `status`: look after what is kept."""

from __future__ import annotations

from pathlib import Path

import click

from indexer.errors import IndexAwayError, IndexBusyError
from webapp.commands.common import print_json, say, with_workspace
from webapp.workspace import Workspace


@click.command()
@click.argument("document_id", metavar="ID")
@click.option(
    "--reason", required=True, help="个人信息, 发布有误, 主管机关要求, 其他; other words go to the audit line only."
)
@click.option("--purge", is_flag=True, help="Also remove its versions, originals and all that was made of them.")
@with_workspace
def withdraw(workspace: Workspace, document_id: str, reason: str, purge: bool) -> None:
    """Take a document out of everything that answers."""
    from webapp.accounts.tables import utc_now
    from webapp.staff.corpus_report import CorpusReport
    from webapp.staff.coverage import CatalogCoverage
    from webapp.staff.withdrawal import REASON_CLASSES, take_down

    shown = reason if reason in REASON_CLASSES else "其他"
    store, folder = workspace.store, workspace.index.path
    CorpusReport(store, folder).forget(document_id)
    CatalogCoverage(store, workspace.engine, folder, utc_now).forget(document_id)
    try:
        take_down(
            workspace.store, workspace.blobs, workspace.index, document_id, reason=shown, note=reason, purge=purge
        )
    except IndexBusyError:
        say(
            "another gongkai is writing the index and takes the document out with its next commit"
            + ("; run this command again when it is done, to clear the old words from the disk" if purge else "")
        )
        raise
    say(f"withdrawn: {document_id} ({shown}){', purged' if purge else ''}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--failures", is_flag=True, help="List everything that could not be read.")
@with_workspace
def status(workspace: Workspace, as_json: bool, failures: bool) -> None:
    """Counts, freshness, versions and disk use."""
    from rich.console import Console
    from rich.table import Table

    state = _state(workspace)
    listed = [
        {"source": failure.source, "reason": failure.reason, "failed_at": f"{failure.failed_at:%Y-%m-%dT%H:%M:%SZ}"}
        for failure in (workspace.store.failures() if failures else [])
    ]
    if as_json:
        print_json({**state, **({"failures_list": listed} if failures else {})})
        return
    table = Table(title="status", title_justify="left", show_header=False)
    for group, values in state.items():
        for name, value in values.items():
            table.add_row(f"{group} {name.replace('_', ' ')}", f"{value:,}" if isinstance(value, int) else str(value))
    console = Console(highlight=False)
    console.print(table)
    for item in listed:
        console.print(f"{item['source']}: {item['reason']}", markup=False, soft_wrap=True)


def _state(workspace: Workspace) -> dict[str, dict[str, object]]:
    from corpus.errors import BlobError
    from corpus.migrations import HEAD

    store = workspace.store
    state: dict[str, dict[str, object]] = {"documents": dict(store.counts())}
    last = store.last_change()
    try:
        state["index"] = _index_state(workspace)
    except IndexAwayError as error:
        state["index"] = {"state": f"away: {error}"}
    folder = None
    try:
        originals = workspace.blobs.url
        folder = Path(originals) if "://" not in originals else None
    except BlobError as error:
        originals = f"away: {error}"
    state["store"] = {"change": last, "version": HEAD, "database": store.engine.dialect.name, "originals": originals}
    state["disk_bytes"] = {
        "store": store.size_bytes(),
        **({"blobs": _size(folder)} if folder else {}),
        **{name: _size(workspace.data / name) for name in ("index", "logs")},
    }
    return state


def _index_state(workspace: Workspace) -> dict[str, object]:
    found = workspace.index.state()
    if found is None:
        return {"state": "missing; run `gongkai index`"}
    meta = found.meta
    if meta is None:
        return {"state": "outdated; run with --rebuild", "generation": found.name}
    behind = workspace.store.change_count(after=meta.change)
    return {
        "state": ("up to date" if not behind else "behind") if meta.is_current else "outdated; run with --rebuild",
        "generation": found.name,
        "documents": workspace.engine.document_count() if meta.is_current else 0,
        "change": meta.change,
        "changes_to_take_in": behind,
        "schema": meta.schema,
        "segmenter": meta.segmenter,
        **({"health": found.health} if found.health else {}),
    }


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(entry.stat().st_size for entry in path.rglob("*") if entry.is_file())
