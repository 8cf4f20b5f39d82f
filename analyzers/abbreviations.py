"""Which short names does a text introduce for its longer ones? 科学技术普及（以下称科普） → 科普, 科学技术普及."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from analyzers.normalize import normalize
from analyzers.tokenizer import segmenter

# A short name said to be one, or alone in brackets behind its long one. 以下统称 names a group, not a name.
_SAID = re.compile(
    r"[（(，,]?\s*(?:以下(?:统一)?(?:简称|称)|简称)为?[：:]?\s*[“\"‘《『「〈]?"
    r"(?P<short>[\u4e00-\u9fff]{2,12})(?=[”\"’》』」〉）)，,。；;、\s]|$)"
)
_BRACKETED = re.compile(r"[（(](?P<short>[\u4e00-\u9fff]{2,8})[）)]")
_LONG = re.compile(r"[\u4e00-\u9fd5]+(?=[》”\"’』」〉]?\s*$)")

# How far before the mark a long name may begin, in characters, and how much longer than the short one it is at most:
# 中国证券监督管理委员会 is 2.2 times 中国证监会; what is longer than three times is hardly ever a name.
_LOOKED_BACK = 40
_LONGEST_RATIO = 3

# Words of grammar: with one of them it is a description (信仰宗教的公民), not a name; 某公司 is nobody's.
_NO_NAME = re.compile("[的或等应其本各该不被由将于以在是某]")

_PLACES = frozenset("省市区县镇乡")


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short name and the long one that it stands for, both normalised.

    The characters of the short one stand in the long one in their order, from its first word to its last, and not in
    one piece: whoever looks for 总后勤部 finds 解放军总后勤部 anyway.
    """

    short: str
    long: str


def find_abbreviations(text: str) -> Iterator[Abbreviation]:
    """Every short name that the text says to stand for the words right before it, as often as it says so."""
    for pattern in (_SAID, _BRACKETED):
        for match in pattern.finditer(text):
            before = _LONG.search(text[max(0, match.start() - _LOOKED_BACK) : match.start()])
            if before is not None and (long := _long_name(normalize(before[0]), short := normalize(match["short"]))):
                yield Abbreviation(short, long)


def _long_name(run: str, short: str) -> str | None:
    """The least piece at the end of a run of characters for which a short name can stand; None if there is none."""
    place = len(run)
    for character in reversed(short):
        place = run.rfind(character, 0, place)
        if place < 0:
            return None
    edges = list(accumulate(map(len, segmenter().cut_apart(run)), initial=0))
    # 市建委 is that of any city, not of the one whose name ends in 市.
    long = run[place if short[0] in _PLACES else max(edge for edge in edges if edge <= place) :]
    if len(long) > _LONGEST_RATIO * len(short) or short in long or _NO_NAME.search(long):
        return None
    return long if run.rfind(short[-1]) >= edges[-2] else None
