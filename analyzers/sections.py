"""Which sections does a text have, and in which of them does a place of it stand?

Laws count 编, 章, 节, 条 (立法法, 第六十五条); official documents 一、 （一） 1. （1） (GB/T 9704-2012, 7.3.3), below
them ①. A mark counts at the beginning of a line only, and in its order: a line that begins with 七、 where no 六、
stands before it is text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

_UNITS = {"编": 1, "篇": 1, "部分": 1, "分编": 2, "章": 3, "节": 4, "条": 5, "款": 6}
_ANNEX, _CHAPTER, _ARTICLE, _PARAGRAPH, _FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH = 0, 3, 5, 6, 7, 8, 9, 10, 11
"""Kinds of sections by the order in which they nest: 附件, …, 章, 节, 条, 款, 一、 （一） 1. （1） ①."""

MAX_HEADING_CHARS = 40
"""A heading is one line of the page (GB/T 9704-2012, 5.2.2: 28 characters), with some room for long ones."""
_MAX_SHOWN_CHARS = 16  # of a heading in a path: one line on a phone holds two such

_HAN = "一二三四五六七八九十百千零〇"
_SPACE = r"[^\S\n]"
_MARK = re.compile(
    rf"^(?P<pad>(?:{_SPACE}|[#*])*+)(?:"
    rf"第{_SPACE}?(?P<law>(?:[{_HAN}\d]{_SPACE}?){{1,8}})(?P<unit>分编|编|篇|部分|章|节|条|款)(?:之(?P<sub>[{_HAN}]{{1,3}}))?"
    rf"|附{_SPACE}?件{_SPACE}?(?P<annex>[{_HAN}\d]{{0,3}})(?![{_HAN}\d])"
    rf"|(?P<rules>附{_SPACE}*则(?={_SPACE}*$))"
    rf"|(?P<first>[{_HAN}]{{1,4}})、"
    rf"|[（(]{_SPACE}?(?P<second>[{_HAN}]{{1,4}}){_SPACE}?[）)]"
    rf"|(?P<third>\d{{1,3}}){_SPACE}?[.．、](?!\d)"
    rf"|[（(]{_SPACE}?(?P<fourth>\d{{1,3}}){_SPACE}?[）)]"
    r"|(?P<fifth>[①-⑳])"
    r")(?P<rest>[^\n]*)",
    re.MULTILINE,
)
_COUNTED = {"first": _FIRST, "second": _SECOND, "third": _THIRD, "fourth": _FOURTH, "fifth": _FIFTH}
_LABELS = {"first": "{}、", "second": "（{}）", "third": "{}.", "fourth": "（{}）", "fifth": "{}"}

# What shows that a mark is a word of a sentence: 第三条规定的, 第三条、第四条; （一）至（三）项, 一、二级公路.
_REFERENCE = re.compile(
    r"[、,，和与及或至到～~—-]|第[一二三四五六七八九十]+[款项]|[款项](?!目)|规定|所[列称述]|的|中|修改|以[上下]"
)
_TO_ANOTHER = re.compile(rf"[、，]|[和与及或至到～~—-]{_SPACE}?第?[（(]|项(?!目)|款(?!项)")
_SERIES = re.compile(r"[二三四五六七八九十][、类级等期批线]")
_AFTER_ARTICLE = re.compile(rf"{_SPACE}|[：:【［（(“《]|$")
_LEADER = re.compile(r"[.．…·]{3,}\s*\d{0,4}$")
_CONTENTS = re.compile(rf"^(?:{_SPACE}|[#*])*目{_SPACE}*[录次]{_SPACE}*$", re.MULTILINE)
_BLANK = re.compile(r"\s*")
_NAMED = re.compile(r"[【［](.{1,40}?)[】］]")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text: ``text[start:end]``, from the beginning of the line of its mark to the next one that is not
    inside it. ``level`` counts from 1, ``label`` is its mark (第三条, 一、), ``heading`` its words if it has any,
    ``parent`` the index of the section around it in the list, or None."""

    level: int
    label: str
    heading: str
    start: int
    end: int
    parent: int | None


class _Mark(NamedTuple):  # a tuple: a law has thousands
    kind: int
    number: int
    sub: str
    label: str
    heading: str
    start: int
    end: int  # of its line
    in_sentence: bool = False  # 第三条为了…: counts only where it is the next article


