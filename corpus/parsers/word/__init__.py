"""Reading Word files (.docx): paragraphs, lists, tables and notes as a person sees them."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from types import MappingProxyType

from lxml import etree

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source
from corpus.parsers.ooxml import main_part, read_part, read_relations
from corpus.parsers.package import open_package
from corpus.parsers.plain import read_plain
from corpus.parsers.word.flow import Flow
from corpus.parsers.word.numbering import Numbering
from corpus.parsers.word.styles import Styles, W

PARSER = "word/3"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_NO_TEXT = "no text: needs OCR"


def parse_docx(source: Source) -> Parsed:
    """Read the text: a paragraph a line, a table row a line with its cells separated by tabs.

    A cell over several columns leaves the others empty, as does the continuation of a cell from the row above. Numbers
    of lists are set before their paragraphs, symbols are shown as characters (☑ √ □), text boxes stand behind the
    paragraph that they hang on, foot- and endnotes at the end, marked ``[1]``. Tracked changes are accepted; headers,
    footers, comments, field codes and hidden text are left out. ``extra["outline"]`` lists the headings: [level, text].

    Raises UnreadableError when the package is damaged, incomplete, encrypted or no Word file, or unpacks to too much.
    """
    with open_package(source.data, "Word file") as package:
        flow = _read(package)
    problems = list(flow.problems)
    if not flow.lines:
        problems.append(_NO_TEXT if flow.pictures else "the file holds no text")
    parsed = read_plain(flow.lines, parser=PARSER, media_type=MEDIA_TYPE, name=source.name, problems=problems)
    extra = dict(parsed.extra)
    if flow.outline:
        extra["outline"] = [[level, heading] for level, heading in flow.outline]
    return replace(parsed, tables=tuple(flow.tables), needs_ocr=_NO_TEXT in problems, extra=MappingProxyType(extra))


def _read(package: zipfile.ZipFile) -> Flow:
    main = main_part(package, "word/document.xml")
    parts = {relation.kind: relation.target for relation in read_relations(package, main).values()}
    body = read_part(package, main).find(W + "body")
    if body is None:
        raise UnreadableError("the Word file is damaged or incomplete")
    styles = Styles(_optional(package, parts.get("styles", "")))
    flow = Flow(styles, Numbering(_optional(package, parts.get("numbering", "")), styles))
    flow.read(body)
    _add_notes(package, parts, flow)
    return flow


def _add_notes(package: zipfile.ZipFile, parts: dict[str, str], flow: Flow) -> None:
    notes: dict[tuple[str, str], etree._Element] = {}
    for kind in ("footnote", "endnote"):
        root = _optional(package, parts.get(f"{kind}s", ""))
        for note in () if root is None else root.iterfind(W + kind):
            notes[kind, str(note.get(W + "id"))] = note
    for number, place in enumerate(list(flow.notes), 1):
        if place in notes:
            before, flow.lines = flow.lines, []
            flow.read(notes[place])
            flow.lines = [*before, *(f"[{number}] {line}" if not at else line for at, line in enumerate(flow.lines))]


def _optional(package: zipfile.ZipFile, name: str) -> etree._Element | None:
    return read_part(package, name) if name in package.NameToInfo else None
