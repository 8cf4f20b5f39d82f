"""The small second engine: it reads every document for every question, and keeps the contract honest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from analyzers.normalize import normalize
from analyzers.partial_number import PartialNumber
from analyzers.question import Question, What, read_question
from analyzers.synonyms import Term
from analyzers.tokenizer import words
from corpus.models import Document
from indexer import filters
from indexer.catalog_mapping import index_rows
from indexer.engine import (
    CATALOG_FIELDS,
    FACET_FIELDS,
    Facet,
    FacetValue,
    Hit,
    Part,
    Query,
    SearchResults,
    Sort,
)
from indexer.fields import SEPARATOR
from indexer.highlight import mark, snippet
from indexer.phrasebook_layout import Kind
from indexer.suggest import By, Suggestion
from indexer.understanding import asks_for_something, narrowed_by, understood

_TODAY = date(2024, 6, 1)

_CONDITIONS = (*dict.fromkeys((*FACET_FIELDS, *CATALOG_FIELDS)), "part", "date")


@dataclass(frozen=True)
class _Entry:
    """What is found: a document, or a catalog row in one."""

    fields: dict[str, Any]
    said: Counter[str]
    values: dict[str, tuple[str, ...]]
    day: date | None

    @property
    def text(self) -> str:
        return f"{self.fields['title']}\n{self.fields['body']}"


class ScanEngine:
    """Any word will do, the more different ones the better; the document's own number counts above all."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._entries = [_entry(fields) for document in documents for fields in index_rows(document)]

    def document_count(self) -> int:
        return sum(entry.values["part"] == (Part.DOCUMENT,) for entry in self._entries)

    def vocabulary(self, prefix: str = "") -> Iterator[str]:
        return iter(sorted({word for entry in self._entries for word in entry.said if word.startswith(prefix)}))

    def document_frequencies(self, words: Sequence[str]) -> tuple[int, ...]:
        return tuple(sum(word in entry.said for entry in self._entries) for word in words)

    def texts(self, ids: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        known = {entry.fields["id"]: (entry.fields["title"], entry.fields["body"]) for entry in self._entries}
        return {wanted: known[wanted] for wanted in ids if wanted in known}

    def suggestions(self, typed: str, limit: int = 10) -> tuple[Suggestion, ...]:
        wanted = normalize(typed).strip()
        texts = [(Kind.AGENCY, name, "") for entry in self._entries for name in entry.values["issuer"]]
        for entry in self._entries:
            is_row = entry.values["part"] == (Part.ENTRY,)
            texts.append((Kind.ITEM if is_row else Kind.TITLE, entry.fields["title"], entry.fields["id"]))
            if number := entry.fields["card"]["document_number"]:
                texts.append((Kind.NUMBER, number, entry.fields["id"]))
        found = [(kind, text, own, normalize(text).find(wanted)) for kind, text, own in dict.fromkeys(texts)]
        return tuple(
            Suggestion(kind, text, own, ((at, at + len(wanted)),), By.TEXT)
            for kind, text, own, at in found
            if wanted and at >= 0
        )[:limit]

    def search(self, query: Query) -> SearchResults:
        filters.check(query)
        question = read_question(query.text, _TODAY)
        asked = asks_for_something(question)
        scored = {n: _named(entry, question) for n, entry in enumerate(self._entries)}
        if not (question.only_number or question.only_partial) or not any(scored.values()):
            scored = {n: scored[n] + _said(entry, question) for n, entry in enumerate(self._entries)}
        if asked and not (question.phrases or question.title or question.alternatives):
            scored = {n: score for n, score in scored.items() if score}
        scored = {n: score for n, score in scored.items() if _is_allowed(self._entries[n], question)}
        entries = self._entries
        issuers = sorted({name for entry in entries for name in entry.values["issuer"]})
        narrowed = narrowed_by(question, query, issuers)
        found = [n for n in scored if all(_passes(entries[n], narrowed, name) for name in _CONDITIONS)]
        found.sort(key=lambda n: entries[n].day or date.min, reverse=True)
        if asked and query.sort is Sort.RELEVANCE:
            found.sort(key=lambda n: -scored[n])
        weights = dict.fromkeys((*question.words, *question.phrases), 1.0)
        page = found[query.offset : query.offset + query.limit]
        return SearchResults(
            query=query,
            total=len(found),
            hits=tuple(_hit(entries[n], scored[n], weights) for n in page),
            facets=tuple(self._facets(narrowed, list(scored))),
            understood=tuple(understood(question, dict(self._synonyms(question)))),
            unstated=self._unstated(narrowed, list(scored)),
        )

    def _synonyms(self, question: Question) -> Iterator[tuple[str, tuple[str, ...]]]:
        for plain in question.plain_words:
            terms = [term for term in plain.terms if any(_together(entry, term) for entry in self._entries)]
            if terms:
                yield plain.text, tuple(term.text for term in terms)

    def _unstated(self, query: Query, matching: list[int]) -> dict[str, int]:
        limits = [name for name in _CONDITIONS if name != "part" and query.filters.get(name)]
        limits += ["date"] if query.since or query.until else []
        counts = {}
        for name in limits:
            others = [other for other in _CONDITIONS if other != name]
            rest = [self._entries[n] for n in matching if all(_passes(self._entries[n], query, one) for one in others)]
            counts[name] = sum(not (entry.day if name == "date" else entry.values[name]) for entry in rest)
        return {name: count for name, count in counts.items() if count}

    def _facets(self, query: Query, matching: list[int]) -> Iterator[Facet]:
        for name in query.facets:
            others = [other for other in _CONDITIONS if other != name]
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


def _entry(fields: dict[str, Any]) -> _Entry:
    day = date.fromordinal(fields["day"]) if fields["day"] else None
    values = {
        name: tuple(filter(None, fields.get(name, b"").decode().split(SEPARATOR)))
        for name in (*FACET_FIELDS, *CATALOG_FIELDS, "part")
    }
    return _Entry(
        fields=fields,
        said=Counter(words(fields["title"]) * 2 + words(fields["body"])),
        values={**values, "year": (str(day.year),) if day else ()},
        day=day,
    )


def _is_allowed(entry: _Entry, question: Question) -> bool:
    """Do the reader's marks (quotation marks, a minus, AND …) allow it?"""
    text, title = _plain(entry.text), _plain(entry.fields["title"])
    return (
        all(_plain(phrase) in text for phrase in question.phrases)
        and all(_plain(phrase) in title for phrase in question.title)
        and not any(_plain(phrase) in text for phrase in question.excluded)
        and (
            not question.alternatives
            or any(all(_plain(term) in text for term in terms) for terms in question.alternatives)
        )
    )


def _plain(text: str) -> str:
    """The normal form, any mark or space being like any other."""
    return "".join(one if one.isalnum() else " " for one in normalize(text)).strip()


def _named(entry: _Entry, question: Question) -> float:
    own, cited = entry.fields["number"], entry.fields["cited"].split(",")
    keys = [number.key for number in question.numbers]
    in_part = [piece.value for piece in question.of(What.PARTIAL_NUMBER) if isinstance(piece.value, PartialNumber)]
    whole = sum(1_000 * (key == own) + 500 * (key in cited) for key in keys)
    return float(whole + sum(300 for number in in_part if own and number.matches(own)))


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
    part = (query.part.value,) if query.part else ()
    wanted = part if name == "part" else query.filters.get(name, ())
    return not wanted or any(value in wanted for value in entry.values[name])


def _hit(entry: _Entry, score: float, weights: dict[str, float]) -> Hit:
    return Hit(
        id=entry.fields["id"],
        title=mark(entry.fields["title"], weights),
        snippet=snippet(entry.fields["body"], weights),
        score=score,
        **entry.fields["card"],
    )
