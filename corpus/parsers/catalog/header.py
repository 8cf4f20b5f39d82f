"""Where does a table carry the header of a standard catalog, and which column holds what?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from corpus.parsers import Cell
from corpus.parsers.catalog.marks import channel_names, squeeze
from corpus.parsers.rules import read_rules

Grid = Sequence[Sequence[Cell | None]]

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "audiences": ("whole_society", "specific_group"),
        "methods": ("proactive", "on_request"),
        "levels": ("county", "township"),
    }
)
"""The columns that hold marks, by the column that they part."""

MAX_HEADER_ROWS = 3
_MIN_FIELDS = 4  # the item or the content, and three others: what ordinary tables do not share
_MIN_OWN = 2  # of them, headed by a word that only these catalogs use (公开依据, not 依据)

_MAX_HEADER_CHARS = 60  # 公开渠道和载体（“■”表示必选项，“□”表示可选项） has 26, spaces and line breaks come on top
_TELLING = re.compile(r"[公内要事]")  # 公开…, 内容, 要素, 事项: a row without any of these signs is no header

_REMARK = re.compile(r"[(\[【〔<][^()\[\]【】〔〕<>]*[)\]】〕>]")
_TOWNSHIP = re.compile(r"[乡镇街]")
_COUNTY = re.compile(r"[县区旗]")
_CITY = re.compile(r"市")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a grid hold which field, up to ``width``: ``texts`` by field (several columns of one field are
    read together), ``marks`` the mark column → the values that a tick in it means, ``channels`` the column of a channel
    → its name. ``doubts`` are to be said of every row."""

    width: int
    texts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    marks: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    channels: Mapping[int, str] = field(default_factory=dict)
    unread: Mapping[int, str] = field(default_factory=dict)  # mark columns for which there is no value (市级, 村级)
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Header:
    """The rows ``first`` to ``end`` (exclusive, from 0) of a grid are a header."""

    first: int
    end: int
    columns: Columns


@dataclass(frozen=True, slots=True)
class _Word:
    field: str
    own: bool
    rank: int  # the smaller, the more it is trusted


def find_headers(grid: Grid) -> list[Header]:
    """Every header of the grid from top to bottom: the first, repeats of it, and those of further catalogs below."""
    headers: list[Header] = []
    row = 0
    while row < len(grid):
        header = _header_at(grid, row)
        if header is None:
            row += 1
        else:
            headers.append(header)
            row = header.end
    return headers


def _header_at(grid: Grid, first: int) -> Header | None:
    if not any(cell is not None and _TELLING.search(cell.text[:_MAX_HEADER_CHARS]) for cell in grid[first]):
        return None
    tops = _own(grid, first)
    known = [cell for cell in tops if _known(cell.text)]
    strange = [cell for cell in tops if cell.text.strip() and not _known(cell.text) and not _is_channel(cell.text)]
    if len(known) < _MIN_FIELDS - 1 or len(strange) > len(known):
        return None
    end = min(first + MAX_HEADER_ROWS, max(cell.row + cell.rows for cell in known))
    while end < min(len(grid), first + MAX_HEADER_ROWS) and _continues(grid, first, end):
        end += 1
    columns = _columns(grid, first, end)
    return Header(first, end, columns) if columns is not None else None


def _own(grid: Grid, row: int) -> list[Cell]:
    """The cells that begin in this row."""
    return [
        cell for place, cell in enumerate(grid[row]) if cell is not None and (cell.row, cell.column) == (row, place)
    ]


def _continues(grid: Grid, first: int, row: int) -> bool:
    """Whether this row still belongs to the header: all that it says are words of one, or parts of a wider cell."""
    said = [cell for cell in _own(grid, row) if cell.text.strip()]
    parts = [
        cell for cell in said if _known(cell.text) or _is_channel(cell.text) or _part_of_group(grid, first, row, cell)
    ]
    return bool(said) and len(parts) == len(said) and any(_known(cell.text) for cell in said)


