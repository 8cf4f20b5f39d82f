"""What is nearest to a search that found nothing: fewer conditions, fewer words, other words, who is responsible?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzers.domains import classify_domain
from analyzers.lexicon import domains
from analyzers.tokenizer import question_words
from indexer.engine import Query
from indexer.related import related_searches
from webapp.params import SearchRequest
from webapp.ports import Services

_OTHER_QUESTIONS = 3  # ui.md


@dataclass(frozen=True, slots=True)
class Wider:
    """A search that asks for less, what was left out of it, and how many it finds."""

    label: str
    search: SearchRequest
    total: int


@dataclass(frozen=True, slots=True)
class Nearest:
    """What can be tried; ``unknown`` are words that no document has, ``department`` is who is usually responsible."""

    wider: tuple[Wider, ...]
    unknown: tuple[str, ...]
    others: tuple[tuple[str, SearchRequest], ...]
    department: str


def nearest_to(search: SearchRequest, services: Services) -> Nearest:
    """Look for what would be found; only searches that find something are offered."""
    words = tuple(dict.fromkeys(question_words(search.text))) if search.text else ()
    counts = services.engine.document_frequencies(words)
    known = _longest([word for word, count in zip(words, counts, strict=True) if count])
    unknown = _longest([word for word, count in zip(words, counts, strict=True) if not count])
    tried = [
        Wider(label, asked, services.engine.search(Query(text=asked.text, filters=asked.filters, limit=0)).total)
        for label, asked in _wider(search, known, unknown)
    ]
    return Nearest(
        wider=tuple(one for one in tried if one.total),
        unknown=unknown,
        others=tuple(
            (text, SearchRequest(text=text))
            for text in related_searches(services.engine, search.text, _OTHER_QUESTIONS)
        ),
        department=_department(search.text),
    )


def _longest(words: Sequence[str]) -> tuple[str, ...]:
    """Without the words inside longer ones (核电站, not 核电 and 电站 too)."""
    return tuple(word for word in words if not any(word != other and word in other for other in words))


def _wider(
    search: SearchRequest, known: tuple[str, ...], unknown: tuple[str, ...]
) -> Iterator[tuple[str, SearchRequest]]:
    if search.narrowed:
        yield "去掉全部条件", search.without_filters()
    fewer = " ".join(known)
    if fewer and fewer != search.text:
        left_out = "、".join(f"“{word}”" for word in unknown)
        label = f"去掉{left_out}，只找“{fewer}”" if unknown else f"不限定原文，只找“{fewer}”"
        yield label, search.without_filters().with_text(fewer)


def _department(text: str) -> str:
    """The first responsible department of the domain that the question names; empty for none."""
    slug = classify_domain(text)
    return next((domain.departments[0] for domain in domains() if domain.slug == slug and domain.departments), "")
