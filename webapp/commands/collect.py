"""`crawl`, `ingest`, `reparse`: bring documents into the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from webapp.commands.common import REFUSED, print_counts, print_json, print_refusals, progress, say, with_workspace
from webapp.workspace import Workspace

if TYPE_CHECKING:
    from corpus.crawl import CrawlSummary, Site


@click.command()
@click.argument("sites", nargs=-1, required=True, metavar="URL|SITE.toml...")
@click.option("--accept-removals", is_flag=True, help="Confirm that what vanished or shrank is meant to.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout: a list of summaries.")
@with_workspace
def crawl(workspace: Workspace, sites: tuple[str, ...], accept_removals: bool, as_json: bool) -> None:
    """Crawl sites politely into the store; a crawl that was cut off is continued.

    On PostgreSQL any number of machines may run this at once: they share the sites, and the hosts of each.
    """
    summaries = crawl_sites(workspace, sites, accept_removals=accept_removals)
    if as_json:
        print_json([summary.to_dict() for summary in summaries])
    codes = {summary.exit_code for summary in summaries}
    raise click.exceptions.Exit(next((code for code in (1, 3) if code in codes), 0))


def crawl_sites(workspace: Workspace, sites: Sequence[str], *, accept_removals: bool = False) -> list[CrawlSummary]:
    """Crawl one site after the other, showing how it goes and what came of it; one that was stopped ends it.

    Sites that other machines crawl go last: when it is their turn, nothing is left to do but to tell of them, or to
    take over what a machine that died has left.
    """
    from corpus.crawl import last_concluded

    left = [_site(text) for text in sites]
    known = {site.id: last_concluded(workspace.store, site.id) for site in left}
    summaries = []
    while left:
        site = _next(workspace, left)
        left.remove(site)
        number = last_concluded(workspace.store, site.id)
        if number > known[site.id]:
            summary = _crawled_elsewhere(workspace, number)
        else:
            summary = _crawl(workspace, site, accept_removals=accept_removals)
            known[site.id] = summary.number  # a site that is named twice is crawled twice
        _print_summary(summary)
        summaries.append(summary)
        if summary.outcome == "stopped":
            break
    return summaries


def _next(workspace: Workspace, left: Sequence[Site]) -> Site:
    """The first site at which there is something to do; where other machines are at all of them, the first."""
    from corpus.crawl import is_crawled_elsewhere

    shared = workspace.shared
    if shared is None:
        return left[0]
    return next((site for site in left if not is_crawled_elsewhere(shared, site)), left[0])


def _crawl(workspace: Workspace, site: Site, *, accept_removals: bool) -> CrawlSummary:
    from corpus.crawl import CrawlSettings
    from corpus.crawl import crawl as run_crawl

    with progress(f"crawling {site.id}", "pages") as update:
        return run_crawl(
            site,
            workspace.store,
            workspace.blobs,
            data_dir=workspace.data,
            accept_removals=accept_removals,
            settings=CrawlSettings(contact=workspace.settings.contact),
            on_progress=lambda done, queued, _: update(done, done + queued),
        )


def _crawled_elsewhere(workspace: Workspace, number: int) -> CrawlSummary:
    """What came of a crawl that other machines did since this command began."""
    from corpus.crawl import summarize

    return summarize(workspace.store, number, seconds=0.0)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
@with_workspace
def ingest(workspace: Workspace, paths: tuple[Path, ...], as_json: bool) -> None:
    """Take files, folders and .jsonl(.gz) of documents into the store."""
    from corpus.importers import ingest as run_ingest

    with progress("reading", "documents") as update:
        summary = run_ingest(paths, workspace.store, workspace.blobs, lambda done: update(done, None))
    counts = {
        "new": summary.created,
        "changed": summary.changed,
        "unchanged": summary.unchanged,
        "refused": len(summary.refused),
    }
    print_counts("ingest", dict(counts))
    print_refusals(summary.refused)
    if as_json:
        print_json({**counts, "refusals": [{"source": source, "reason": why} for source, why in summary.refused]})
    if summary.refused:
        raise click.exceptions.Exit(REFUSED if summary.read else 1)


@click.command()
@click.option("--failed", is_flag=True, help="Only what could not be read before.")
@click.option("--all", "everything", is_flag=True, help="Everything, also what today's parsers have read already.")
@with_workspace
def reparse(workspace: Workspace, failed: bool, everything: bool) -> None:
    """Read the stored originals again with today's parsers.

    Exit code 3: this run could not read something. What was unreadable before for the same reason is tried again, but
    counts only with --failed or --all; a page that only a crawl can fetch again never does.
    """
    from corpus.reparse import reparse as run_reparse

    if failed and everything:
        raise click.UsageError("--failed and --all exclude each other")
    done = 0
    with progress("reading again", "files") as update:

        def count(more: int) -> None:
            nonlocal done
            done += more
            update(done, None)

        summary = run_reparse(
            workspace.store, workspace.blobs, everything=everything, failed_only=failed, on_progress=count
        )
    print_counts(
        "reparse",
        {
            "documents changed": summary.changed,
            "documents unchanged": summary.unchanged,
            "attached files": summary.files,
            "refused": len(summary.refused),
            "unreadable as before": len(summary.known),
            "left to the next crawl": len(summary.left),
        },
    )
    print_refusals(summary.refused)
    if summary.refused:
        raise click.exceptions.Exit(REFUSED)


def _site(text: str) -> Site:
    from corpus.crawl import Site, load_site

    if "://" in text:
        return Site.from_url(text)
    return load_site(Path(text))


def _print_summary(summary: CrawlSummary) -> None:
    print_counts(
        f"crawl {summary.number} of {summary.site}: {summary.outcome}",
        {
            "read": summary.read,
            "new": summary.created,
            "changed": summary.changed,
            "unchanged": summary.unchanged,
            "files": summary.files,
            "gone": summary.gone,
            "held back": summary.held,
            "failed": len(summary.failed),
            "files not read": len(summary.unread),
            "forbidden by robots.txt": len(summary.forbidden),
            "unsupported files": len(summary.unsupported),
            "not visited": summary.not_visited,
            "pages/s": f"{summary.pages_per_s:,.1f}",
        },
    )
    if summary.message:
        say(summary.message)
    for failure in summary.failed:
        retried = f" after {failure.retries} retries" if failure.retries else ""
        say(f"failed: {failure.url}: {failure.reason}{retried}")
    for unread in summary.unread:
        say(f"kept, but not read: {unread.url}: {unread.reason}")
    for url in summary.unsupported:
        say(f"unsupported: {url}")
