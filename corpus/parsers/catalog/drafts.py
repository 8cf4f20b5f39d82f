"""A row of a catalog while it is read: the text of its cells, what was carried down to it, and the entry it becomes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus.models import Audience, CatalogEntry, Channel, Level, Mark, Method
from corpus.parsers.catalog.header import GROUPS, Columns, Grid
from corpus.parsers.catalog.marks import MarkCell, has_marks, read_channels, read_mark, squeeze
from corpus.parsers.catalog.pages import cells_at
from corpus.parsers.catalog.places import read_period

NAMES = {
    "serial": "序号",
    "item": "一级事项",
    "subitem": "二级事项",
    "content": "公开内容",
    "basis": "公开依据",
    "time_limit": "公开时限",
    "publisher": "公开主体",
    "channels": "公开渠道和载体",
    "audiences": "公开对象",
    "methods": "公开方式",
    "levels": "公开层级",
}
"""The fields by the names that people know, for the notes."""

_PLAIN = {  # what a mark cell may say in place of a mark
    "whole_society": ("全社会", "社会公众", "公众", "社会"),
    "specific_group": ("特定群体", "特定群众"),
    "proactive": ("主动", "主动公开"),
    "on_request": ("依申请", "依申请公开"),
    "county": ("县级", "区级"),
    "township": ("乡级", "镇级"),
}
_PUBLIC = ("全社会", "公众", "社会")
_GROUP = ("特定群体", "特定群众", "特定对象", "特定人群")


@dataclass(slots=True)
class Draft:
    """One row: ``texts`` by field (`NAMES`, ``third``, ``domain``), ``marks`` by value (``county`` …), ``channels`` by
    name where each has a column. ``notes`` become `CatalogEntry.uncertain`."""

    table: int
    row: int
    texts: dict[str, str] = field(default_factory=dict)
    marks: dict[str, list[MarkCell]] = field(default_factory=dict)
    channels: tuple[Channel, ...] = ()
    domain: str = ""
    notes: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        return self.texts.get(name, "")

    def blank(self, name: str) -> bool:
        """Whether the row says nothing of this field, neither in words nor in marks."""
        if name == "channels" and self.channels:
            return False
        return not self.text(name) and all(
            cell.ticked is None for value in GROUPS.get(name, ()) for cell in self.marks.get(value, ())
        )

    def take(self, name: str, other: Draft) -> None:
        """Copy a field from another row."""
        self.texts[name] = other.text(name)
        for value in GROUPS.get(name, ()):
            self.marks[value] = other.marks.get(value, [])
        if name == "channels":
            self.channels = other.channels

    def entry(self) -> CatalogEntry:
        """The entry that this row is."""
        notes = list(self.notes)
        if self.text("third"):
            notes.append("the lower levels of 公开事项 are kept with the second")
        audiences, group = self._audiences(notes)
        methods = [Method(value) for value in self._values("methods", notes)]
        levels = [Level(value) for value in self._values("levels", notes)]
        subitem = "\n".join(text for text in (self.text("subitem"), self.text("third")) if text)
        return CatalogEntry(
            serial=self.text("serial"),
            item=self.text("item"),
            subitem=subitem,
            content=self.text("content"),
            basis=self.text("basis"),
            time_limit=self.text("time_limit"),
            publisher=self.text("publisher"),
            channels=self.channels or read_channels(self.text("channels")),
            audiences=audiences,
            audience_text=group,
            methods=tuple(methods),
            levels=tuple(levels),
            period=read_period(self.text("item"), subitem, self.text("content"), self.text("time_limit")),
            domain=self.text("domain") or self.domain,
            table=self.table,
            row=self.row,
            uncertain=tuple(dict.fromkeys(notes)),
        )

    def _audiences(self, notes: list[str]) -> tuple[tuple[Audience, ...], str]:
        if self.text("audiences"):
            return _read_audiences(self.text("audiences"), notes)
        values = [Audience(value) for value in self._values("audiences", notes)]
        words = [cell.text for cell in self.marks.get("specific_group", ()) if cell.ticked and cell.text]
        return tuple(values), "\n".join(word for word in words if squeeze(word) not in _PLAIN["specific_group"])

    def _values(self, name: str, notes: list[str]) -> list[str]:
        """The values of a group of mark columns that are ticked; of one column of text, those that it names."""
        if self.text(name):
            return _read_words(name, self.text(name), notes)
        values = []
        for value in GROUPS[name]:
            ticked = [cell for cell in self.marks.get(value, ()) if cell.ticked]
            odd = [cell.text for cell in ticked if cell.text and squeeze(cell.text) not in _PLAIN[value]]
            if odd and value != "specific_group":
                notes.append(f"{NAMES[name]} is read from words: {' '.join(odd)[:40]!r} was taken for a tick")
            if ticked:
                values.append(value)
        return values


def draft_row(grid: Grid, row: int, columns: Columns, table: int) -> Draft:
    """The row ``row`` (from 0) of the grid of table number ``table`` (from 1), each cell as published."""
    draft = Draft(table, row + 1, notes=list(columns.doubts))
    for name, places in columns.texts.items():
        draft.texts[name] = "\n".join(clean(cell.text) for cell in cells_at(grid, row, places))
    marked = (*columns.marks, *columns.channels, *columns.unread)
    cells = {place: read_mark(cell.text if (cell := grid[row][place]) else "") for place in marked}
    for place, values in columns.marks.items():
        for value in values:
            draft.marks.setdefault(value, []).append(cells[place])
    for cell in cells_at(grid, row, columns.marks):
        over = {
            name for place in range(cell.column, cell.column + cell.columns) for name in columns.marks.get(place, ())
        }
        if len(over) > 1 and cell.columns > 1:
            draft.notes.append(f"one mark stands over several columns: {clean(cell.text)[:20]!r}")
    named = [(name, cells[place]) for place, name in columns.channels.items()]
    if any(mark.ticked is not None for _, mark in named):
        draft.channels = tuple(Channel(name, Mark.TICKED if mark.ticked else Mark.UNTICKED) for name, mark in named)
    for place, said in columns.unread.items():
        if cells[place].ticked:
            draft.notes.append(f"a tick for {said}, which is neither 县级 nor 乡级, is left out")
    return draft


def clean(text: str) -> str:
    """The text as published: its lines without the white space around them, and without empty ones."""
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def _said(text: str) -> Iterable[str]:
    """What a cell of choices says: its ticked names, or all of them where nothing is marked."""
    named = read_channels(text)
    if has_marks(text):
        return [choice.name for choice in named if choice.mark is Mark.TICKED]
    return [choice.name for choice in named]


def _read_audiences(text: str, notes: list[str]) -> tuple[tuple[Audience, ...], str]:
    found: list[Audience] = []
    groups: list[str] = []
    for choice in _said(text):
        label = next((label for label in _GROUP if label in choice), None)
        if label is not None:
            found.append(Audience.SPECIFIC_GROUP)
            if rest := choice.replace(label, "", 1).strip("：:（）() \n"):
                groups.append(rest)
        elif any(word in choice for word in _PUBLIC):
            found.append(Audience.WHOLE_SOCIETY)
        elif read_mark(choice) == MarkCell(ticked=False):
            continue
        else:
            found.append(Audience.SPECIFIC_GROUP)
            groups.append(choice)
            if len(groups) == 1 and Audience.SPECIFIC_GROUP not in found[:-1]:
                notes.append(f"公开对象 says {choice[:40]!r}: read as a specific group")
    return tuple(value for value in Audience if value in found), "、".join(groups)


def _read_words(name: str, text: str, notes: list[str]) -> list[str]:
    signs = {
        "methods": {"proactive": "主动", "on_request": "申请"},
        "levels": {"county": "县区旗", "township": "乡镇街"},
    }[name]
    said = " ".join(_said(text))
    if name == "methods":
        found = [value for value, word in signs.items() if word in squeeze(said)]
    else:
        found = [value for value, words in signs.items() if any(word in said for word in words)]
    if not found and said and read_mark(said) != MarkCell(ticked=False):
        notes.append(f"{NAMES[name]} says {said[:40]!r}, which could not be read")
    return found
