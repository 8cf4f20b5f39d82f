"""Which documents have a word of each of several groups? The queries that kernels answer, as tables of where to look.

A word is a group of one, a disjunction of words is one group, a conjunction of words and disjunctions is several.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from whoosh import query as whoosh_query

from indexer.columnar.layout import COLUMNS, Files, Table
from indexer.columnar.matches import Ids, Matches, Scores, nothing
from indexer.columnar.opened import Mask, OpenSegment
from indexer.columnar.scoring import WORDS_KEPT, Scoring, Word

# Kernels count the groups that a document has met in a byte.
MOST_GROUPS = 255

_ALL = np.zeros(0, np.bool_)


class Wanted(NamedTuple):
    """A word of a field, what its impacts are multiplied with, and the group that it stands in."""

    field: str
    word: Word
    factor: float
    group: int


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a query, and how many groups there are."""

    wanted: Sequence[Wanted]
    groups: int
    fields: tuple[str, ...]


class Found(NamedTuple):
    """How many documents; which (none unless asked for); those that may be among the best, and their scores."""

    total: int
    hits: Ids
    near: Ids
    scores: Scores


class Kernels(NamedTuple):
    """What a question asks of every posting.

    ``find(files, lists, factors, fields, norms, k, mask, best, tie, every, sums, met, touched)`` looks for the
    documents that have a word of each group. Rows of ``lists`` (see `layout`) stand by group; ``factors`` is one a
    list; ``norms`` are those of `scoring.Impacts`, a row a field; ``k`` is K1 + 1. ``mask`` says which documents count,
    empty for all. ``best`` is a heap of the best scores so far, the least first, and is kept up to date; what scores
    at least ``best[0] - tie`` is given, in ascending order with ``every``. ``sums``, ``met`` (both zeros, and left as
    zeros) and ``touched`` are scratch space, an entry a document. Gives what `Found` has; ``hits`` are empty unless
    ``every``.

    ``follow(files, lists, fields, documents, slop)`` says in which of the documents, each of which has all of these
    lists, their words stand one after the other, each 1 to ``slop`` behind the one before.
    """

    find: Callable[..., tuple[int, Ids, Ids, Scores]]
    follow: Callable[[Files, Table, Table, Ids, int], Mask]


class Plan(NamedTuple):
    """What a kernel is told of a segment: tables of `layout`, what impacts are multiplied with, norms of the fields."""

    files: Files
    lists: Table
    factors: Scores
    fields: Table
    norms: Scores


class _Scratch(threading.local):
    """What each thread has for itself."""

    def __init__(self) -> None:
        self._sums, self._met, self._touched = np.zeros(0), np.zeros(0, np.uint8), np.zeros(0, np.int64)

    def of(self, size: int) -> tuple[Scores, npt.NDArray[np.uint8], Ids]:
        if len(self._met) < size:
            self._sums, self._met, self._touched = np.zeros(size), np.zeros(size, np.uint8), np.zeros(size, np.int64)
        return self._sums, self._met[:size], self._touched


