"""What a parser is given and what it gives back; one file a format stands beside this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from corpus.models import Attachment, CatalogEntry, Document, Kind, Validity


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The bytes to read, and what was said about them.

    ``url`` is absolute and resolves relative links (empty for a local file), ``name`` is the file's name if there is
    one, ``content_type`` the header as it was sent (empty if none).
    """

    data: bytes
    url: str = ""
    name: str = ""
    content_type: str = ""


class Verdict(StrEnum):
    """What a response turned out to be. Only an article may become, or replace, a document."""

    ARTICLE = "article"
    LISTING = "listing"  # a page that mainly links: followed, never a document
    SOFT_404 = "soft_404"  # status 200 that says 页面不存在
    CHALLENGE = "challenge"  # a script or captcha stands in front of the content
    EMPTY = "empty"  # nothing to read: no text, no picture, no attachment


@dataclass(frozen=True, slots=True)
class Link:
    """A hyperlink: absolute URL and the words that it shows (one space for white space)."""

    url: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as shown (its paragraphs by newline) at its first row and column, counted from 0, and what it spans."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table in reading order; no two cover the same place. ``place`` says where it stands in its file
    (``sheet 目录``, ``page 3``; empty in a flow of text), ``caption`` the line above it, if that is its title."""

    cells: tuple[Cell, ...]
    place: str = ""
    caption: str = ""

    def grid(self) -> list[list[Cell | None]]:
        """Rows of places: the cell that covers each, the same one at every place of its span; None where none does."""
        height = max((cell.row + cell.rows for cell in self.cells), default=0)
        width = max((cell.column + cell.columns for cell in self.cells), default=0)
        places: list[list[Cell | None]] = [[None] * width for _ in range(height)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.rows):
                places[row][cell.column : cell.column + cell.columns] = [cell] * cell.columns
        return places

    def __reduce__(self) -> tuple[Callable[..., Table], tuple[object, ...]]:
        """Pickled by columns: cell by cell it takes longer to come back from a worker."""
        cells = ((cell.text, cell.row, cell.column, cell.rows, cell.columns) for cell in self.cells)
        return _table, (tuple(zip(*cells, strict=True)), self.place, self.caption)


def _table(columns: Sequence[Sequence[Any]], place: str, caption: str) -> Table:
    return Table(tuple(map(Cell, *columns)) if columns else (), place, caption)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file in an archive: its path with ``/``, its bytes, and its reading, or the problem why there is none."""

    name: str
    data: bytes
    parsed: Parsed | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What was read out of one source. The fields are those of `corpus.models.Document`, as published."""

    parser: str  # "html/1": its name and version; a newer version makes `reparse` read the original again
    media_type: str  # as sniffed from the bytes
    verdict: Verdict = Verdict.ARTICLE
    title: str = ""
    title_guessed: bool = False  # it is the first line or the file's name: what links to it may say it better
    body: str = ""
    column: str = ""
    kind: Kind | None = None  # None: the source does not tell
    document_number: str = ""
    issuers: tuple[str, ...] = ()
    issued_on: date | None = None
    published_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    validity: Validity = Validity.UNKNOWN
    index_number: str = ""
    subject: str = ""
    source: str = ""
    keywords: tuple[str, ...] = ()
    attachments: tuple[Link, ...] = ()  # the words are the file's name as shown
    links: tuple[Link, ...] = ()  # everything else that can be followed, in page order, without repeats
    tables: tuple[Table, ...] = ()  # in document order; their rows stand in the body as well, cells parted by tabs
    entries: tuple[CatalogEntry, ...] = ()  # the rows of those tables that are a standard catalog
    members: tuple[Member, ...] = ()  # of an archive
    needs_ocr: bool = False  # pages or pictures whose text only OCR can read, and it is not installed
    problems: tuple[str, ...] = ()  # what could not be read, in short English sentences
    extra: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def to_document(self, document_id: str, *, url: str, site: str, fetched_at: datetime | None = None) -> Document:
        """The document that this reading makes; ``problems`` are kept in ``extra["problems"]``."""
        extra = dict(self.extra)
        if self.problems:
            extra["problems"] = list(self.problems)
        if self.needs_ocr:
            extra["needs_ocr"] = True
        return Document(
            id=document_id,
            title=self.title,
            url=url,
            site=site,
            column=self.column,
            kind=self.kind or Kind.OTHER,
            document_number=self.document_number,
            issuers=self.issuers,
            issued_on=self.issued_on,
            published_on=self.published_on,
            effective_on=self.effective_on,
            expires_on=self.expires_on,
            validity=self.validity,
            index_number=self.index_number,
            subject=self.subject,
            source=self.source,
            keywords=self.keywords,
            body=self.body,
            attachments=tuple(Attachment(name=link.text, url=link.url) for link in self.attachments),
            entries=self.entries,
            fetched_at=fetched_at,
            extra=MappingProxyType(extra),
        )
