"""What does the API answer? The models make the answers and, as JSON Schema, the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """Nothing is in an answer that is not described."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Next = Annotated[str | None, Field(description="下一页的 cursor；没有下一页是 null")]
Link = Annotated[str, Field(description="本站地址；没有设置 public_url 时从 / 开始")]
Marks = Annotated[list[tuple[int, int]], Field(description="命中的字：起、止（不含），按字符数")]


class Problem(Model):
    """出错时的回答（RFC 9457）。"""

    title: str
    status: int
    detail: str
    parameter: str | None = None


class Section(Model):
    """文件里的一节。"""

    path: str
    anchor: str


class Passage(Model):
    """最能回答问题的一段原文。"""

    text: str
    part: str | None
    goes_on: bool
    section: Section | None


class Hit(Model):
    """查到的一份文件，或者标准目录的一项（entry 大于 0）。"""

    id: str
    document_id: str
    entry: int = Field(description="目录事项在文件里的序号，从 1 起；0 是文件本身")
    title: str
    title_marks: Marks
    snippet: str
    snippet_marks: Marks
    page: Link
    url: str = Field(description="原网页")
    kind: str
    document_number: str
    issuers: list[str]
    issued_on: date | None
    published_on: date | None
    validity: str
    site: str
    column: str
    score: float
    section: Section | None
    passage: Passage | None = Field(description="只有第一页的前 10 条有")


class Understood(Model):
    """从问题里读出的条件；undo 是不要它时的问题。"""

    what: str
    text: str
    undo: str | None


class SearchAnswer(Model):
    """查到的文件，一页。"""

    query: str
    total: int
    understood: list[Understood]
    suggestion: str | None
    hits: list[Hit]
    next: Next


class FacetValue(Model):
    value: str
    label: str
    count: int


class FacetsAnswer(Model):
    """各条件的值和件数；一个条件自己的选择不算在它的件数里。"""

    total: int
    facets: dict[str, list[FacetValue]]


class Suggestion(Model):
    kind: str
    label: str
    text: str
    spans: Marks
    url: Link


class SuggestAnswer(Model):
    """打了一半的字，可能要的是什么。"""

    query: str
    suggestions: list[Suggestion]


class Original(Model):
    """收录时的原文件。"""

    url: Link
    name: str
    media_type: str
    size: int
    sha256: str


class Attachment(Model):
    """附件；没有收录的，file 是 null。"""

    name: str
    url: str
    file: Link | None
    media_type: str
    size: int | None
    sha256: str | None


class DocumentLine(Model):
    """一份文件的各项，没有正文。撤下的只有 id、state、changed_at。"""

    id: str
    state: str = Field(description="live 在网；gone 原网页已不存在；withdrawn 已撤下")
    changed_at: datetime | None = Field(description="UTC；彻底删除的是 null")
    version: int | None = None
    title: str | None = None
    page: Link | None = None
    url: str | None = None
    site: str | None = None
    column: str | None = None
    kind: str | None = None
    document_number: str | None = None
    issuers: list[str] | None = None
    issued_on: date | None = None
    published_on: date | None = None
    effective_on: date | None = None
    expires_on: date | None = None
    validity: str | None = None
    index_number: str | None = None
    subject: str | None = None
    domain: str | None = None
    region: str | None = None
    source: str | None = None
    keywords: list[str] | None = None
    fetched_at: datetime | None = None


class WholeDocument(DocumentLine):
    """一份文件，全部。"""

    body: str
    text: Link
    original: Original | None
    attachments: list[Attachment]
    entries: int = Field(description="里面有多少项标准目录")


class DocumentsAnswer(Model):
    """所有文件，最早变动的在前；变动过的会再出现在后面，撤下的也在。"""

    documents: list[DocumentLine] = Field(description="空的就是到头了")
    next: str | None = Field(description="下一页的 cursor；到头以后留着它，下次从这里取新的变动")


class CatalogRow(Model):
    """标准目录的一项，按公布的样子。"""

    id: str
    document_id: str
    entry: int
    page: Link
    serial: str
    item: str
    subitem: str
    content: str
    basis: str
    time_limit: str
    publisher: str
    channels: list[dict[str, str]] = Field(description="渠道名称 name 和标记 mark")
    audiences: list[str]
    audience_text: str
    methods: list[str]
    levels: list[str]
    period: str
    domain: str


class CatalogAnswer(Model):
    """标准目录的事项，一页。"""

    query: str
    total: int
    rows: list[CatalogRow]
    next: Next


class FeedLink(Model):
    title: str
    url: Link


class FeedsAnswer(Model):
    """可以订阅的 Atom：检索（后面可以加检索的参数）和各领域。"""

    search: Link
    domains: list[FeedLink]


class StatusAnswer(Model):
    """现在答得出多少，数到什么时候。"""

    version: str
    documents: int = Field(description="查得到的文件")
    stored: int = Field(description="在网的文件；比 documents 多时，索引还没有追上")
    changed_at: datetime | None = Field(description="最近一次变动")
    crawled_at: datetime | None = Field(description="最近一次抓取完成")
