"""Which places of a text can be linked to, what does its contents list say, and where in it does a hit stand?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.sections import Section, read_sections, section_at, section_path
from indexer.engine import Marked, SearchResults
from webapp.ports import Documents
from webapp.presenters import Place

_MIN_ENTRIES = 3  # a list of two says less than the page itself
_LISTED_LEVELS = 2
_MIN_SNIPPET_CHARS = 6  # a shorter piece of text stands at many places
_AS_SNIPPET = str.maketrans(dict.fromkeys("\n\t\r\u3000#", " "))  # what `indexer.highlight` shows as spaces


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents list; ``is_mark`` if it is a mark without words (第三条), which needs little room."""

    text: str
    anchor: str
    level: int
    is_mark: bool


def anchors(sections: Sequence[Section]) -> list[str]:
    """The id of each section on the page: the label of 第三条, 附则 and 附件1 where it comes first, else ``s-3`` by its
    place in the list. The same text always has the same ids."""
    taken: set[str] = set()
    ids: list[str] = []
    for number, section in enumerate(sections, start=1):
        named = section.label.startswith(("第", "附")) and section.label not in taken
        ids.append(section.label if named else f"s-{number}")
        taken.add(ids[-1])
    return ids


def contents_list(sections: Sequence[Section]) -> list[Entry]:
    """The sections of the first two levels: those with headings if there are enough of them, else all; empty where a
    text has fewer than three."""
    entries = [
        Entry(_text(section), anchor, section.level, not section.heading)
        for section, anchor in zip(sections, anchors(sections), strict=True)
        if section.level <= _LISTED_LEVELS
    ]
    named = [entry for entry in entries if not entry.is_mark or entry.text.startswith("附")]
    entries = named if len(named) >= _MIN_ENTRIES else entries
    return entries if len(entries) >= _MIN_ENTRIES else []


def _text(section: Section) -> str:
    if not section.heading:
        return section.label.rstrip("、.")
    return section.label + ("" if section.label.endswith(("、", "）")) else " ") + section.heading


def hit_places(results: SearchResults, store: Documents) -> dict[str, Place]:
    """The section in which each hit's snippet stands, by the hit's id; without those that stand in none."""
    hits = [hit for hit in results.hits if hit.snippet.text and not hit.entry]
    found = store.documents([hit.id for hit in hits])
    bodies = {stored.document.id: stored.document.body for stored in found if stored.state == "live"}
    places = ((hit.id, _place(hit.snippet, bodies.get(hit.id, ""))) for hit in hits)
    return {hit_id: place for hit_id, place in places if place is not None}


def _place(snippet: Marked, body: str) -> Place | None:
    offset = locate(snippet, body)
    sections = read_sections(body) if offset is not None else []
    section = section_at(sections, offset) if offset is not None else None
    if section is None:
        return None
    return Place(section_path(sections, section), anchors(sections)[sections.index(section)])


def locate(snippet: Marked, body: str) -> int | None:
    """Where the first marked word of a snippet stands in the text that it was cut from; None if it is not found."""
    focus = snippet.spans[0][0] if snippet.spans else 0
    begin = snippet.text.rfind("…", 0, focus + 1) + 1
    end = snippet.text.find("…", begin)
    piece = snippet.text[begin : end if end >= 0 else None].translate(_AS_SNIPPET)
    if len(piece) < _MIN_SNIPPET_CHARS:
        return None
    found = body.translate(_AS_SNIPPET).find(piece)
    return found + max(0, focus - begin) if found >= 0 else None
