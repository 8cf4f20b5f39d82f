"""In which column (栏目) does the page stand? Its breadcrumb (当前位置) says it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.element import Tag

from corpus.parsers.html.layout import attribute, text_of
from corpus.parsers.rules import any_of
from corpus.parsers.spacing import tidy

_NAMED = re.compile(r"bread|crumb|position|location|dqwz|weizhi", re.IGNORECASE)
_HERE = re.compile(r"(当前|现在|所在)的?(页面)?位置|^\s*位置\s*[:：]")
_MAX_STEPS = 5
_MAX_CRUMBS = 12
_MAX_CHARS = 20
_EDGES = " >＞»›/→-|·:：\\"


@dataclass(frozen=True, slots=True)
class Columns:
    """The breadcrumb: its linked names, the outermost first, and the name behind them that is no link (the column of a
    listing, or the title of an article). What names no column (首页, 正文, 查看内容) is left out."""

    linked: tuple[str, ...] = ()
    tail: str = ""

    def column(self, title: str) -> str:
        """The innermost name that is not the title; empty if the page shows none."""
        if self.tail and self.tail.rstrip(".…") not in title:
            return self.tail
        return self.linked[-1] if self.linked else self.tail


def read_columns(soup: BeautifulSoup) -> Columns:
    """What the breadcrumb of the page says; nothing if it shows none."""
    trail = _trail(soup)
    if trail is None:
        return Columns()
    links = [tidy("".join(link.strings)) for link in trail.find_all("a")]
    tail = text_of(trail).rpartition(links[-1])[2]
    return Columns(tuple(name for link in links if (name := _name(link))), _name(tail))


def _name(text: str) -> str:
    name = text.strip(_EDGES)
    return name if len(name) <= _MAX_CHARS and any_of("furniture", "crumb").fullmatch(name) is None else ""


def _trail(soup: BeautifulSoup) -> Tag | None:
    for string in soup.find_all(string=_HERE):
        tag = string.parent
        for _ in range(_MAX_STEPS):
            if tag is None or len(tag.find_all("a", limit=_MAX_CRUMBS + 1)) > _MAX_CRUMBS:
                break
            if len(tag.find_all("a", limit=2)) == 2:
                return tag
            tag = tag.parent
    for tag in soup.find_all(_is_trail):
        if 2 <= len(tag.find_all("a", limit=_MAX_CRUMBS + 1)) <= _MAX_CRUMBS:
            return tag
    return None


def _is_trail(tag: Tag) -> bool:
    return (
        tag.name not in {"body", "html"}
        and _NAMED.search(f"{attribute(tag, 'class')} {attribute(tag, 'id')}") is not None
    )
