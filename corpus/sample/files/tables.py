"""How does a standard catalog stand as a table: which cell holds what, and what does it span?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from corpus.sample.articles import Catalog, CatalogRow

HEADER_ROWS = 2

# Annex 2 of 青政办发〔2020〕41号, and the level columns of the 标准指引; a column with parts spans them.
_COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("序号", ()),
    ("公开事项", ("一级事项", "二级事项")),
    ("公开内容（要素）", ()),
    ("公开依据", ()),
    ("公开时限", ()),
    ("公开主体", ()),
    ("公开渠道和载体", ()),
    ("公开对象", ("全社会", "特定群体")),
    ("公开方式", ("主动公开", "依申请公开")),
)
_LEVELS = ("公开层级", ("县级", "乡级"))
_ITEM = 1  # the column of 一级事项, whose cells go over all rows of an item


@dataclass(frozen=True, slots=True)
class CatalogCell:
    """A cell at its first row and column, counted from 0, and what it spans."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


def catalog_cells(catalog: Catalog) -> list[CatalogCell]:
    """The cells of the table, row by row: two rows of header, then a row an entry."""
    with_levels = any(row.levels for row in catalog.rows)
    cells = list(_header(with_levels))
    for number, row in enumerate(catalog.rows):
        texts = _row(row, catalog.channels, with_levels)
        for column, text in enumerate(texts):
            if column != _ITEM:
                cells.append(CatalogCell(text, HEADER_ROWS + number, column))
            elif row.item:
                below = catalog.rows[number + 1 :]
                open_rows = next((at for at, other in enumerate(below) if other.item), len(below))
                cells.append(CatalogCell(text, HEADER_ROWS + number, column, rows=1 + open_rows))
    return cells


def width(cells: list[CatalogCell]) -> int:
    """How many columns the table has."""
    return max(cell.column + cell.columns for cell in cells)


def _header(with_levels: bool) -> Iterator[CatalogCell]:
    column = 0
    for name, parts in (*_COLUMNS, *([_LEVELS] if with_levels else [])):
        if not parts:
            yield CatalogCell(name, 0, column, rows=HEADER_ROWS)
        else:
            yield CatalogCell(name, 0, column, columns=len(parts))
            for at, part in enumerate(parts):
                yield CatalogCell(part, 1, column + at)
        column += max(1, len(parts))


def _row(row: CatalogRow, channels: tuple[str, ...], with_levels: bool) -> list[str]:
    texts = [
        row.serial,
        row.item,
        row.subitem,
        row.content,
        row.basis,
        row.time_limit,
        row.publisher,
        "\n".join(_channel_lines(row, channels)),
        "" if row.group else "√",
        f"√{row.group}" if row.group else "",
        "" if row.on_request else "√",
        "√" if row.on_request else "",
    ]
    return [*texts, *("√" if level in row.levels else "" for level in _LEVELS[1])] if with_levels else texts


def _channel_lines(row: CatalogRow, channels: tuple[str, ...]) -> Iterator[str]:
    """The channels with their marks, two a line."""
    marked = [("■" if name in row.ticks else "" if name in row.bare else "□") + name for name in channels]
    for at in range(0, len(marked), 2):
        yield "  ".join(marked[at : at + 2])
