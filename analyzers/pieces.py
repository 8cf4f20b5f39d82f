"""What is a single thing that was understood in a question, and how is it told to people?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from analyzers.agency_mentions import AgencyMention
from analyzers.calendar_spans import Period
from analyzers.document_number import DocumentNumber
from analyzers.intents import Intent
from analyzers.numerals import Amount
from analyzers.partial_number import PartialNumber
from analyzers.regions import Region
from analyzers.synonyms import PlainWord


class What(StrEnum):
    """What a piece is; ``label`` is the name that people see. The type of its value stands behind it."""

    NUMBER = "document_number"  # DocumentNumber
    PARTIAL_NUMBER = "partial_number"  # PartialNumber
    PERIOD = "period"  # Period
    NEWEST = "newest"  # Period, of what is recent
    AGENCY = "agency"  # AgencyMention
    REGION = "region"  # Region
    KIND = "kind"  # the code of a Kind
    DOMAIN = "domain"  # the slug of a domain
    VALIDITY = "validity"  # the code of a Validity
    INTENT = "intent"  # Intent
    SYNONYM = "synonym"  # PlainWord
    AMOUNT = "amount"  # Amount
    PHRASE = "phrase"  # the normalised text
    EXCLUDED = "excluded"  # the normalised text
    TITLE = "title"  # the normalised text
    SITE = "site"  # the text
    COLUMN = "column"  # the text
    OPERATOR = "operator"  # AND, OR, NOT
    UNREAD = "unread"  # a field word whose value says nothing to us; it is searched for as it stands

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    What.NUMBER: "文号",
    What.PARTIAL_NUMBER: "文号",
    What.PERIOD: "日期",
    What.NEWEST: "日期",
    What.AGENCY: "机关",
    What.REGION: "地区",
    What.KIND: "类型",
    What.DOMAIN: "领域",
    What.VALIDITY: "有效性",
    What.INTENT: "想问",
    What.SYNONYM: "也找",
    What.AMOUNT: "也写作",
    What.PHRASE: "原文",
    What.EXCLUDED: "不要",
    What.TITLE: "标题",
    What.SITE: "网站",
    What.COLUMN: "栏目",
    What.OPERATOR: "条件",
    What.UNREAD: "没有看懂",
}

Value = DocumentNumber | PartialNumber | Period | AgencyMention | Region | Intent | PlainWord | Amount | str


@dataclass(frozen=True, slots=True)
class Piece:
    """Something understood at ``text[start:end]`` of the question as typed.

    ``text`` is how it reads to people; ``confidence`` is from 0 (not understood) to 1 (certain). ``filters`` says that
    a field word asked for it: what is read out of free text only ranks. ``silent`` says that its words are not looked
    for, because documents do not say them (去年, 在哪办). ``inner`` is the part of the span that stays when the mark
    around it is taken away (the word in quotation marks, behind a minus or a field word). ``body_start`` is where the
    name of a body begins behind its place (卫健委 in 区卫健委).
    """

    what: What
    value: Value
    text: str
    start: int
    end: int
    confidence: float
    filters: bool = False
    silent: bool = False
    inner: tuple[int, int] | None = None
    body_start: int | None = None
