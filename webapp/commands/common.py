"""What subcommands share: the data folder, progress bars, tables.

The modules of the subcommands import at their top only what is quick; a command imports what it runs on when it runs.
`gongkai --help` would otherwise wait for Scrapy, SQLAlchemy and Whoosh.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click

from webapp.workspace import Workspace

REFUSED = 3  # exit code: done with some inputs refused

# How many refused inputs are named; `gongkai status` lists them all.
_SHOWN_REFUSALS = 20


def with_workspace(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--data`` and, as its first argument, the `Workspace`; the rest of the settings as configured."""

    @click.option("--data", type=click.Path(path_type=Path), help="Data folder (default ./data).")
    @wraps(command)
    def wrapped(data: Path | None, **arguments: Any) -> None:
        from pydantic import ValidationError

        from webapp.settings import Settings

        try:
            settings = Settings() if data is None else Settings(data=data)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise click.UsageError(f"setting {name!r}: {first['msg']}{_given(name, first['input'])}") from None
        with closing(Workspace(settings)) as workspace:
            command(workspace, **arguments)

    return wrapped


def _given(name: str, value: object) -> str:
    """What was set instead, unless it may hold a password."""
    return "" if name.endswith(("_url", "_key", "_token")) else f" (got {value!r})"


@contextmanager
def progress(description: str, unit: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on stderr; call what it gives with how many are done, and of how many if that is known."""
    from rich import progress
    from rich.console import Console

    bar = progress.Progress(
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TextColumn("{task.fields[rate]}"),
        progress.TimeElapsedColumn(),
        progress.TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(description, total=None, rate="")

        def update(done: int, total: int | None = None) -> None:
            speed = bar.tasks[task].speed
            rate = f"{speed:,.0f} {unit}/s" if speed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield update


def say(message: str) -> None:
    """A line on stderr."""
    click.echo(message, err=True)


def print_json(value: object) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_counts(title: str, counts: dict[str, object]) -> None:
    """A two-column table on stderr."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in counts.items():
        table.add_row(name, f"{value:,}" if isinstance(value, int) else str(value))
    Console(stderr=True).print(table)


def print_refusals(refused: Sequence[tuple[str, str]]) -> None:
    """Name the inputs that were refused, and why."""
    for source, reason in refused[:_SHOWN_REFUSALS]:
        say(f"refused: {source}: {reason}")
    if len(refused) > _SHOWN_REFUSALS:
        say(f"… and {len(refused) - _SHOWN_REFUSALS} more; `gongkai status --failures` lists them all")
