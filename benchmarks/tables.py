"""How do measurements look on a terminal, in a log and in `docs/measurements.md`?"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from io import StringIO

from rich import box
from rich.console import Console
from rich.table import Table

# Wide enough for every table here, also where the output is a file.
_WIDTH = 132


def table(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str = "", texts: int = 1
) -> Table:
    """A table whose first ``texts`` columns are text and whose others are numbers; its lines read as Markdown."""
    made = Table(
        title=title, title_justify="left", caption=caption, caption_justify="left", box=box.MARKDOWN, highlight=False
    )
    for number, column in enumerate(columns):
        made.add_column(column, justify="left" if number < texts else "right", no_wrap=True)
    for row in rows:
        made.add_row(*row)
    return made


def show(*tables: Table) -> None:
    """Print tables on stdout."""
    console = Console(width=_WIDTH, highlight=False)
    for made in tables:
        console.print(made)
        console.print()


def as_text(made: Table) -> str:
    """The table as it is printed."""
    text = StringIO()
    Console(file=text, width=_WIDTH, highlight=False).print(made)
    return text.getvalue()


def machine() -> str:
    """What the numbers were measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return f"{os.cpu_count()} cores, {memory:.0f} GB, Python {platform.python_version()}, {platform.machine()}"