def _part_of_group(grid: Grid, first: int, row: int, cell: Cell) -> bool:
    above = next((top for r in range(row - 1, first - 1, -1) if (top := grid[r][cell.column]) is not None), None)
    return above is not None and above.columns > cell.columns and _known(above.text) is not None


def _columns(grid: Grid, first: int, end: int) -> Columns | None:
    width = len(grid[first])
    stacks = [_stack(grid, first, end, column) for column in range(width)]
    doubts: list[str] = []
    if mended := _mend_lost_spans(stacks):
        stacks = mended
        doubts.append("the header lost its merged cells: its words were given to the columns in their order")
    reader = _StackReader()
    for column, stack in enumerate(stacks):
        reader.read(column, stack)
    return reader.columns(doubts)


def _stack(grid: Grid, first: int, end: int, column: int) -> list[Cell]:
    """The header cells over a column from top to bottom, each once, empty ones left out."""
    cells = [cell for row in range(first, end) if (cell := grid[row][column]) is not None and cell.text.strip()]
    return list(dict.fromkeys(cells))


def _mend_lost_spans(stacks: list[list[Cell]]) -> list[list[Cell]] | None:
    """The stacks of a header of two rows whose upper row has lost its spans, so that its words slid to the left.

    The lower words (一级事项, 全社会 …) tell their columns; what the upper row says beside their groups belongs to the
    other columns in its order. None if no word is out of place or the count does not fit.
    """
    tops = [stack[0] for stack in stacks if stack and (len(stack) > 1 or not _leaf(stack[0]))]
    lows = {column: stack[-1] for column, stack in enumerate(stacks) if stack and _leaf(stack[-1])}
    rows = {cell.row for stack in stacks for cell in stack}
    if len(rows) != 2 or any(cell.columns > 1 or cell.rows > 1 for cell in tops):
        return None
    parted = {_parent(word.field) if (word := _known(cell.text)) else "channels" for cell in lows.values()}
    singles = [cell for cell in tops if (word := _known(cell.text)) is None or word.field not in parted]
    if len(singles) + len(lows) > len(stacks) and (word := _known(singles[-1].text)) and word.field == "remark":
        singles.pop()  # an empty column at the right edge, which the file leaves away
    width = len(singles) + len(lows)  # columns beyond are empty
    free = [column for column in range(width) if column not in lows]
    if (
        len(singles) != len(free)
        or width > len(stacks)
        or all(cell.column == at for cell, at in zip(singles, free, strict=True))
    ):
        return None
    taken = dict(zip(free, singles, strict=True))
    return [[lows.get(column) or taken[column]] if column < width else [] for column in range(len(stacks))]


def _leaf(cell: Cell) -> bool:
    """Whether the words of a header stand in its lower row: they part what the upper one names."""
    if _is_channel(cell.text):
        return True
    word = _known(cell.text)
    return word is not None and (_parent(word.field) != word.field or (word.field == "item" and not word.own))


def _parent(name: str) -> str:
    return next((group for group, parts in GROUPS.items() if name in parts), {"subitem": "item"}.get(name, name))


