"""Which parser reads this file? The one door to them all: only `UnreadableError` comes out.

A parser of one format is a module with ``PARSER``, its name and version, and a function ``Source → Parsed``. Hostile
files belong behind `isolation.ParserPool`, which calls this in a process of its own.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import asdict, replace

from corpus.errors import UnreadableError
from corpus.models import Kind
from corpus.parsers import (
    Parsed,
    Source,
    archive,
    catalog,
    html,
    image,
    ofd,
    office,
    pdf,
    sniff,
    spreadsheet,
    text,
    word,
)


def _converted(media_type: str, reader: str) -> tuple[str, Callable[[Source], Parsed]]:
    """The version and the parser of files that LibreOffice converts for another reader."""
    version = f"{office.PARSER}+{reader}"
    return version, lambda source: office.parse_office(source, media_type, version, parse)


_PARSERS: dict[str, tuple[str, Callable[[Source], Parsed]]] = {
    sniff.HTML: (html.PARSER, html.parse_html),
    sniff.PDF: (pdf.PARSER, pdf.parse_pdf),
    **dict.fromkeys(sniff.PICTURES, (image.PARSER, image.parse_image)),
    sniff.DOCX: (word.PARSER, word.parse_docx),
    sniff.OFD: (ofd.PARSER, ofd.parse_ofd),
    sniff.XLSX: (spreadsheet.PARSER, spreadsheet.parse_xlsx),
    **dict.fromkeys((sniff.XLS, sniff.ET), (spreadsheet.PARSER, spreadsheet.parse_xls)),
    sniff.CSV: (spreadsheet.PARSER, spreadsheet.parse_csv),
    **{kind: _converted(kind, word.PARSER) for kind in (sniff.DOC, sniff.WPS, sniff.RTF)},
    **{kind: _converted(kind, pdf.PARSER) for kind in (sniff.PPT, sniff.PPTX)},
    **dict.fromkeys((sniff.ZIP, sniff.SEVEN_ZIP), (archive.PARSER, lambda source: _archive(source))),
    sniff.TEXT: (text.PARSER, text.parse_text),
}
_KEPT = {
    sniff.OLE: "old Office files of this sort",
    sniff.XML: "xml files",
    "application/gzip": "gzip files",
}
_ZIPPED = {sniff.XLSX, sniff.PPTX, sniff.OFD, sniff.ZIP}


def parse(source: Source) -> Parsed:
    """Read any file: its type is sniffed from the bytes, whatever its name and header say.

    Raises UnreadableError, and nothing else, when it cannot be read, with the reason: empty, damaged, locked, too
    large, of a type that is kept but not read, or of one that is not known. (MemoryError comes through: the worker's
    limit was reached.)
    """
    media_type = sniff.sniff(source.data, source.name, source.content_type)
    if media_type == sniff.EMPTY:
        raise UnreadableError("the file is empty")
    if media_type == sniff.RAR:
        raise UnreadableError("rar archives are not supported")
    if media_type == sniff.OLE and "EncryptedPackage".encode("utf-16-le") in source.data:
        raise UnreadableError("the file is locked with a password")
    if media_type in _ZIPPED and not zipfile.is_zipfile(io.BytesIO(source.data)):
        raise UnreadableError("the file is damaged or incomplete")
    if media_type in _KEPT:
        raise UnreadableError(f"{_KEPT[media_type]} cannot be read yet; the file is kept")
    if media_type not in _PARSERS:
        raise UnreadableError("the file is of no known type; it is kept")
    version, read = _PARSERS[media_type]
    try:
        return _with_entries(replace(read(source), parser=parser_version(media_type)))
    except (UnreadableError, MemoryError):
        raise
    except Exception as error:  # the last line: what a parsing library lets through must not stop a crawl
        raise UnreadableError(f"{version} failed on this file ({type(error).__name__})") from error


def parser_version(media_type: str) -> str:
    """What `Parsed.parser` is for files of this type today, with the reader of catalogs (``html/2+catalog/1``).

    Empty if no parser reads them.
    """
    return f"{_PARSERS[media_type][0]}+{catalog.READER}" if media_type in _PARSERS else ""


def _archive(source: Source) -> Parsed:
    return archive.parse_archive(source, parse, parser_version(sniff.ZIP))


def _with_entries(parsed: Parsed) -> Parsed:
    """With the rows of the standard catalogs in it (an archive has those of its members already)."""
    running = parsed.body if parsed.kind is Kind.CATALOG else ""
    reading = catalog.read_catalog(parsed.tables, title=parsed.title, body=running)
    if not reading.entries:
        return parsed
    unsure = [asdict(line) for line in reading.report if line.left_out or not line.certain]
    extra = {**parsed.extra, "catalog_report": unsure} if unsure else parsed.extra
    return replace(parsed, entries=reading.entries, kind=parsed.kind or Kind.CATALOG, extra=extra)
