"""Which bodies does a question name, of which place and level: 区教体局, 佛山人社局, 国家发改委, 街道办?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from analyzers.lexicon import agencies, function_words, question_frames
from analyzers.lexicon.questions import generic_offices, office_nicknames
from analyzers.lookup import Finder, Typed, blank
from analyzers.regions import FoundRegion, Level, Region, find_regions, rank_before

_STREET = re.compile(r"[\u4e00-\u9fff]{2,5}")
_OFFICES = ("办公厅", "办公室")
# 教育局长 is a person, 人社部门 all such bodies, 公安局门口 a place: what follows makes another word of it.
_NOT_BEFORE = ("长", "门")
# A body whose name tells its level.
_STREET_OFFICE = "街道办事处"
_LEVELS = {
    "厅": Level.PROVINCE,
    _STREET_OFFICE: Level.STREET,
    "村民委员会": Level.COMMUNITY,
    "居民委员会": Level.COMMUNITY,
}


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """A body as a question names it: its full ``names``, the likeliest first (several where a nickname is not certain).

    ``national`` names are complete; others are kinds of bodies, of the ``region``, or of any where that is None.
    ``office`` is 办公厅 or 办公室 where the question adds it.
    """

    names: tuple[str, ...]
    national: bool
    region: Region | None = None
    level: Level | None = None
    office: str = ""

    def matches(self, issuer: str) -> bool:
        """Whether an issuer's full name (`analyzers.agencies.canonical_agency`) can be this body."""
        issuer = _without_office(issuer)
        if self.national:
            return issuer in self.names
        for name in self._local_names():
            if issuer.endswith(name):
                place = issuer[: -len(name)]
                if self.region is None:
                    return True
                if self.region.is_rank and place.endswith(self.region.name):
                    return True
                if not self.region.is_rank and self.region.is_in(place):
                    return True
        return False

    def _local_names(self) -> tuple[str, ...]:
        """The names without 办公室 (which `matches` takes off); a bureau of a province is a 厅."""
        names = [_without_office(name) for name in self.names]
        if self.level is Level.PROVINCE:
            names += [name[:-1] + "厅" for name in names if name.endswith("局")]
        return tuple(dict.fromkeys(names))

    def __str__(self) -> str:
        place = str(self.region or "")
        if self.names[0] == _STREET_OFFICE:
            place = place.removesuffix("街道")
        return f"{place}{self.names[0]}{self.office}"


@dataclass(frozen=True, slots=True)
class FoundAgency:
    """A body at ``text[start:end]``, its place included; without it, it begins at ``body_start``."""

    agency: AgencyMention
    start: int
    body_start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class _Entry:
    names: tuple[str, ...]
    national: bool
    generic: bool


def find_agencies(typed: Typed) -> tuple[list[FoundAgency], list[FoundRegion]]:
    """The bodies of a question, and the places that belong to none of them.

    A generic kind (人民政府, 法院) counts only together with its place.
    """
    forms = [
        _of_the_centre(typed.normal, start, end, entry)
        for start, end, entry in _forms().find(typed.normal)
        if _ends_there(typed, end) and _begins_there(typed, start)
    ]
    # Without the bodies and the rest, the segmenter tells the places better: 去年区教体局 is not of 去年区.
    around = Typed.read(blank(typed.normal, [(start, end) for start, end, _ in forms])) if forms else typed
    regions = find_regions(around, frozenset(start for start, _, _ in forms))
    found: list[FoundAgency] = []
    attached: set[int] = set()
    for start, end, entry in forms:
        place = None if entry.national else next((one for one in regions if one.end == start), None)
        if entry.names[0] == _STREET_OFFICE and place is None:
            place = _street_before(around, start, regions)
        region = place.region if place else None if entry.national else rank_before(around.normal, start)
        if entry.generic and region is None:
            continue
        if place:
            attached |= {one.start for one in regions if place.start <= one.start < place.end}
        begin = place.start if place else start - (len(region.name) if region else 0)
        office = next((office for office in _OFFICES if typed.normal.startswith(office, end)), "")
        if office and entry.names[0].endswith(_OFFICES):
            office = ""
        level = Level.NATIONAL if entry.national else region.level if region else _level_of(entry.names[0])
        confidence = 0.9 if entry.national or place else 0.8 if region else 0.6
        mention = AgencyMention(entry.names, entry.national, region, level, office)
        found.append(FoundAgency(mention, begin, start, end + len(office), confidence))
    return found, [one for one in regions if one.start not in attached]


def _without_office(name: str) -> str:
    return next((name.removesuffix(office) for office in _OFFICES if name.endswith(office)), name)


def read_agency(text: str) -> AgencyMention | None:
    """A text that is one body and nothing else (the value of 发文机关：)."""
    typed = Typed.read(text.strip())
    found, _ = find_agencies(typed)
    whole = (0, len(typed.normal))
    return next((one.agency for one in found if (one.start, one.end) == whole), None)


def _street_before(typed: Typed, end: int, regions: list[FoundRegion]) -> FoundRegion | None:
    """The street that a word before 街道办事处 names (三家店街道办事处), joined with the place before it."""
    start = max((edge for edge in typed.edges if edge < end), default=end)
    name = typed.normal[start:end]
    if not _STREET.fullmatch(name) or name in function_words() | question_frames():
        return None
    outer = next((one for one in regions if one.end == start), None)
    within = (*outer.region.within, outer.region.name) if outer else ()
    region = Region(f"{name}街道", Level.STREET, within, outer.region.province if outer else "")
    return FoundRegion(region, outer.start if outer else start, end, 0.8)


def _of_the_centre(normal: str, start: int, end: int, entry: _Entry) -> tuple[int, int, _Entry]:
    """国家 before a kind makes it the body of the centre, whatever short form people choose (国家药品监管局)."""
    if not entry.national and normal.endswith("国家", 0, start):
        whole = _national_names().get(f"国家{entry.names[0]}")
        if whole is not None:
            return start - 2, end, whole
    return start, end, entry


def _level_of(name: str) -> Level | None:
    return next((level for ending, level in _LEVELS.items() if name.endswith(ending)), None)


def _ends_there(typed: Typed, end: int) -> bool:
    following = typed.normal[end : end + 1]
    if following in _NOT_BEFORE and following:
        return False
    return end in typed.edges or following in function_words()


def _begins_there(typed: Typed, start: int) -> bool:
    return start in typed.edges or rank_before(typed.normal, start) is not None


@cache
def _forms() -> Finder[_Entry]:
    nicknames, generic = office_nicknames(), generic_offices()
    entries: dict[str, _Entry] = {}
    for agency in agencies():
        for form in (agency.name, *agency.short_forms):
            national = agency.level == "national"
            more = nicknames.get(form) or nicknames.get(agency.name) or ()
            names = (agency.name,) if national else tuple(dict.fromkeys((agency.name, *more)))
            entries[form] = _Entry(names, national, agency.name in generic)
    for word, names in nicknames.items():
        if word not in entries:  # what a former bureau issued keeps its name
            entries[word] = _Entry((*names, word), national=False, generic=False)
    return Finder(entries)


@cache
def _national_names() -> dict[str, _Entry]:
    names = (agency.name for agency in agencies() if agency.level == "national")
    return {name: _Entry((name,), national=True, generic=False) for name in names}
