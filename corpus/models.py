"""The vocabulary: what a published document is (GB/T 9704-2012, GB/T 33480-2016, 政府信息公开目录)."""

from __future__ import annotations

import copyreg
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType


def _proxy(values: dict[str, object]) -> MappingProxyType[str, object]:
    return MappingProxyType(values)


# What is read goes from process to process, and Python cannot pickle a read-only mapping by itself.
copyreg.pickle(MappingProxyType, lambda proxy: (_proxy, (dict(proxy),)))


class Kind(StrEnum):
    """What sort of document it is; ``label`` is the name that people see."""

    POLICY = "policy"
    LAW = "law"
    INTERPRETATION = "interpretation"
    GUIDE = "guide"
    NOTICE = "notice"
    CONSULTATION = "consultation"
    CATALOG = "catalog"
    REPORT = "report"
    NEWS = "news"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _KIND_LABELS[self]


_KIND_LABELS = {
    Kind.POLICY: "政策文件",
    Kind.LAW: "法律法规",
    Kind.INTERPRETATION: "政策解读",
    Kind.GUIDE: "办事指南",
    Kind.NOTICE: "公示公告",
    Kind.CONSULTATION: "意见征集",
    Kind.CATALOG: "标准目录",
    Kind.REPORT: "报告年报",
    Kind.NEWS: "工作动态",
    Kind.OTHER: "其他",
}


class Validity(StrEnum):
    """Is the document in force (有效性)?"""

    IN_FORCE = "in_force"
    AMENDED = "amended"
    REPEALED = "repealed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return _VALIDITY_LABELS[self]


_VALIDITY_LABELS = {
    Validity.IN_FORCE: "现行有效",
    Validity.AMENDED: "已修改",
    Validity.REPEALED: "废止",
    Validity.EXPIRED: "失效",
    Validity.UNKNOWN: "未标注",
}

# The names that sites print in the 有效性 field; one that is not here is kept in ``extra`` and read as unknown.
_VALIDITY_NAMES = {
    **{label: value for value, label in _VALIDITY_LABELS.items()},
    "有效": Validity.IN_FORCE,
    "现行": Validity.IN_FORCE,
    "部分有效": Validity.AMENDED,
    "部分修改": Validity.AMENDED,
    "部分失效": Validity.AMENDED,
    "已修订": Validity.AMENDED,
    "修改": Validity.AMENDED,
    "修订": Validity.AMENDED,
    "已废止": Validity.REPEALED,
    "宣布废止": Validity.REPEALED,
    "已失效": Validity.EXPIRED,
    "宣布失效": Validity.EXPIRED,
    "无效": Validity.EXPIRED,
    "过期": Validity.EXPIRED,
}
_VALIDITY_BY_CODE = {value.value: value for value in Validity}


def read_validity(text: str) -> Validity | None:
    """Read a 有效性 value, by its code (``in_force``) or any Chinese name that sites use; None if it is neither."""
    text = text.strip()
    return _VALIDITY_BY_CODE.get(text) or _VALIDITY_NAMES.get(text)


class Mark(StrEnum):
    """How a catalog row marks a channel: ■ ☑ √ ✓ ● tick it, □ ☐ ○ do not, a bare name is unmarked."""

    TICKED = "ticked"
    UNTICKED = "unticked"
    UNMARKED = "unmarked"


class Audience(StrEnum):
    """Whom an item is disclosed to (公开对象)."""

    WHOLE_SOCIETY = "whole_society"
    SPECIFIC_GROUP = "specific_group"

    @property
    def label(self) -> str:
        return {Audience.WHOLE_SOCIETY: "全社会", Audience.SPECIFIC_GROUP: "特定群体"}[self]


class Method(StrEnum):
    """How an item is disclosed (公开方式)."""

    PROACTIVE = "proactive"
    ON_REQUEST = "on_request"

    @property
    def label(self) -> str:
        return {Method.PROACTIVE: "主动公开", Method.ON_REQUEST: "依申请公开"}[self]


class Level(StrEnum):
    """Which level of government discloses an item (公开层级)."""

    COUNTY = "county"
    TOWNSHIP = "township"

    @property
    def label(self) -> str:
        return {Level.COUNTY: "县级", Level.TOWNSHIP: "乡级"}[self]


@dataclass(frozen=True, slots=True)
class Channel:
    """A named channel (公开渠道和载体) and its mark, as printed."""

    name: str
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogEntry:
    """A row of a 基层政务公开事项标准目录, its cells and marks as published. Unknown text is empty.

    ``table`` and ``row`` say where it stands in its file, both counted from 1 (the row among all rows of the table, the
    header's included); ``uncertain`` names what the reader was not sure of, in short English sentences.
    """

    serial: str = ""  # 序号
    item: str = ""  # 一级事项
    subitem: str = ""  # 二级事项
    content: str = ""  # 公开内容（要素）
    basis: str = ""  # 公开依据
    time_limit: str = ""  # 公开时限
    publisher: str = ""  # 公开主体
    channels: tuple[Channel, ...] = ()  # 公开渠道和载体; repeats kept, in their order
    audiences: tuple[Audience, ...] = ()  # 公开对象
    audience_text: str = ""  # what the cell says beside the marks: 申请人, 企业 …
    methods: tuple[Method, ...] = ()  # 公开方式
    levels: tuple[Level, ...] = ()  # 公开层级
    period: str = ""  # the year (2020) or month (2020-07) that item, content or date name
    domain: str = ""  # 领域, where the table or its title names one
    table: int = 1
    row: int = 1
    uncertain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that a document carries (附件).

    ``name`` and ``url`` are as published. The rest is known once the file was fetched: ``sha256`` of its bytes in the
    blob store, ``size`` in bytes, ``media_type`` as sniffed, ``text`` and ``entries`` as extracted (empty if it has
    none or is not read yet), ``problem`` why it is not kept or not readable (empty if all is well).
    """

    name: str
    url: str = ""
    sha256: str = ""
    size: int | None = None
    media_type: str = ""
    text: str = ""
    problem: str = ""
    entries: tuple[CatalogEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The bytes that a document was read from: ``size`` in bytes, ``parser`` who read them ("html/1")."""

    sha256: str
    media_type: str
    name: str
    size: int
    parser: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One published document, as published. Unknown text is empty, an unknown date None.

    ``extra`` keeps what the source said beyond this vocabulary, and values of it that could not be read.
    """

    id: str
    title: str
    url: str = ""
    site: str = ""
    column: str = ""  # 栏目
    kind: Kind = Kind.OTHER
    document_number: str = ""  # 发文字号
    issuers: tuple[str, ...] = ()  # 发文机关, as published: one string may still name several
    issued_on: date | None = None  # 成文日期
    published_on: date | None = None  # 发布日期
    effective_on: date | None = None  # 施行日期
    expires_on: date | None = None  # 失效日期; the deadline of a consultation
    validity: Validity = Validity.UNKNOWN  # 有效性
    index_number: str = ""  # 索引号
    subject: str = ""  # 主题分类
    domain: str = ""  # 领域
    region: str = ""
    source: str = ""  # 信息来源
    keywords: tuple[str, ...] = ()
    body: str = ""  # paragraphs by newline; table rows with cells separated by tabs
    attachments: tuple[Attachment, ...] = ()
    entries: tuple[CatalogEntry, ...] = ()  # the rows of the catalogs that stand in the document itself
    fetched_at: datetime | None = None
    extra: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def all_entries(self) -> tuple[CatalogEntry, ...]:
        """The catalog rows of the document and then of its attachments; a row is known by its place in here."""
        return (*self.entries, *(entry for item in self.attachments for entry in item.entries))
