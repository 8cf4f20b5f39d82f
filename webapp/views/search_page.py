"""What stands around the hits: chips, facets, sorting, paging, and what to try when nothing was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzers.intents import asks
from corpus.models import Kind
from indexer.engine import Facet, Hit, SearchResults, Sort, Understood
from webapp.params import MAX_PAGE, PAGE_SIZE, Scope, SearchRequest
from webapp.presenters import (
    FIELD_LABELS,
    chinese_date,
    grouped,
    kind_label,
    understood_label,
    unstated_sentences,
    value_label,
)
from webapp.views.addresses import search_path

# Values of a facet that are seen at once (ui.md), and behind 更多; beyond, the question is the better filter.
_FIRST_VALUES = 8
_MOST_VALUES = 60
# The kinds of documents in the order in which people look for them; the others follow, the commonest first.
_TABS = (Kind.POLICY, Kind.GUIDE, Kind.INTERPRETATION, Kind.NOTICE, Kind.CATALOG)
# Pages shown to each side of the current one: seven numbers fit beside 上一页 and 下一页 in the reading column.
_NEAR_PAGES = 2


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition that holds; ``without`` is the search without it."""

    label: str
    value: str
    without: SearchRequest


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: ``address`` is that of the search with it, or without it where it is chosen."""

    label: str
    count: str
    chosen: bool
    address: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What was typed and what it was read as; ``as_typed`` is the search that takes it literally."""

    typed: str
    meant: str
    as_typed: SearchRequest


@dataclass(frozen=True, slots=True)
class FacetList:
    field: str
    label: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]


class SearchPage:
    """The results of a search, ready for the template."""

    def __init__(self, search: SearchRequest, results: SearchResults, domain_names: Mapping[str, str]) -> None:
        self.search = search
        self.total = results.total
        self.hits: tuple[Hit, ...] = results.hits
        self.suggestion = results.suggestion
        self.answer = results.answer
        self.lacks_answer = bool(results.hits) and search.is_first_of_best and asks(search.text) and not self.answer
        self.correction = next((_correction(search, item) for item in results.understood if _is_correction(item)), None)
        self.understood = [
            (
                understood_label(item.what),
                item.text,
                None if item.undo is None else search.with_text(item.undo),
                item.source,
            )
            for item in results.understood
            if not _is_correction(item)
        ]
        self.unstated = unstated_sentences(results.unstated)
        self.chips = list(_chips(search, domain_names))
        self.facets = [
            built for facet in results.facets if (built := _facet(search, facet, results.total, domain_names))
        ]
        self._facets = results.facets
        listed = results.total if results.listed is None else results.listed
        self.merged = listed if listed < results.total else 0
        self.last_page = max(1, -(-listed // PAGE_SIZE))
        self.reachable_page = min(self.last_page, MAX_PAGE)

    @property
    def tabs(self) -> list[Choice]:
        """All that was found, and each kind by itself; none where there is one kind only."""
        kinds = next((facet.values for facet in self._facets if facet.field == "kind"), ())
        if len(kinds) < 2:
            return []
        path, query_string = search_path(self.search), self.search.varying("kind")
        chosen = self.search.filters.get("kind", ())
        counts = {item.value: item.count for item in kinds}
        return [
            Choice("全部", grouped(sum(counts.values())), not chosen, path + query_string(())),
            *(
                Choice(kind_label(kind), grouped(counts[kind]), chosen == (kind,), path + query_string((kind,)))
                for kind in sorted(counts, key=lambda kind: _TABS.index(kind) if kind in _TABS else len(_TABS))
            ),
        ]

    @property
    def first_number(self) -> int:
        """The place of the first hit shown, counted from 1."""
        return (self.search.page - 1) * PAGE_SIZE + 1

    @property
    def beyond_end(self) -> bool:
        return self.total > 0 and self.search.page > self.last_page

    @property
    def is_cut(self) -> bool:
        """Whether there are more hits than pages that can be turned to."""
        return self.last_page > MAX_PAGE

    @property
    def pages(self) -> list[int | None]:
        """The page numbers to show; None is a gap."""
        here, last = self.search.page, self.reachable_page
        near = range(here - _NEAR_PAGES, here + _NEAR_PAGES + 1)
        shown = [number for number in range(1, last + 1) if number in (1, last) or number in near]
        pages: list[int | None] = []
        for number in shown:
            if pages and pages[-1] is not None and number - pages[-1] == 2:
                pages.append(number - 1)
            elif pages and pages[-1] is not None and number - pages[-1] > 2:
                pages.append(None)
            pages.append(number)
        return pages

    @property
    def sorts(self) -> list[tuple[str, bool, SearchRequest]]:
        labels = {Sort.RELEVANCE: "相关程度", Sort.DATE: "日期"}
        return [(label, self.search.sort is sort, self.search.with_sort(sort)) for sort, label in labels.items()]

    @property
    def date_form_keeps(self) -> list[tuple[str, str]]:
        """What the form of the dates must carry along, as it is sent with its own fields alone."""
        return self.search.without_dates().pairs()

    @property
    def suggested(self) -> SearchRequest | None:
        return self.search.with_text(self.suggestion) if self.suggestion else None


def _is_correction(item: Understood) -> bool:
    return item.what == "correction" and item.undo is not None


def _correction(search: SearchRequest, item: Understood) -> Correction:
    typed, _, meant = item.text.rpartition(" → ")
    return Correction(typed, meant, search.with_text(item.undo or typed))


def _field_label(field: str, scope: Scope) -> str:
    """The name that people see for a field; whoever discloses a catalog item is its 公开主体."""
    return "公开主体" if field == "issuer" and scope is Scope.CATALOG else FIELD_LABELS[field]


def _chips(search: SearchRequest, domain_names: Mapping[str, str]) -> Iterator[Chip]:
    for field, values in search.filters.items():
        for value in values:
            yield Chip(
                _field_label(field, search.scope),
                value_label(field, value, domain_names),
                search.without_value(field, value),
            )
    if search.since or search.until:
        span = f"{chinese_date(search.since)}—{chinese_date(search.until)}"
        if not search.until:
            span = f"{chinese_date(search.since)}以后"
        elif not search.since:
            span = f"{chinese_date(search.until)}以前"
        yield Chip("日期", span, search.without_dates())
    if search.same:
        yield Chip("只看", "内容相同的文件和它的版本", search.with_same(""))


def _facet(search: SearchRequest, facet: Facet, total: int, domain_names: Mapping[str, str]) -> FacetList | None:
    """None for a facet that offers no choice: no value, or a single one that every hit has."""
    chosen = search.filters.get(facet.field, ())
    counts = {item.value: item.count for item in facet.values}
    if not chosen and (not counts or (len(counts) == 1 and total in counts.values())):
        return None
    values = [*chosen, *(value for value in counts if value not in chosen)]  # what is chosen is never hidden
    path, query_string = search_path(search), search.varying(facet.field)
    choices = [
        Choice(
            label=value_label(facet.field, value, domain_names),
            count=grouped(counts.get(value, 0)),
            chosen=value in chosen,
            address=path
            + query_string([kept for kept in chosen if kept != value] if value in chosen else (*chosen, value)),
        )
        for value in values[:_MOST_VALUES]
    ]
    # One or two hidden values would cost a line for 更多 and save none.
    cut = _FIRST_VALUES if len(choices) > _FIRST_VALUES + 2 else len(choices)
    return FacetList(facet.field, _field_label(facet.field, search.scope), tuple(choices[:cut]), tuple(choices[cut:]))
