"""Which sheets does an .xlsx workbook hold? Read part by part as a stream: no sheet is ever held as a tree.

openpyxl's light mode knows neither merged nor hidden cells, and its full mode holds a million empty rows in memory.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from lxml import etree

from corpus.errors import UnreadableError
from corpus.parsers.ooxml import main_part, read_part, read_relations
from corpus.parsers.spreadsheet.formats import BUILTIN_FORMATS, show_number
from corpus.parsers.spreadsheet.sheet import Budget, FullError, Merge, Sheet

# Excel's own limits.
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384

_MAX_STRINGS = 3_000_000
_MAX_MERGES = 200_000
_READ_BYTES = 1 << 16
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # characters that XML cannot hold: ECMA-376-1:2016, 22.9.2.19
_NO_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TRUE = ("1", "true")


@dataclass(slots=True)
class _Workbook:
    package: zipfile.ZipFile
    strings: list[str]
    formats: list[str]
    since_1904: bool


def read_sheets(package: zipfile.ZipFile) -> Iterator[tuple[str, Callable[[Budget], Sheet] | None]]:
    """The name of each sheet in the order of the tabs, and a function that reads it; None if it is hidden.

    Raises UnreadableError when a part is missing or is no XML.
    """
    main = main_part(package, "xl/workbook.xml")
    root, relations = read_part(package, main), read_relations(package, main)
    parts = {relation.kind: relation.target for relation in relations.values()}
    strings, styles = parts.get("sharedStrings", ""), parts.get("styles", "")
    properties = root.find("{*}workbookPr")
    workbook = _Workbook(
        package,
        _strings(package, strings) if strings in package.NameToInfo else [],
        _formats(read_part(package, styles)) if styles in package.NameToInfo else [],
        properties is not None and properties.get("date1904", "") in _TRUE,
    )
    for sheet in root.iterfind("{*}sheets/{*}sheet"):
        link = next((str(value) for name, value in sheet.attrib.items() if str(name).endswith("}id")), "")
        if link in relations and relations[link].kind == "worksheet":
            name, hidden = str(sheet.get("name", "")), sheet.get("state") in ("hidden", "veryHidden")
            yield name, None if hidden else _reader(workbook, name, relations[link].target)


def _reader(workbook: _Workbook, name: str, part: str) -> Callable[[Budget], Sheet]:
    return lambda budget: _sheet(workbook, name, part, budget)


def _sheet(workbook: _Workbook, name: str, part: str, budget: Budget) -> Sheet:
    handler = _SheetHandler(Sheet(name), budget, workbook)
    try:
        _stream(workbook.package, part, handler)
    except FullError:
        handler.sheet.problems.append(f"sheet {name} is too large: only its beginning was read")
    sheet = handler.finish()
    for relation in read_relations(workbook.package, part).values():
        if relation.kind == "comments":
            comments = read_part(workbook.package, relation.target)
            sheet.notes.extend(_texts(comments, "{*}commentList/{*}comment", "{*}t"))
        elif relation.kind == "drawing":
            drawing = read_part(workbook.package, relation.target)
            sheet.notes.extend(_texts(drawing, ".//{*}txBody", "{*}t"))
            sheet.pictures = sheet.pictures or drawing.find(".//{*}blip") is not None
    return sheet


def _texts(root: etree._Element, path: str, leaf: str) -> Iterator[str]:
    for found in root.iterfind(path):
        text = " ".join("".join(str(piece.text or "") for piece in found.iter(leaf)).split())
        if text:
            yield text


@dataclass
class _SheetHandler:
    """Takes what the XML of a sheet says, element by element (ECMA-376-1:2016, 18.3.1)."""

    sheet: Sheet
    budget: Budget
    workbook: _Workbook
    row: int = -1
    column: int = -1
    cell: Mapping[str, str] = field(default_factory=dict)  # its attributes
    reference: str = ""  # of a cell, as long as it is not read: most of a large sheet are empty
    formula: bool = False
    value: list[str] = field(default_factory=list)
    inside: bool = False  # a value or a text of it
    aid: bool = False
    unknown: int = 0  # formulas without a stored value
    columns: bytearray = field(default_factory=lambda: bytearray(MAX_COLUMNS))

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "c":
            if "r" not in attributes:
                self.row, self.column = self._at()
                self.column += 1
            self.cell, self.reference = attributes, attributes.get("r", "")
            self.formula = False
            self.value.clear()
        elif tag in ("v", "t"):
            self.inside = not self.aid
        elif tag == "rPh":
            self.aid = True
        elif tag == "f":
            self.formula = True
        elif tag == "row":
            number = attributes.get("r", "")
            self.row = int(number) - 1 if number.isdecimal() else self.row + 1
            self.column, self.reference = -1, ""
            if self.row >= MAX_ROWS:
                raise FullError
            if attributes.get("hidden") in _TRUE or attributes.get("ht") == "0":
                self.sheet.hidden_rows.add(self.row)
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "col" and (attributes.get("hidden") in _TRUE or attributes.get("width") == "0"):
            first, last = attributes.get("min", ""), attributes.get("max", "")
            if first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last) <= MAX_COLUMNS:
                self.columns[int(first) - 1 : int(last)] = b"\x01" * (int(last) - int(first) + 1)

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self.inside = False
        elif tag == "rPh":
            self.aid = False
        elif tag == "c":
            if value := "".join(self.value):
                row, column = self._at()
                self.sheet.put(row, column, self._text(value), self.budget)
            elif self.formula and self.cell.get("t") != "str":  # an empty text is a value
                self.unknown += 1

    def text(self, data: str) -> None:
        if self.inside:
            self.value.append(data)

    def finish(self) -> Sheet:
        self.sheet.hidden_columns = {at for at, hidden in enumerate(self.columns) if hidden}
        if self.unknown:
            self.sheet.problems.append(f"{self.unknown:,} formulas on sheet {self.sheet.name} have no stored value")
        return self.sheet

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = _place(first), _place(last)
        if start and end and len(self.sheet.merges) < _MAX_MERGES:
            self.sheet.merges.append(Merge(*start, *end))

    def _at(self) -> tuple[int, int]:
        """Where the last cell stands; one whose reference makes no sense stands behind the one before it."""
        if self.reference:
            self.row, self.column = _place(self.reference) or (self.row, self.column + 1)
            self.reference = ""
        return self.row, self.column

    def _text(self, value: str) -> str:
        match self.cell.get("t", "n"):
            case "s":
                at = int(value) if value.strip().isdecimal() else -1
                return self.workbook.strings[at] if 0 <= at < len(self.workbook.strings) else ""
            case "n":
                style, formats = self.cell.get("s", "0"), self.workbook.formats
                known = style.isdecimal() and int(style) < len(formats)
                return _number(value, formats[int(style)] if known else "", self.workbook)
            case "b":
                return "TRUE" if value.strip() in _TRUE else "FALSE"
            case "d":
                return value.replace("T00:00:00", "").replace("T", " ")
            case _:  # str, inlineStr, e
                return _unescape(value)


def _number(value: str, code: str, workbook: _Workbook) -> str:
    if code in ("", "General") and value.isdecimal() and len(value) < 16 and value[0] != "0":
        return value  # most numbers by far
    try:
        return show_number(float(value), code, since_1904=workbook.since_1904)
    except ValueError:
        return value


def _place(reference: str) -> tuple[int, int] | None:
    """``B3`` → (2, 1), from 0; None if it is no cell of a sheet."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        return None
    row, column = int(match[2]), _column(match[1])
    return (row - 1, column) if 1 <= row <= MAX_ROWS and column < MAX_COLUMNS else None


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column - 1


