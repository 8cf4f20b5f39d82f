"""Under which URLs does the portal keep its columns and documents?

Four families of pages, each with the URL habits of the systems they imitate:

trs   海云/TRS: ``<column>/202403/t20240315_1001.html``, lists ``index.html``, ``index_1.html`` …
vsb   博达/VSB: ``/info/1012/3045.htm``, lists ``bszn.htm``, ``bszn/2.htm``, ``bszn/1.htm`` (the oldest page is 1)
ucap  开普/UCAP: ``<column>/2024-03/05/content_4001.html``, lists ``index.html``, ``index_2.html`` …
gbk   an ASP site of the 2000s: ``<column>/show.asp?id=5003``, lists ``list.asp?page=2``
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from corpus.sample.articles import Article, AttachmentText, Kind, articles

Template = Literal["trs", "vsb", "ucap", "gbk"]


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    name: str


class Column(BaseModel):
    """A column (栏目): where it stands, what it holds, and in which family of pages it is served."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    name: str
    section: str
    prefix: str
    kind: Kind
    template: Template
    list_path: str | None = None
    category: int | None = None  # of the JSON call that draws the column's list

    def list_page(self, number: int, pages: int) -> str:
        """The path of list page ``number`` (0 is the newest) of ``pages``."""
        if self.template == "vsb":
            first = self.list_path or f"{self.prefix}list.htm"
            return first if number == 0 else f"{first.removesuffix('.htm')}/{pages - number}.htm"
        if self.template == "gbk":
            return f"{self.prefix}list.asp" + (f"?page={number + 1}" if number else "")
        if number == 0:
            return f"{self.prefix}index.html"
        return f"{self.prefix}index_{number if self.template == 'trs' else number + 1}.html"

    def article_path(self, article: Article) -> str:
        day = article.published_at
        match self.template:
            case "trs":
                return f"{self.prefix}{day:%Y%m}/t{day:%Y%m%d}_{article.id}.html"
            case "vsb":
                return f"{self.prefix}{article.id}.htm"
            case "ucap":
                return f"{self.prefix}{day:%Y-%m}/{day:%d}/content_{article.id}.html"
            case "gbk":
                return f"{self.prefix}show.asp?id={article.id}"

    def attachment_path(self, article: Article, number: int, attachment: AttachmentText) -> str:
        """The path of the document's ``number``-th attachment, counted from 1."""
        stem = f"{article.id}{number:02d}.{attachment.format}"
        match self.template:
            case "trs":
                return f"{self.article_path(article).rsplit('/', 1)[0]}/P0{article.published_at:%Y%m%d}{stem}"
            case "vsb":
                return f"/__local/{article.id[:1]}/{article.id[1:3]}/{stem}"
            case "ucap":
                return f"/module/download/{article.published_at:%Y}/{stem}"
            case "gbk":
                return f"/mzj/uploadfile/{stem}"


@dataclass(frozen=True, slots=True)
class SiteMap:
    """The portal's name and the tree of its sections and columns."""

    name: str
    region: str
    domain: str  # where the pages say they live; ``.example`` never resolves (RFC 2606)
    site_code: str
    sections: tuple[Section, ...]
    columns: tuple[Column, ...]

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    def section_of(self, column: Column) -> Section:
        return next(section for section in self.sections if section.path == column.section)


@dataclass(frozen=True, slots=True)
class Placement:
    """A document at one of its URLs; ``path`` is that of its page, or of the file that it only is."""

    article: Article
    column: Column
    path: str

    def attachment_paths(self) -> tuple[str, ...]:
        return tuple(
            self.column.attachment_path(self.article, number, attachment)
            for number, attachment in enumerate(self.article.attachments, 1)
        )


@lru_cache(maxsize=1)
def site_map() -> SiteMap:
    data: dict[str, Any] = tomllib.loads((Path(__file__).parent / "columns.toml").read_text(encoding="utf-8"))
    return SiteMap(
        name=data["name"],
        region=data["region"],
        domain=data["domain"],
        site_code=data["site_code"],
        sections=tuple(Section(**section) for section in data["section"]),
        columns=tuple(Column(**column) for column in data["column"]),
    )


@lru_cache(maxsize=1)
def placements() -> tuple[Placement, ...]:
    """Every URL that answers with a document's page, newest first; a republished document has several."""
    sites = site_map()
    return tuple(
        Placement(article, column, column.article_path(article))
        for article in articles()
        for column in (sites.column(key) for key in (article.column, *article.also_in))
        if not article.file_only
    )


@lru_cache(maxsize=1)
def file_placements() -> tuple[Placement, ...]:
    """Every document that is a file to which a list leads, newest first."""
    return tuple(
        Placement(article, column, column.attachment_path(article, 1, article.attachments[0]))
        for article in articles()
        for column in [site_map().column(article.column)]
        if article.file_only
    )
