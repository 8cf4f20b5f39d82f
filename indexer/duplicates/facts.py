"""Which facts does a text state, and in which do two texts differ: 文号, dates, amounts, numbers, names?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from importlib import resources
from itertools import zip_longest

from analyzers.dates import find_dates
from analyzers.document_number import find_document_numbers
from analyzers.normalize import normalize
from analyzers.numerals import read_numeral
from indexer.duplicates.model import FactDifference, FactKind

# More facts than a budget of 300 rows has; of a longer list the beginning is compared.
MAX_FACTS = 2_000

_NUMERAL = "零〇一二三四五六七八九十百千万亿两"
_FIGURES = r"\d[\d,]*(?:\.\d+)?"
_MONEY = re.compile(rf"(?P<figures>{_FIGURES})\s*(?P<scale>[十百千万亿]{{0,2}})\s*(?:元|人民币|美元|港元|欧元|块)")
_PARTIAL = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s*年(?:度)?(?:\s*(?P<month>\d{1,2})\s*月)?|(?P<only>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日"
)
# 五年以下, 三十日: a quantity in words. 第三十条 is a place in a law, which moves from version to version.
_SAID = re.compile(
    rf"(?<![第之{_NUMERAL}])(?P<said>[{_NUMERAL}]{{1,9}})(?P<unit>年|个?月|[天日]|元|倍|人|户|亩|周?岁|个?工作日|名|吨)"
)
_CODE = re.compile(r"(?<![0-9a-z])[0-9a-z][0-9a-z,.:\-#/]*", re.IGNORECASE)
_PLACE = re.compile(r"第\s*$")
_NUMBERING = re.compile(r"(?:^|\n)\s*[（(]?$")

# What may stand before the ending of a name.
_LONGEST_NAME = 24
_BEFORE_ENDING = re.compile(r"[\u4e00-\u9fff()]{2,}$")

_SCALES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact at ``text[start:end]``; two are the same when kind and ``value`` are."""

    kind: FactKind
    value: str
    text: str
    start: int
    end: int


def facts_of(text: str) -> tuple[Fact, ...]:
    """The first `MAX_FACTS` facts of a text, in their order; none lies in another."""
    normal = normalize(text)
    taken: list[Fact] = []
    free = bytearray(b"\1" * len(text))
    for kind, value, start, end in _found(text, normal):
        if all(free[start:end]):
            free[start:end] = bytes(end - start)
            taken.append(Fact(kind, value, text[start:end], start, end))
    taken.sort(key=lambda fact: fact.start)
    return tuple(taken[:MAX_FACTS])


@dataclass(frozen=True, slots=True)
class FactComparison:
    """The facts that differ, in the order of the texts; and the share of the facts of one text that the other states as
    well, of the text of which that is more (1 where one states none)."""

    differences: tuple[FactDifference, ...]
    shared: float


def compare_facts(
    draft: Sequence[Fact],
    published: Sequence[Fact],
    in_published: Collection[Fact] = (),
    in_draft: Collection[Fact] = (),
) -> FactComparison:
    """Facts side by side; what both state, though elsewhere, does not differ. Without any fact all is shared.

    ``in_published`` are facts of the draft that stand in the published text word for word, and so do not differ, even
    if another fact was read there (where an excerpt begins in the midst of a date); ``in_draft`` likewise.
    """
    ours, theirs = ([(fact.kind, fact.value) for fact in facts] for facts in (draft, published))
    common = Counter(ours) & Counter(theirs)
    left = [fact for fact in _rest(draft, common) if fact not in in_published]
    right = [fact for fact in _rest(published, common) if fact not in in_draft]
    differences: list[FactDifference] = []
    matcher = SequenceMatcher(None, [fact.kind for fact in left], [fact.kind for fact in right], autojunk=False)
    for _, low, high, first, last in matcher.get_opcodes():
        for kind in FactKind:
            some = [fact.text for fact in left[low:high] if fact.kind is kind]
            others = [fact.text for fact in right[first:last] if fact.kind is kind]
            differences += [FactDifference(kind, one, other) for one, other in zip_longest(some, others, fillvalue="")]
    shared = (1 - len(rest) / len(facts) if facts else 1.0 for rest, facts in ((left, ours), (right, theirs)))
    return FactComparison(tuple(differences), max(shared))


def _rest(facts: Sequence[Fact], common: Counter[tuple[FactKind, str]]) -> list[Fact]:
    left = Counter(common)
    rest: list[Fact] = []
    for fact in facts:
        if left[fact.kind, fact.value]:
            left[fact.kind, fact.value] -= 1
        else:
            rest.append(fact)
    return rest


def _found(text: str, normal: str) -> Iterator[tuple[FactKind, str, int, int]]:
    """Kind, value and place of what may be a fact; of two that overlap the first one given is one."""
    for number in find_document_numbers(text):
        yield FactKind.DOCUMENT_NUMBER, number.number.key, number.start, number.end
    for day in find_dates(text):
        yield FactKind.DATE, day.value.isoformat(), day.start, day.end
    for match in _PARTIAL.finditer(normal):
        parts = [int(part) for part in match.groups() if part]
        yield FactKind.DATE, "-".join(map(str, parts)), *match.span()
    for match in _MONEY.finditer(normal):
        worth = float(match["figures"].replace(",", ""))
        for scale in match["scale"]:
            worth *= _SCALES[scale]
        yield FactKind.AMOUNT, f"{worth:.2f}", *match.span()
    yield from _names(normal)
    for match in _SAID.finditer(normal):
        if (said := read_numeral(match["said"])) is not None:
            kind = FactKind.AMOUNT if match["unit"] == "元" else FactKind.NUMBER
            yield kind, f"{said}.00" if kind is FactKind.AMOUNT else f"{said}{match['unit']}", *match.span()
    for match in _CODE.finditer(normal):
        code = match[0].rstrip(",.:-#/")
        before, behind = normal[max(0, match.start() - 4) : match.start()], normal[match.start() + len(code) :][:1]
        if not any(character.isdecimal() for character in code) or _PLACE.search(before):
            continue
        if code.isdecimal() and len(code) <= 2 and _NUMBERING.search(before) and behind in ".、)） ":
            continue
        yield FactKind.NUMBER, code.replace(",", ""), match.start(), match.start() + len(code)


def _names(normal: str) -> Iterator[tuple[FactKind, str, int, int]]:
    ending, labelled, before = _patterns()
    for match in labelled.finditer(normal):
        yield FactKind.NAME, match["name"], *match.span("name")
    last = 0
    for match in ending.finditer(normal):
        head = _BEFORE_ENDING.search(normal, max(last, match.start() - _LONGEST_NAME), match.start())
        if head is None:
            continue
        start, last = head.start(), match.end()
        name = normal[start:last]
        for word in before.finditer(name[:-2]):
            if word.end() < len(name) - 3:
                start = head.start() + word.end()
        yield FactKind.NAME, normal[start:last], start, last


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """For the ending of a name, for a name behind a label, and for words before a name."""
    rows: dict[str, list[str]] = {"ending": [], "label": [], "before": []}
    for line in (resources.files("indexer.duplicates") / "data" / "names.tsv").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            what, _, pattern = line.partition("\t")
            rows[what].append(pattern)
    ending, label, before = ("|".join(f"(?:{pattern})" for pattern in rows[what]) for what in rows)
    return (
        re.compile(ending),
        re.compile(rf"(?:{label})\s*[:：]\s*(?P<name>[\u4e00-\u9fff·()]{{2,40}})"),
        re.compile(before),
    )
