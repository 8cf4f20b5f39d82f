"""`export`: everything that a query finds, as a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from webapp.commands.common import progress, say, with_workspace
from webapp.workspace import Workspace

if TYPE_CHECKING:
    from corpus.stored import StoredDocument
    from webapp.exports.found import Found

    _Pair: TypeAlias = tuple[Found, StoredDocument | None]


@click.command()
@click.argument("query", default="")
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx", "jsonl"]), default="csv", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write (default: stdout).")
@with_workspace
def export(workspace: Workspace, query: str, kind: str, out: Path | None) -> None:
    """Write everything that QUERY finds; without QUERY, all there is.

    csv and xlsx have a row for each hit; jsonl has each document whole, as `gongkai ingest` reads it.
    """
    from analyzers.lexicon import domains
    from indexer.engine import Query
    from webapp.exports.found import HEADER, find_all, rows, with_documents
    from webapp.exports.sheets import MAX_XLSX_ROWS, csv_stream, xlsx_stream

    if out is None and kind == "xlsx" and sys.stdout.isatty():
        raise click.UsageError("a workbook is no text for a terminal; name a file with --out FILE")
    found = find_all(workspace.engine, Query(text=query))
    if kind == "xlsx" and len(found) > MAX_XLSX_ROWS:
        raise click.UsageError(f"{len(found):,} rows are found, a worksheet holds {MAX_XLSX_ROWS:,}; use --format csv")
    if kind == "jsonl":
        found = list({one.document_id: one for one in found}.values())
    pairs = with_documents(workspace.store, found)
    names, base = {domain.slug: domain.name for domain in domains()}, workspace.settings.public_url
    with progress("exporting", "rows") as update:
        counted = _counted(pairs, len(found), update)
        if kind == "jsonl":
            chunks = _records(counted)
        elif kind == "csv":
            chunks = csv_stream(HEADER, rows(counted, names, base))
        else:
            chunks = xlsx_stream("检索结果", HEADER, rows(counted, names, base))
        if out is None:
            sys.stdout.buffer.writelines(chunks)
        else:
            _write_whole(out, chunks)
    say(f"{len(found):,} {'documents' if kind == 'jsonl' else 'rows'}{f' in {out}' if out else ''}")


def _counted(pairs: Iterable[_Pair], total: int, update: Callable[[int, int | None], None]) -> Iterator[_Pair]:
    for number, pair in enumerate(pairs, 1):
        yield pair
        update(number, total)


def _records(pairs: Iterable[_Pair]) -> Iterator[bytes]:
    """A line a document; of one that was taken down this very moment nothing is left to write."""
    from corpus.records import dump_record, record_from_document

    for _, stored in pairs:
        if stored is not None:
            yield f"{dump_record(record_from_document(stored.document))}\n".encode()


def _write_whole(path: Path, chunks: Iterable[bytes]) -> None:
    """Write the file, or leave what was there."""
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with unfinished.open("wb") as file:
            file.writelines(chunks)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