def read_sections(text: str) -> list[Section]:
    """The sections in their order; a parent stands before its children, and spans nest and are ordered. Those of level
    1 cover the text from the first mark on. Lines with tabs are table rows; a contents list (目录) is not a section."""
    found: list[tuple[_Mark, int, int | None]] = []  # with the level and the index of the parent
    ends: list[int] = []
    path: list[tuple[_Mark, int]] = []  # the open sections and their indices
    for mark in _without_contents(text, list(_marks(text))):
        depth = next((at for at in reversed(range(len(path))) if path[at][0].kind == mark.kind), None)
        if not _follows(mark, path[depth][0] if depth is not None else None):
            continue
        if depth is None:
            depth = len(path)
            # an article that is quoted under 一、 of a decision (一、将第八条修改为：) belongs to it
            quoted = mark.kind == _ARTICLE and mark.number != 1
            while depth and path[depth - 1][0].kind > mark.kind and not (quoted and path[depth - 1][0].kind == _FIRST):
                depth -= 1
        for _, index in path[depth:]:
            ends[index] = mark.start
        del path[depth:]
        parent = path[-1][1] if path else None
        path.append((mark, len(found)))
        found.append((mark, depth + 1, parent))
        ends.append(len(text))
    return [
        Section(level, mark.label, mark.heading, mark.start, end, parent)
        for (mark, level, parent), end in zip(found, ends, strict=True)
    ]


def section_at(sections: Sequence[Section], offset: int) -> Section | None:
    """The innermost section that holds the character at ``offset``; None before the first and behind the last."""
    index = bisect_right(sections, offset, key=lambda section: section.start) - 1
    return sections[index] if index >= 0 and offset < sections[index].end else None


def section_path(sections: Sequence[Section], section: Section) -> str:
    """Where a section stands, for people: ``第二章 第八条``, ``二、保障措施 （三）``."""
    names = [_short(section)]
    while section.parent is not None:
        section = sections[section.parent]
        names.insert(0, _short(section))
    return " ".join(names)


def _short(section: Section) -> str:
    if not section.label.endswith("、"):
        return section.label
    heading = section.heading
    if not heading:
        return section.label.rstrip("、")
    return section.label + (heading if len(heading) <= _MAX_SHOWN_CHARS else heading[:_MAX_SHOWN_CHARS] + "…")


def _marks(text: str) -> Iterator[_Mark]:
    """Every line that begins like a section."""
    for match in _MARK.finditer(text):
        rest = match["rest"].strip(" \u3000\xa0\r*")
        in_row = "\t" in match["pad"] or ("\t" in match["rest"].rstrip() and "#" not in match["pad"])
        if in_row or (len(rest) <= 2 * MAX_HEADING_CHARS and _LEADER.search(rest)):
            continue
        mark = _law(match, rest) if match["law"] else _outer(match, rest) or _counted(match, rest)
        if mark is not None:
            yield mark


def _law(match: re.Match[str], rest: str) -> _Mark | None:
    kind, numeral = _UNITS[match["unit"]], _narrow("".join(match["law"].split()))
    sub = match["sub"] or ""
    label = f"第{numeral}{match['unit']}" + (f"之{sub}" if sub else "")
    apart = _AFTER_ARTICLE.match(match["rest"]) is not None
    if not apart and _REFERENCE.match(rest):
        return None
    if kind < _ARTICLE:
        if len(rest) > MAX_HEADING_CHARS or re.search(r"[。；;]|[，：]$", rest):
            return None
        heading = " ".join(rest.split())
    else:
        if kind == _PARAGRAPH and not apart:
            return None
        named = _NAMED.match(rest)
        short = len(rest) <= MAX_HEADING_CHARS and not re.search(r"[。；;，：:“（(]", rest)
        heading = named[1] if named else rest if short else ""
    return _Mark(kind, _number(numeral), sub, label, heading, match.start(), match.end(), not apart)


