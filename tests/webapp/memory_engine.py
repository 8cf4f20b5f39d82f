"""An engine that reads every document for every question: it tests the pages, whatever the real one does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from corpus.models import Document
from indexer.engine import FACET_FIELDS, Facet, FacetValue, Hit, Marked, Query, SearchResults, Sort
from indexer.phrasebook_layout import Kind
from indexer.suggest import By, Suggestion

# Words by cutting a question at what is no word, and at the characters that only make it a question.
_WORDS = re.compile(r"[^\s怎么申请的？?]+")


class MemoryEngine:
    """Finds documents that hold all words of the question; the number of words in the title is the score."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = list(documents)

    def document_count(self) -> int:
        return len(self._documents)

    def vocabulary(self, prefix: str = "") -> Iterator[str]:
        said = {word for doc in self._documents for word in _WORDS.findall(f"{doc.title}\n{doc.body}")}
        return iter(sorted(word for word in said if word.startswith(prefix)))

    def document_frequencies(self, words: Sequence[str]) -> tuple[int, ...]:
        return tuple(sum(word in f"{doc.title}\n{doc.body}" for doc in self._documents) for word in words)

    def texts(self, ids: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        return {doc.id: (doc.title, doc.body) for doc in self._documents if doc.id in ids}

    def suggestions(self, typed: str, limit: int = 10) -> tuple[Suggestion, ...]:
        found = [(doc, doc.title.find(typed)) for doc in self._documents if typed and typed in doc.title]
        return tuple(
            Suggestion(Kind.TITLE, doc.title, doc.id, ((at, at + len(typed)),), By.TEXT) for doc, at in found[:limit]
        )

    def search(self, query: Query) -> SearchResults:
        words = _WORDS.findall(query.text)
        matching = [doc for doc in self._documents if all(word in doc.title + doc.body for word in words)]
        matching = [doc for doc in matching if _in_dates(doc, query)]
        found = [doc for doc in matching if _passes(doc, query, FACET_FIELDS)]
        found.sort(key=lambda doc: (_day(doc) or date.min, doc.id), reverse=True)
        if query.text and query.sort is Sort.RELEVANCE:
            found.sort(key=lambda doc: -_score(doc, words))
        facets = []
        for field in (name for name in FACET_FIELDS if name in query.facets):
            others = [name for name in FACET_FIELDS if name != field]
            counts = Counter(
                value for doc in matching if _passes(doc, query, others) for value in _values(doc, field) if value
            )
            chosen = query.filters.get(field, ())
            facets.append(
                Facet(field, tuple(FacetValue(value, count, value in chosen) for value, count in counts.most_common()))
            )
        page = found[query.offset : query.offset + query.limit]
        return SearchResults(
            query=query,
            total=len(found),
            hits=tuple(_hit(doc, words) for doc in page),
            facets=tuple(facets),
            took_ms=1.25,
        )


class AnsweringEngine(MemoryEngine):
    """Gives the same additions (what was understood, a suggestion) with every answer."""

    def __init__(self, documents: Iterable[Document], **additions: object) -> None:
        super().__init__(documents)
        self._additions = additions

    def search(self, query: Query) -> SearchResults:
        return replace(super().search(query), **self._additions)  # type: ignore[arg-type]


class FailingEngine:
    """Raises the same error whatever it is asked."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def search(self, query: Query) -> SearchResults:  # noqa: ARG002
        raise self._error

    def suggestions(self, typed: str, limit: int = 10) -> tuple[Suggestion, ...]:  # noqa: ARG002
        raise self._error

    def document_count(self) -> int:
        raise self._error


def _day(document: Document) -> date | None:
    return document.published_on or document.issued_on


def _in_dates(document: Document, query: Query) -> bool:
    day = _day(document)
    if query.since and (day is None or day < query.since):
        return False
    return not (query.until and (day is None or day > query.until))


def _values(document: Document, field: str) -> tuple[str, ...]:
    if field == "issuer":
        return document.issuers
    if field == "year":
        return (str(day.year),) if (day := _day(document)) else ()
    return (str(getattr(document, field)),)


def _passes(document: Document, query: Query, fields: Iterable[str]) -> bool:
    return all(
        not query.filters.get(name) or set(query.filters[name]) & set(_values(document, name)) for name in fields
    )


def _score(document: Document, words: list[str]) -> float:
    return sum(document.title.count(word) + 0.1 * document.body.count(word) for word in words)


def _mark(text: str, words: list[str]) -> Marked:
    if not words:
        return Marked(text)
    return Marked(text, tuple(match.span() for match in re.finditer("|".join(map(re.escape, words)), text)))


def _hit(document: Document, words: list[str]) -> Hit:
    body = document.body.replace("\n", " ").replace("\t", " ")
    start = max(0, min((at for word in words if (at := body.find(word)) >= 0), default=0) - 20)
    return Hit(
        id=document.id,
        document_id=document.id,
        entry=0,
        title=_mark(document.title, words),
        snippet=_mark(body[start : start + 120], words),
        url=document.url,
        kind=document.kind.value,
        document_number=document.document_number,
        issuers=document.issuers,
        issued_on=document.issued_on,
        published_on=document.published_on,
        validity=document.validity.value,
        site=document.site,
        column=document.column,
        score=_score(document, words),
    )
