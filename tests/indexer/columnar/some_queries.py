"""Queries of every type, nested at will, for Hypothesis."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from whoosh import query
from whoosh.query import Query

from tests.indexer.columnar.same_documents import FIRST_DAY, TOPICS, WORDS

_boosts = st.sampled_from((1.0, 1.0, 1.0, 0.5, 2.0, 3.7))
_texts = st.sampled_from(("title", "body", "notes"))
_words = st.sampled_from((*WORDS, *WORDS, "没有的词"))
_truths = st.booleans()


def _days(most: int) -> st.SearchStrategy[datetime | None]:
    return st.none() | st.integers(-10, most).map(lambda days: FIRST_DAY + timedelta(days=days))


def _range(kind: type[Query], field: str, bounds: st.SearchStrategy[Any]) -> st.SearchStrategy[Query]:
    return st.builds(kind, st.just(field), bounds, bounds, _truths, _truths, _boosts, _truths)


terms = (
    st.builds(query.Term, _texts, _words, _boosts)
    | st.builds(query.Term, st.just("topics"), st.sampled_from(TOPICS), _boosts)
    | st.builds(query.Term, st.just("marks"), st.sampled_from("甲乙丙丁"), _boosts)
    | st.builds(query.Term, st.just("year"), st.integers(-4, 30), _boosts)
    | st.builds(query.Term, st.just("valid"), _truths, _boosts)
    | st.builds(query.Term, st.just("missing"), _words, _boosts)
)
phrases = st.builds(
    query.Phrase,
    st.sampled_from(("title", "body")),
    st.lists(st.sampled_from((*WORDS[:6], "没有的词")), min_size=1, max_size=4),
    st.sampled_from((1, 1, 2, 3, 7, 400)),
    _boosts,
)
patterns = (
    st.builds(query.Prefix, _texts, st.sampled_from(("", "医", "低保", "公", "app", "没有")), _boosts, _truths)
    | st.builds(query.Wildcard, _texts, st.sampled_from(("*保*", "低保?", "a*d", "医疗", "*")), _boosts, _truths)
    | st.builds(query.Regex, _texts, st.sampled_from(("医|低", "[公保].", ".*", "appl(ies|y)")), _boosts, _truths)
    | st.builds(query.FuzzyTerm, _texts, _words, _boosts, st.integers(1, 2), st.integers(0, 2), _truths)
    | st.builds(query.Variations, _texts, st.sampled_from(("apply", "保险")), _boosts)
    | _range(query.TermRange, "body", st.none() | st.sampled_from((*sorted(WORDS), "")))
    | _range(query.TermRange, "topics", st.none() | st.sampled_from(TOPICS))
)
ranges = (
    _range(query.NumericRange, "year", st.none() | st.integers(-400, 2200))
    | _range(query.NumericRange, "amount", st.none() | st.sampled_from((-3.0, -2.5, 0.0, 0.1, 7.0, 1e10)))
    | _range(query.NumericRange, "serial", st.none() | st.integers(0, 65_534))  # Whoosh fails beyond the greatest
    | _range(query.DateRange, "day", _days(2010))
)
others = st.builds(query.Every, st.sampled_from((None, "title", "topics", "year")), _boosts) | st.just(query.NullQuery)
leaves = terms | terms | phrases | patterns | ranges | others


def _compounds(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=1, max_size=4)
    return (
        st.builds(query.And, several, _boosts)
        | st.builds(query.Or, several, _boosts)
        | st.builds(query.DisjunctionMax, several, _boosts)
        | st.builds(query.Not, parts)
        | st.builds(query.AndNot, parts, parts)
        | st.builds(query.AndMaybe, parts, parts)
        | st.builds(query.Require, parts, parts)
        | st.builds(query.ConstantScoreQuery, parts, st.sampled_from((0.5, 1.0, 4.0)))
    )


disjunctions = st.builds(query.Or, st.lists(terms, min_size=2, max_size=12), _boosts)
trees = st.recursive(leaves, _compounds, max_leaves=8)
