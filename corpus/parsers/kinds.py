"""What kind of document do its title and its column (栏目) tell of? The rules are ``data/kinds.tsv``."""

from __future__ import annotations

import re

from corpus.models import Kind
from corpus.parsers.rules import read_rules


def tell_kind(title: str, column: str) -> Kind | None:
    """The kind by the first rule that matches; None if none does."""
    words = {"title": title, "column": column}
    for kind, where, pattern in read_rules("kinds"):
        if words[where] and re.search(pattern, words[where]):
            return Kind(kind)
    return None
