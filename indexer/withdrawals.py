"""What was withdrawn is answered with by nobody, from that moment on, whatever the index still holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import replace

from indexer.catalog_mapping import ENTRY_MARK
from indexer.engine import Query, SearchEngine, SearchResults
from indexer.suggest import Suggestion

# Which of these documents were withdrawn; `corpus.store.DocumentStore.withdrawn`.
Withdrawn = Callable[[Collection[str]], Set[str]]


class WithoutWithdrawn:
    """A `SearchEngine` without what was withdrawn since the index was written.

    An index that is being built anew, or that somebody else writes, follows the store later. Until then a page of
    results may be shorter, and the counts of filters may count what is not shown.
    """

    def __init__(self, engine: SearchEngine, withdrawn: Withdrawn) -> None:
        self._engine, self._withdrawn = engine, withdrawn

    def search(self, query: Query) -> SearchResults:
        results = self._engine.search(query)
        sources = {item.source for item in results.understood if item.source}
        gone = self._withdrawn({hit.document_id for hit in results.hits} | sources)
        if not gone:
            return results
        hits = tuple(hit for hit in results.hits if hit.document_id not in gone)
        left_out = len(results.hits) - len(hits)
        return replace(
            results,
            hits=hits,
            understood=tuple(item for item in results.understood if item.source not in gone),
            total=results.total - left_out,
            listed=None if results.listed is None else results.listed - left_out,
            answer=None if results.answer is None or results.answer.document_id in gone else results.answer,
        )

    def suggestions(self, typed: str, limit: int = 10) -> tuple[Suggestion, ...]:
        found = self._engine.suggestions(typed, limit)
        gone = self._withdrawn({name for item in found if item.id for name in _names(item.id)})
        return tuple(item for item in found if gone.isdisjoint(_names(item.id)))

    def document_count(self) -> int:
        return self._engine.document_count()

    def vocabulary(self, prefix: str = "") -> Iterator[str]:
        return self._engine.vocabulary(prefix)

    def document_frequencies(self, words: Sequence[str]) -> tuple[int, ...]:
        return self._engine.document_frequencies(words)

    def texts(self, ids: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        gone = self._withdrawn({name for hit_id in ids for name in _names(hit_id)})
        return self._engine.texts([hit_id for hit_id in ids if gone.isdisjoint(_names(hit_id))])


def _names(hit_id: str) -> tuple[str, str]:
    """The id of a hit, and of the document that it stands in if it is a row: an id may hold the mark itself."""
    document_id, mark, number = hit_id.rpartition(ENTRY_MARK)
    return hit_id, document_id if mark and number.isdecimal() else hit_id
