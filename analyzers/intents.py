"""What does a question want to know of its matter: 条件, 材料, 流程, 时限, 地点, 电话, 标准 or 费用?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from analyzers.lexicon.questions import IntentWords, intent_words
from analyzers.lookup import Finder, Typed


class Intent(StrEnum):
    """A part of the matter that is asked for; ``label`` is its heading in guides (办事指南)."""

    CONDITION = "condition"
    MATERIAL = "material"
    PROCESS = "process"
    TIME_LIMIT = "time_limit"
    PLACE = "place"
    PHONE = "phone"
    STANDARD = "standard"
    FEE = "fee"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Intent.CONDITION: "条件",
    Intent.MATERIAL: "材料",
    Intent.PROCESS: "流程",
    Intent.TIME_LIMIT: "时限",
    Intent.PLACE: "地点",
    Intent.PHONE: "电话",
    Intent.STANDARD: "标准",
    Intent.FEE: "费用",
}
# How sure an intent is: asked for in words, by its number alone, or only named.
_ASKED, _ASKED_LAST, _NAMED = 0.9, 0.6, 0.5
_QUESTION = re.compile(
    r"[?？]|什么|怎|咋|啥|哪|谁|吗|多[少久长大]|几[天个岁年月次点]|[有如为]何|何[时地处种为]|[能可是]否|[能可会要行]不[能可会要行]|有没有"
)
_ASKING = re.compile("[什怎咋哪啥几多谁何否吗]|不[能可行要收]")
# A noun is asked for where a phrase ends with it, or where the verb of the question follows.
_ASKED_FOR = re.compile(r"(?=$|[\s?？,，;；。!！、]|[是有和及与呢吗]|怎|如何|多少|哪|什么)")


def asks(text: str) -> bool:
    """Is it a question, not only the name of something (低保怎么办, not 低保标准)?"""
    return _QUESTION.search(text) is not None


@dataclass(frozen=True, slots=True)
class FoundIntent:
    """An intent by the words at ``text[start:end]``; ``frame`` says that they only ask, and name nothing."""

    intent: Intent
    start: int
    end: int
    frame: bool
    confidence: float


def find_intents(typed: Typed) -> list[FoundIntent]:
    """The intents of a question in their order.

    Words that ask (在哪办, 要几天) are found however the segmenter cuts them, if they begin or end where a word does
    (哪些人 must be words: 哪些人员 says whom). A noun (材料, 电话) must be a word at the end of a phrase, and says less
    surely that it is asked for. What the list marks ``last`` (多少) counts only if nothing else does.
    """
    found: list[FoundIntent] = []
    weak: list[FoundIntent] = []
    for start, end, row in _forms().find(typed.normal):
        asks = _ASKING.search(typed.normal, start, end) is not None
        if not _stands_there(typed, start, end, asks=asks) or not (asks or _ASKED_FOR.match(typed.normal, end)):
            continue
        if row.last and not _ASKED_FOR.match(typed.normal, end):
            continue
        sure = (_ASKED_LAST if row.last else _ASKED if asks else _NAMED) / len(row.intents)
        (weak if row.last else found).extend(
            FoundIntent(Intent(intent), start, end, row.frame, sure) for intent in row.intents
        )
    return found or weak


def _stands_there(typed: Typed, start: int, end: int, *, asks: bool) -> bool:
    if asks and end - start > 2 and typed.normal[end - 1] != "人":
        return start in typed.edges or end in typed.edges
    return typed.is_word(start, end)


@cache
def _forms() -> Finder[IntentWords]:
    return Finder({word: row for row in intent_words() for word in row.words})
