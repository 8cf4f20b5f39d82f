"""What do the official field table and the line under the title say? Any markup: list, table, dl, div, running line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, zip_longest

from bs4 import BeautifulSoup
from bs4.element import Tag

from corpus.parsers.html.layout import Block
from corpus.parsers.rules import read_rules
from corpus.parsers.spacing import tidy

_RANKED: dict[str, tuple[int, str]] = {
    label: (rank, field) for rank, (field, names) in enumerate(read_rules("labels")) for label in names.split()
}
# Sites set labels to one width with spaces inside: 索&ensp;引&ensp;号.
_SPACED = "|".join(r"\s*".join(label) for label in sorted(_RANKED, key=len, reverse=True))
_LABELLED = re.compile(rf"(?<!\w)[【\[]?(?P<label>{_SPACED})[】\]]?\s*[:：]")
_NEXT_LABEL = re.compile(r"\s+(?=[^\s:：]{1,8}[:：])|\s*[|｜]\s*")
_NOTHING = frozenset({"", "无", "暂无", "-", "--", "—", "——", "/", "null", "NULL", "undefined", "none"})
_TEMPLATE = re.compile(r"\{\{|\}\}|\$\{|<%|\$\w+\.")
# A script that writes one text as it stands; what it puts together is known only to a browser.
_WRITTEN = re.compile(
    r"""(?<!//)(?<!//\s)\bdocument\.write(?:ln)?\(\s*(["'])(?P<text>(?:(?!\1)[^\\\r\n]){1,600})\1\s*\)"""
)
_MARKUP = re.compile(r"<[^<>]*>")
_CELLS = frozenset({"td", "th", "dt", "dd"})
_MAX_CELL_CHARS = 200  # longer cells hold text, not a field
_MAX_LINE_CHARS = 600


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label as published without its spaces, the field that it names, its value, and the element that shows it."""

    field: str
    label: str
    value: str
    element: Tag
    rank: int


def read_labels(page: Iterable[Block]) -> list[Labelled]:
    """The labelled values among the lines of a page that name a field, the most trusted label of a field first.

    Values that say nothing (无, —, an unfilled template) are left out. A label without a colon counts only where its
    value is the next cell or element beside it, so that the head row of a listing is not read as a field table.
    """
    merged = list(_merge_cells(page))
    found: list[Labelled] = []
    for block, following in zip_longest(merged, merged[1:]):
        if len(block.text) <= _MAX_LINE_CHARS:
            found.extend(_read(block, following))
    return sorted(found, key=lambda labelled: labelled.rank)


def written_lines(soup: BeautifulSoup) -> Iterator[Block]:
    """The lines that scripts write into the page as they stand: ``document.write("来源：区教育局")``."""
    for script in soup.find_all("script"):
        for match in _WRITTEN.finditer(script.string or ""):
            yield Block(tidy(_MARKUP.sub(" ", match["text"])), script)


def blank(value: str) -> bool:
    """Whether a value is only a way to say that there is none, or a template that was never filled."""
    return value.strip() in _NOTHING or _TEMPLATE.search(value) is not None


def _read(block: Block, following: Block | None) -> Iterator[Labelled]:
    matches = list(_LABELLED.finditer(block.text))
    if not matches:
        label = _compact(block.text)
        if label in _RANKED and following is not None and _beside(block.element, following.element):
            yield from _make(label, _value_of(following), block.element)
        return
    alone = len(matches) == 1 and matches[0].start() == 0
    ends = [match.start() for match in matches[1:]] + [len(block.text)]
    for match, end in zip(matches, ends, strict=True):
        value = block.text[match.end() : end]
        if not alone:
            value = _NEXT_LABEL.split(value.strip(), maxsplit=1)[0]
            if _RANKED[_compact(match["label"])][1] == "source":  # buttons follow: 来源：教育部 下载 收藏
                value = next(iter(value.split()), "")
        if not value.strip() and end == len(block.text) and following is not None:
            value = _value_of(following) if _beside(block.element, following.element) else ""
        yield from _make(_compact(match["label"]), value, block.element)


def _make(label: str, value: str, element: Tag) -> Iterator[Labelled]:
    rank, field = _RANKED[label]
    value = value.strip().lstrip(":：").strip()
    if not blank(value):
        yield Labelled(field, label, value, element, rank)


def _value_of(block: Block) -> str:
    """The text of a value's element; nothing if it is itself a label."""
    is_label = _LABELLED.match(block.text) is not None or _compact(block.text) in _RANKED
    return "" if is_label else block.text


def _merge_cells(page: Iterable[Block]) -> Iterator[Block]:
    """A short table cell is one text, however many lines it was broken into."""
    for cell, group in groupby(page, key=lambda block: _cell(block.element)):
        members = list(group)
        if cell is not None and sum(len(block.text) for block in members) <= _MAX_CELL_CHARS:
            yield Block(" ".join(block.text for block in members), cell)
        else:
            yield from members


def _cell(element: Tag) -> Tag | None:
    parent: Tag | None = element
    while parent is not None and parent.name not in _CELLS:
        parent = parent.parent
    return parent


def _beside(first: Tag, second: Tag) -> bool:
    return first is not second and first.parent is not None and first.parent is second.parent


def _compact(text: str) -> str:
    return re.sub(r"[\s:：【】\[\]]", "", text)
