"""Which places does a question name, and of which level: 江西, 佛山, 云溪区, 上海市金山区山阳镇?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise

from analyzers.lexicon import function_words, question_frames
from analyzers.lexicon.questions import no_places, places
from analyzers.lookup import Finder, Typed
from analyzers.normalize import normalize


class Level(StrEnum):
    """The level of a place or of a body (层级)."""

    NATIONAL = "national"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWN = "town"
    STREET = "street"
    COMMUNITY = "community"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Level.NATIONAL: "国家",
    Level.PROVINCE: "省级",
    Level.CITY: "市级",
    Level.COUNTY: "区县级",
    Level.TOWN: "乡镇",
    Level.STREET: "街道",
    Level.COMMUNITY: "村和社区",
}

# What a place ends with; 旗 and 盟 are the counties and prefectures of 内蒙古.
_RANKS = {
    "街道": Level.STREET,
    "社区": Level.COMMUNITY,
    "省": Level.PROVINCE,
    "自治区": Level.PROVINCE,
    "市": Level.CITY,
    "州": Level.CITY,
    "盟": Level.CITY,
    "区": Level.COUNTY,
    "新区": Level.COUNTY,
    "县": Level.COUNTY,
    "旗": Level.COUNTY,
    "镇": Level.TOWN,
    "乡": Level.TOWN,
}
_RANKS_LONGEST_FIRST = tuple(sorted(_RANKS, key=len, reverse=True))
# Ranks that stand for themselves before a body (市教育局, 区政府): never 州 or 盟, which are parts of names.
_BARE = ("街道", "社区", "省", "市", "区", "县", "镇", "乡", "旗")
# All provinces and prefectures of these ranks are listed.
_LISTED_ONLY = ("省", "自治区", "州", "盟")
_LAST_CHARACTERS = frozenset(rank[-1] for rank in _RANKS)
# 办公室 市教育局 names two bodies.
_ENDS_A_BODY = frozenset("局委室厅部院会")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
MAX_NAME_CHARS = 8
"""The longest county name without its rank has 8 (积石山保安族东乡族撒拉族 is written 积石山 by people)."""


@dataclass(frozen=True, slots=True)
class Region:
    """A place: ``name`` is its smallest part as people write it in full (云溪区), or only a rank (区); ``within`` are
    the larger places that stand before it, the largest first; ``province`` is known for cities of the list.

    ``str`` is the whole as one name.
    """

    name: str
    level: Level
    within: tuple[str, ...] = ()
    province: str = ""

    @property
    def is_rank(self) -> bool:
        """Whether it says only of which level a place is (市, 区)."""
        return self.name in _BARE

    @property
    def stem(self) -> str:
        """The name without its rank (云溪区 → 云溪, 内蒙古自治区 → 内蒙古), as long as two characters are left."""
        if short := _stems().get(self.name):
            return short
        for rank in _RANKS_LONGEST_FIRST:
            if self.name.endswith(rank) and len(self.name) - len(rank) >= 2:
                return self.name[: -len(rank)]
        return self.name

    def is_in(self, name: str) -> bool:
        """Whether the name of a body or place (清江市云溪区教育体育局, 云溪区) is of this place."""
        return not self.is_rank and self.stem in name

    def __str__(self) -> str:
        return "".join((*self.within, self.name))


@dataclass(frozen=True, slots=True)
class FoundRegion:
    """A place at ``text[start:end]``."""

    region: Region
    start: int
    end: int
    confidence: float


def find_regions(typed: Typed, bodies: frozenset[int] = frozenset()) -> list[FoundRegion]:
    """The places of a question in their order; one that stands within the place before it is joined with it.

    Provinces and prefectures are those of the list; smaller places are told by their rank at the end of a word. What
    only ends like a place (小区, 超市) is none. ``bodies`` are the offsets at which a body is named: a name that stands
    apart from its rank (清江 市) is read before those, before another place, or between spaces.
    """
    found: list[FoundRegion] = []
    for one in sorted(_each(typed, bodies), key=lambda one: (one.start, -one.end)):
        last = found[-1] if found else None
        if last is not None and one.start < last.end:
            continue
        if last is not None and one.start == last.end and _order(one.region.level) > _order(last.region.level):
            found[-1] = _joined(last, one)
        else:
            found.append(one)
    return found


def rank_before(normal: str, end: int) -> Region | None:
    """The bare rank that stands right before ``end`` (市 in 市教育局)."""
    for rank in _BARE:
        if normal.endswith(rank, 0, end):
            return Region(rank, _RANKS[rank])
    return None


def _each(typed: Typed, bodies: frozenset[int]) -> list[FoundRegion]:
    found = [FoundRegion(region, start, end, 0.9) for start, end, region in _listed().find_words(typed)]
    edges = sorted(typed.edges)
    words = [typed.normal[start:end] for start, end in pairwise(edges)]
    for number, word in enumerate(words):
        start, end = edges[number], edges[number + 1]
        rank = _rank_of(word)
        if word == rank and number:  # the segmenter does not know the name before it
            following = words[number + 1] if number + 1 < len(words) else ""
            start, word = edges[number - 1], words[number - 1] + word
            alone = not (typed.normal[start - 1 : start].strip() if start else "") and not following.strip()
            if not alone and end not in bodies and not (_rank_of(following) and len(following) > 2):
                continue
            if words[number - 1][-1] in _ENDS_A_BODY or words[number - 1] in _stopped() | no_places():
                continue
        if rank and _names_a_place(word, rank):
            found.append(FoundRegion(Region(word, _RANKS[rank]), start, end, 0.6))
    return found


def _rank_of(word: str) -> str:
    """The rank that a word ends with and that needs no list; empty if it has none."""
    if word[-1:] not in _LAST_CHARACTERS:
        return ""
    rank = next((rank for rank in _RANKS_LONGEST_FIRST if word.endswith(rank)), "")
    return "" if rank in _LISTED_ONLY else rank


def _names_a_place(word: str, rank: str) -> bool:
    name = word[: -len(rank)]
    return (
        1 <= len(name) <= MAX_NAME_CHARS
        and len(word) > 2
        and _HAN.fullmatch(word) is not None
        and not any(word.endswith(other) for other in no_places())
    )


@cache
def _stopped() -> frozenset[str]:
    return function_words() | question_frames()


def _joined(outer: FoundRegion, inner: FoundRegion) -> FoundRegion:
    region = Region(
        inner.region.name,
        inner.region.level,
        (*outer.region.within, outer.region.name),
        outer.region.province or (outer.region.name if outer.region.level is Level.PROVINCE else ""),
    )
    return FoundRegion(region, outer.start, inner.end, max(outer.confidence, 0.8))


def _order(level: Level) -> int:
    return list(Level).index(level)


@cache
def _listed() -> Finder[Region]:
    """Every listed place by all its names; a short form leads to the full name."""
    entries: dict[str, Region] = {}
    for place in places():
        region = Region(place.name, Level(place.level), (), place.province)
        for form in (place.name, *place.short_forms):
            entries.setdefault(form, region)
    return Finder(entries)


@cache
def _stems() -> dict[str, str]:
    return {place.name: normalize(place.short_forms[0]) for place in places() if place.short_forms}