class _StackReader:
    """Gathers what the stacks of the columns say."""

    def __init__(self) -> None:
        self._texts: dict[str, list[tuple[int, int, Cell]]] = {}  # field → (rank, column, cell)
        self._marks: dict[int, tuple[str, ...]] = {}
        self._channels: dict[int, str] = {}
        self._unread: dict[int, str] = {}
        self._own: set[str] = set()

    def read(self, column: int, stack: Sequence[Cell]) -> None:
        for cell in reversed(stack):
            above = next((word for top in stack if top is not cell and (word := _known(top.text))), None)
            if above is not None and above.field == "levels":
                return self._read_level(column, cell)
            word = _known(cell.text)
            if word is None and _name(cell.text) and (_is_channel(cell.text) or (above and above.field == "channels")):
                self._channels[column] = _name(cell.text)
                if above is not None:
                    self._count("channels", above)
                return None
            if word is None:
                continue  # a remark such as （要素）, or a word that only parts the column further
            if word.field in ("county", "township", "unnamed_level"):
                return self._read_level(column, cell) if squeeze(cell.text).endswith("级") else None
            if word.field in ("whole_society", "specific_group", "proactive", "on_request"):
                self._marks[column] = (word.field,)
                self._own.add(_parent(word.field))
                return None
            self._texts.setdefault(word.field, []).append((word.rank, column, cell))
            self._count(word.field, word)
            return None
        return None

    def _count(self, name: str, word: _Word) -> None:
        if word.own:
            self._own.add(name)

    def _read_level(self, column: int, cell: Cell) -> None:
        word, said = _known(cell.text), squeeze(cell.text)
        values: list[str] = []
        if word is not None and word.field in GROUPS["levels"]:
            values = [word.field]
        elif word is None:
            values = [name for name, sign in (("county", _COUNTY), ("township", _TOWNSHIP)) if sign.search(said)]
        if values:
            self._marks[column] = tuple(values)
        else:
            self._unread[column] = said
        self._own.add("levels")

    def columns(self, doubts: list[str]) -> Columns | None:
        """What was gathered, if it is a catalog's header."""
        texts = {name: self._chosen(places) for name, places in self._texts.items()}
        if len(texts.get("item", ())) > 1 and "subitem" not in texts:
            item, subitem, *more = texts["item"]
            texts |= {"item": (item,), "subitem": (subitem,)} | ({"third": tuple(more)} if more else {})
        for group, parts in GROUPS.items():
            if any(part in values for values in self._marks.values() for part in parts):
                texts.pop(group, None)
        if "channels" in texts or len(self._channels) < 2:
            self._channels = {}  # a column 其他 or 会议 alone is of another kind
        self._name_city_level(doubts)
        found = {_parent(name) for name in texts} | {
            _parent(part) for values in self._marks.values() for part in values
        }
        found |= {"channels"} if self._channels else set()
        found -= {"serial", "remark", "domain", "third"}
        if not {"item", "content"} & found or len(found) < _MIN_FIELDS or len(self._own & found) < _MIN_OWN:
            return None
        texts.pop("remark", None)
        last = max(
            *self._marks, *self._channels, *self._unread, *(column for places in texts.values() for column in places)
        )
        return Columns(last + 1, texts, self._marks, self._channels, self._unread, tuple(doubts))

    def _name_city_level(self, doubts: list[str]) -> None:
        """A county-level city calls its own level 市级 or 东阳市级: where no other column is 县级, this one is."""
        cities = [column for column, said in self._unread.items() if _CITY.search(said)]
        if len(cities) == 1 and not any("county" in values for values in self._marks.values()):
            doubts.append(f"the level {self._unread.pop(cities[0])} was taken for 县级")
            self._marks[cities[0]] = ("county",)

    @staticmethod
    def _chosen(places: list[tuple[int, int, Cell]]) -> tuple[int, ...]:
        """The columns under the most trusted word; of two equal ones, under the first."""
        best = min(places, key=lambda place: (place[0], place[1]))
        return tuple(column for _, column, cell in places if cell is best[2])


@cache
def _words() -> dict[str, _Word]:
    words: dict[str, _Word] = {}
    for name, strength, row in read_rules("catalog_headers"):
        for word in row.split():
            words.setdefault(squeeze(word), _Word(name, strength == "own", len(words)))
    return words


def _known(text: str) -> _Word | None:
    if len(text) > _MAX_HEADER_CHARS:
        return None
    plain = squeeze(text).strip(":：*?")
    bare = _REMARK.sub("", plain)
    return _words().get(plain) or _words().get(bare)


def _is_channel(text: str) -> bool:
    return squeeze(text) in channel_names()


def _name(text: str) -> str:
    """The channel that a column is headed with; empty for a remark in brackets."""
    plain = squeeze(text)
    return "" if plain.startswith("(") else "".join(text.split())
