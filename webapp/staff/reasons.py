"""How does a parser's reason read to staff?"""

from __future__ import annotations

from functools import cache
from pathlib import Path


def reason_in_chinese(sentence: str) -> str:
    """A sentence of `reasons.tsv` for what a parser says in English."""
    return next(shown for words, shown in _rows() if any(word in sentence for word in words))


@cache
def _rows() -> list[tuple[list[str], str]]:
    lines = Path(__file__).with_suffix(".tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return [(words.split("|"), shown) for words, shown in rows]