class WordGroups:
    """Makes plans for the segments of an index, and carries them out; may be used by any number of threads."""

    def __init__(self, scoring: Scoring, kernels: Kernels) -> None:
        self._scoring = scoring
        self._kernels = kernels
        self._scratch = _Scratch()
        self._tables: dict[tuple[str, tuple[str, ...]], tuple[Table, Scores]] = {}
        self._readable: dict[str, bool] = {}
        self._known: dict[tuple[str, str], Word] = {}
        segments = len(scoring.index.segments)
        self._nowhere = Word((-1,) * segments, ((0, 0),) * segments, 0.0)
        self._warm_up()

    def words(self, query: Any) -> Words | None:
        """The words of a query; None if it is none of this kind, or if kernels cannot read a field of it."""
        groups, boost = [query], 1.0
        if type(query) is whoosh_query.And and 1 < len(query.subqueries) <= MOST_GROUPS:
            groups, boost = query.subqueries, query.boost
        terms: list[tuple[whoosh_query.Term, float, int]] = []
        for number, group in enumerate(groups):
            if type(group) is whoosh_query.Or and len(group.subqueries) > 1 and not group.scale:
                alternatives, share = group.subqueries, group.boost * boost
            else:
                alternatives, share = [group], boost
            for term in alternatives:
                if type(term) is not whoosh_query.Term or not self.can_read(term.fieldname):
                    return None
                terms.append((term, term.boost * share, number))
        return self._look_up(terms, len(groups))

    def can_read(self, field: str) -> bool:
        """Is the field scored, and laid out so that kernels can read it?"""
        known = self._readable.get(field)
        if known is None:
            index = self._scoring.index
            known = field in index.schema and self._scoring.impacts(field) is not None
            for arrays in [segment.arrays for segment in index.segments] if known else ():
                known &= arrays.field(field) is None or arrays.layout(field) is not None
            self._readable[field] = known
        return known

    def plan(self, words: Words, segment: OpenSegment) -> Plan | None:
        """What kernels are told to find the words in a segment; None if it has none of a group. Rare groups first."""
        place = self._scoring.place(segment)
        counts = [0] * words.groups
        for _, word, _, group in words.wanted:
            counts[group] += word.spans[place][1]
        if 0 in counts:
            return None
        layouts = {field: segment.arrays.layout(field) for field in words.fields}
        lists: list[int] = []
        factors: list[float] = []
        wanted = words.wanted
        if words.groups > 1:
            ranks = {group: rank for rank, group in enumerate(sorted(range(words.groups), key=counts.__getitem__))}
            wanted = sorted((one._replace(group=ranks[one.group]) for one in wanted), key=lambda one: one.group)
        for field, word, factor, group in wanted:
            start, count = word.spans[place]
            layout = layouts[field]
            if count and layout is not None:
                lists += layout.list_of(start, count, words.fields.index(field), group)
                factors.append(factor)
        return self._plan(segment, words.fields, np.array(lists, np.int64).reshape(-1, COLUMNS), np.array(factors))

    def plan_of_rows(self, segment: OpenSegment, field: str, rows: Sequence[int], factors: Scores) -> Plan | None:
        """The same for any of these words of a field in this segment."""
        layout, postings = segment.arrays.layout(field), segment.arrays.field(field)
        if layout is None or postings is None:
            return None
        places = np.array(rows)
        starts = postings.starts[places].astype(np.int64)
        return self._plan(segment, (field,), layout.lists_of(starts, postings.starts[places + 1] - starts), factors)

    def find(
        self, plan: Plan, segment: OpenSegment, mask: Mask | None, best: Scores, tie: float, *, every: bool
    ) -> Found:
        """Carry a plan out; see `Kernels.find`."""
        k, counted = self._scoring.weighting.K1 + 1, _ALL if mask is None else mask
        return Found(*self._kernels.find(*plan, k, counted, best, tie, every, *self._scratch.of(segment.size)))

    def matches(self, plan: Plan | None, segment: OpenSegment) -> Matches:
        """All documents that a plan finds, and what each scores."""
        if plan is None:
            return nothing()
        found = self.find(plan, segment, None, np.full(1, -np.inf), np.inf, every=True)
        return Matches(found.near, lambda places: found.scores.copy() if places is None else found.scores[places])

    def phrase(self, segment: OpenSegment, field: str, words: Sequence[Word], slop: int) -> Matches:
        """The documents in which words stand one after the other (see `Kernels.follow`)."""
        wanted = [Wanted(field, word, word.idf, group) for group, word in enumerate(words)]
        plan = self.plan(Words(wanted, len(words), (field,)), segment)
        postings, layout = segment.arrays.field(field), segment.arrays.layout(field)
        if plan is None or postings is None or layout is None:
            return nothing()
        found = self.matches(plan, segment)
        rows = [word.rows[self._scoring.place(segment)] for word in words]
        spans = zip(postings.spans(rows), postings.first_positions(rows), strict=True)
        lists = [layout.list_of(start, count, 0, 0, step) for (start, count), step in spans]
        there = self._kernels.follow(plan.files, np.array(lists, np.int64), plan.fields, found.ids, slop)
        return found.at(there.nonzero()[0])

    def _warm_up(self) -> None:
        """Load the machine code for every kind of segment, so that no question waits for it."""
        kinds = {segment.arrays.files.ids.dtype: segment for segment in self._scoring.index.segments}
        for segment in kinds.values():
            for field in filter(self.can_read, segment.arrays.indexed_fields):
                plan = self.plan_of_rows(segment, field, (0,), np.ones(1))
                if plan is not None:
                    found = self.matches(plan, segment)
                    self._kernels.follow(plan.files, plan.lists, plan.fields, found.ids[:0], 1)
                    break

    def _plan(self, segment: OpenSegment, fields: tuple[str, ...], lists: Table, factors: Scores) -> Plan:
        key = segment.id, fields
        if key not in self._tables:
            layouts = [segment.arrays.layout(field) for field in fields]
            impacts = [self._scoring.impacts(field) for field in fields]
            self._tables[key] = (
                np.array([layout.row if layout else (-1,) * 9 for layout in layouts], np.int64),
                np.array([found.norms if found else np.ones(256) for found in impacts]),
            )
        return Plan(segment.arrays.files, lists, factors, *self._tables[key])

    def _look_up(self, terms: Sequence[tuple[whoosh_query.Term, float, int]], groups: int) -> Words:
        known = self._known
        found = [known.get((term.fieldname, term.text)) for term, _, _ in terms]
        if None in found:
            self._learn([term for (term, _, _), word in zip(terms, found, strict=True) if word is None])
            return self._look_up(terms, groups)
        wanted = [
            Wanted(term.fieldname, word, boost * word.idf, group)
            for (term, boost, group), word in zip(terms, found, strict=True)
            if word is not None
        ]
        return Words(wanted, groups, tuple(dict.fromkeys(one.field for one in wanted)))

    def _learn(self, terms: Sequence[whoosh_query.Term]) -> None:
        """Look words up that were not asked for before."""
        texts: dict[str, dict[str, bytes]] = {}
        known = self._known if len(self._known) < WORDS_KEPT else {}
        for term in terms:
            field = term.fieldname
            try:
                texts.setdefault(field, {})[term.text] = self._scoring.index.schema[field].to_bytes(term.text)
            except ValueError:  # no value of the field: Whoosh finds nothing either
                known[field, term.text] = self._nowhere
        for field, asked in texts.items():
            words = self._scoring.words(field, list(asked.values()))
            known.update(((field, text), word) for text, word in zip(asked, words, strict=True))
        self._known = known
