"""What did the reader mark by hand: field words (年份：2020), "phrases", -words to leave out, AND, OR and NOT?"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from analyzers.lookup import Spans, blank, overlaps


class Field(StrEnum):
    """A field that can be asked for by its word."""

    TITLE = "title"
    NUMBER = "number"
    ISSUER = "issuer"
    KIND = "kind"
    DOMAIN = "domain"
    VALIDITY = "validity"
    YEAR = "year"
    SINCE = "since"
    UNTIL = "until"
    DATES = "dates"
    SITE = "site"
    COLUMN = "column"


# The names that official pages print, the short ones that people type, and those of the address of a search.
_FIELD_WORDS = {
    Field.TITLE: ("标题", "题目", "文件名", "文件名称", "title"),
    Field.NUMBER: ("文号", "发文字号", "发文号", "文件号", "number"),
    Field.ISSUER: ("发文机关", "发文单位", "发布机构", "发布机关", "制发机关", "单位", "部门", "机关", "issuer"),
    Field.KIND: ("类型", "类别", "文种", "kind"),
    Field.DOMAIN: ("领域", "domain"),
    Field.VALIDITY: ("有效性", "时效性", "效力", "validity"),
    Field.YEAR: ("年份", "年度", "year"),
    Field.SINCE: ("开始日期", "起始日期", "since"),
    Field.UNTIL: ("结束日期", "截至日期", "until"),
    Field.DATES: ("日期", "发布日期", "成文日期", "发布时间", "date"),
    Field.SITE: ("网站", "站点", "site"),
    Field.COLUMN: ("栏目", "column"),
}
_FIELDS = {word: field for field, words in _FIELD_WORDS.items() for word in words}
_FIELD = re.compile(
    rf"(?:(?<=[\s,;，；。])|^)(?P<word>{'|'.join(sorted(_FIELDS, key=len, reverse=True))}) ?: ?"
    r'(?:"(?P<quoted>[^"]+)"|(?P<value>[^\s,;，；。"]+))'
)
# Only straight quotation marks ask for a literal phrase: “…” is ordinary punctuation in official texts.
_PHRASE = re.compile(r'"(?P<value>[^"]+)"')
_SENTENCE_MARK = re.compile(r"[,，。;；?？!！:、]")
# A minus right before a word and after a space; a span of years or a negative figure has digits.
_MINUS = re.compile(r'(?:(?<=\s)|^)-(?:"(?P<quoted>[^"]+)"|(?P<value>[^\W\d_][^\s",]*))')
# Set apart by spaces on both sides, 不要招聘 is a wish; within a sentence it may be anything.
_WITHOUT = re.compile(r"(?<=\s)(?:不要|不含|不包括|排除)(?P<value>[^\W\d_]{2,6})(?=\s|$)")
_OPERATOR = re.compile(r"(?<=\s)(?:AND|OR|NOT)(?=\s)")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Mark:
    """Something marked at ``text[start:end]``; its normalised ``value`` stands at ``value_start`` to ``value_end``."""

    value: str
    start: int
    end: int
    value_start: int
    value_end: int
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Markup:
    """All that was marked. ``operators`` are the spans of AND, OR and NOT.

    ``alternatives`` are what AND and OR ask for: in one of them, all terms must stand literally (normalised); empty
    where neither was used. Phrases are among the terms then, and not in ``phrases``.
    """

    fields: tuple[Mark, ...] = ()
    phrases: tuple[Mark, ...] = ()
    excluded: tuple[Mark, ...] = ()
    operators: tuple[tuple[int, int], ...] = ()
    alternatives: tuple[tuple[str, ...], ...] = ()


def read_markup(text: str, normal: str) -> Markup:
    """Read a question and its normal form. What is not clearly meant as a mark is ordinary text.

    A phrase in a sentence ("免费"体检、…) is quoted speech: where quotation marks touch words, the rest of the text
    must hold no mark of a sentence. Something must be left beside what is excluded. An operator stands in capitals
    between two words of a text with Chinese in it.
    """
    fields = _said(_mark(match, _FIELDS[match["word"]]) for match in _FIELD.finditer(normal))
    taken: Spans = [(mark.start, mark.end) for mark in fields]
    excluded = _said(_mark(match) for match in _MINUS.finditer(normal) if not overlaps(*match.span(), taken))
    taken += [(mark.start, mark.end) for mark in excluded]
    phrases = _said(_phrases(normal, taken))
    taken += [(mark.start, mark.end) for mark in phrases]
    excluded += [_mark(match) for match in _WITHOUT.finditer(normal) if not overlaps(*match.span(), taken)]
    operators, negated = _operators(text, normal, taken)
    excluded += _said(negated)
    left = blank(normal, [(mark.start, mark.end) for mark in excluded] + [span for span, _ in operators])
    if not re.search(r"\w", left):
        excluded = []
    alternatives = _alternatives(normal, operators, phrases, [(mark.start, mark.end) for mark in (*fields, *excluded)])
    return Markup(
        tuple(fields),
        () if alternatives else tuple(phrases),
        tuple(excluded),
        tuple(span for span, _ in operators),
        alternatives,
    )


def _mark(match: re.Match[str], field: Field | None = None) -> Mark:
    group = "quoted" if "quoted" in match.groupdict() and match["quoted"] else "value"
    return Mark(match[group].strip(), match.start(), match.end(), match.start(group), match.end(group), field)


def _said(marks: Iterable[Mark]) -> list[Mark]:
    """Those that hold more than spaces."""
    return [mark for mark in marks if mark.value]


def _phrases(normal: str, taken: Spans) -> list[Mark]:
    found = [match for match in _PHRASE.finditer(normal) if not overlaps(*match.span(), taken)]
    outside = blank(normal, [*taken, *(match.span() for match in found)])
    if _SENTENCE_MARK.search(outside):
        found = [match for match in found if _set_apart(normal, match)]
    return [_mark(match) for match in found]


def _set_apart(normal: str, match: re.Match[str]) -> bool:
    return not (normal[: match.start()][-1:].strip() or normal[match.end() :][:1].strip())


def _operators(text: str, normal: str, taken: Spans) -> tuple[list[tuple[tuple[int, int], str]], list[Mark]]:
    """The operators between two words, and what NOT excludes."""
    found: list[tuple[tuple[int, int], str]] = []
    negated: list[Mark] = []
    matches = [match for match in _OPERATOR.finditer(text) if not overlaps(*match.span(), taken)]
    if not matches or not _HAN.search(normal):
        return [], []
    bounds = [0, *(match.end() for match in matches)], [*(match.start() for match in matches), len(text)]
    chunks = [(start, end) for start, end in zip(*bounds, strict=True)]
    for number, match in enumerate(matches):
        if not (normal[slice(*chunks[number])].strip() and normal[slice(*chunks[number + 1])].strip()):
            continue
        found.append((match.span(), match[0]))
        if match[0] == "NOT" and (word := re.compile(r"\s+(?P<value>\S+)").match(normal, match.end())):
            negated.append(Mark(word["value"].strip('"'), match.start(), word.end(), word.start("value"), word.end()))
    return found, negated


def _alternatives(
    normal: str, operators: list[tuple[tuple[int, int], str]], phrases: list[Mark], out: Spans
) -> tuple[tuple[str, ...], ...]:
    if not any(operator in ("AND", "OR") for _, operator in operators):
        return ()
    alternatives: list[list[str]] = [[]]
    place = 0
    left = blank(normal, [*out, *((mark.start, mark.end) for mark in phrases)])
    for (start, end), operator in [*operators, ((len(normal), len(normal)), "")]:
        alternatives[-1] += left[place:start].split()
        alternatives[-1] += [mark.value for mark in phrases if place <= mark.start < start]
        if operator == "OR":
            alternatives.append([])
        place = end
    return tuple(tuple(dict.fromkeys(terms)) for terms in alternatives if terms)
