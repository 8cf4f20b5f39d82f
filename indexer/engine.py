"""The language between a search engine and everyone who asks it: engine-free values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from indexer.suggest import Suggestion

# What can be filtered and counted, in the order in which people are offered it. ``year`` is that of the date below.
FACET_FIELDS = ("kind", "domain", "issuer", "year", "validity", "site", "column")

# The same for the rows of standard catalogs, whose ``issuer`` is their 公开主体.
CATALOG_FIELDS = ("domain", "issuer", "audience", "method", "level", "period")


class Part(StrEnum):
    """What a hit is: a document, or a row of a standard catalog that stands in one."""

    DOCUMENT = "document"
    ENTRY = "entry"


class Sort(StrEnum):
    RELEVANCE = "relevance"
    DATE = "date"  # newest first, undated last


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question to the engine.

    ``filters`` maps a field of `FACET_FIELDS` or `CATALOG_FIELDS` to the values that are allowed: any of them within a
    field, all fields together. ``part`` limits what is found to documents or to catalog rows; ``facets`` are the fields
    that are counted. ``since`` and ``until`` bound the date of a document (both inclusive): 发布日期, or 成文日期 where
    that is all there is. An empty ``text`` finds everything that the filters allow, newest first. ``passages`` is how
    many of the first hits get one; without ``snippets`` an engine may leave those of the hits empty.

    With ``collapse`` one hit stands for all that are the same text or versions of one document; ``twins_of`` finds only
    what is the same as the document with this id, and itself. What is not collapsed lists every document: evaluation,
    exports and programs ask so. An engine that knows of no twins lists every document, too.
    """

    text: str = ""
    part: Part | None = None
    facets: tuple[str, ...] = FACET_FIELDS
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    since: date | None = None
    until: date | None = None
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    passages: int = 0
    snippets: bool = True
    collapse: bool = False
    twins_of: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the spans in it (start, end; ascending, disjoint) that the query's words matched."""

    text: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A verbatim piece of a document that may answer the question: ``text[start:end]`` of its searchable text.

    In ``marked`` tabs and marks of headings read as spaces; line breaks stay. ``goes_on`` says that it ends inside a
    sentence. ``part`` is the part of a guide that was asked for (材料, 地点 …), or empty. ``held`` is the share of the
    question's words, by their weight (0 to 1), that stand in it or in the title.
    """

    marked: Marked
    start: int
    end: int
    goes_on: bool = False
    part: str = ""
    held: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One found document or catalog row, with what a list of results shows of it.

    A row's ``id`` is its own; ``document_id`` is the document that it stands in, ``entry`` its number there, from 1 (0:
    the hit is the document itself). ``others`` is how many more of what was found are the same, in a collapsed list.
    """

    id: str
    document_id: str
    entry: int
    title: Marked
    snippet: Marked
    url: str
    kind: str
    document_number: str
    issuers: tuple[str, ...]
    issued_on: date | None
    published_on: date | None
    validity: str
    site: str
    column: str
    score: float
    passage: Passage | None = None
    others: int = 0


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field over all hits, commonest first (years: newest first).

    A field's own filter is left out of its own counts, so that a reader sees what choosing another value would give.
    """

    field: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """Something that was read out of the question's text: what (``document_number``, ``phrase``…) and how it reads.

    A ``synonym`` reads ``低保 → 最低生活保障``: the plain word, and the official terms that were looked for too.
    ``undo`` is the question with it taken as ordinary words or left out; None where the text stays as it is. ``source``
    is the id of a document that says that both names mean the same, where that was read out of the corpus.
    """

    what: str
    text: str
    undo: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """The answer: ``total`` is exact whatever the page; ``took_ms`` is the engine's own time in milliseconds.

    ``listed`` is how many hits all pages have together: fewer than ``total`` where equal ones are collapsed (None: as
    many).

    ``answer`` is one of the first hits whose passage surely answers the question, on the first page by relevance; three
    hits and their passages must be asked for. ``unstated`` says by filter (``date`` for a range of days)
    how many more documents would be found that state nothing there.
    """

    query: Query
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[Facet, ...]
    understood: tuple[Understood, ...] = ()
    unstated: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    suggestion: str | None = None
    answer: Hit | None = None
    took_ms: float = 0.0
    listed: int | None = None


class SearchEngine(Protocol):
    """What every engine does. It raises only the errors of `indexer.errors`."""

    def search(self, query: Query) -> SearchResults:
        """Answer one question; safe to call from any thread."""
        ...

    def suggestions(self, typed: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Titles, terms, document numbers, agencies and catalog items that begin with, or have, what was typed so far.

        () for nothing but marks, and where what is suggested was not made yet.
        """
        ...

    def document_count(self) -> int:
        """How many documents can be found; catalog rows count with the document that they stand in."""
        ...

    def vocabulary(self, prefix: str = "") -> Iterator[str]:
        """Every word of titles and texts that begins so, once, in the order of code points.

        Words of documents that are gone may be among them, until their segment is written anew.
        """
        ...

    def document_frequencies(self, words: Sequence[str]) -> tuple[int, ...]:
        """In how many documents and catalog rows each word stands, in title or text."""
        ...

    def texts(self, ids: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        """Title and searchable text of hits by their ids; what cannot be found is left out."""
        ...
