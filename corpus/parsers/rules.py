"""What do the rule files of this package say? Tab-separated, one rule a line, a comment line begins with ``# ``."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


@cache
def read_rules(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of ``data/NAME.tsv`` in their order."""
    text = (files(__package__) / "data" / f"{name}.tsv").read_text("utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("# "))
    return tuple(tuple(cell.strip() for cell in line.split("\t")) for line in lines)


@cache
def any_of(name: str, key: str) -> re.Pattern[str]:
    """One expression that matches wherever any pattern of the rows whose first cell is ``key`` does."""
    patterns = [row[-1] for row in read_rules(name) if row[0] == key]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
