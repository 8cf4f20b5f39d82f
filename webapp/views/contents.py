"""Which places of a text can be linked to, what does its contents list say, and where in it does a hit stand?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.sections import Section, read_sections, section_at, section_path
from corpus.models import Attachment
from indexer.engine import Marked, Passage, SearchResults
from webapp.ports import Documents
from webapp.presenters import Place

_MIN_ENTRIES = 3  # a list of two says less than the page itself
_LISTED_LEVELS = 2
_MIN_SNIPPET_CHARS = 6  # a shorter piece of text stands at many places
_BARE_NUMERAL = re.compile("^[一二三四五六七八九十百]+$")  # of a part without a heading: as a link it says too little
_AS_SPACES = "\n\t\r\u3000#"  # what `indexer.highlight` shows as spaces


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


@dataclass(frozen=True, slots=True)
class HitPlaces:
    """The sections in which the snippets and the passages of hits stand, by the hit's id, without those in none.

    ``files`` are those that each hit carries, as far as their bytes are kept.
    """

    snippets: dict[str, Place]
    passages: dict[str, Place]
    files: dict[str, list[Attachment]]


def hit_places(results: SearchResults, store: Documents) -> HitPlaces:
    """Look the hits up in their texts as they stand now."""
    found = store.documents([hit.id for hit in results.hits if not hit.entry])
    documents = {stored.document.id: stored.document for stored in found if stored.state == "live"}
    places = HitPlaces({}, {}, {})
    for hit in results.hits:
        if hit.entry or hit.id not in documents:
            continue
        body = documents[hit.id].body
        places.files[hit.id] = [file for file in documents[hit.id].attachments if file.sha256]
        offsets = ((places.snippets, locate(hit.snippet, body)), (places.passages, _begins(hit.passage, body)))
        sections = read_sections(body) if any(offset is not None for _, offset in offsets) else []
        for kept, offset in offsets:
            if offset is not None and (section := section_at(sections, offset)) is not None:
                path = _BARE_NUMERAL.sub(r"第\g<0>部分", section_path(sections, section))
                kept[hit.id] = Place(path, anchors(sections)[sections.index(section)])
    return places


def _begins(passage: Passage | None, body: str) -> int | None:
    """Where in the body a passage's first marked word stands, or a guide's part begins; None if it is not there."""
    if passage is None:
        return None
    shown, spans = passage.marked.text, passage.marked.spans
    if _as_snippet(body[passage.start : passage.end]) != _as_snippet(shown):
        return None
    return passage.start + (spans[0][0] if spans and not passage.part else 0)


def locate(snippet: Marked, body: str) -> int | None:
    """Where the first marked word of a snippet stands in the text that it was cut from; None if it is not found."""
    focus = snippet.spans[0][0] if snippet.spans else 0
    begin = snippet.text.rfind("…", 0, focus + 1) + 1
    end = snippet.text.find("…", begin)
    piece = _as_snippet(snippet.text[begin : end if end >= 0 else None])
    if len(piece) < _MIN_SNIPPET_CHARS:
        return None
    found = _as_snippet(body).find(piece)
    return found + max(0, focus - begin) if found >= 0 else None


def _as_snippet(text: str) -> str:
    for character in _AS_SPACES:  # each by itself: on long laws ten times as fast as `str.translate`
        text = text.replace(character, " ")
    return text
