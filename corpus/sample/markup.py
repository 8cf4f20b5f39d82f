"""How does a document's plain text divide into paragraphs and tables?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    align: Literal["left", "right", "center"] = "left"
    rows: None = None


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Table


def blocks(body: str) -> list[Block]:
    """The text's paragraphs and tables in order; see articles.py for the marks."""
    return list(_blocks(body))


def plain_text(body: str) -> str:
    """The text without its marks: what a reader sees, a paragraph a line, cells separated by a tab."""
    lines: list[str] = []
    for block in _blocks(body):
        if isinstance(block, Table):
            lines.extend("\t".join(row) for row in block.rows)
        else:
            lines.append(block.text)
    return "\n".join(lines)


def _blocks(body: str) -> Iterator[Block]:
    rows: list[tuple[str, ...]] = []
    for line in [*(line.strip() for line in body.splitlines()), ""]:
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
            continue
        if rows:
            yield Table(tuple(rows))
            rows = []
        if line.startswith(">> "):
            yield Paragraph(line.removeprefix(">> "), "right")
        elif line.startswith("^^ "):
            yield Paragraph(line.removeprefix("^^ "), "center")
        elif line:
            yield Paragraph(line)
