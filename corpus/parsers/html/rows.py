"""Which links of a page are the dated rows of a listing?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bs4 import BeautifulSoup
from bs4.element import Tag

from analyzers.dates import find_dates
from corpus.parsers.html.layout import attribute, text_of
from corpus.parsers.html.links import link_text, resolve

_MIN_TITLE_CHARS = 4
_MAX_ROW_CHARS = 600
_MAX_STEPS = 5  # from a link up to its row: a > h3 > div > div > li
_MONTH_DAY = re.compile(r"(?<![\d.])(0?[1-9]|1[0-2])[-/.月](0?[1-9]|[12]\d|3[01])日?(?![\d.])")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a listing: where it leads, its title, the day it shows (None: only month and day), its element."""

    url: str
    title: str
    published_on: date | None
    element: Tag


def read_rows(soup: BeautifulSoup, base: str) -> list[Row]:
    """The rows in page order: each the smallest element that shows a date and only one titled link."""
    rows: dict[str, Row] = {}
    for link in soup.find_all("a", href=True):
        title, href = link_text(link), attribute(link, "href").strip()
        if len(title) < _MIN_TITLE_CHARS or href.startswith(("#", "javascript:")):
            continue
        url = resolve(base, href) or href
        if url not in rows and (row := _row(link, url, title)) is not None:
            rows[url] = row
    return list(rows.values())


def _row(link: Tag, url: str, title: str) -> Row | None:
    element: Tag | None = link
    for _ in range(_MAX_STEPS):
        element = element.parent if element is not None else None
        if element is None or element.name in {"body", "html"} or _others(element, link):
            return None
        text = text_of(element)
        if len(text) > _MAX_ROW_CHARS:
            return None
        rest = text.replace("".join(link.strings).strip(), " ", 1)
        dates = find_dates(rest)
        if dates or _MONTH_DAY.search(rest):
            return Row(url, title, dates[0].value if dates else None, element)
    return None


def _others(element: Tag, link: Tag) -> bool:
    """Whether another titled link, leading elsewhere, is in the element as well."""
    own = attribute(link, "href").strip()
    return any(
        attribute(other, "href").strip() != own and len(link_text(other)) >= _MIN_TITLE_CHARS
        for other in _links(element, limit=8)
    )


def _links(element: Tag, limit: int) -> Iterator[Tag]:
    yield from element.find_all("a", href=True, limit=limit)
