"""What does a search address ask for, and what is the address of a search?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Self
from urllib.parse import quote_plus, urlencode

from werkzeug.datastructures import MultiDict

from corpus.models import Audience, Kind, Level, Method, Validity, read_validity
from indexer.engine import CATALOG_FIELDS, FACET_FIELDS, Part, Query, Sort
from indexer.mapping import domain_slug
from webapp.errors import BadParameterError

PAGE_SIZE = 10
# Nobody reads past here, and every further page makes the engine keep ten more hits of all: 1,000 is the deepest.
MAX_PAGE = 100
# The longest topic of our own sets has 96 characters; a pasted paragraph still fits.
MAX_QUESTION_CHARS = 500
MAX_VALUE_CHARS = 200
MAX_VALUES = 20

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_YEAR = re.compile(r"[12]\d{3}")
_PERIOD = re.compile(r"[12]\d{3}(-(0[1-9]|1[0-2]))?")
# Fields whose values have a name in Chinese; either is understood.
_NAMED: Mapping[str, type[Kind | Audience | Method | Level]] = {
    "kind": Kind,
    "audience": Audience,
    "method": Method,
    "level": Level,
}
# Not printable, or reorders the text around it: never part of a question.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]+")


class Scope(Enum):
    """What is searched: everything, or the rows of standard catalogs; each has its own fields to filter by."""

    EVERYTHING = FACET_FIELDS
    CATALOG = CATALOG_FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One search as a person asked for it. The ``with…`` methods give the request that a link leads to.

    Its address may carry ``q``, the fields of its scope, ``same``, ``since``, ``until``, ``sort``, ``page`` and
    ``view``; all other parameters are ignored, and left out of the addresses that we make.
    """

    scope: Scope = Scope.EVERYTHING
    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    since: date | None = None
    until: date | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    same: str = ""  # the id of a document: only what is the same as it, or a version of it
    as_table: bool = False  # ``view=table``: catalog rows as a table, not as cards

    @classmethod
    def read(cls, arguments: MultiDict[str, str], scope: Scope = Scope.EVERYTHING) -> Self:
        """Read the arguments of an address. Raises BadParameterError for a known one that is malformed."""
        since, until = _read_date("since", arguments), _read_date("until", arguments)
        if since and until and since > until:
            raise BadParameterError("since", since.isoformat(), f"不能晚于 until（{until.isoformat()}）。")
        return cls(
            scope=scope,
            text=_read_question(arguments),
            filters=MappingProxyType(
                {name: values for name in scope.value if (values := _read_values(name, arguments))}
            ),
            since=since,
            until=until,
            sort=_read_sort(arguments),
            page=_read_page(arguments),
            same=_read_same(arguments) if scope is Scope.EVERYTHING else "",
            as_table=scope is Scope.CATALOG and _read_view(arguments),
        )

    def to_query(self, *, passages: int = 0, collapse: bool = False) -> Query:
        """The question to the engine; so many of the first hits get a passage, and equal ones are shown as one."""
        return Query(
            text=self.text,
            part=Part.ENTRY if self.scope is Scope.CATALOG else None,
            facets=self.scope.value,
            filters=self.filters,
            since=self.since,
            until=self.until,
            sort=self.sort,
            offset=(self.page - 1) * PAGE_SIZE,
            limit=PAGE_SIZE,
            passages=passages,
            collapse=collapse and not self.same,
            twins_of=self.same,
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything but the text limits what is found."""
        return bool(self.filters or self.since or self.until or self.same)

    @property
    def is_first_of_best(self) -> bool:
        """Whether it asks for the first page, the best before all."""
        return self.page == 1 and self.sort is Sort.RELEVANCE

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters in canonical order; defaults are left out."""
        pairs = [("q", self.text)] if self.text else []
        for name in self.scope.value:
            pairs += [(name, value) for value in self.filters.get(name, ())]
        pairs += [(name, day.isoformat()) for name, day in (("since", self.since), ("until", self.until)) if day]
        if self.same:
            pairs.append(("same", self.same))
        if self.sort is not Sort.RELEVANCE:
            pairs.append(("sort", self.sort.value))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        if self.as_table:
            pairs.append(("view", "table"))
        return pairs

    def query_string(self) -> str:
        """``?q=…``, or nothing when everything is as by default."""
        pairs = self.pairs()
        return f"?{urlencode(pairs)}" if pairs else ""

    def varying(self, name: str) -> Callable[[Iterable[str]], str]:
        """Makes the query strings of this search with other values of one field, back on the first page.

        The same as by ``with_value``, at a tenth of the cost: a page has a hundred such links.
        """
        before = ("q", *self.scope.value[: self.scope.value.index(name)])
        others = [pair for pair in self.with_page(1).pairs() if pair[0] != name]
        head = urlencode([pair for pair in others if pair[0] in before])
        tail = urlencode([pair for pair in others if pair[0] not in before])

        def query_string(values: Iterable[str]) -> str:
            parts = [part for part in (head, *(f"{name}={quote_plus(value)}" for value in values), tail) if part]
            return f"?{'&'.join(parts)}" if parts else ""

        return query_string

    def with_value(self, name: str, value: str) -> Self:
        """Also allow this value of a field; back on the first page."""
        return self._with_values(name, dict.fromkeys((*self.filters.get(name, ()), value)))

    def without_value(self, name: str, value: str) -> Self:
        return self._with_values(name, (kept for kept in self.filters.get(name, ()) if kept != value))

    def without_dates(self) -> Self:
        return replace(self, since=None, until=None, page=1)

    def without_filters(self) -> Self:
        return replace(self, filters=MappingProxyType({}), since=None, until=None, same="", page=1)

    def with_same(self, document_id: str) -> Self:
        """Only what is the same as a document; all again for an empty id."""
        return replace(self, same=document_id, page=1)

    def with_text(self, text: str) -> Self:
        return replace(self, text=text, page=1)

    def with_sort(self, sort: Sort) -> Self:
        return replace(self, sort=sort, page=1)

    def with_page(self, page: int) -> Self:
        return replace(self, page=page)

    def with_view(self, *, as_table: bool) -> Self:
        return replace(self, as_table=as_table)

    def _with_values(self, name: str, values: Iterable[str]) -> Self:
        filters = {**self.filters, name: tuple(values)}
        return replace(self, filters=MappingProxyType({key: kept for key, kept in filters.items() if kept}), page=1)


def _one(name: str, arguments: MultiDict[str, str]) -> str:
    values = [value.strip() for value in arguments.getlist(name) if value.strip()]
    if len(set(values)) > 1:
        raise BadParameterError(name, "、".join(values), "只能出现一次。")
    return values[0] if values else ""


def _read_question(arguments: MultiDict[str, str]) -> str:
    text = " ".join(_UNPRINTABLE.sub(" ", _one("q", arguments)).split())
    if len(text) > MAX_QUESTION_CHARS:
        raise BadParameterError(
            "q", f"{text[:20]}…（共 {len(text)} 个字）", f"最多 {MAX_QUESTION_CHARS} 个字，请只留下关键的词句。"
        )
    return text


def _read_same(arguments: MultiDict[str, str]) -> str:
    document_id = _one("same", arguments)
    if len(document_id) > MAX_VALUE_CHARS:
        raise BadParameterError("same", f"{document_id[:20]}…", f"最多 {MAX_VALUE_CHARS} 个字。")
    return document_id


def _read_values(name: str, arguments: MultiDict[str, str]) -> tuple[str, ...]:
    values = [text for value in arguments.getlist(name) if (text := _UNPRINTABLE.sub(" ", value).strip())]
    if len(values) > MAX_VALUES:
        raise BadParameterError(name, f"{len(values)} 个值", f"最多可以同时选 {MAX_VALUES} 个。")
    return tuple(dict.fromkeys(_read_value(name, value) for value in values))


def _read_value(name: str, value: str) -> str:
    if names := _NAMED.get(name):
        for item in names:
            if value in (item.value, item.label):
                return item.value
        raise BadParameterError(name, value, f"可以是 {_choices(names)}。")
    if name == "domain":
        value = domain_slug(value)
    if name == "validity":
        if known := read_validity(value):
            return known.value
        raise BadParameterError(name, value, f"可以是 {_choices(Validity)}。")
    if name == "period" and not _PERIOD.fullmatch(value):
        raise BadParameterError(name, value, "请写成年份或年-月，如 2020 或 2020-07。")
    if name == "year" and not _YEAR.fullmatch(value):
        raise BadParameterError(name, value, "请用四位数字的公历年份，如 2020。")
    if len(value) > MAX_VALUE_CHARS:
        raise BadParameterError(name, value, f"最多 {MAX_VALUE_CHARS} 个字。")
    return value


def _choices(values: Iterable[Kind | Validity | Audience | Method | Level]) -> str:
    return "、".join(f"{value.value}（{value.label}）" for value in values)


def _read_date(name: str, arguments: MultiDict[str, str]) -> date | None:
    value = _one(name, arguments)
    if not value:
        return None
    match = _DATE.fullmatch(value)
    try:
        if match and match[0].isascii():
            return date(*map(int, match.groups()))
    except ValueError:
        pass
    raise BadParameterError(name, value, "请写成年-月-日，如 2020-07-28。")


def _read_sort(arguments: MultiDict[str, str]) -> Sort:
    value = _one("sort", arguments)
    try:
        return Sort(value) if value else Sort.RELEVANCE
    except ValueError:
        raise BadParameterError("sort", value, "可以是 relevance（按相关程度）或 date（按日期）。") from None


def _read_view(arguments: MultiDict[str, str]) -> bool:
    value = _one("view", arguments)
    if value not in ("", "cards", "table"):
        raise BadParameterError("view", value, "可以是 cards（卡片）或 table（表格）。")
    return value == "table"


def _read_page(arguments: MultiDict[str, str]) -> int:
    value = _one("page", arguments)
    if not value:
        return 1
    if value.isascii() and value.isdigit() and len(value) <= 9 and 1 <= int(value) <= MAX_PAGE:
        return int(value)
    raise BadParameterError(
        "page", value, f"可以是 1 到 {MAX_PAGE} 的整数；要看更靠后的结果，请用类型、年份等条件缩小范围。"
    )
