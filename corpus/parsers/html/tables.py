"""What tables does a part of a web page show?"""

from __future__ import annotations

from collections.abc import Iterator

from bs4.element import Tag

from corpus.parsers import Cell, Table
from corpus.parsers.html.layout import Skip, blocks, hidden
from corpus.parsers.table_grid import place_cells


def read_tables(root: Tag, skip: Skip = hidden) -> Iterator[Table]:
    """The tables under ``root`` in page order, their cells with paragraphs by newline.

    Tables that only lay out a page are none: those that hold another table, or have one row or one column.
    """
    for table in root.find_all("table"):
        if table.find("table") is not None or skip(table):
            continue
        cells = tuple(
            Cell(
                "\n".join(block.text for block in blocks(placed.element, skip)),
                placed.row,
                placed.column,
                placed.rows,
                placed.columns,
            )
            for placed in place_cells(table)
        )
        if any(cell.row for cell in cells) and any(cell.column for cell in cells):
            yield Table(cells, caption=_caption(table, skip))


def _caption(table: Tag, skip: Skip) -> str:
    caption = table.find("caption")
    return " ".join(block.text for block in blocks(caption, skip)) if caption is not None else ""
