"""How does the text of an official document stand on a page?

The text is as published: paragraphs by newline, table rows with cells separated by tabs. What is read out of a line
here is only how it looks (GB/T 9704-2012, 7.3: 主送机关 flush left, 一、 in 黑体, （一） in 楷体, 落款 to the right);
not one character is changed, but for the marks of headings that some collections carry (``## 第一章``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType


class Look(StrEnum):
    PARAGRAPH = "paragraph"
    CHAPTER = "chapter"  # 第一章, centred
    HEADING = "heading"  # 一、
    SUBHEADING = "subheading"  # （一）
    ADDRESSEE = "addressee"  # 主送机关: flush left
    SIGNATURE = "signature"  # 落款: to the right
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the text. ``lead`` is the part of it set bold (第三条); a table has ``rows`` and no text. ``anchor``
    is the id of the section that begins with it."""

    look: Look
    text: str = ""
    lead: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    has_header: bool = False
    anchor: str = ""

    @property
    def is_wide(self) -> bool:
        """Whether the table has more columns than the measure of the text can hold."""
        return max((len(row) for row in self.rows), default=0) > _MAX_NARROW_COLUMNS

    def is_roomy(self, column: int) -> bool:
        """Whether a column of a wide table holds sentences, so that it must not be squeezed."""
        return self.is_wide and any(len(row[column]) > _MAX_WORD_CELL_CHARS for row in self.rows)


_DIGITS = "〇○Ｏ零一二三四五六七八九十百千0-9０-９"
_MARK = re.compile(r"^#{1,6}\s+")
_CHAPTER = re.compile(rf"第[{_DIGITS}]+[编章节](?:\s|　|$)")
_ARTICLE = re.compile(rf"(第[{_DIGITS}]+条(?:之[{_DIGITS}]+)?)(?=[\s　：:])")
_HEADING = re.compile(r"[一二三四五六七八九十]+、")
_SUBHEADING = re.compile(r"[（(][一二三四五六七八九十]+[）)]")
_DATE = re.compile(rf"[{_DIGITS}]{{4}}\s*年\s*[{_DIGITS}]{{1,3}}\s*月\s*[{_DIGITS}]{{1,3}}\s*日")
# A heading is a short line that is no sentence; 40 characters is a full line of the page.
_MAX_HEADING_CHARS = 40
# A list of addressees ends in a colon; the longest in the sample of real pages has 61 characters.
_MAX_ADDRESSEE_CHARS = 120
_MAX_SIGNATURE_CHARS = 30
_MAX_HEADER_CELL_CHARS = 16
# Five columns of about eight characters fill the measure of 40.
_MAX_NARROW_COLUMNS = 5
_MAX_WORD_CELL_CHARS = 14


def read_blocks(
    text: str, shown_above: Collection[str] = (), anchors: Mapping[int, str] = MappingProxyType({})
) -> list[Block]:
    """Cut a text into blocks. Leading lines that repeat what the page shows above it (title, 发文字号) are left out.

    ``anchors`` are the ids of its sections, by the offset at which the line of each begins.
    """
    lines: list[str] = []
    ids: list[str] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            lines.append(line)
            ids.append(anchors.get(offset, ""))
        offset += len(line)
    above = {_bare(line) for line in shown_above if line}
    while lines and _bare(lines[0]) in above:
        lines.pop(0)
        ids.pop(0)
    blocks: list[Block] = []
    rows: list[tuple[str, ...]] = []
    for number, line in enumerate(lines):
        if "\t" in line.strip() or (rows and "\t" in line):  # a row may begin or end with an empty cell
            rows.append(tuple(cell.strip() for cell in line.strip("\r\n").split("\t")))
            continue
        if rows:
            blocks.append(_table(rows))
            rows = []
        following = lines[number + 1] if number + 1 < len(lines) else ""
        blocks.append(replace(_line(line.strip(), following.strip(), number), anchor=ids[number]))
    if rows:
        blocks.append(_table(rows))
    return blocks


def _line(line: str, following: str, number: int) -> Block:
    marked = bool(_MARK.match(line))
    line = _MARK.sub("", line)
    if _CHAPTER.match(line) and len(line) <= _MAX_HEADING_CHARS:
        return Block(Look.CHAPTER, line)
    if _is_signature(line, following):
        return Block(Look.SIGNATURE, line)
    if number < 3 and line.endswith(("：", ":")) and len(line) <= _MAX_ADDRESSEE_CHARS:
        return Block(Look.ADDRESSEE, line)
    if len(line) <= _MAX_HEADING_CHARS and not line.endswith(("。", "；", "，", "：", ";")):
        if marked or _HEADING.match(line):
            return Block(Look.HEADING, line)
        if _SUBHEADING.match(line):
            return Block(Look.SUBHEADING, line)
    if match := _ARTICLE.match(line):
        return Block(Look.PARAGRAPH, line[match.end() :], lead=match[0])
    return Block(Look.PARAGRAPH, line)


def _is_signature(line: str, following: str) -> bool:
    """A line that is a date, or the short line (who) straight above one."""
    if _DATE.fullmatch(line):
        return True
    return (
        bool(_DATE.fullmatch(following))
        and len(line) <= _MAX_SIGNATURE_CHARS
        and not line.endswith(("。", "；", "：", "”", "）", ")"))
        and not _HEADING.match(line)
    )


def _table(rows: list[tuple[str, ...]]) -> Block:
    width = max(len(row) for row in rows)
    first = rows[0]
    has_header = (
        len(rows) > 1
        and len(first) == width
        and all(0 < len(cell) <= _MAX_HEADER_CELL_CHARS and not cell.isdigit() for cell in first)
    )
    return Block(Look.TABLE, rows=tuple(row + ("",) * (width - len(row)) for row in rows), has_header=has_header)


def _bare(line: str) -> str:
    return re.sub(r"[\s　]+", "", _MARK.sub("", line))