def _unescape(text: str) -> str:
    """``_x000A_`` → a line break; what is no character of a text (a zero, half of a pair) is left out."""
    return _ESCAPED.sub(lambda match: _NO_CHARACTER.sub("", chr(int(match[1], 16))), text) if "_x" in text else text


def _strings(package: zipfile.ZipFile, part: str) -> list[str]:
    handler = _StringsHandler()
    _stream(package, part, handler)
    return handler.found


@dataclass
class _StringsHandler:
    """Takes the shared texts; the reading aids of East Asian text (rPh) are left out (ECMA-376-1:2016, 18.4)."""

    found: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    inside: bool = False
    aid: bool = False

    def start(self, tag: str, _: Mapping[str, str]) -> None:
        if tag == "t":
            self.inside = not self.aid
        elif tag == "rPh":
            self.aid = True

    def end(self, tag: str) -> None:
        if tag == "t":
            self.inside = False
        elif tag == "rPh":
            self.aid = False
        elif tag == "si":
            self.found.append(_unescape("".join(self.pieces)))
            self.pieces.clear()
            if len(self.found) > _MAX_STRINGS:
                raise UnreadableError(f"the workbook holds more than {_MAX_STRINGS:,} texts")

    def text(self, data: str) -> None:
        if self.inside:
            self.pieces.append(data)


def _stream(package: zipfile.ZipFile, part: str, handler: _SheetHandler | _StringsHandler) -> None:
    """Feeds a part to the handler, names without their prefix. A document type is refused: no part may have one
    (ECMA-376-2:2016, 9.1.3), and with it go all entities."""
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(*_: object) -> None:
        raise UnreadableError("the workbook is made to harm: a part declares entities")

    parser.StartDoctypeDeclHandler = refuse

    def begin(root: str, _: object) -> None:
        parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
        if ":" in root:
            parser.StartElementHandler = lambda name, attributes: handler.start(name.rpartition(":")[2], attributes)
            parser.EndElementHandler = lambda name: handler.end(name.rpartition(":")[2])

    parser.StartElementHandler = begin
    parser.CharacterDataHandler = handler.text
    try:
        with package.open(part) as stream:
            while chunk := stream.read(_READ_BYTES):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise UnreadableError("a part of the workbook is no XML") from error
    except KeyError as error:
        raise UnreadableError("a sheet of the workbook is missing") from error


def _formats(styles: etree._Element) -> list[str]:
    """The number format of every cell style."""
    own = {str(f.get("numFmtId")): str(f.get("formatCode", "")) for f in styles.iterfind("{*}numFmts/{*}numFmt")}
    # Chinese Excel names its built-in dates "reserved0x1F" in files that came from .xls
    own = {name: code for name, code in own.items() if not code.startswith("reserved0x")}
    ids = (str(style.get("numFmtId", "0")) for style in styles.iterfind("{*}cellXfs/{*}xf"))
    return [own.get(name) or (BUILTIN_FORMATS.get(int(name), "") if name.isdecimal() else "") for name in ids]
