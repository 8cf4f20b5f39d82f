"""What does a Word file show, in its order? Paragraphs with their numbers, tables, text boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from corpus.parsers import Cell, Table
from corpus.parsers.spacing import tidy
from corpus.parsers.word.numbering import Numbering
from corpus.parsers.word.styles import Styles, W, switched_on, value
from corpus.parsers.word.symbols import show_symbols, symbol
from corpus.parsers.word.tables import PlacedCell, place_cells

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TRANSPARENT = {
    W + tag for tag in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple")
}
_TRANSPARENT |= {W + "dir", W + "bdo", W + "ruby", W + "rubyBase", _MC + "Choice", _MC + "Fallback"}
_BREAKS = {W + "br": "\n", W + "cr": "\n", W + "tab": " ", W + "ptab": " ", W + "noBreakHyphen": "-"}
_DRAWN = {W + "drawing", W + "pict", W + "object"}
_MAX_TABLE_DEPTH = 3  # a table in a cell in a table …: deeper ones stand in their cell only
_MAX_PLACES = 10_000_000  # a table that covers more is read as lines only
_MAX_CAPTION_CHARS = 60
_SENTENCE_ENDS = "。；;，,：:"


@dataclass(slots=True)
class Flow:
    """What was read so far of one part (the text, a note); ``lines`` as in a body, ``outline`` (level, heading)."""

    styles: Styles
    numbering: Numbering
    lines: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    outline: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # the kind and the id of each note, in their order
    problems: dict[str, None] = field(default_factory=dict)  # in their order, each once
    pictures: int = 0
    _carried: str = ""  # a paragraph whose end was deleted goes on in the next
    _boxes: list[etree._Element] = field(default_factory=list)
    _depth: int = 0

    def read(self, parent: etree._Element) -> None:
        """Reads the blocks below ``parent``: a body, a cell, a text box, a note."""
        for block in _blocks(parent):
            if block.tag == W + "p" and (len(block) or self._carried):  # millions without content cost nothing
                self._paragraph(block)
            elif block.tag == W + "tbl":
                self._table(block)
            elif block.tag == W + "altChunk":
                self.problems["a document that is embedded in it is not read"] = None
        if self._carried:
            self._add(self._carried)
            self._carried = ""

    def _paragraph(self, paragraph: etree._Element) -> None:
        text = self._carried + self._inline(paragraph, value(paragraph, "pPr/pStyle"))
        self._carried = ""
        if paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            self._carried = text
        else:
            numbered = self.styles.numbering(paragraph)
            number = self.numbering.next(*numbered) if numbered else ""
            self._add(number + text.lstrip() if number else text)
            level = self.styles.outline_level(paragraph)
            if level and (heading := tidy(text.replace("\n", " "))):
                self.outline.append((level, number + heading))
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self.read(box)

    def _add(self, text: str) -> None:
        self.lines.extend(line for part in text.split("\n") if (line := tidy(part)))

    def _inline(self, paragraph: etree._Element, style: str | None) -> str:
        pieces: list[str] = []
        fields: list[bool] = []  # the open fields: whether their result has begun; codes are not shown
        for node in _inline_nodes(paragraph):
            if node.tag == W + "r":
                if not self.styles.hidden(node, style):
                    self._run(node, pieces, fields)
                elif node.find(W + "t") is not None:
                    self.problems["hidden text is left out"] = None
            elif all(fields):
                pieces.append(str(node.text or ""))
        return "".join(pieces)

    def _run(self, run: etree._Element, pieces: list[str], fields: list[bool]) -> None:
        font = value(run, "rPr/rFonts", "ascii") or ""
        for node in _run_nodes(run):
            tag = str(node.tag)
            if tag == W + "fldChar":
                kind = node.get(W + "fldCharType")
                if kind == "begin":
                    fields.append(False)
                    pieces.append(_check_box(node))
                elif fields:
                    fields.pop()
                    if kind == "separate":
                        fields.append(True)
            elif tag.endswith(("}txbxContent", "}textpath")):
                if tag.endswith("}textpath"):
                    pieces.append(str(node.get("string", "")))
                else:
                    self._boxes.append(node)
            elif tag.endswith(("}blip", "}imagedata")):
                self.pictures += 1
            elif all(fields):
                pieces.append(self._shown(node, tag, font))

    def _shown(self, node: etree._Element, tag: str, font: str) -> str:
        unknown = 0
        if tag == W + "t":
            text, unknown = show_symbols(str(node.text or ""), font)
        elif tag == W + "sym":
            code = str(node.get(W + "char", ""))
            known = len(code) <= 4 and all(digit in "0123456789abcdefABCDEF" for digit in code)
            text = symbol(int(code or "0", 16), str(node.get(W + "font", ""))) if known else ""
            unknown = not text
        elif tag in (W + "footnoteReference", W + "endnoteReference"):
            self.notes.append((tag.removeprefix(W).removesuffix("Reference"), str(node.get(W + "id"))))
            text = f"[{len(self.notes)}]"
        else:
            text = _BREAKS.get(tag, "")
        if unknown:
            self.problems["symbols of fonts that are not known are left out"] = None
        return text

    def _table(self, table: etree._Element) -> None:
        above = self.lines[-1] if self.lines else ""
        is_title = len(above) <= _MAX_CAPTION_CHARS and not above.endswith(tuple(_SENTENCE_ENDS)) and "\t" not in above
        at, self._depth = len(self.tables), self._depth + 1
        placed = list(place_cells(table))
        cells = [Cell(self._cell(cell), cell.row, cell.column, cell.rows, cell.columns) for cell in placed]
        self._depth -= 1
        lines: dict[int, str] = {}
        ends: dict[int, int] = {}
        for cell in cells:
            tabs = cell.column - ends.get(cell.row, 0)
            lines[cell.row] = lines.get(cell.row, "") + "\t" * tabs + cell.text.replace("\n", " ")
            ends[cell.row] = cell.column
        self.lines.extend(text for line in lines.values() if (text := line.rstrip("\t")).strip())
        height = max((cell.row + cell.rows for cell in cells), default=0)
        width = max((cell.column + cell.columns for cell in cells), default=0)
        if height * width > _MAX_PLACES:
            self.problems["a table is too large to be given as one"] = None
        elif any(cell.text for cell in cells) and self._depth < _MAX_TABLE_DEPTH:
            self.tables.insert(at, Table(tuple(cells), caption=above if is_title else ""))

    def _cell(self, cell: PlacedCell) -> str:
        """The text of a cell, its paragraphs by newline; a table in it is a table of its own as well."""
        around, self.lines = self.lines, []
        for element in cell.elements:
            self.read(element)
        inside, self.lines = self.lines, around
        return "\n".join(inside).replace("\t", " ")


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    for child in parent:
        if child.tag in _TRANSPARENT:
            yield from _blocks(child)
        elif child.tag == _MC + "AlternateContent":
            yield from _blocks(_chosen(child))
        else:
            yield child


def _inline_nodes(parent: etree._Element) -> Iterator[etree._Element]:
    """The runs of a paragraph, and the texts of its formulas."""
    for child in parent:
        tag = str(child.tag)
        if tag in _TRANSPARENT:
            yield from _inline_nodes(child)
        elif "}oMath" in tag:
            yield from (text for text in child.iter() if str(text.tag).endswith("/math}t"))
        elif tag == _MC + "AlternateContent":
            yield from _inline_nodes(_chosen(child))
        elif tag == W + "r" and len(child):
            yield child


def _run_nodes(parent: etree._Element) -> Iterator[etree._Element]:
    """What stands in a run, down to texts, symbols and text boxes, which are not entered."""
    for child in parent:
        tag = str(child.tag)
        if tag == _MC + "AlternateContent":
            yield from _run_nodes(_chosen(child))
        elif tag == W + "ruby":  # the text below the reading aid
            for base in child.iterfind(f"{W}rubyBase/{W}r"):
                yield from _run_nodes(base)
        elif tag == W + "rPr":
            continue
        else:
            yield child
            if not tag.startswith(W) or tag in _DRAWN:
                yield from _run_nodes(child)


def _chosen(alternate: etree._Element) -> etree._Element:
    """One of the forms of the same content: the first, which is the newest."""
    return next(iter(alternate), alternate)


def _check_box(field_start: etree._Element) -> str:
    """The box of an old form field: ☑ or ☐; empty for another field."""
    box = field_start.find(f"{W}ffData/{W}checkBox")
    if box is None:
        return ""
    ticked = switched_on(box, "checked")
    return "☑" if (switched_on(box, "default") if ticked is None else ticked) else "☐"
