"""Which lines would a person see in this part of a page? Paragraphs are lines; a table row is a line with tabs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from bs4.element import CData, NavigableString, PageElement, Tag

from corpus.parsers.spacing import collapse, unwrap
from corpus.parsers.table_grid import place_cells

# Elements that begin a line of their own (HTML standard, 15.3 "flow content"), and those that show no text.
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SILENT = frozenset(
    [
        "head",
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "button",
        "input",
        "select",
        "textarea",
        "audio",
        "video",
        "map",
        "math",
    ]
)
_CELLS = frozenset({"td", "th"})
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)

Skip = Callable[[Tag], bool]


@dataclass(frozen=True, slots=True)
class Block:
    """A line of text as shown, with the block element that it stands in."""

    text: str
    element: Tag


def attribute(tag: Tag, name: str) -> str:
    """The value of an attribute as one string; empty where it is missing."""
    value = tag.get(name)
    return " ".join(value) if isinstance(value, list) else (value or "")


def hidden(tag: Tag) -> bool:
    """Whether the element is switched off in its own style; scripts and style sheets are not asked."""
    return "style" in tag.attrs and _HIDDEN.search(attribute(tag, "style")) is not None


def blocks(root: Tag, skip: Skip = hidden) -> Iterator[Block]:
    """The lines under ``root`` in their order, none of them empty; subtrees for which ``skip`` holds are left out."""
    pieces: list[str] = []
    current = root
    for node, block in _walk(root, skip):
        if isinstance(node, Tag) or block is not current:
            yield from _flush(pieces, current)
            current = block
        if not isinstance(node, Tag):
            # within one text only: a break between two elements is a space
            pieces.append(str(node) if block.name == "pre" else unwrap(str(node)))
    yield from _flush(pieces, current)


def lines(root: Tag, skip: Skip = hidden) -> Iterator[Block]:
    """As `blocks`, but the cells of one table row are one line, separated by tabs.

    A cell that spans rows or columns leaves the other places of its span empty, so that columns stay in line. Tables
    that only lay out a page (a table in a cell, a row of one cell) are no tables here.
    """
    grids: dict[int, dict[int, list[Tag | None]]] = {}
    for row, group in groupby(blocks(root, skip), key=lambda block: _data_row(block.element, root, grids)):
        if row is None:
            yield from group
            continue
        texts: dict[int, list[str]] = {}
        for block in group:
            texts.setdefault(id(_child_of(row, block.element)), []).append(block.text)
        table = _ancestor(row, "table")
        cells = grids[id(table)][id(row)]
        shown = (" ".join(texts.pop(id(cell), ())) for cell in cells)  # a cell over several columns shows in the first
        yield Block("\t".join(shown).rstrip("\t"), row)


def text_of(root: Tag, skip: Skip = hidden) -> str:
    """What the element shows, on one line."""
    return " ".join(block.text for block in blocks(root, skip))


def _walk(root: Tag, skip: Skip) -> Iterator[tuple[PageElement, Tag]]:
    """Texts and line breaks under ``root``, each with the block element around it; no recursion, pages nest deeply."""
    around = [root]
    node: PageElement | None = next(iter(root.children), None)
    while node is not None:
        child: PageElement | None = None
        if isinstance(node, Tag):
            if node.name == "br":
                yield node, around[-1]
            elif node.name not in _SILENT and not skip(node):
                if node.name in _BLOCKS:
                    around.append(node)
                    yield node, node
                child = next(iter(node.children), None)
        elif type(node) is NavigableString or isinstance(node, CData):
            yield node, around[-1]
        if child is not None:
            node = child
            continue
        while node is not None and node is not root:
            if node is around[-1]:
                around.pop()
            if node.next_sibling is not None:
                break
            node = node.parent
        if node is None or node is root:
            return
        node = node.next_sibling


def _flush(pieces: list[str], block: Tag) -> Iterator[Block]:
    text = "".join(pieces)
    pieces.clear()
    for part in text.splitlines() if block.name == "pre" else (text,):
        if shown := collapse(part):
            yield Block(shown, block)


def _ancestor(tag: Tag, *names: str) -> Tag | None:
    parent: Tag | None = tag
    while parent is not None and parent.name not in names:
        parent = parent.parent
    return parent


def _child_of(row: Tag, element: Tag) -> Tag:
    """The child of the row that the element stands in: its cell, also where a list in it holds stray cells."""
    while element.parent is not None and element.parent is not row:
        element = element.parent
    return element


def _data_row(element: Tag, root: Tag, grids: dict[int, dict[int, list[Tag | None]]]) -> Tag | None:
    """The table row in a cell of which the block stands, if the row has two cells or more and its table holds no other
    table."""
    cell = _ancestor(element, "td", "th")
    row = _ancestor(cell, "tr") if cell is not None else None
    table = _ancestor(row, "table") if row is not None else None
    if row is None or table is None or not _within(table, root) or _child_of(row, element).name not in _CELLS:
        return None
    if id(table) not in grids:
        grids[id(table)] = {} if table.find("table") is not None else _grid(table)
    cells = grids[id(table)].get(id(row), [])
    return row if len({id(cell) for cell in cells}) > 1 else None


def _within(tag: Tag, root: Tag) -> bool:
    parent: Tag | None = tag
    while parent is not None and parent is not root:
        parent = parent.parent
    return parent is root


def _grid(table: Tag) -> dict[int, list[Tag | None]]:
    """The cell at each place of each row; None where one of a row above reaches down."""
    rows = table.find_all("tr")
    grid: list[list[Tag | None]] = [[] for _ in rows]
    for cell in place_cells(table):
        for number in range(cell.row, cell.row + cell.rows):
            places = grid[number]
            places.extend([None] * (cell.column + cell.columns - len(places)))
            if number == cell.row:
                places[cell.column : cell.column + cell.columns] = [cell.element] * cell.columns
    return {id(row): places for row, places in zip(rows, grid, strict=True)}


def shares(parts: Iterable[str]) -> int:
    """How many characters the parts have together, white space left out."""
    return sum(len("".join(part.split())) for part in parts)
