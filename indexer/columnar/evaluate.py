"""What a Whoosh query finds in a segment, and what each document scores: as Whoosh's own matchers say, from arrays.

Documents and scores equal those of Whoosh's ``search(query, limit=None)``, its peculiarities included: a pattern that
stands for one word is scored as the word; for two, or in a segment of more than 5,000 documents, as a disjunction; else
each document scores 1. Where Whoosh errs by its own documentation this does not (`test_same_answers` lists the cases).
The query is taken as it is; call ``normalize()`` before if that is wanted, as Whoosh's parser does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
from whoosh import query as whoosh_query
from whoosh.fields import BOOLEAN, NUMERIC
from whoosh.query import Query
from whoosh.scoring import BM25F

from indexer.columnar import expansions
from indexer.columnar.fallback import matches_of_whoosh
from indexer.columnar.matches import (
    Matches,
    Places,
    Scores,
    Scratch,
    all_of,
    any_of,
    are_in,
    mask_of,
    nothing,
    one_and_maybe,
)
from indexer.columnar.opened import Mask, OpenIndex, OpenSegment
from indexer.columnar.phrases import documents_of_phrase
from indexer.columnar.scoring import Scoring, Word
from indexer.columnar.word_groups import MOST_GROUPS, Kernels, WordGroups
from indexer.columnar.word_lists import WordList, WordLists

__all__ = ["Evaluable", "Evaluator", "Matches"]

# From how many documents on Whoosh scores what a pattern stands for as a disjunction (whoosh.query.compound.Or).
_SMALL_SEGMENT = 5000


class Evaluable(Protocol):
    """A query object that evaluates itself."""

    def matches(self, evaluator: Evaluator, segment: OpenSegment) -> Matches: ...


class Evaluator:
    """Evaluates queries over an index as it stood at one commit; may be used by any number of threads.

    ``on_fallback`` is told the type of each query that only Whoosh's own matchers can answer. With ``kernels`` (see
    `indexer.columnar.kernels`) words, their conjunctions and phrases are looked for by compiled code; the answers are
    the same.
    """

    def __init__(
        self,
        index: OpenIndex,
        weighting: BM25F | None = None,
        on_fallback: Callable[[type], None] = lambda _: None,
        kernels: Kernels | None = None,
    ) -> None:
        self.index = index
        self.weighting = weighting or BM25F()
        self.scoring = Scoring(index, self.weighting)
        self.scratch = Scratch()
        self.groups = None if kernels is None else WordGroups(self.scoring, kernels)
        self._on_fallback = on_fallback
        self._masks: dict[tuple[str, str], Mask] = {}

    def matches(self, query: Query | Evaluable, segment: OpenSegment) -> Matches:
        """What the query finds in the segment. Raises Whoosh's QueryError for a phrase in a field without positions."""
        kind = type(query)
        if hasattr(kind, "matches"):
            found: Matches = query.matches(self, segment)
            return found
        known = _KNOWN.get(kind)
        return self._fall_back(query, segment) if known is None else known(self, query, segment)

    def mask(self, query: Query | Evaluable, segment: OpenSegment) -> Mask:
        """Which documents of the segment the query finds, deleted ones perhaps too."""
        if isinstance(query, whoosh_query.Not):
            return ~self.mask(query.query, segment)
        return mask_of(self.matches(query, segment), segment.size)

    def _fall_back(self, query: Query, segment: OpenSegment) -> Matches:
        self._on_fallback(type(query))
        return matches_of_whoosh(query, self.index, segment, self.weighting)

    def _null(self, query: Query, segment: OpenSegment) -> Matches:  # noqa: ARG002 - one signature for all
        return nothing()

    def _term(self, query: whoosh_query.Term, segment: OpenSegment) -> Matches:
        if query.fieldname not in self.index.schema:
            return nothing()
        try:
            term = self.index.schema[query.fieldname].to_bytes(query.text)
        except ValueError:  # no value of the field: Whoosh finds nothing either
            return nothing()
        (word,) = self.scoring.words(query.fieldname, (term,))
        return self._word(segment, query.fieldname, word, query.boost)

    def _word(self, segment: OpenSegment, field: str, word: Word, boost: float) -> Matches:
        row = self.scoring.row(word, segment)
        postings = self.scoring.field(field, segment)
        if row < 0 or postings is None:
            return nothing()
        factor = boost if self.scoring.impacts(field) is None else word.idf * boost

        def score(places: Places | None) -> Scores:
            return self.scoring.scores(segment, field, row, factor, places)

        return Matches(postings.documents(row).astype(np.intp), score)

    def _and(self, query: whoosh_query.And, segment: OpenSegment) -> Matches:
        if self.groups is not None and (words := self.groups.words(query)) is not None:
            return self.groups.matches(self.groups.plan(words, segment), segment)
        parts = self._parts(query.subqueries, segment)
        if len(parts) < 2:
            return parts[0] if parts else nothing()
        return all_of(parts, segment.size).boosted(query.boost)

    def _or(self, query: whoosh_query.Or, segment: OpenSegment) -> Matches:
        if query.scale and len(query.subqueries) > 1:
            return self._fall_back(query, segment)
        if self.groups is not None and (words := self.groups.words(query)) is not None:
            return self.groups.matches(self.groups.plan(words, segment), segment)
        return self.word_lists(query, segment).matches() if self.are_words(query) else self._any(query, segment)

    def are_words(self, query: whoosh_query.Or) -> bool:
        """Is the disjunction one of words, none of which lowers a score, and without a bonus for having many?"""
        schema = self.index.schema
        return (
            not query.scale
            and query.boost > 0
            and len(query.subqueries) > 1
            and all(
                type(part) is whoosh_query.Term and part.boost > 0 and part.fieldname in schema
                for part in query.subqueries
            )
        )

    def word_lists(self, query: whoosh_query.Or, segment: OpenSegment) -> WordLists:
        """The postings of a disjunction of words (see `are_words`), in its order."""
        terms: dict[str, dict[int, bytes]] = {}
        for place, part in enumerate(query.subqueries):
            try:
                term = self.index.schema[part.fieldname].to_bytes(part.text)
            except ValueError:  # no value of the field: Whoosh finds nothing either
                continue
            terms.setdefault(part.fieldname, {})[place] = term
        lists: dict[int, WordList] = {}
        for field, wanted in terms.items():
            postings = segment.arrays.field(field)
            if postings is None:
                continue
            scorable = self.scoring.impacts(field) is not None
            words = self.scoring.words(field, list(wanted.values()))
            for place, word in zip(wanted, words, strict=True):
                row = self.scoring.row(word, segment)
                if row >= 0:
                    factor = query.subqueries[place].boost * query.boost * (word.idf if scorable else 1.0)
                    lists[place] = WordList(field, range(row, row + 1), (factor,), postings)
        return WordLists(self.scoring, segment, [lists[place] for place in sorted(lists)])

    def _any(self, query: whoosh_query.compound.CompoundQuery, segment: OpenSegment) -> Matches:
        parts = self._parts(query.subqueries, segment)
        if len(parts) < 2:
            return parts[0] if parts else nothing()
        greatest = type(query) is whoosh_query.DisjunctionMax
        return any_of(parts, segment.size, self.scratch, greatest=greatest).boosted(query.boost)

    def _parts(self, queries: Sequence[Query], segment: OpenSegment) -> list[Matches]:
        return [self.matches(query, segment) for query in queries]

    def _not(self, query: whoosh_query.Not, segment: OpenSegment) -> Matches:
        return Matches.of_equal_score((~self.mask(query.query, segment)).nonzero()[0], 1.0)

    def _and_not(self, query: whoosh_query.AndNot, segment: OpenSegment) -> Matches:
        found, unwanted = self.matches(query.a, segment), self.matches(query.b, segment)
        return found.at((~are_in(unwanted, found.ids, segment.size)).nonzero()[0])

    def _require(self, query: whoosh_query.Require, segment: OpenSegment) -> Matches:
        found, wanted = self.matches(query.a, segment), self.matches(query.b, segment)
        return found.at(are_in(wanted, found.ids, segment.size).nonzero()[0])

    def _and_maybe(self, query: whoosh_query.AndMaybe, segment: OpenSegment) -> Matches:
        return one_and_maybe(self.matches(query.a, segment), self.matches(query.b, segment))

    def _constant(self, query: whoosh_query.ConstantScoreQuery, segment: OpenSegment) -> Matches:
        return Matches.of_equal_score(self.matches(query.child, segment).ids, float(query.score))

    def _every(self, query: whoosh_query.Every, segment: OpenSegment) -> Matches:
        if query.fieldname is None:
            ids = np.arange(segment.size)
        else:
            ids = self._having(query.fieldname, segment).nonzero()[0]
        return Matches.of_equal_score(ids, float(query.boost))

    def _having(self, field: str, segment: OpenSegment) -> Mask:
        key = segment.id, field
        mask = self._masks.get(key)
        if mask is None:
            mask = np.zeros(segment.size, np.bool_)
            postings = self.scoring.field(field, segment)
            if postings is not None:
                mask[postings.ids] = True
            self._masks[key] = mask
        return mask

    def _phrase(self, query: whoosh_query.Phrase, segment: OpenSegment) -> Matches:
        if query.fieldname not in self.index.schema:
            return nothing()
        field = self.index.schema[query.fieldname]
        if not field.format or not field.format.supports("positions"):
            raise whoosh_query.QueryError(f"Phrase search: {query.fieldname!r} field has no positions")
        try:
            terms = [field.to_bytes(word) for word in query.words]
        except ValueError:
            return nothing()
        words = self.scoring.words(query.fieldname, terms)
        rows = [self.scoring.row(word, segment) for word in words]
        postings = self.scoring.field(query.fieldname, segment)
        if not rows or min(rows) < 0 or postings is None:
            return nothing()
        if self.groups is not None and len(rows) <= MOST_GROUPS and self.groups.can_read(query.fieldname):
            return self.groups.phrase(segment, query.fieldname, words, query.slop).boosted(query.boost)
        together = all_of([self._word(segment, query.fieldname, word, 1.0) for word in words], segment.size)
        ids = documents_of_phrase(postings, rows, query.slop, together.ids)
        return together.at(together.ids.searchsorted(ids)).boosted(query.boost)

    def _numbers(self, query: whoosh_query.NumericRange, segment: OpenSegment) -> Matches:
        postings = self.scoring.field(query.fieldname, segment)
        if postings is None:
            return nothing()
        field = self.index.schema[query.fieldname]
        if not isinstance(field, NUMERIC):
            raise whoosh_query.QueryError(f"NumericRange: field {query.fieldname!r} is not numeric")
        rows = expansions.rows_of_numbers(query, field, postings)
        mask = np.zeros(segment.size, np.bool_)
        mask[postings.ids[postings.starts[rows.start] : postings.starts[rows.stop]]] = True
        return Matches.of_equal_score(mask.nonzero()[0], float(query.boost))

    def _pattern(self, query: whoosh_query.MultiTerm, segment: OpenSegment) -> Matches:
        if type(query) in _EVERYTHING and query.text == _EVERYTHING[type(query)]:
            return self._every(whoosh_query.Every(query.fieldname, boost=query.boost), segment)
        postings = self.scoring.field(query.fieldname, segment)
        if postings is None:
            return nothing()
        field, arrays = self.index.schema[query.fieldname], segment.arrays
        numbers = isinstance(field, NUMERIC | BOOLEAN)
        rows: Sequence[int]
        match query:
            case whoosh_query.Prefix():
                rows = expansions.rows_of_prefix(query, field, postings)
            case whoosh_query.TermRange():
                rows = expansions.rows_of_range(query, field, postings)
            case whoosh_query.Variations():
                rows = [row for row in postings.rows(expansions.terms_of_variations(query, field)) if row >= 0]
            case whoosh_query.PatternQuery() if not numbers:
                rows = expansions.rows_of_pattern(query, field, arrays, postings)
            case whoosh_query.FuzzyTerm() if not numbers and not field.separate_spelling():
                rows = expansions.rows_of_similar(query, arrays, postings)
            case _:
                return self._fall_back(query, segment)
        if len(rows) and postings.term(rows[0]) == b"":
            rows = rows[1:]
        return self._words_of(query, segment, rows)

    def _words_of(self, query: whoosh_query.MultiTerm, segment: OpenSegment, rows: Sequence[int]) -> Matches:
        """What a pattern finds that stands for these words."""
        field: str = query.fieldname
        postings = segment.arrays.field(field)
        if not rows or postings is None:
            return nothing()
        clauses = len(rows)
        as_words = clauses < whoosh_query.Or.TOO_MANY_CLAUSES and (clauses == 2 or segment.size > _SMALL_SEGMENT)
        spans = expansions.spans_of(rows)
        if clauses > 1 and query.constantscore and not as_words:
            mask = np.zeros(segment.size, np.bool_)
            for span in spans:
                mask[postings.documents(span)] = True
            return Matches.of_equal_score(mask.nonzero()[0], 1.0)
        boost = query.boost if clauses > 1 else 1.0
        factors = self.scoring.factors(segment, field, rows) * boost
        if self.groups is not None and self.groups.can_read(field):
            return self.groups.matches(self.groups.plan_of_rows(segment, field, rows, factors), segment)
        ends = np.cumsum([len(span) for span in spans]).tolist()
        lists = [
            WordList(field, span, factors[end - len(span) : end], postings)
            for span, end in zip(spans, ends, strict=True)
        ]
        return WordLists(self.scoring, segment, lists).matches()


