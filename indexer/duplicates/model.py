"""What is asked and answered about duplicates: drafts, verdicts with their evidence, alignments, clusters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from corpus.models import Document


class Verdict(StrEnum):
    """How a draft stands to a published document, the strongest first; ``label`` is what people see."""

    SAME_FILE = "same_file"
    SAME_TEXT = "same_text"
    REPOST = "repost"
    NEW_VERSION = "new_version"
    SAME_CATALOG_ITEM = "same_catalog_item"
    NEAR_DUPLICATE = "near_duplicate"
    SAME_TEMPLATE = "same_template"
    NOT_COMPARABLE = "not_comparable"
    NOT_FOUND = "not_found"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_duplicate(self) -> bool:
        """Is the same thing out already? Then a hook before publishing says no."""
        return self in _DUPLICATES


_LABELS = {
    Verdict.SAME_FILE: "同一文件",
    Verdict.SAME_TEXT: "正文相同",
    Verdict.REPOST: "转载或摘录",
    Verdict.NEW_VERSION: "新版本",
    Verdict.SAME_CATALOG_ITEM: "同一目录事项",
    Verdict.NEAR_DUPLICATE: "内容相近",
    Verdict.SAME_TEMPLATE: "同一模板，内容不同",
    Verdict.NOT_COMPARABLE: "无法比对",
    Verdict.NOT_FOUND: "未发现重复",
}

_DUPLICATES = frozenset(
    {
        Verdict.SAME_FILE,
        Verdict.SAME_TEXT,
        Verdict.REPOST,
        Verdict.SAME_CATALOG_ITEM,
        Verdict.NEAR_DUPLICATE,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What somebody is about to publish, as the parsers read it.

    ``name`` is what its owner calls it (a file's name); ``document.body`` its text, a paragraph a line, and its title
    may be empty; ``sha256`` that of its bytes (empty for pasted text). ``published_id`` is set where the draft is a
    document of the store already (a page of the portal): it is not compared with itself.
    """

    name: str
    document: Document
    sha256: str = ""
    problems: tuple[str, ...] = ()  # what could not be read of it, in short English sentences, as parsers say it
    published_id: str = ""


class FactKind(StrEnum):
    """What sort of fact differs; ``label`` is what people see."""

    DOCUMENT_NUMBER = "document_number"
    DATE = "date"
    AMOUNT = "amount"
    NUMBER = "number"
    NAME = "name"

    @property
    def label(self) -> str:
        return _FACT_LABELS[self]


_FACT_LABELS = {
    FactKind.DOCUMENT_NUMBER: "文号",
    FactKind.DATE: "日期",
    FactKind.AMOUNT: "金额",
    FactKind.NUMBER: "数字",
    FactKind.NAME: "名称",
}


@dataclass(frozen=True, slots=True)
class FactDifference:
    """A fact that the two texts state differently, each as written there; empty where only the other states one."""

    kind: FactKind
    draft: str
    published: str


class Direction(StrEnum):
    """Who was first, by the dates that both state; ``label`` is what people see."""

    DRAFT_LATER = "draft_later"
    DRAFT_EARLIER = "draft_earlier"
    SAME_DAY = "same_day"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return _DIRECTION_LABELS[self]


_DIRECTION_LABELS = {
    Direction.DRAFT_LATER: "已发布的在前",
    Direction.DRAFT_EARLIER: "草稿在前",
    Direction.SAME_DAY: "同一天",
    Direction.UNKNOWN: "日期不详",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A published document that the draft was compared with, the verdict on the two, and its evidence.

    The three similarities are between 0 and 1, over 5-character shingles of the normalised texts without boilerplate:
    ``jaccard`` (shared / all), ``draft_in_published`` (how much of the draft the published has) and
    ``published_in_draft``. ``items`` names the catalog items that both state (``事项 · 子事项``); ``published_on`` is
    its 发布日期, or 成文日期 where that is all there is.
    """

    document_id: str
    title: str
    url: str
    issuers: tuple[str, ...]
    column: str
    document_number: str
    published_on: date | None
    verdict: Verdict
    jaccard: float
    draft_in_published: float
    published_in_draft: float
    facts: tuple[FactDifference, ...] = ()
    direction: Direction = Direction.UNKNOWN
    items: tuple[str, ...] = ()

    @property
    def similarity(self) -> float:
        """The largest of the three: what a list sorts by within a verdict."""
        return max(self.jaccard, self.draft_in_published, self.published_in_draft)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDraft:
    """The answer for one draft: its verdict (that of the best match), its matches best first, what hindered reading."""

    name: str
    verdict: Verdict
    matches: tuple[Match, ...] = ()
    problems: tuple[str, ...] = ()


class SpanKind(StrEnum):
    """What stands in a stretch of an aligned paragraph."""

    EQUAL = "equal"
    DIFFERENT = "different"
    BOILERPLATE = "boilerplate"  # frequent in the corpus: not counted, shown grey


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` of a paragraph, in characters; the spans of a paragraph cover it in order, without gaps."""

    start: int
    end: int
    kind: SpanKind


@dataclass(frozen=True, slots=True)
class AlignedParagraph:
    """A paragraph as published or drafted, and what of it the other side has."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class AlignedRow:
    """Two paragraphs that stand side by side; None where only the other side has one."""

    draft: AlignedParagraph | None
    published: AlignedParagraph | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A draft beside a published document, in the order of the draft; what only the other has stands where it would."""

    document_id: str
    title: str
    rows: tuple[AlignedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterMember:
    """A published document in a cluster; ``characters`` is the length of its text."""

    document_id: str
    title: str
    issuers: tuple[str, ...]
    column: str
    document_number: str
    published_on: date | None
    characters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Published documents that belong together, the one to keep first (the earliest, then the longest).

    ``verdict`` is the weakest that joins them; ``similarity`` the lowest Jaccard (containment for reposts) of a joining
    pair; ``items`` the catalog items of a cluster by items, whose contents may be ``inconsistent``.
    """

    verdict: Verdict
    members: tuple[ClusterMember, ...]
    similarity: float
    items: tuple[str, ...] = ()
    inconsistent: bool = False

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(member.document_id for member in self.members)

    @property
    def could_go(self) -> int:
        """How many of them say what another one says."""
        return len(self.members) - 1 if self.verdict.is_duplicate and not self.inconsistent else 0


class DuplicateChecker(Protocol):
    """What answers; safe to call from any thread. Raises only the errors of `indexer.errors` and `corpus.errors`."""

    def check(self, draft: Draft) -> CheckedDraft:
        """Is the draft already published? The strongest verdict, and every match worth showing."""
        ...

    def align(self, draft: Draft, document_id: str) -> Alignment:
        """The draft beside a live published document. Raises UnknownDocumentError."""
        ...
