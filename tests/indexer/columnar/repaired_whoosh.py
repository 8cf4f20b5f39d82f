"""Whoosh 2.7.5 without the errors that its own documentation calls errors.

Each repair replaces one method; `test_whoosh_errors` shows the error by a plain example. Generated queries are compared
with Whoosh as it is; only where it answers otherwise, and the query has a type whose matcher is repaired here, the
repaired one must agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from whoosh import query
from whoosh.matching import AndMaybeMatcher, AndNotMatcher, DisjunctionMaxMatcher, InverseMatcher
from whoosh.query import Query
from whoosh.query.compound import BinaryQuery
from whoosh.query.wrappers import ConstantScoreQuery

# The types of query whose answers are wrong in some case.
WRONG = (query.Not, query.AndNot, query.AndMaybe, query.DisjunctionMax, query.NumericRange)


def may_be_wrong(asked: Query) -> bool:
    """Is there a type in the query whose matcher is repaired here?"""
    if isinstance(asked, WRONG):
        return True
    children = asked.subqueries if isinstance(asked, BinaryQuery) else asked.children()
    if isinstance(asked, ConstantScoreQuery):
        children = (asked.child,)
    return any(may_be_wrong(child) for child in children)


def _next_not_in_child(self: Any) -> None:
    """`Not`: after the last document of its child, a deleted one was let through unseen."""
    child = self.child
    while self._id < self.limit:
        if child.is_active() and child.id() < self._id:
            child.skip_to(self._id)
        if self.missing(self._id) or (child.is_active() and child.id() == self._id):
            self._id += 1
        else:
            return


def _next_without(self: Any) -> None:
    """`AndNot`: its first document was let through where the unwanted ones begin before it."""
    while self.a.is_active():
        if self.b.is_active() and self.b.id() < self.a.id():
            self.b.skip_to(self.a.id())
        if not self.b.is_active() or self.b.id() != self.a.id():
            return
        self.a.next()


def _greatest_score(self: Any) -> float:
    """`DisjunctionMax`: the score of a part counted for documents before the one where it stands."""
    here = self.id()
    return float(max(part.score() for part in (self.a, self.b) if part.is_active() and part.id() == here))


def _skip_both(self: Any, number: int) -> None:
    """`AndMaybe`: when the wanted part was moved beyond the number, the other stayed behind and did not count."""
    self.a.skip_to(number)
    if self.a.is_active() and self.b.is_active() and self.b.id() < self.a.id():
        self.b.skip_to(self.a.id())


def _compiled(self: query.NumericRange, reader: Any) -> Query:
    """`NumericRange`: near the least number of the field, coarse ranges wrapped around and found everything.

    A boost was lost where the range was one of words, and only where it asked for scores.
    """
    from whoosh.util.numeric import tiered_ranges

    field = reader.schema[self.fieldname]
    start, end = (None if bound is None else field.prepare_number(bound) for bound in (self.start, self.end))
    excluded = self.startexcl, self.endexcl
    ((low, high, _),) = tiered_ranges(field.numtype, field.bits, field.signed, start, end, 0, *excluded)
    if low > high:
        return query.NullQuery
    words = query.TermRange(self.fieldname, field.sortable_to_bytes(low), field.sortable_to_bytes(high))
    return ConstantScoreQuery(words, self.boost)


@contextmanager
def repaired() -> Iterator[None]:
    """Inside the block, Whoosh is repaired."""
    with ExitStack() as repairs:
        for owner, name, repair in (
            (InverseMatcher, "_find_next", _next_not_in_child),
            (AndNotMatcher, "_find_first", _next_without),
            (AndNotMatcher, "_find_next", _next_without),
            (DisjunctionMaxMatcher, "score", _greatest_score),
            (AndMaybeMatcher, "skip_to", _skip_both),
            (query.NumericRange, "_compile_query", _compiled),
        ):
            repairs.enter_context(patch.object(owner, name, repair))
        yield