_KNOWN: dict[type, Callable[[Evaluator, Any, OpenSegment], Matches]] = {
    type(whoosh_query.NullQuery): Evaluator._null,
    whoosh_query.Term: Evaluator._term,
    whoosh_query.And: Evaluator._and,
    whoosh_query.Or: Evaluator._or,
    whoosh_query.DisjunctionMax: Evaluator._any,
    whoosh_query.Not: Evaluator._not,
    whoosh_query.AndNot: Evaluator._and_not,
    whoosh_query.AndMaybe: Evaluator._and_maybe,
    whoosh_query.Require: Evaluator._require,
    whoosh_query.ConstantScoreQuery: Evaluator._constant,
    whoosh_query.Every: Evaluator._every,
    whoosh_query.Phrase: Evaluator._phrase,
    whoosh_query.NumericRange: Evaluator._numbers,
    whoosh_query.DateRange: Evaluator._numbers,
    **dict.fromkeys(
        (
            whoosh_query.Prefix,
            whoosh_query.Wildcard,
            whoosh_query.Regex,
            whoosh_query.TermRange,
            whoosh_query.Variations,
            whoosh_query.FuzzyTerm,
        ),
        Evaluator._pattern,
    ),
}

# The texts by which a pattern asks for every document that has the field.
_EVERYTHING: dict[type, str] = {whoosh_query.Prefix: "", whoosh_query.Wildcard: "*", whoosh_query.Regex: ".*"}
