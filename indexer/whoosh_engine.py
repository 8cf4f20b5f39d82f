"""The search engine on a Whoosh index of columnar segments."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.index import EmptyIndexError

from indexer import filters
from indexer.columnar.opened import open_index
from indexer.corrections import Corrections, Suggestion
from indexer.engine import Hit, Part, Query, SearchResults, Sort
from indexer.errors import IndexDamagedError, IndexMissingError, IndexOutdatedError
from indexer.fields import TEXT_FIELDS
from indexer.generations import IndexFolder
from indexer.highlight import mark, snippet
from indexer.matching import Matches, best, contributions, documents_with, everything, match
from indexer.ranking import BM25F, ScoringModel
from indexer.readings import Reading, last_resort, otherwise, read
from indexer.snapshot import Snapshot
from indexer.understanding import asks_for_something, narrowed_by, understood

# How often the live generation is looked for again when it was swapped away between two looks.
_LOOKS = 5

# Of the words and titles of a generation, beside its segments (`indexer.upkeep` makes it).
PHRASEBOOK = "phrasebook.gk"

log = logging.getLogger(__name__)

_State = tuple[str, int]  # the live generation, and when its last commit was noted


class WhooshEngine:
    """Answers from the live generation of an index folder; all threads share one snapshot of it.

    A commit, or a new generation, is seen by the next search. Raises IndexMissingError and IndexOutdatedError when
    asked while there is nothing to answer from, IndexDamagedError when a file of the index is torn.
    """

    def __init__(
        self, folder: IndexFolder, model: ScoringModel | None = None, today: Callable[[], date] | None = None
    ) -> None:
        self._folder = folder
        self._model = model or BM25F()
        self._today = today or _local_date
        self._lock = threading.Lock()
        self._opened: tuple[_State, Snapshot] | None = None
        self._book: tuple[_State, Corrections | None] | None = None

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
        today, corrections = self._today(), self._corrections()
        reading = read(query.text, today, corrections)
        results = self._answer(snapshot, query, reading)
        if not results.total and (meant := last_resort(reading, corrections)) is not None:
            results = self._answer(snapshot, query, otherwise(query.text, meant, today))
        return replace(results, took_ms=(time.perf_counter() - started) * 1000)

    def _answer(self, snapshot: Snapshot, query: Query, reading: Reading) -> SearchResults:
        question = reading.question
        by_date = query.sort is Sort.DATE
        if asks_for_something(question):
            matches = match(snapshot, reading, self._model, every_word=by_date)
            if by_date and not any(len(part.ids) for part in matches.parts):
                matches = match(snapshot, reading, self._model)
        else:
            matches, by_date = everything(snapshot), True
        narrowed = narrowed_by(question, query, snapshot.column("issuer").names)
        allowed = filters.masks(snapshot, narrowed)
        facets = filters.facets(snapshot, narrowed, matches, allowed)
        unstated = filters.unstated(snapshot, matches, allowed)
        matches = filters.narrow(matches, allowed)
        page = best(snapshot, matches, query.offset, query.limit, by_date=by_date)
        return SearchResults(
            query=query,
            total=sum(len(part.ids) for part in matches.parts),
            hits=tuple(_hit(snapshot, number, score, matches) for number, score in page),
            facets=facets,
            understood=(*filter(None, [reading.told]), *understood(question, matches.synonyms, read_from=query.text)),
            unstated=unstated,
            suggestion=reading.offer.text if reading.offer is not None else None,
        )

    def suggestions(self, typed: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """What begins with, or has, what was typed so far; () where no phrasebook was made yet."""
        corrections = self._corrections()
        return () if corrections is None else corrections.suggestions(typed, limit)

    def explain(self, query: Query, document_id: str) -> dict[str, float]:
        """What each part of the query adds to the score of this document; {} if it cannot be found.

        Parts are its words, its numbers, ``低保 → 最低生活保障`` for what official terms add beyond the plain word,
        ``neighbouring characters``, and what the question leans to. They add up to the score.
        """
        snapshot = self._snapshot()
        number = snapshot.number_of(document_id)
        if number is None:
            return {}
        return contributions(snapshot, read(query.text, self._today(), self._corrections()), self._model, number)

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
            self._opened = state, snapshot
        return snapshot

    def _corrections(self) -> Corrections | None:
        """The phrasebook of the live generation; None where there is none that can be read."""
        try:
            path = self._folder.live() / PHRASEBOOK
            state = str(path), path.stat().st_mtime_ns
        except (FileNotFoundError, IndexMissingError):  # not made yet, or swapped away this very moment
            return None
        known = self._book
        if known is None or known[0] != state:
            try:
                known = state, Corrections(path)
            except FileNotFoundError:
                return None
            except (IndexDamagedError, IndexOutdatedError) as error:
                log.warning("nothing is corrected or suggested: %s", error)
                known = state, None
            self._book = known
        return known[1]

    def close(self) -> None:
        """Let the index go; a later search opens it again."""
        with self._lock:
            self._opened = None
            self._book = None


def _local_date() -> date:
    return datetime.now().astimezone().date()


def _hit(snapshot: Snapshot, number: int, score: float, matches: Matches) -> Hit:
    stored: dict[str, Any] = snapshot.stored(number)
    return Hit(
        id=stored["id"],
        title=mark(stored["title"], matches.weights),
        snippet=snippet(stored.get("body", ""), matches.weights),
        score=score,
        **stored["card"],
    )
