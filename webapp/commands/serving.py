"""`serve`, `demo`: show it to people."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import click

from webapp.commands.collect import crawl_sites
from webapp.commands.common import print_counts, say, with_workspace
from webapp.workspace import Workspace

if TYPE_CHECKING:
    from webapp.settings import Settings


@click.command()
@click.option("--host", help="Address to listen on (default 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (default 8000).")
@click.option("--workers", type=click.IntRange(1, 256), help="Worker processes (default: one a core).")
@with_workspace
def serve(workspace: Workspace, host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the site (gunicorn)."""
    from webapp.commands.server import Server

    settings = workspace.settings
    workspace.index.live()  # nothing indexed, or with other dictionaries: say so before anyone asks
    Server(
        settings,
        address=f"{host or settings.host}:{settings.port if port is None else port}",
        workers=workers or settings.workers or os.cpu_count() or 1,
        on_ready=lambda url: say(f"gongkai: {url}"),
    ).run()


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the site (default 8000; 0: any free one).")
@click.option("--once", is_flag=True, help="Stop before serving and print a summary.")
@with_workspace
def demo(workspace: Workspace, port: int | None, once: bool) -> None:
    """Serve the sample portal, crawl it, index it, serve the site."""
    from corpus.sample import SamplePortal
    from indexer.upkeep import bring_up

    with SamplePortal() as portal:
        say(f"the sample portal is at {portal.url}")
        site_file = workspace.data / "sample-site.toml"
        workspace.data.mkdir(parents=True, exist_ok=True)
        site_file.write_text(portal.site_toml(), "utf-8")
        crawl_sites(workspace, [str(site_file)])
        summary = bring_up(workspace.store, workspace.index)
        print_counts(
            "demo", {**workspace.store.counts(), "indexed": summary.indexed, "seconds": f"{summary.seconds:.1f}"}
        )
        if not once:
            _serve_beside(workspace.settings, port)


def _serve_beside(settings: Settings, port: int | None) -> None:
    """`gongkai serve` as a process of its own: forking workers out of one that runs threads is not safe."""
    command = [sys.executable, "-m", "webapp", "serve", "--data", str(settings.data)]
    if port is not None:
        command += ["--port", str(port)]
    server = subprocess.Popen(command)  # noqa: S603 - our own program
    try:
        server.wait()
    except KeyboardInterrupt:
        server.send_signal(signal.SIGTERM)
        server.wait()
