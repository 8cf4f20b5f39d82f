"""How is a page made into a tree without being hurt by its size? The limits are stated here."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag

from corpus.errors import UnreadableError

MAX_BYTES = 32 << 20
"""A page above this is refused; the largest real ones that were seen (Word exports with pictures) have about 12 MB."""

MAX_TAGS = 200_000
"""About 7 s and 200 MB in Beautiful Soup (measured: 31,000 elements/s, 0.9 KB each)."""

MAX_DEPTH = 1500
"""Browsers stop at 512 levels; unclosed <font> of old editors were seen to reach some hundreds."""

_PLAIN_TAGS = 40_000
_TAG = re.compile(r"<[A-Za-z]")
_STYLING = re.compile(r"</?(?:span|font|o:p|b|i|u|em|strong|st1:\w+|w:\w+)(?:\s[^<>]*)?>", re.IGNORECASE)
_EMBEDDED = re.compile(r"data:[\w/+.-]{1,80};base64,[A-Za-z0-9+/=\s]+")
_SERVER = re.compile(r"<%.*?%>", re.DOTALL)


def make_tree(markup: str) -> tuple[BeautifulSoup, str]:
    """The tree of a page, and the markup that it was made from: without what the server should have evaluated
    (``<%…%>``) and pictures written into it (``data:…;base64``); a page of very many tags also loses its styling.

    Raises UnreadableError when it has more than `MAX_TAGS` tags all the same, or is nested deeper than `MAX_DEPTH`.
    """
    evaluated, end, rest = _EMBEDDED.sub("data:,", markup).rpartition("%>")  # no <% is searched for an end in vain
    markup = _SERVER.sub("", evaluated + end) + rest
    if len(_TAG.findall(markup)) > _PLAIN_TAGS:
        markup = _STYLING.sub("", markup)
        if len(_TAG.findall(markup)) > MAX_TAGS:
            raise UnreadableError(f"the page has more than {MAX_TAGS:,} tags")
    soup = BeautifulSoup(markup, "lxml")
    if _depth(soup) > MAX_DEPTH:
        raise UnreadableError(f"the page is nested more than {MAX_DEPTH:,} levels deep")
    return soup, markup


def _depth(soup: BeautifulSoup) -> int:
    deepest, depth = 0, 0
    node: PageElement | None = soup
    while node is not None:
        child = next(iter(node.children), None) if isinstance(node, Tag) else None
        if child is not None:
            node, depth = child, depth + 1
            deepest = max(deepest, depth)
            continue
        while node is not None and node.next_sibling is None:
            node, depth = node.parent, depth - 1
        node = node.next_sibling if node is not None else None
    return deepest
