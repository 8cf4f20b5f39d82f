"""The search engine on a Whoosh index."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh.index import EmptyIndexError

from indexer import filters
from indexer.arrays import IndexArrays, SegmentArrays
from indexer.engine import Hit, Part, Query, SearchResults, Sort, Understood
from indexer.errors import IndexMissingError
from indexer.generations import IndexFolder
from indexer.highlight import mark, snippet
from indexer.matching import Matches, Snapshot, contributions, everything, match, order
from indexer.question import read_question
from indexer.ranking import BM25F, ScoringModel

# How often the live generation is looked for again when it was swapped away between two looks.
_LOOKS = 5

_State = tuple[str, int]  # the live generation, and when its last commit was noted
_Held = tuple[tuple[str, str, int], ...]  # generation, segment and how many documents of it are deleted


@dataclass(slots=True)
class _Local:
    state: _State
    snapshot: Snapshot


class WhooshEngine:
    """Answers from the live generation of an index folder; every thread has readers of its own, all share the arrays.

    A commit, or a new generation, is seen by the next search. Raises IndexMissingError and IndexOutdatedError when
    asked while there is nothing to answer from.
    """

    def __init__(self, folder: IndexFolder, model: ScoringModel | None = None) -> None:
        self._folder = folder
        self._model = model or BM25F()
        self._local = threading.local()
        self._lock = threading.Lock()
        self._segments: dict[tuple[str, str], SegmentArrays] = {}
        self._arrays: tuple[_Held, IndexArrays] | None = None
        self._snapshots: list[Snapshot] = []

    def document_count(self) -> int:
        arrays = self._snapshot().arrays
        return int(arrays.alive[arrays.having("part", Part.DOCUMENT)].sum())

    def search(self, query: Query) -> SearchResults:
        started = time.perf_counter()
        filters.check(query)
        snapshot = self._snapshot()
        question = read_question(query.text)
        by_date = query.sort is Sort.DATE
        if query.text.strip():
            matches = match(snapshot, question, self._model, every_word=by_date)
            if by_date and not len(matches.ids):
                matches = match(snapshot, question, self._model)
        else:
            matches, by_date = everything(snapshot), True
        arrays = snapshot.arrays
        allowed = filters.masks(arrays, query)
        facets = filters.facets(arrays, query, matches.ids, allowed)
        for mask in allowed.values():
            kept = mask[matches.ids]
            matches = replace(matches, ids=matches.ids[kept], scores=matches.scores[kept])
        page = order(matches, arrays.days, by_date=by_date)[query.offset : query.offset + query.limit]
        hits = tuple(_hit(snapshot, int(matches.ids[place]), float(matches.scores[place]), matches) for place in page)
        return SearchResults(
            query=query,
            total=len(matches.ids),
            hits=hits,
            facets=facets,
            understood=(*question.understood, *_synonyms(matches)),
            took_ms=(time.perf_counter() - started) * 1000,
        )

    def explain(self, query: Query, document_id: str) -> dict[str, float]:
        """What each part of the query adds to the score of this document; {} if it cannot be found.

        Parts are its words, its numbers, ``低保 → 最低生活保障`` for what official terms add beyond the plain word, and
        ``guide`` for being one where the question asks how. They add up to the score.
        """
        snapshot = self._snapshot()
        numbers = snapshot.postings("id", document_id).ids
        found = [int(number) for number in numbers if snapshot.arrays.alive[number]]
        return contributions(snapshot, read_question(query.text), self._model, found[0]) if found else {}

    def _snapshot(self) -> Snapshot:
        for _ in range(_LOOKS - 1):
            with suppress(IndexMissingError, EmptyIndexError, FileNotFoundError):
                return self._look()
        try:
            return self._look()
        except (EmptyIndexError, FileNotFoundError) as error:
            raise IndexMissingError(f"the index is incomplete ({error}); run `gongkai index --rebuild`") from error

    def _look(self) -> Snapshot:
        state = self._state()
        local: _Local | None = getattr(self._local, "current", None)
        if local is None or local.state != state:
            fresh = _Local(state, self._open(state))
            if local is not None:
                self._let_go(local.snapshot)
            local = self._local.current = fresh
        return local.snapshot

    def close(self) -> None:
        """Close every thread's readers; only when no thread searches any more. A later search opens them again."""
        with self._lock:
            opened, self._snapshots = self._snapshots, []
            self._local = threading.local()
        for snapshot in opened:
            for reader in snapshot.readers:
                reader.close()

    def _let_go(self, snapshot: Snapshot) -> None:
        """Close the readers that this thread no longer needs; the arrays may still serve others."""
        with self._lock:
            self._snapshots = [other for other in self._snapshots if other is not snapshot]
        for reader in snapshot.readers:
            reader.close()

    def _state(self) -> _State:
        generation = self._folder.live()
        return generation.name, (generation / "meta.json").stat().st_mtime_ns

    def _open(self, state: _State) -> Snapshot:
        opened = whoosh_index.open_dir(Path(self._folder.path, state[0]))
        leaves = [reader for reader, _ in opened.reader().leaf_readers()]
        readers = tuple(reader for reader in leaves if reader.doc_count_all())
        for reader in leaves:
            if reader in readers:
                reader.stored_fields(0)  # opens its last file: nothing is missed when the folder is swapped away
            else:
                reader.close()
        segments = [reader.segment() for reader in readers]
        # What was opened may be a commit newer than ``state``: arrays are shared by what the readers hold, not by when.
        held = tuple((state[0], segment.segment_id(), segment.deleted_count()) for segment in segments)
        with self._lock:
            if self._arrays is None or self._arrays[0] != held:
                self._segments = {
                    key[:2]: self._segments.get(key[:2]) or SegmentArrays(reader)
                    for key, reader in zip(held, readers, strict=True)
                }
                deleted = [sorted(segment.deleted_docs()) for segment in segments]
                self._arrays = held, IndexArrays([self._segments[key[:2]] for key in held], deleted)
            snapshot = Snapshot(readers, self._arrays[1])
            self._snapshots.append(snapshot)
        return snapshot


def _synonyms(matches: Matches) -> Iterator[Understood]:
    for plain, terms in matches.synonyms.items():
        yield Understood("synonym", f"{plain} → {'、'.join(terms)}")


def _hit(snapshot: Snapshot, number: int, score: float, matches: Matches) -> Hit:
    stored: dict[str, Any] = snapshot.stored(number)
    return Hit(
        id=stored["id"],
        title=mark(stored["title"], matches.weights),
        snippet=snippet(stored.get("body", ""), matches.weights),
        score=score,
        **stored["card"],
    )