def _outer(match: re.Match[str], rest: str) -> _Mark | None:
    if match["rules"]:
        return _Mark(_CHAPTER, 0, "", "附则", "", match.start(), match.end())
    if match["annex"] is None or len(rest) > MAX_HEADING_CHARS or re.search(r"[。；]", rest) or _REFERENCE.match(rest):
        return None
    if rest.strip("：:") and (rest[0] in "：:" or match["rest"][0].strip()):
        return None  # 附件：1.名单 tells of it, 附件下载 is a button
    numeral = _narrow(match["annex"])
    return _Mark(_ANNEX, _number(numeral), "", f"附件{numeral}", rest.strip("：:"), match.start(), match.end())


def _counted(match: re.Match[str], rest: str) -> _Mark | None:
    name = match.lastgroup if match.lastgroup in _COUNTED else next((key for key in _COUNTED if match[key]), None)
    if name is None or not rest or _TO_ANOTHER.match(rest) or (name == "first" and _SERIES.match(rest)):
        return None
    numeral = match[name]
    number = ord(numeral) - ord("①") + 1 if name == "fifth" else _number(numeral)
    shown = str(number) if numeral.isdecimal() else numeral
    heading = _heading(rest)
    return _Mark(_COUNTED[name], number, "", _LABELS[name].format(shown), heading, match.start(), match.end())


def _heading(rest: str) -> str:
    """The whole line if it is no sentence, or the first sentence if the text goes on behind it."""
    stop = rest.find("。")
    if stop < 0:
        stop = len(rest) if rest[-1] not in "；;，," else 0
    elif stop == len(rest) - 1:
        stop = 0
    return rest[:stop].rstrip("：:") if stop <= MAX_HEADING_CHARS else ""


def _follows(mark: _Mark, previous: _Mark | None) -> bool:
    """Whether a mark may stand here: 一、 begins a list or goes on in it (one may be missing); the marks of laws stand
    for themselves, but a 第三条 that runs on without a space must be the next one."""
    if mark.kind > _PARAGRAPH:
        return mark.number == 1 or (previous is not None and previous.number < mark.number <= previous.number + 2)
    if mark.in_sentence and mark.kind == _ARTICLE:
        return mark.number == (previous.number + 1 if previous is not None else 1)
    return True


def _without_contents(text: str, marks: list[_Mark]) -> list[_Mark]:
    """Without the marks of contents lists: those that follow each other without text, below 目录 or as 第一章, 第二章,
    and begin with one that comes again."""
    titles = [match.end() for match in _CONTENTS.finditer(text)]
    places: defaultdict[tuple[int, int, str], list[int]] = defaultdict(list)
    run_ends = [len(marks)] * len(marks)  # where the run of marks ends whose lines follow each other
    for index in reversed(range(len(marks) - 1)):
        adjoining = _adjoin(text, marks[index].end, marks[index + 1].start)
        run_ends[index] = run_ends[index + 1] if adjoining else index + 1
    for index, mark in enumerate(marks):
        places[mark[:3]].append(index)
    kept: list[_Mark] = []
    index = 0
    while index < len(marks):
        end = run_ends[index]
        same = places[marks[index][:3]]
        after = bisect_right(same, index)
        if after < len(same):
            below = bisect_right(titles, marks[index].start)
            listed = below > 0 and _adjoin(text, titles[below - 1], marks[index].start)
            if listed or _only_outer(marks[index : min(end, same[after])]):
                index = min(end, same[after])
                continue
        kept.extend(marks[index:end])
        index = end
    return kept


def _only_outer(run: Sequence[_Mark]) -> bool:
    chapters = [mark for mark in run if mark.kind < _ARTICLE]
    return len(chapters) == len(run) and any(
        mark.kind == chapters[0].kind and mark.number == chapters[0].number + 1 for mark in chapters
    )


def _adjoin(text: str, end: int, start: int) -> bool:
    blank = _BLANK.match(text, end)
    return blank is not None and blank.end() >= start


def _narrow(numeral: str) -> str:
    return "".join(str(int(character)) if character.isdecimal() else character for character in numeral)


def _number(numeral: str) -> int:
    """12, １２, 十二, 一百零三; 0 for an empty one."""
    if numeral.isdecimal():
        return int(numeral)
    total = digit = 0
    for character in numeral:
        if character in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
        elif character not in "零〇":
            digit = int(character) if character.isdecimal() else "一二三四五六七八九".index(character) + 1
    return total + digit
