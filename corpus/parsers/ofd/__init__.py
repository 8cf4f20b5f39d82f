"""Reading OFD files (GB/T 33190-2016): what a person sees on their pages, in the order of reading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from lxml import etree

from analyzers.official_layout import read_layout
from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source, Table
from corpus.parsers.file_info import told
from corpus.parsers.lines import Line, join_lines
from corpus.parsers.ofd.layout import headings, lay_out
from corpus.parsers.ofd.pages import MAX_OBJECTS, PageReader, Shown, TooManyObjectsError
from corpus.parsers.ofd.parts import Parts, child, children, folder_of, text_of
from corpus.parsers.ofd.seals import read_signatures
from corpus.parsers.package import open_package
from corpus.parsers.page_names import name_pages
from corpus.parsers.plain import read_plain

PARSER = "ofd/2"

MAX_PAGES = 3000
"""Pages beyond this are not read; the rest is named as a problem."""

_MEDIA_TYPE = "application/ofd"
_UNNAMED = re.compile(r"[\ue000-\uf8ff\ufffd]")  # fonts of some programs give characters private codes
_MAX_UNNAMED = 0.05  # of the characters of a page, as in PDF files
_MAX_PROBLEMS = 50
_MAX_ENTRIES = 200  # of attachments and of custom data


@dataclass(slots=True)
class _Reading:
    """What was read so far, page by page."""

    objects: int  # that may still be read
    documents: list[list[list[Line]]] = field(default_factory=list)  # their pages, their lines
    tables: list[Table] = field(default_factory=list)
    watermarks: dict[str, None] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    silent: list[int] = field(default_factory=list)  # pages, from 1, with pictures and no text
    unnamed: list[int] = field(default_factory=list)  # pages, from 1, whose fonts name no usable characters
    embedded: list[dict[str, str]] = field(default_factory=list)
    signatures: list[dict[str, str]] = field(default_factory=list)
    count: int = 0  # of pages


def parse_ofd(source: Source) -> Parsed:
    """Read the text and the ruled tables of all documents in an OFD file, page by page.

    Templates and annotations are read as they show on a page. Watermarks and text across the page are kept apart
    (``extra["watermarks"]``): they would cut the sentences they lie on. Attached files are named in
    ``extra["embedded"]``, signatures in ``extra["signatures"]`` (none is verified), CustomDatas in
    ``extra["custom_data"]``. Pages that only OCR can read, and missing or damaged ones, are named as problems.

    Raises UnreadableError when the package is damaged, incomplete, encrypted or too large, or holds no document.
    """
    with open_package(source.data, "OFD file") as package:
        parts = Parts(package)
        try:
            bodies, found = _read(parts)
        except UnreadableError as error:
            if parts.find("/Encryptions.xml") is not None:  # GM/T 0099-2020, 7.3
                raise UnreadableError("the OFD file is encrypted") from error
            raise
    lines = [line for pages in found.documents for line in join_lines(pages)]
    info = child(bodies[0], "DocInfo")
    parsed = read_plain(
        lines,
        parser=PARSER,
        media_type=_MEDIA_TYPE,
        name=source.name,
        title=_title(lines, found.documents, info),
        problems=_problems(found, bool(lines)),
    )
    return replace(
        parsed,
        keywords=tuple(filter(None, (text_of(word) for word in children(child(info, "Keywords"), "Keyword")))),
        subject=text_of(child(info, "Subject")),
        tables=tuple(found.tables),
        needs_ocr=bool(found.silent or found.unnamed),
        extra=MappingProxyType({**parsed.extra, **_extra(info, found)}),
    )


def _title(lines: Sequence[str], documents: Sequence[Sequence[Sequence[Line]]], info: etree._Element | None) -> str:
    """What is set largest on the first page, where `read_plain` finds no title by the layout of an official document;
    the title that the file gives itself (often that of a template, or a file's name) where the pages show no text."""
    layout = read_layout(lines)
    if layout.title.text or layout.letterhead.text:
        return ""
    first = next((page for pages in documents for page in pages), ())
    if shown := headings(first):
        return read_plain(shown, parser=PARSER, media_type=_MEDIA_TYPE, name="").title
    return "" if lines else told({"title": text_of(child(info, "Title"))}).get("title", "")


def _read(parts: Parts) -> tuple[list[etree._Element], _Reading]:
    """The DocBody elements and what their documents show."""
    name = parts.find("/OFD.xml")
    if name is None:
        raise UnreadableError("the OFD file is damaged or incomplete")
    try:
        root = parts.xml(name)
    except UnreadableError as error:
        raise UnreadableError(f"the OFD file cannot be read: OFD.xml {error.reason}") from error
    bodies = list(children(root, "DocBody"))
    found = _Reading(MAX_OBJECTS)
    failed = ""
    read = 0
    for body in bodies:
        try:
            _read_document(parts, body, folder_of(name), found)
            read += 1
        except UnreadableError as error:
            failed = f"its document {error.reason}"
            found.problems.append(failed)
        except TooManyObjectsError:
            found.problems.append(f"it holds more than {MAX_OBJECTS:,} objects; the rest was not read")
            return bodies, found
    if not read:
        raise UnreadableError(f"the OFD file cannot be read: {failed or 'it names no document'}")
    return bodies, found


def _read_document(parts: Parts, body: etree._Element, folder: str, found: _Reading) -> None:
    name = parts.find(text_of(child(body, "DocRoot")), folder)
    if name is None:
        raise UnreadableError("is missing")
    root = parts.xml(name)
    found.signatures.extend(read_signatures(parts, body, folder, found.problems))
    for listed in children(root, "Attachments"):
        _read_attachments(parts, parts.find(text_of(listed), folder_of(name)), found)
    found.documents.append([])
    reader = PageReader(parts, name, root, found.problems, found.objects)
    for page in children(child(root, "Pages"), "Page"):
        if found.count == MAX_PAGES:
            found.problems.append(f"only the first {MAX_PAGES:,} pages were read")
            break
        found.count += 1
        try:
            _add_page(reader.read(page, found.count), found)
        except UnreadableError as error:
            found.problems.append(f"page {found.count} {error.reason}")
    found.objects = reader.left


def _add_page(shown: Shown, found: _Reading) -> None:
    found.watermarks |= dict.fromkeys(shown.watermarks)
    text = "".join(run.text for run in shown.runs)
    if shown.lost + len(_UNNAMED.findall(text)) > _MAX_UNNAMED * (shown.lost + len(text)):
        found.unnamed.append(found.count)
        return
    layout = lay_out(shown.runs, shown.rules, f"page {found.count}")
    if not text and shown.pictures:
        found.silent.append(found.count)
    found.documents[-1].append(layout.lines)
    found.tables.extend(layout.tables)


def _read_attachments(parts: Parts, name: str | None, found: _Reading) -> None:
    try:
        if name is None:
            raise UnreadableError("is missing")
        entries = list(children(parts.xml(name), "Attachment"))[:_MAX_ENTRIES]
    except UnreadableError as error:
        found.problems.append(f"the list of attachments {error.reason}")
        return
    for entry in entries:
        location = text_of(child(entry, "FileLoc"))
        part = parts.find(location, folder_of(name))
        said = {"name": entry.get("Name", ""), "format": entry.get("Format", ""), "path": part or ""}
        found.embedded.append({key: value for key, value in said.items() if value})
        if part is None:
            found.problems.append(f"the attached file {location} is missing")


def _problems(found: _Reading, text: bool) -> list[str]:
    problems = found.problems[:_MAX_PROBLEMS]
    if len(found.problems) > _MAX_PROBLEMS:
        problems.append(f"{len(found.problems) - _MAX_PROBLEMS:,} more problems")
    if found.silent:
        problems.append(f"no text: needs OCR ({name_pages(found.silent)})")
    if found.unnamed:
        problems.append(f"the fonts name no usable characters: needs OCR ({name_pages(found.unnamed)})")
    if not text and not problems:
        problems.append("the file holds no text")
    return problems


def _extra(info: etree._Element | None, found: _Reading) -> dict[str, object]:
    """What the file says of itself beyond a document's own fields; only what it says."""
    custom = list(children(child(info, "CustomDatas"), "CustomData"))[:_MAX_ENTRIES]
    names = {"author": "Author", "title": "Title", "abstract": "Abstract", "created_on": "CreationDate"}
    of_itself = told({key: text_of(child(info, name)) for key, name in names.items()})
    said: dict[str, object] = {
        **{"file_title" if key == "title" else key: value for key, value in of_itself.items()},
        "custom_data": {entry.get("Name", ""): text_of(entry) for entry in custom if text_of(entry)},
        "pages": found.count,
        "embedded": found.embedded,
        "signatures": found.signatures,
        "watermarks": list(found.watermarks),
    }
    return {key: value for key, value in said.items() if value}
