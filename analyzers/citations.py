"""Which documents does this text cite? Titles in 《》, each with its number (文号), and numbers that stand alone."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.document_number import find_document_numbers


@dataclass(frozen=True, slots=True)
class Citation:
    """A cited document at ``text[start:end]``: its title without the outer 《》 and its number, as they are printed.

    One of the two may be empty. The span holds the title and the number, and the bracket around the number.
    """

    title: str
    document_number: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Span:
    text: str
    start: int
    end: int


_MAX_TITLE_CHARS = 300  # the longest title of the 32,131 real ones has 147 characters
_OPENING, _CLOSING = "（(〔[【﹝［", "）)〕]】﹞］"
# An order is numbered without a year: 国务院令第711号, 国令第711号, 主席令第四十一号 (a code of at most 20 characters).
_ORDER = re.compile(r"[\u4e00-\u9fff]{1,20}令 ?第? ?[\d０-９一二三四五六七八九十百]{1,6} ?号")
_LEAD = re.compile(r".*(?:[据照按及与见以由为的]|(?<!共)和(?!国))")
_MAX_GAP_CHARS = 40  # between a title and its number in one bracket: （2016年12月8日发布，建保〔2016〕281号）


def find_citations(text: str) -> list[Citation]:
    """The citations in their order; spans never overlap.

    A title may hold titles of its own in 《》, 〈〉 or <>. A number that follows a title, bare or in a bracket, belongs
    to that title and to no other: of ``《A》《B》（国发〔2012〕45号）`` it is the number of B. A number in a title is
    part of it; one that stands elsewhere in the text is a citation without a title.
    """
    titles = _titles(text)
    numbers = _free(_numbers(text), titles)
    found: list[Citation] = []
    for place, title in enumerate(titles):
        until = titles[place + 1].start if place + 1 < len(titles) else len(text)
        while numbers and numbers[0].start < title.start:
            found.append(_alone(numbers.popleft()))
        if numbers and numbers[0].start < until and _belongs(text[title.end : numbers[0].start]):
            number = numbers.popleft()
            end = _after_bracket(text, title.end, number.end, until)
            found.append(Citation(title.text, number.text, title.start, end))
        else:
            found.append(Citation(title.text, "", title.start, title.end))
    return found + [_alone(number) for number in numbers]


def _alone(number: _Span) -> Citation:
    return Citation("", number.text, number.start, number.end)


def _titles(text: str) -> list[_Span]:
    """The outermost 《…》. One that is never closed does not hide those that follow."""
    opened: list[int] = []
    titles: list[_Span] = []
    for sign in re.finditer("[《》]", text):
        if sign[0] == "《":
            opened.append(sign.start())
        elif opened:
            start, end = opened.pop(), sign.end()
            if end - start > _MAX_TITLE_CHARS + 2:
                continue
            while titles and titles[-1].start > start:
                titles.pop()  # it stands in this one
            if title := text[start + 1 : end - 1].strip():
                titles.append(_Span(title, start, end))
    return titles


def _numbers(text: str) -> list[_Span]:
    found = [_Span(number.text.strip(), number.start, number.end) for number in find_document_numbers(text)]
    orders = []
    for match in _ORDER.finditer(text):
        lead = _LEAD.match(match[0][: match[0].rindex("令")])
        start = match.start() + (lead.end() if lead else 0)
        orders.append(_Span(text[start : match.end()], start, match.end()))
    return sorted([*found, *_free(orders, found)], key=lambda number: number.start)


def _free(spans: Sequence[_Span], taken: Sequence[_Span]) -> deque[_Span]:
    """The spans that overlap none of those taken; both stand in the order of the text."""
    left: deque[_Span] = deque()
    place = 0
    for span in spans:
        while place < len(taken) and taken[place].end <= span.start:
            place += 1
        if place == len(taken) or taken[place].start >= span.end:
            left.append(span)
    return left


def _belongs(gap: str) -> bool:
    """Whether what stands between a title and a number joins them: nothing, or a bracket that is still open."""
    gap = gap.strip()
    return not gap or (gap[0] in _OPENING and len(gap) <= _MAX_GAP_CHARS and not any(sign in gap for sign in _CLOSING))


def _after_bracket(text: str, title_end: int, number_end: int, until: int) -> int:
    if text[title_end:number_end].strip()[0] not in _OPENING:
        return number_end
    for place in range(number_end, min(until, number_end + _MAX_GAP_CHARS)):
        if text[place] in _CLOSING:
            return place + 1
    return number_end
