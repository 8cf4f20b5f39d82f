"""What subcommands share: the data folder, progress bars, tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from webapp.settings import Settings
from webapp.workspace import Workspace

stderr = Console(stderr=True)

REFUSED = 3  # exit code: done with some inputs refused

# How many refused inputs are named; `gongkai status` lists them all.
_SHOWN_REFUSALS = 20


def with_workspace(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--data`` and, as its first argument, the `Workspace`; the rest of the settings as configured."""

    @click.option("--data", type=click.Path(path_type=Path), help="Data folder (default ./data).")
    @wraps(command)
    def wrapped(data: Path | None, **arguments: Any) -> None:
        try:
            settings = Settings() if data is None else Settings(data=data)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise click.UsageError(f"setting {name!r}: {first['msg']} (got {first['input']!r})") from None
        command(Workspace(settings), **arguments)

    return wrapped


@contextmanager
def progress(description: str, unit: str) -> Iterator[Callable[[int, int | None], None]]:
    """A bar on stderr; call what it gives with how many are done, and of how many if that is known."""
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=stderr,
        transient=True,
    )
    with bar:
        task = bar.add_task(description, total=None, rate="")

        def update(done: int, total: int | None = None) -> None:
            speed = bar.tasks[task].speed
            rate = f"{speed:,.0f} {unit}/s" if speed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield update


def print_json(value: object) -> None:
    """One JSON document on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_counts(title: str, counts: dict[str, object]) -> None:
    """A two-column table on stderr."""
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, value in counts.items():
        table.add_row(name, f"{value:,}" if isinstance(value, int) else str(value))
    stderr.print(table)


def print_refusals(refused: Sequence[tuple[str, str]]) -> None:
    """Name the inputs that were refused, and why."""
    for source, reason in refused[:_SHOWN_REFUSALS]:
        stderr.print(f"refused: {source}: {reason}", markup=False, highlight=False, soft_wrap=True)
    if len(refused) > _SHOWN_REFUSALS:
        stderr.print(f"… and {len(refused) - _SHOWN_REFUSALS} more; `gongkai status --failures` lists them all")
