"""The small second engine: it reads every document for every question, and keeps the contract honest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from analyzers.normalize import normalize
from analyzers.synonyms import Term
from analyzers.tokenizer import words
from corpus.models import Document
from indexer import filters
from indexer.engine import FACET_FIELDS, Facet, FacetValue, Hit, Query, SearchResults, Sort, Understood
from indexer.highlight import mark, snippet
from indexer.mapping import date_of, domain_of, index_fields, issuers_of, own_number_key, searchable_text
from indexer.question import Question, read_question


@dataclass(frozen=True)
class _Entry:
    document: Document
    said: Counter[str]
    number: str
    cited: frozenset[str]
    values: dict[str, tuple[str, ...]]
    day: date | None


class ScanEngine:
    """Any word will do, the more different ones the better; the document's own number counts above all."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._entries = [_entry(document) for document in documents]

    def document_count(self) -> int:
        return len(self._entries)

    def search(self, query: Query) -> SearchResults:
        filters.check(query)
        question = read_question(query.text)
        scored = {n: _named(entry, question) for n, entry in enumerate(self._entries)}
        if not question.only_number or not any(scored.values()):
            scored = {n: scored[n] + _said(entry, question) for n, entry in enumerate(self._entries)}
        if query.text.strip():
            scored = {n: score for n, score in scored.items() if score}
        for phrase in question.phrases:
            scored = {n: score for n, score in scored.items() if phrase in _text(self._entries[n].document)}
        entries = self._entries
        found = [n for n in scored if all(_passes(entries[n], query, name) for name in (*FACET_FIELDS, "date"))]
        found.sort(key=lambda n: entries[n].day or date.min, reverse=True)
        if query.text.strip() and query.sort is Sort.RELEVANCE:
            found.sort(key=lambda n: -scored[n])
        weights = dict.fromkeys((*question.words, *question.phrases), 1.0)
        page = found[query.offset : query.offset + query.limit]
        return SearchResults(
            query=query,
            total=len(found),
            hits=tuple(_hit(entries[n].document, scored[n], weights) for n in page),
            facets=tuple(self._facets(query, list(scored))),
            understood=(*question.understood, *self._synonyms(question)),
        )

    def _synonyms(self, question: Question) -> Iterator[Understood]:
        for plain in question.plain_words:
            terms = [term for term in plain.terms if any(_together(entry, term) for entry in self._entries)]
            if terms:
                yield Understood("synonym", f"{plain.text} → {'、'.join(term.text for term in terms)}")

    def _facets(self, query: Query, matching: list[int]) -> Iterator[Facet]:
        for name in FACET_FIELDS:
            others = [other for other in (*FACET_FIELDS, "date") if other != name]
            counted = (self._entries[n] for n in matching)
            counts = Counter(
                value
                for entry in counted
                if all(_passes(entry, query, other) for other in others)
                for value in entry.values[name]
            )
            chosen = query.filters.get(name, ())
            values = [FacetValue(value, count, value in chosen) for value, count in counts.items()]
            values.sort(key=lambda item: -int(item.value) if name == "year" else -item.count)
            yield Facet(name, (*values, *(FacetValue(value, 0, True) for value in chosen if value not in counts)))


def _entry(document: Document) -> _Entry:
    day = date_of(document)
    return _Entry(
        document=document,
        said=Counter(words(document.title) * 2 + words(searchable_text(document))),
        number=own_number_key(document),
        cited=frozenset(str(index_fields(document)["cited"]).split(",")),
        values={
            "kind": (document.kind.value,),
            "domain": tuple(filter(None, [domain_of(document)])),
            "issuer": issuers_of(document),
            "year": (str(day.year),) if day else (),
            "validity": (document.validity.value,),
            "site": tuple(filter(None, [document.site])),
            "column": tuple(filter(None, [document.column])),
        },
        day=day,
    )


def _named(entry: _Entry, question: Question) -> float:
    keys = [number.key for number in question.numbers]
    return float(sum(1_000 * (key == entry.number) + 500 * (key in entry.cited) for key in keys))


def _said(entry: _Entry, question: Question) -> float:
    terms = [max(_together(entry, term) for term in plain.terms) / 2 for plain in question.plain_words]
    return sum(said / (said + 1) for said in (*(entry.said[word] for word in question.words), *terms))


def _together(entry: _Entry, term: Term) -> int:
    return min(entry.said[word] for word in term.words)


def _passes(entry: _Entry, query: Query, name: str) -> bool:
    if name == "date":
        if not query.since and not query.until:
            return True
        return entry.day is not None and (query.since or date.min) <= entry.day <= (query.until or date.max)
    wanted = query.filters.get(name, ())
    return not wanted or any(value in wanted for value in entry.values[name])


def _text(document: Document) -> str:
    return normalize(f"{document.title}\n{searchable_text(document)}")


def _hit(document: Document, score: float, weights: dict[str, float]) -> Hit:
    return Hit(
        id=document.id,
        document_id=document.id,
        entry=0,
        title=mark(document.title, weights),
        snippet=snippet(searchable_text(document), weights),
        url=document.url,
        kind=document.kind.value,
        document_number=document.document_number,
        issuers=issuers_of(document),
        issued_on=document.issued_on,
        published_on=document.published_on,
        validity=document.validity.value,
        site=document.site,
        column=document.column,
        score=score,
    )
