"""The search engine on an OpenSearch cluster.

The cluster finds, counts and orders; of what it puts first this engine ranks `RANKED_AGAIN` once more, with the code
that ranks the embedded index (`view`), and makes marks, snippets and passages from the stored texts.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from analyzers.question import Question
from indexer.abbreviations import ABBREVIATIONS, read_abbreviations
from indexer.corrections import Corrections
from indexer.derived import Derived
from indexer.engine import Hit, Part, Query, SearchResults, Sort
from indexer.errors import IndexMissingError
from indexer.expansion import words_of
from indexer.filters import check
from indexer.hits import gains_of, hit_of, ranks_by_closeness
from indexer.matching import Answer
from indexer.opensearch import asking, filtering
from indexer.opensearch.cluster import RefusedError
from indexer.opensearch.deep import WINDOW, DeepPages
from indexer.opensearch.documents import card_of
from indexer.opensearch.index import ClusterIndex
from indexer.opensearch.statistics import Frequencies, routings_of
from indexer.opensearch.view import FoundView
from indexer.opensearch.words import document_frequencies, vocabulary
from indexer.passages import Wanted, sure_answer
from indexer.ranking import BM25F
from indexer.readings import Reading, last_resort, otherwise, read
from indexer.reranking import HEAD
from indexer.suggest import Suggestion
from indexer.twins import TWINS, read_twins
from indexer.understanding import asks_for_something, narrowed_by, understood
from indexer.whoosh_engine import PHRASEBOOK

# Of the first hits so many are ranked again.
RANKED_AGAIN = 200

# Issuers that a field word may mean: more than any corpus has.
_ISSUERS = 50_000

# A request finds the index gone when it was swapped since it was looked up.
_LOOKS = 3

Row = Mapping[str, Any]
Result = TypeVar("Result")


class OpenSearchEngine:
    """Answers from the live generation of a cluster's index; any thread may ask.

    A commit, or a new generation, is seen by the next search (a swap within a second). Raises IndexMissingError and
    IndexOutdatedError when asked while there is nothing to answer from, IndexAwayError while the cluster, or a shard of
    the index, does not answer. Equal documents are not collapsed: every one is listed.
    """

    def __init__(
        self, index: ClusterIndex, model: BM25F | None = None, today: Callable[[], date] | None = None
    ) -> None:
        self._index, self._cluster = index, index.cluster
        self._model = model or BM25F()
        self._today = today or _local_date
        self._deep = DeepPages(index.cluster)
        self._book = Derived(index, PHRASEBOOK, Corrections, "nothing is corrected or suggested")
        self._learned = Derived(index, ABBREVIATIONS, read_abbreviations, "nothing is looked for by other names")
        self._twins = Derived(index, TWINS, read_twins, "what is the same as a document is not known")
        self._routings: tuple[str, tuple[str, ...]] = ("", ())

    def search(self, query: Query) -> SearchResults:
        started = time.perf_counter()
        check(query)
        results = self._on_live(lambda name: self._answer(query, self._find(name, query)))
        return replace(results, took_ms=(time.perf_counter() - started) * 1000)

    def suggestions(self, typed: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """What begins with, or has, what was typed so far; () where no phrasebook was made here yet."""
        corrections = self._book.current()
        return () if corrections is None else corrections.suggestions(typed, limit)

    def document_count(self) -> int:
        clause = {"term": {"part": Part.DOCUMENT.value}}
        return self._on_live(lambda name: self._count(name, clause))

    def vocabulary(self, prefix: str = "") -> Iterator[str]:
        return vocabulary(self._cluster, self._index.live_index().name, prefix)

    def document_frequencies(self, words: Sequence[str]) -> tuple[int, ...]:
        return self._on_live(lambda name: document_frequencies(self._cluster, name, words))

    def texts(self, ids: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        rows = self._on_live(lambda name: [row for some in _parts(ids) for row in self._rows(name, some)])
        return {row["id"]: (row["title"], row["body"]) for row in rows}

    def explain(self, query: Query, document_id: str) -> dict[str, float]:
        """What each part of the query adds to the score of this document; {} if it cannot be found.

        As `indexer.whoosh_engine.WhooshEngine.explain` tells, but for what articles of law gain by others.
        """

        def explained(name: str) -> dict[str, float]:
            found = self._find(name, replace(query, offset=0, limit=HEAD, facets=()))
            place = found.view.number_of(document_id)
            view, answer = found.view, found.answer
            if place is None:
                rows = self._rows(name, [document_id])
                if not rows or answer is None:
                    return {}
                view = FoundView(rows, found.view.whole)
                return Answer(view, found.reading, self._model).contributions(0, 0)
            if answer is None:
                return {}
            return answer.contributions(0, place) | found.closeness(place)

        return self._on_live(explained)

    def close(self) -> None:
        """Let go of what is derived; the connections are the index's."""
        for derived in (self._book, self._learned, self._twins):
            derived.close()

    def _on_live(self, work: Callable[[str], Result]) -> Result:
        """Do something with the live index; once more where it was swapped away meanwhile."""
        for _ in range(_LOOKS):
            try:
                return work(self._index.live_index().name)
            except RefusedError as error:
                if error.status != 404:
                    raise
                self._index.look_again()
        raise IndexMissingError("the live index is gone from the search cluster; run `gongkai index`")

    def _find(self, name: str, query: Query) -> _Found:
        """What answers a query as it was typed; where that is nothing, as it may have been meant."""
        today, corrections, learned = self._today(), self._book.current(), self._learned.current()
        found = self._read_as(name, query, read(query.text, today, corrections, learned))
        if not found.total and (meant := last_resort(found.reading, corrections)) is not None:
            found = self._read_as(name, query, otherwise(query.text, meant, today, learned))
        return found

    def _read_as(self, name: str, query: Query, reading: Reading) -> _Found:
        question = reading.question
        narrowed = narrowed_by(question, query, self._issuers(name) if "issuer" in question.filters else ())
        if not asks_for_something(question):
            return self._ask(name, narrowed, reading, asking.everything(), by_date=True, answers=False)
        only_numbers = (question.only_number or question.only_partial) and self._has(
            name, asking.numbers_clause(question)
        )
        by_date = query.sort is Sort.DATE
        clause = asking.asked(reading, self._model, only_numbers=only_numbers, every_word=by_date)
        if by_date and not self._has(name, clause):
            clause = asking.asked(reading, self._model, only_numbers=only_numbers)
        return self._ask(name, narrowed, reading, clause, by_date=by_date)

    def _ask(
        self, name: str, query: Query, reading: Reading, clause: dict[str, Any], *, by_date: bool, answers: bool = True
    ) -> _Found:
        allowed = filtering.clauses(query)
        always = [clause]
        if query.part:
            always.append({"term": {"part": query.part.value}})
        if query.twins_of:
            always.append({"terms": {"id": self._same_as(query.twins_of)}})
        again = answers and not by_date and query.offset < RANKED_AGAIN and query.limit > 0
        offset = 0 if again else query.offset
        size = max(RANKED_AGAIN, query.offset + query.limit) if again else query.limit
        within = offset + size <= WINDOW
        body = {
            "query": {"bool": {"must": always[:1], "filter": always[1:]}},
            "post_filter": {"bool": {"filter": list(allowed.values())}},
            "sort": [*([{"day": "desc"}] if by_date else []), {"_score": "desc"}, {"id": "asc"}],
            "from": offset if within else 0,
            "size": size if within else 0,
            "track_total_hits": True,
            "track_scores": True,
            "aggs": filtering.counting(query, allowed),
        }
        answer = self._cluster.ask(
            "POST",
            f"/{name}/_search",
            body,
            search_type="dfs_query_then_fetch",
            allow_partial_search_results=False,
            preference=f"q{zlib.crc32(query.text.encode('utf-8', 'replace'))}",  # copies of a shard may count apart
        )
        total = int(answer["hits"]["total"]["value"])
        hits = answer["hits"]["hits"]
        if not within and offset < total:
            hits = self._deep.page(name, body, offset, min(size, total - offset))
        view = FoundView([hit["_source"] for hit in hits], self._frequencies(name, reading.question))
        return _Found(
            reading=reading,
            query=query,
            model=self._model,
            view=view,
            answer=Answer(view, reading, self._model) if answers else None,
            allowed=allowed,
            counted=answer["aggregations"] if body["aggs"] else {},
            total=total,
            first=offset,
            ranks_again=again,
            closer=again and ranks_by_closeness(reading, self._model),
        )

    def _answer(self, query: Query, found: _Found) -> SearchResults:
        question, reading = found.reading.question, found.reading
        weights = found.answer.marked if found.answer is not None else MappingProxyType({})
        synonyms = found.answer.synonyms if found.answer is not None else {}
        wanted = Wanted.of(question, weights)
        rows = found.view.part.rows
        hits = tuple(
            _hit(rows[place], score, weights, query, wanted if rank < query.passages else None)
            for rank, (place, score) in enumerate(found.page(query))
        )
        by_relevance = found.answer is not None and query.sort is Sort.RELEVANCE
        return SearchResults(
            query=query,
            total=found.total,
            hits=hits,
            answer=sure_answer(hits, wanted) if query.offset == 0 and by_relevance else None,
            facets=filtering.read_facets(found.query, found.counted),
            understood=(*filter(None, [reading.told]), *understood(question, synonyms, read_from=query.text)),
            unstated=filtering.read_unstated(found.allowed, found.counted),
            suggestion=reading.offer.text if reading.offer is not None else None,
        )

    def _frequencies(self, name: str, question: Question) -> Frequencies:
        """What holds for the whole index of the words of a question, all asked for at once."""
        if self._routings[0] != name:
            self._routings = name, routings_of(self._cluster, name)
        groups = [way for plain in question.plain_words for way in (plain.words, *(one.words for one in plain.terms))]
        words = (*question.words, *words_of(question.plain_words))
        pairs = asking.pairs_asked(question, self._model)
        found = Frequencies(self._cluster, name, self._routings[1], words, pairs)
        found.count_together(groups)
        return found

    def _same_as(self, document_id: str) -> list[str]:
        groups = self._twins.current() or ()
        return next((list(group) for group in groups if document_id in group), [document_id])

    def _issuers(self, name: str) -> Sequence[str]:
        counted = {"terms": {"field": "issuer", "size": _ISSUERS}}
        answer = self._cluster.ask("POST", f"/{name}/_search", {"size": 0, "aggs": {"issuers": counted}})
        return [bucket["key"] for bucket in answer["aggregations"]["issuers"]["buckets"]]

    def _has(self, name: str, clause: dict[str, Any] | None) -> bool:
        """Does anything match?"""
        if clause is None:
            return False
        body = {"query": clause, "size": 0, "terminate_after": 1}
        answer = self._cluster.ask("POST", f"/{name}/_search", body, allow_partial_search_results=False)
        return bool(answer["hits"]["total"]["value"])

    def _count(self, name: str, clause: dict[str, Any]) -> int:
        body = {"query": clause, "size": 0, "track_total_hits": True}
        answer = self._cluster.ask("POST", f"/{name}/_search", body, allow_partial_search_results=False)
        return int(answer["hits"]["total"]["value"])

    def _rows(self, name: str, ids: Sequence[str]) -> list[Row]:
        body = {"query": {"bool": {"filter": [{"terms": {"id": list(ids)}}]}}, "size": len(ids)}
        answer = self._cluster.ask("POST", f"/{name}/_search", body, allow_partial_search_results=False)
        return [hit["_source"] for hit in answer["hits"]["hits"]]


