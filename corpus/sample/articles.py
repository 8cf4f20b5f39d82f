"""Which documents does the sample portal publish?

One file a document: ``texts/<column>/<id>.txt``. It begins with a TOML header between two ``+++`` lines (the fields of
`Article`), then the text as people read it, a paragraph a line. ``>> `` sets a line right (落款), ``^^ `` centres it,
and consecutive lines ``| a | b |`` are a table. Blank lines are for the eye only. Attached files stand in the header,
their texts in the same marks; that of a draft has further ones (see corpus/sample/files/drafts.py).
"""

from __future__ import annotations

import tomllib
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from corpus.sample.errors import TextError

TEXTS = Path(__file__).parent / "texts"
CST = timezone(timedelta(hours=8), "CST")  # 北京时间; the portal's clock

Kind = Literal[
    "policy", "law", "interpretation", "guide", "notice", "consultation", "catalog", "report", "news", "other"
]
Validity = Literal["in_force", "amended", "repealed", "expired", "unknown"]
AttachmentFormat = Literal["pdf", "docx", "xlsx", "xls", "csv", "rtf", "ofd", "png", "txt", "zip", "7z", "rar"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CatalogRow(_Data):
    """A row of a 基层政务公开事项标准目录. An empty ``item`` continues the merged cell of the row above."""

    serial: str
    item: str = ""
    subitem: str
    content: str
    basis: str
    time_limit: str
    publisher: str
    ticks: tuple[str, ...]  # channels marked ■; all others are □ …
    bare: tuple[str, ...] = ()  # … but for those written without a mark, as happens
    group: str | None = None  # 特定群体; None means 全社会
    on_request: bool = False
    levels: tuple[str, ...] = ()


class Catalog(_Data):
    """A 基层政务公开事项标准目录 in a file: the line above its table, the rows, and the line below."""

    title: str
    sheet: str = ""  # the name of its sheet in a workbook
    channels: tuple[str, ...]
    rows: tuple[CatalogRow, ...] = Field(alias="row")
    note: str = ""


class OfficialHead(_Data):
    """What an official document has besides its text: 发文机关标志 (the red head), 发文字号, and the seal."""

    letterhead: str
    document_number: str
    seal: str  # whose it is
    sealed_at: datetime


class AttachmentText(_Data):
    """A file that hangs on a document; ``phrase`` stands nowhere but in it."""

    name: str
    format: AttachmentFormat
    text: str = ""
    phrase: str | None = None
    draft: bool = False  # a .docx with automatic numbers, tracked changes, notes and text boxes
    prerendered: str = ""  # the file under prerendered/ that a scan, a poster or an .xls is made of
    head: OfficialHead | None = None  # of an .ofd
    catalogs: tuple[Catalog, ...] = Field(default=(), alias="catalog")
    members: tuple[AttachmentText, ...] = Field(default=(), alias="member")  # of an archive
    gbk_names: bool = False  # the archive was packed on Chinese Windows

    @property
    def phrases(self) -> tuple[str, ...]:
        """The file's own phrase and those of its members."""
        own = (self.phrase,) if self.phrase else ()
        return (*own, *(phrase for member in self.members for phrase in member.phrases))


class Article(_Data):
    """A document as its author wrote it, before any template lays it out."""

    id: str
    column: str
    title: str
    published_at: datetime
    body: str
    phrase: str = ""  # a string of the body that no other document has
    source: str
    issuer: str | None = None
    document_number: str | None = None
    issued_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    validity: Validity = "unknown"
    subject: str | None = None
    keywords: str = ""
    description: str = ""
    author: str = ""
    also_in: tuple[str, ...] = ()  # further columns that publish the same page
    related: tuple[str, ...] = ()  # ids of documents the page links to
    roles: tuple[str, ...] = ()
    attachments: tuple[AttachmentText, ...] = ()
    file_only: bool = False  # lists lead to its one attachment; it has no page of its own
    channels: tuple[str, ...] = ()  # 公开渠道和载体: every channel the catalog's cells name
    rows: tuple[CatalogRow, ...] = ()

    @field_validator("published_at")
    @classmethod
    def _in_local_time(cls, value: datetime) -> datetime:
        return value.replace(tzinfo=CST)

    @model_validator(mode="after")
    def _is_a_page_or_a_file(self) -> Self:
        if self.file_only and (self.body or len(self.attachments) != 1):
            raise ValueError("a document that is only a file has one attachment and no text")
        return self

    @property
    def index_number(self) -> str | None:
        """索引号: the portal numbers what has an issuer, by year and serial."""
        if self.issuer is None or self.issued_on is None:
            return None
        return f"YL{int(self.id[:2]):03d}-{int(self.id[2:]):04d}-{self.issued_on.year}-{int(self.id):05d}"


def parse_article(file: Path) -> Article:
    """Read one text file. Raises TextError if its header is missing, is not TOML, or names an unknown field."""
    name = f"{file.parent.name}/{file.name}"
    parts = file.read_text(encoding="utf-8").split("+++\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise TextError(name, "it does not begin with a +++ header")
    try:
        header: dict[str, Any] = tomllib.loads(parts[1])
        header.setdefault("source", header.get("issuer"))
        header["attachments"] = header.pop("attachment", [])
        header["rows"] = header.pop("row", [])
        return Article(id=file.stem, column=file.parent.name, body=parts[2].strip(), **header)
    except tomllib.TOMLDecodeError as error:
        raise TextError(name, f"its header is not TOML ({error})") from error
    except ValidationError as error:
        raise TextError(name, f"its header does not fit ({error})") from error


@lru_cache(maxsize=1)
def articles() -> tuple[Article, ...]:
    """Every document, newest first, as the portal's lists show them."""
    found = [parse_article(file) for file in TEXTS.glob("*/*.txt")]
    return tuple(sorted(found, key=lambda article: (article.published_at, article.id), reverse=True))
