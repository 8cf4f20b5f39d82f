"""Where on the page is the text of the document? In a container that is known, or where the sentences are."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from bs4 import BeautifulSoup
from bs4.element import Comment, PageElement, Tag

from corpus.parsers.html.furniture import strip_lines, unread
from corpus.parsers.html.layout import Block, attribute, blocks, lines, shares
from corpus.parsers.rules import read_rules

_MARKED = re.compile(r"(信息内容|正文|content)\S*?\W{0,4}(begin|start|开始)", re.IGNORECASE)
_SENTENCE = re.compile(r"[，。；！？]")
_MIN_SENTENCE_CHARS = 15
_MIN_TEXT_CHARS = 30  # in sentences, for a place that only its density speaks for
_INNER_SHARE = 0.9  # of the text that an inner container must hold to stand for the outer
_DENSE_SHARE = 0.6  # of the sentences of a page; the rest may be in summaries and footers
_PLACES = frozenset({"article", "blockquote", "body", "center", "dd", "div", "form", "main", "section", "td", "pre"})
_ICON = re.compile(r"icon|filetype|sysimage|/ico/|face/|emoticon|\.ico\b", re.IGNORECASE)
_MIN_IMAGE_PX = 60
_MAX_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class MainText:
    """The lines of the text, and the pictures in it."""

    lines: tuple[str, ...] = ()
    images: tuple[Tag, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def content_images(root: Tag) -> Iterator[Tag]:
    """The pictures that are part of what is said: no icons, nothing below 60 pixels, none written into the page."""
    for image in root.find_all("img"):
        source = attribute(image, "src")
        small = any(0 < _pixels(image, side) < _MIN_IMAGE_PX for side in ("width", "height"))
        if source and not small and not source.startswith("data:") and not _ICON.search(source):
            yield image


def read_main_text(element: Tag, title: str, known: bool) -> MainText:
    """The text in a place that was found, without the furniture around it.

    A heading that repeats the title at its beginning is left out; a paragraph that does is part of the text, unless the
    place is not a ``known`` container.
    """
    shown = strip_lines(list(lines(element, unread)))
    while shown and _repeats_title(shown[0], title, known):
        shown = strip_lines(shown[1:])
    return MainText(tuple(block.text for block in shown), tuple(content_images(element)))


def _repeats_title(block: Block, title: str, known: bool) -> bool:
    """Headings may break a title into several lines, so that a part of it counts as well."""
    text, whole = "".join(block.text.split()), "".join(title.split())
    if not text or text not in whole:
        return False
    heading = block.element.name in {"h1", "h2", "h3"} or "title" in attribute(block.element, "class").lower()
    return heading or (not known and text == whole)


def known_container(soup: BeautifulSoup) -> Tag | None:
    """The known container with most text; of nested ones the innermost that still holds nearly all of it."""
    candidates = list(islice(_candidates(soup), _MAX_CANDIDATES))
    sizes = _sizes(candidates)
    best = max(candidates, key=lambda tag: sizes[id(tag)], default=None)
    if best is None or sizes[id(best)] == 0:
        pictured = [
            tag for tag in candidates if next(content_images(tag), None) is not None or tag.find("a", href=True)
        ]
        return pictured[-1] if pictured else None
    inner = [
        tag
        for tag in candidates
        if sizes[id(tag)] >= _INNER_SHARE * sizes[id(best)] and any(parent is best for parent in tag.parents)
    ]
    return inner[-1] if inner else best


def _sizes(tags: Sequence[Tag]) -> dict[int, int]:
    """How many characters each shows, by its ``id()``. Inner ones are counted first, so that no text is read twice."""
    sizes: dict[int, int] = {}
    for tag in sorted(tags, key=lambda tag: sum(1 for _ in tag.parents), reverse=True):
        if id(tag) not in sizes:
            counted: list[int] = []

            def skip(node: Tag, counted: list[int] = counted) -> bool:
                if unread(node):
                    return True
                if id(node) in sizes:
                    counted.append(sizes[id(node)])
                return id(node) in sizes

            sizes[id(tag)] = shares(block.text for block in blocks(tag, skip)) + sum(counted)
    return sizes


def _candidates(soup: BeautifulSoup) -> Iterator[Tag]:
    for node in soup.descendants:
        if isinstance(node, Tag) and node.name not in {"html", "body", "input", "textarea"}:
            if "class" in node.attrs or "id" in node.attrs:
                classes = [f".{name}" for name in attribute(node, "class").lower().split()]
                if any(_is_known(token) for token in (*classes, f"#{attribute(node, 'id').lower()}")):
                    yield node
        elif _is_marker(node) and node.parent is not None and node.parent.name in _PLACES - {"body"}:
            yield node.parent


def _is_marker(node: PageElement) -> bool:
    """大汉 jcms writes ``<!--<$[信息内容]>begin-->`` and ``<!--ZJEG_RSS.content.begin-->`` around the text."""
    return isinstance(node, Comment) and len(node) < 80 and _MARKED.search(node) is not None


@cache
def _selectors() -> tuple[frozenset[str], tuple[str, ...]]:
    names = [row[0].lower() for row in read_rules("containers")]
    exact = frozenset(name for name in names if not name.endswith("*"))
    return exact, tuple(name[:-1] for name in names if name.endswith("*"))


def _is_known(token: str) -> bool:
    exact, prefixes = _selectors()
    return token in exact or token.startswith(prefixes)


def dense_place(soup: BeautifulSoup, elsewhere: Collection[int]) -> Tag | None:
    """The deepest element that holds most of the sentences of the page; None where there are almost none.

    ``elsewhere`` are ``id()`` of elements whose sentences do not count: field tables, rows of listings.
    """
    body = soup.body or soup
    held: dict[int, int] = {}
    seen: set[str] = set()  # some pages hold their text twice, for desk and for hand
    for block in sentences(body, elsewhere):
        if block.text in seen:
            continue
        seen.add(block.text)
        size = shares([block.text])
        parent: Tag | None = block.element
        while parent is not None:
            held[id(parent)] = held.get(id(parent), 0) + size
            parent = parent.parent
    total = held.get(id(body), 0)
    if total < _MIN_TEXT_CHARS:
        return None
    place: Tag = body
    while True:
        inner = [child for child in place.children if held.get(id(child), 0) >= _DENSE_SHARE * total]
        if not inner or not isinstance(inner[0], Tag):
            break
        place = inner[0]
    place = _lift(place, body)
    while place is not body and place.parent is not None and _adds_only_tables(place.parent, place):
        place = place.parent
    return place


def sentences(root: Tag, elsewhere: Collection[int]) -> Iterator[Block]:
    """The lines under an element that read as running text, are no links, and stand in no element of ``elsewhere``."""
    for block in blocks(root, unread):
        if is_sentence(block.text) and not inside(block.element, elsewhere) and not _is_link(block):
            yield block


def is_sentence(text: str) -> bool:
    """Whether a line reads as running text."""
    return len(text) >= _MIN_SENTENCE_CHARS and _SENTENCE.search(text) is not None


def _lift(place: Tag, body: Tag) -> Tag:
    """From a paragraph, a list or a cell of a table of data up to what holds it as a whole."""
    node: Tag | None = place
    while node is not None and node is not body:
        if node.name in _PLACES and not (node.name == "td" and _in_data(node)):
            return node
        node = node.parent
    return body


def _in_data(cell: Tag) -> bool:
    """Whether the other cells of its row say something: beside a cell with a page's text are menus, or nothing."""
    others = [*cell.find_previous_siblings(["td", "th"]), *cell.find_next_siblings(["td", "th"])]
    linked = shares(text for other in others for link in other.find_all("a") for text in link.strings)
    return linked * 2 < shares(text for other in others for text in other.strings)


def _adds_only_tables(outer: Tag, inner: Tag) -> bool:
    """Whether all that an element shows beyond another is tables without links: they belong to the text before them."""
    added = (block.element for block in blocks(outer, unread) if not inside(block.element, {id(inner)}))
    tables = [element.find_parent("table") for element in added]
    return bool(tables) and all(table is not None and table.find("a") is None for table in tables)


def inside(element: Tag, ids: Collection[int]) -> bool:
    """Whether it is one of the elements with these ``id()``, or within one."""
    return bool(ids) and (id(element) in ids or any(id(parent) in ids for parent in element.parents))


def _is_link(block: Block) -> bool:
    links = block.element.find_all("a")
    return shares(text for link in links for text in link.strings) * 2 > shares([block.text])


def _pixels(image: Tag, side: str) -> int:
    value = attribute(image, side).strip().removesuffix("px")
    return int(value) if value.isdecimal() and len(value) < 6 else 0
