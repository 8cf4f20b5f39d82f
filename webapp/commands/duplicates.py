"""`duplicates`: is this already published, and what of everything published says the same?"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.commands.common import REFUSED, print_counts, print_json, print_refusals, progress, say, with_workspace
from webapp.workspace import Workspace

if TYPE_CHECKING:
    from indexer.duplicates.model import CheckedDraft, Match


@click.group()
def duplicates() -> None:
    """Find what is already published."""


@duplicates.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH…|-")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--csv", "csv_path", type=click.Path(path_type=Path), help="Write a row for each draft and match here.")
@with_workspace
def check(workspace: Workspace, paths: tuple[str, ...], as_json: bool, csv_path: Path | None) -> None:
    """Check files and folders of drafts, or the text on stdin (-)."""
    from corpus.file_documents import Refusal
    from indexer.duplicates.reading import files_in, read_drafts
    from webapp.exports.duplicates import CHECK_HEADER, check_rows
    from webapp.exports.tables import table_csv

    checker = workspace.checker
    checker.signatures()  # nothing is read where nothing can be compared
    files = files_in([Path(path) for path in paths if path != "-"])
    refused: list[tuple[str, str]] = []
    answers: list[dict[str, object]] = []

    def checked() -> Iterator[CheckedDraft]:
        with progress("checking", "drafts") as update:
            for done, item in enumerate(read_drafts(files, sys.stdin.buffer if "-" in paths else None), 1):
                if isinstance(item, Refusal):
                    refused.append((item.source, item.reason))
                else:
                    yield checker.check(item)
                update(done, None)

    if csv_path:
        with csv_path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(table_csv(CHECK_HEADER, check_rows(checked())))
    else:
        for answer in checked():
            if as_json:
                answers.append(asdict(answer))
            else:
                _print(answer)
    if as_json and not csv_path:
        rows = [{"source": source, "reason": reason} for source, reason in refused]
        print_json({"drafts": answers, "refused": rows})
    if refused:
        print_refusals(refused)
        sys.exit(REFUSED)


@duplicates.command()
@click.option("--csv", "csv_path", type=click.Path(path_type=Path), help="Write a row for each document of a cluster.")
@click.option("--xlsx", "xlsx_path", type=click.Path(path_type=Path), help="The same as a spreadsheet.")
@with_workspace
def report(workspace: Workspace, csv_path: Path | None, xlsx_path: Path | None) -> None:
    """Compare everything published with everything."""
    from indexer.duplicates.report import report as compare_all
    from webapp.accounts.decisions import Decisions
    from webapp.exports.duplicates import CLUSTER_HEADER, cluster_rows
    from webapp.exports.tables import table_csv, table_xlsx

    with progress("comparing", "pairs") as update:
        found = compare_all(workspace.store, on_progress=update)
    rows = list(cluster_rows(found.clusters, Decisions(workspace.store).on_clusters()))
    if csv_path:
        with csv_path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(table_csv(CLUSTER_HEADER, rows))
    if xlsx_path:
        xlsx_path.write_bytes(table_xlsx("重复情况", CLUSTER_HEADER, rows))
    print_counts(
        "duplicates",
        {
            "documents": found.documents,
            **{f"clusters: {verdict.value}": count for verdict, count in found.by_verdict().items()},
            "same item, inconsistent content": sum(cluster.inconsistent for cluster in found.clusters),
            "documents that could go": found.could_go,
        },
    )
    for title, counts in (("by issuer", found.by_issuer()), ("by column", found.by_column())):
        if counts:
            print_counts(title, dict(list(counts.items())[:10]))


def _print(answer: CheckedDraft) -> None:
    click.echo(f"{answer.name}: {answer.verdict.label}")
    for match in answer.matches[:5]:
        click.echo(f"  {match.verdict.label}  {_shares(match)}  {match.title}  [{match.document_id}]")
        for fact in match.facts[:5]:
            click.echo(f"    {fact.kind.label}: {fact.draft or '-'} | {fact.published or '-'}")
    for problem in answer.problems:
        say(f"  {answer.name}: {problem}")


def _shares(match: Match) -> str:
    shares: Sequence[float] = (match.jaccard, match.draft_in_published, match.published_in_draft)
    return " / ".join(f"{share:.0%}" for share in shares)
