"""How well are catalogs read? Precision and recall of every field."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.models import CatalogEntry
from tests.corpus.parsers.catalogs import Made

FIELDS = (
    "serial",
    "item",
    "subitem",
    "content",
    "basis",
    "time_limit",
    "publisher",
    "channels",
    "audiences",
    "audience_text",
    "methods",
    "levels",
    "period",
    "domain",
)


class Score:
    """Precision and recall per field. Rows are matched by table and row, or, with ``by_order``, by their order."""

    def __init__(self, *, by_order: bool = False) -> None:
        self.right = dict.fromkeys(FIELDS, 0)
        self.wanted = self.found = 0
        self._by_order = by_order

    def add(self, made: Made, entries: Sequence[CatalogEntry]) -> None:
        self.wanted += len(made.entries)
        self.found += len(entries)
        if self._by_order:
            pairs = list(zip(made.entries, entries, strict=False))
        else:
            places = {(entry.table, entry.row): entry for entry in entries}
            pairs = [(entry, places[at]) for entry in made.entries if (at := (entry.table, entry.row)) in places]
        for want, got in pairs:
            for name in FIELDS:
                self.right[name] += getattr(want, name) == getattr(got, name)

    def worst(self) -> float:
        """The lowest precision or recall of all fields."""
        return min(self.right.values()) / max(self.wanted, self.found, 1)

    def __str__(self) -> str:
        lines = (
            f"{name:14} precision {right / max(self.found, 1):.4f} recall {right / max(self.wanted, 1):.4f}"
            for name, right in self.right.items()
        )
        return "\n".join([f"{self.wanted} rows, {self.found} entries", *lines])
