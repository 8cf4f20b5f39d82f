"""What stands on a page around the text: share bars, breadcrumbs, print buttons, headers, footers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bs4.element import Tag

from corpus.parsers.html.layout import Block, attribute, hidden, shares
from corpus.parsers.rules import any_of

_FRAME_TAGS = frozenset({"nav", "footer"})
_NEVER = frozenset({"html", "body", "main", "article"})
_SHORT_CHARS = 300  # of text in an element that is furniture by its name alone: a footer with addresses has about 250


def unread(tag: Tag) -> bool:
    """Whether an element is left out of the text: hidden, or furniture."""
    return hidden(tag) or is_furniture(tag)


def is_furniture(tag: Tag) -> bool:
    """Whether its name, class or id says so, and it is short or mainly links, as furniture is."""
    if tag.name in _NEVER or not (tag.name in _FRAME_TAGS or _named(tag, "element") or _named(tag, "frame")):
        return False
    total = shares(tag.strings)
    return total <= _SHORT_CHARS or shares(text for link in tag.find_all("a") for text in link.strings) * 2 > total


def is_frame(tag: Tag) -> bool:
    """Whether it is a header, a footer or a menu that all pages of the site share."""
    return (tag.name in _FRAME_TAGS or _named(tag, "frame")) and is_furniture(tag)


def in_frame(tag: Tag) -> bool:
    """Whether it stands in one."""
    return any(is_frame(parent) for parent in tag.parents)


def strip_lines(lines: Sequence[Block]) -> list[Block]:
    """The lines without the furniture before the first and after the last line of text."""
    first, last = 0, len(lines)
    while first < last and is_furniture_line(lines[first].text):
        first += 1
    while last > first and is_furniture_line(lines[last - 1].text):
        last -= 1
    return list(lines[first:last])


def is_furniture_line(text: str) -> bool:
    """Whether a whole line is furniture: a button, a share bar, 来源 and 时间, a breadcrumb."""
    return len(text) <= 200 and any_of("furniture", "line").fullmatch("".join(text.split())) is not None


def _named(tag: Tag, kind: str) -> bool:
    if not ("class" in tag.attrs or "id" in tag.attrs):
        return False
    return any(_matches(kind, token) for token in f"{attribute(tag, 'class')} {attribute(tag, 'id')}".lower().split())


@lru_cache(maxsize=4096)
def _matches(kind: str, token: str) -> bool:
    return any_of("furniture", kind).fullmatch(token) is not None
