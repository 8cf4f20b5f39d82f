"""The search engine on a Whoosh index of columnar segments."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.index import EmptyIndexError

from indexer import filters
from indexer.abbreviations import ABBREVIATIONS, read_abbreviations
from indexer.citation_graph import CitationGraph, citation_graph
from indexer.collapse import Listed, TwinColumn, collapse, every_one, twin_column
from indexer.columnar.opened import open_index
from indexer.corrections import Corrections, Suggestion
from indexer.derived import Derived
from indexer.engine import Hit, Part, Query, SearchResults, Sort
from indexer.errors import IndexMissingError
from indexer.fields import TEXT_FIELDS
from indexer.generations import IndexFolder
from indexer.hits import gains_of, hit_of, ranks_by_closeness
from indexer.matching import Matches, best, contributions, documents_with, everything, match
from indexer.meaning import Meanings
from indexer.passages import Wanted, sure_answer
from indexer.ranking import BM25F, ScoringModel
from indexer.readings import Reading, last_resort, otherwise, read
from indexer.reranking import HEAD
from indexer.snapshot import Snapshot
from indexer.twins import TWINS, read_twins
from indexer.understanding import asks_for_something, narrowed_by, understood

# How often the live generation is looked for again when it was swapped away between two looks.
_LOOKS = 5

# Of the words and titles of a generation, beside its segments (`indexer.upkeep` makes it).
PHRASEBOOK = "phrasebook.gk"

_State = tuple[str, int]  # the live generation, and when its last commit was noted


class WhooshEngine:
    """Answers from the live generation of an index folder; all threads share one snapshot of it.

    A commit, or a new generation, is seen by the next search. Raises IndexMissingError and IndexOutdatedError when
    asked while there is nothing to answer from, IndexDamagedError when a file of the index is torn.
    """

    def __init__(
        self,
        folder: IndexFolder,
        model: ScoringModel | None = None,
        today: Callable[[], date] | None = None,
        meanings: Meanings | None = None,
    ) -> None:
        self._folder = folder
        self._meanings = meanings
        self._model = model or BM25F()
        self._today = today or _local_date
        self._lock = threading.Lock()
        self._opened: tuple[_State, Snapshot] | None = None
        self._book = Derived(folder, PHRASEBOOK, Corrections, "nothing is corrected or suggested")
        self._learned = Derived(folder, ABBREVIATIONS, read_abbreviations, "nothing is looked for by other names")
        self._twins = Derived(folder, TWINS, read_twins, "equal documents are listed one by one")
        self._graph: tuple[Snapshot, CitationGraph | None] | None = None
        self._column: tuple[Snapshot, object, TwinColumn] | None = None

    def document_count(self) -> int:
        snapshot = self._snapshot()
        documents = snapshot.having("part", Part.DOCUMENT)
        return sum(
            int(np.count_nonzero(mask if part.segment.alive is None else mask & part.segment.alive))
            for part, mask in zip(snapshot.parts, documents, strict=True)
        )

    def search(self, query: Query) -> SearchResults:
        started = time.perf_counter()
        filters.check(query)
        snapshot = self._snapshot()
        results = self._answer(snapshot, query, self._find(snapshot, query))
        return replace(results, took_ms=(time.perf_counter() - started) * 1000)

    def _find(self, snapshot: Snapshot, query: Query) -> _Found:
        """What answers a query as it was typed; where that is nothing, as it may have been meant."""
        today, corrections, learned = self._today(), self._book.current(), self._learned.current()
        found = self._read_as(snapshot, query, read(query.text, today, corrections, learned))
        if not found.total and (meant := last_resort(found.reading, corrections)) is not None:
            found = self._read_as(snapshot, query, otherwise(query.text, meant, today, learned))
        return found

    def _read_as(self, snapshot: Snapshot, query: Query, reading: Reading) -> _Found:
        question = reading.question
        by_date, laws = query.sort is Sort.DATE, self._laws(snapshot)
        if asks_for_something(question):
            matches = match(snapshot, reading, self._model, laws=laws, every_word=by_date)
            if by_date and not any(len(part.ids) for part in matches.parts):
                matches = match(snapshot, reading, self._model, laws=laws)
        else:
            matches, by_date = everything(snapshot), True
        if query.twins_of:
            matches = self._twin_column(snapshot).restrict(snapshot, matches, query.twins_of)
        narrowed = narrowed_by(question, query, snapshot.column("issuer").names)
        allowed = filters.masks(snapshot, narrowed)
        found = filters.narrow(matches, allowed)
        listed = every_one(found)
        if query.collapse:
            listed = collapse(snapshot, found, self._twin_column(snapshot), by_date=by_date)
        return _Found(reading, narrowed, matches, allowed, found, listed, by_date)

    def _answer(self, snapshot: Snapshot, query: Query, found: _Found) -> SearchResults:
        question, matches, reading = found.reading.question, found.matches, found.reading
        page = self._page(snapshot, found, query.offset, query.limit)
        wanted = Wanted.of(question, matches.weights)
        hits = tuple(
            replace(
                _hit(found.stored(snapshot, number), score, matches, query, wanted if rank < query.passages else None),
                others=found.listed.others(number),
            )
            for rank, (number, score) in enumerate(page)
        )
        return SearchResults(
            query=query,
            total=found.total,
            listed=sum(len(part.ids) for part in found.listed.matches.parts),
            hits=hits,
            answer=sure_answer(hits, wanted) if query.offset == 0 and not found.by_date else None,
            facets=filters.facets(snapshot, found.query, found.every, found.allowed),
            understood=(*filter(None, [reading.told]), *understood(question, matches.synonyms, read_from=query.text)),
            unstated=filters.unstated(snapshot, found.every, found.allowed),
            suggestion=reading.offer.text if reading.offer is not None else None,
        )

    def _page(self, snapshot: Snapshot, found: _Found, offset: int, limit: int) -> list[tuple[int, float]]:
        """One page of (number over all segments, score); the first `HEAD` hits stand in the order of closeness."""
        if not limit or offset >= HEAD or not self._reranks(found):
            return best(snapshot, found.listed.matches, offset, limit, by_date=found.by_date)
        first = best(snapshot, found.listed.matches, 0, max(HEAD, offset + limit), by_date=False)
        gained = self._gains(snapshot, found, first[:HEAD])
        closer = [(number, score + sum(more.values())) for (number, score), more in zip(first, gained, strict=False)]
        closer.sort(key=lambda hit: -hit[1])
        return [*closer, *first[HEAD:]][offset : offset + limit]

    def _reranks(self, found: _Found) -> bool:
        return not found.by_date and ranks_by_closeness(found.reading, self._model)

    def _gains(self, snapshot: Snapshot, found: _Found, head: Sequence[tuple[int, float]]) -> list[dict[str, float]]:
        """What each of the first hits gains by closeness and by meaning, by what it is for."""
        question, weights = found.reading.question, found.matches.weights
        stored = [found.stored(snapshot, number) for number, _ in head]
        gained = [
            gains_of(question, weights, one["title"], one.get("body", ""), score)
            for one, (_, score) in zip(stored, head, strict=True)
        ]
        if self._meanings is not None:
            scores = {one["id"]: score for one, (_, score) in zip(stored, head, strict=True)}
            meant = self._meanings.gains(question.text, scores)
            gained = [{**gains, "near in meaning": meant[one["id"]]} for gains, one in zip(gained, stored, strict=True)]
        return gained

    def suggestions(self, typed: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """What begins with, or has, what was typed so far; () where no phrasebook was made yet."""
        corrections = self._book.current()
        return () if corrections is None else corrections.suggestions(typed, limit)

    def explain(self, query: Query, document_id: str) -> dict[str, float]:
        """What each part of the query adds to the score of this document; {} if it cannot be found.

        Parts are its words, its numbers, ``低保 → 最低生活保障`` for what official terms add beyond the plain word,
        ``neighbouring characters``, what the question leans to, what articles of law gain by others, and for the first
        hits how close together the question is said. They add up to the score.
        """
        snapshot = self._snapshot()
        number = snapshot.number_of(document_id)
        if number is None:
            return {}
        found = self._find(snapshot, query)
        parts = contributions(snapshot, found.reading, self._model, number, self._laws(snapshot))
        if self._reranks(found):
            head = best(snapshot, found.listed.matches, 0, HEAD, by_date=False)
            if number in (place := [other for other, _ in head]):
                gains = self._gains(snapshot, found, head)[place.index(number)]
                parts |= {label: gained for label, gained in gains.items() if gained}
        return parts

    def vocabulary(self, prefix: str = "") -> Iterator[str]:
        start = prefix.encode("utf-8", "surrogatepass")
        fields = (part.field(name) for part in self._snapshot().parts for name in TEXT_FIELDS)
        words = merge(*(map(field.term, field.rows_with_prefix(start)) for field in fields if field is not None))
        return (word.decode() for word, _ in groupby(words))

    def document_frequencies(self, words: Sequence[str]) -> tuple[int, ...]:
        return documents_with(self._snapshot(), words)

    def texts(self, ids: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        snapshot = self._snapshot()
        numbers = {wanted: number for wanted in ids if (number := snapshot.number_of(wanted)) is not None}
        stored = {wanted: snapshot.stored(number) for wanted, number in numbers.items()}
        return {wanted: (fields["title"], fields.get("body", "")) for wanted, fields in stored.items()}

    def _snapshot(self) -> Snapshot:
        for _ in range(_LOOKS - 1):
            with suppress(IndexMissingError, EmptyIndexError, FileNotFoundError):
                return self._look()
        try:
            return self._look()
        except (EmptyIndexError, FileNotFoundError) as error:
            raise IndexMissingError(f"the index is incomplete ({error}); run `gongkai index --rebuild`") from error

    def _look(self) -> Snapshot:
        generation = self._folder.live()
        state = generation.name, (generation / "meta.json").stat().st_mtime_ns
        opened = self._opened
        if opened is not None and opened[0] == state:
            return opened[1]
        with self._lock:
            before = self._opened
            if before is not None and before[0] == state:
                return before[1]
            # Segments of another generation are others, whatever their names: nothing of them is handed on.
            known = before[1] if before is not None and before[0][0] == generation.name else None
            index = open_index(Path(generation), known.index if known else None)
            snapshot = Snapshot(index, known)
            self._graph = snapshot, citation_graph(snapshot)  # before anybody asks it
            self._opened = state, snapshot
        return snapshot

    def _laws(self, snapshot: Snapshot) -> CitationGraph | None:
        """The citations among the articles of law in a snapshot, read once."""
        known = self._graph
        if known is None or known[0] is not snapshot:
            known = self._graph = snapshot, citation_graph(snapshot)
        return known[1]

    def _twin_column(self, snapshot: Snapshot) -> TwinColumn:
        """The twins among the documents of a snapshot, looked up once; none where they were not found out yet."""
        twins = self._twins.current() or ()
        known = self._column
        if known is None or known[0] is not snapshot or known[1] is not twins:
            known = self._column = snapshot, twins, twin_column(snapshot, twins)
        return known[2]

    def close(self) -> None:
        """Let the index go; a later search opens it again."""
        with self._lock:
            self._opened = None
            self._graph = None
            self._column = None
        for derived in (self._book, self._learned, self._twins):
            derived.close()


@dataclass(frozen=True, slots=True)
class _Found:
    """What answers a query, read so: ``every`` document, ``matches`` that its filters allow, ``listed`` of these."""

    reading: Reading
    query: Query
    every: Matches
    allowed: filters.Allowed
    matches: Matches
    listed: Listed
    by_date: bool
    _stored: dict[int, dict[str, Any]] = field(default_factory=dict)

    def stored(self, snapshot: Snapshot, number: int) -> dict[str, Any]:
        """The stored fields of a document, unpacked once a request."""
        if number not in self._stored:
            self._stored[number] = snapshot.stored(number)
        return self._stored[number]

    @property
    def total(self) -> int:
        return sum(len(part.ids) for part in self.matches.parts)


def _local_date() -> date:
    return datetime.now().astimezone().date()


def _hit(stored: Mapping[str, Any], score: float, matches: Matches, query: Query, wanted: Wanted | None) -> Hit:
    return hit_of(
        stored["id"],
        stored["title"],
        stored.get("body", ""),
        stored["card"],
        score=score,
        weights=matches.weights,
        with_snippet=query.snippets,
        wanted=wanted,
    )
