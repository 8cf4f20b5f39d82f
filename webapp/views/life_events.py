"""For which turns of a life (出生, 入学, 就业 …) are there guides, and how many?"""

from __future__ import annotations

from collections.abc import Hashable
from types import MappingProxyType

from analyzers.lexicon import life_events
from corpus.models import Kind
from indexer.engine import Part, Query, SearchEngine
from webapp.params import SearchRequest

Counted = tuple[tuple[str, int, SearchRequest], ...]


class LifeEvents:
    """The events with guides, the number of these, and the search that finds them.

    A search for each event costs more than the rest of the home page (5 ms, eleven times), so the numbers are kept
    until the corpus has changed. Safe to share by threads: what is kept is replaced in one piece.
    """

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine
        self._kept: tuple[Hashable, Counted] | None = None

    def counted(self, state: Hashable) -> Counted:
        """Those that find something; ``state`` is whatever tells one state of the corpus from another."""
        kept = self._kept
        if kept is None or kept[0] != state:
            kept = self._kept = state, self._count()
        return kept[1]

    def _count(self) -> Counted:
        guides = MappingProxyType({"kind": (Kind.GUIDE.value,)})
        found = []
        for name, words in life_events().items():
            text = " OR ".join(f'"{word}"' for word in words)
            query = Query(text=text, part=Part.DOCUMENT, filters=guides, facets=(), limit=0)
            if total := self._engine.search(query).total:
                found.append((name, total, SearchRequest(text=text).with_value("kind", Kind.GUIDE.value)))
        return tuple(found)