@dataclass(frozen=True, kw_only=True)
class _Found:
    """What answers a query, read so: the rows seen are those from place ``first`` on.

    ``ranks_again`` says that their order is ours and not the cluster's, up to `RANKED_AGAIN`; ``closer`` that the first
    `HEAD` stand in the order of closeness.
    """

    reading: Reading
    query: Query
    model: BM25F
    view: FoundView
    answer: Answer | None
    allowed: Mapping[str, dict[str, Any]]
    counted: Mapping[str, Any]
    total: int
    first: int
    ranks_again: bool
    closer: bool

    def page(self, query: Query) -> list[tuple[int, float]]:
        """The hits of the page: places among the rows, and scores."""
        start = query.offset - self.first
        return self._ordered[start : start + query.limit]

    def closeness(self, place: int) -> dict[str, float]:
        """What a row gains by saying the question closely, if it is among those that are ordered by it."""
        head = self._by_score[:HEAD] if self.closer else []
        return next(({k: v for k, v in self._gains(p, s).items() if v} for p, s in head if p == place), {})

    @cached_property
    def _by_score(self) -> list[tuple[int, float]]:
        """All rows: the first in the order of their scores, the others as the cluster gave them."""
        size = self.view.part.size
        scores = self.answer.scores(0).tolist() if self.answer is not None else [0.0] * size
        rows = list(enumerate(scores))
        if not self.ranks_again:
            return rows
        head = sorted(rows[:RANKED_AGAIN], key=lambda row: -row[1])
        least = head[-1][1] if head else 0.0
        return [*head, *((place, min(score, least)) for place, score in rows[RANKED_AGAIN:])]

    @cached_property
    def _ordered(self) -> list[tuple[int, float]]:
        if not self.closer:
            return self._by_score
        head = [(place, score + sum(self._gains(place, score).values())) for place, score in self._by_score[:HEAD]]
        return [*sorted(head, key=lambda row: -row[1]), *self._by_score[HEAD:]]

    def _gains(self, place: int, score: float) -> dict[str, float]:
        row, weights = self.view.part.rows[place], self.answer.weights if self.answer is not None else {}
        return gains_of(self.reading.question, weights, row["title"], row["body"], score)


def _hit(row: Row, score: float, weights: Mapping[str, float], query: Query, wanted: Wanted | None) -> Hit:
    return hit_of(
        row["id"],
        row["title"],
        row["body"],
        card_of(row),
        score=score,
        weights=weights,
        with_snippet=query.snippets,
        wanted=wanted,
    )


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + WINDOW] for start in range(0, len(ids), WINDOW))


def _local_date() -> date:
    return datetime.now().astimezone().date()
