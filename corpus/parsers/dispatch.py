"""Which parser reads this file? The one door to them all: only `UnreadableError` comes out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from corpus.errors import UnreadableError
from corpus.parsers import Parsed, Source, html, pdf, sniff, text, word

_PARSERS: dict[str, tuple[str, Callable[[Source], Parsed]]] = {
    sniff.HTML: (html.PARSER, html.parse_html),
    sniff.PDF: (pdf.PARSER, pdf.parse_pdf),
    sniff.DOCX: (word.PARSER, word.parse_docx),
    sniff.TEXT: (text.PARSER, text.parse_text),
}
_KEPT = {
    sniff.DOC: "doc files",
    sniff.XLS: "xls files",
    sniff.PPT: "ppt files",
    sniff.OLE: "old Office files of this sort",
    sniff.XLSX: "xlsx files",
    sniff.PPTX: "pptx files",
    sniff.WPS: "wps files",
    sniff.ET: "et files",
    sniff.OFD: "ofd files",
    sniff.ZIP: "zip archives",
    sniff.SEVEN_ZIP: "7z archives",
    sniff.RTF: "rtf files",
    sniff.XML: "xml files",
    "application/gzip": "gzip files",
    "image/png": "pictures (png)",
    "image/jpeg": "pictures (jpeg)",
    "image/gif": "pictures (gif)",
    "image/tiff": "pictures (tiff)",
    "image/bmp": "pictures (bmp)",
}
_ZIPPED = {sniff.XLSX, sniff.PPTX, sniff.OFD, sniff.ZIP}


def parse(source: Source) -> Parsed:
    """Read any file: its type is sniffed from the bytes, whatever its name and header say.

    Raises UnreadableError, and nothing else, when it cannot be read, with the reason: empty, damaged, locked, too
    large, of a type that is kept but not read yet, or of one that is not known.
    """
    media_type = sniff.sniff(source.data, source.name, source.content_type)
    if media_type == sniff.EMPTY:
        raise UnreadableError("the file is empty")
    if media_type == sniff.RAR:
        raise UnreadableError("rar archives are not supported")
    if media_type in _ZIPPED and not zipfile.is_zipfile(io.BytesIO(source.data)):
        raise UnreadableError(f"the file is damaged or incomplete ({_KEPT[media_type]})")
    if media_type in _KEPT:
        raise UnreadableError(f"{_KEPT[media_type]} cannot be read yet; the file is kept")
    if media_type not in _PARSERS:
        raise UnreadableError("the file is of no known type; it is kept")
    version, read = _PARSERS[media_type]
    try:
        return read(source)
    except UnreadableError:
        raise
    except Exception as error:  # the last line: what a parsing library lets through must not stop a crawl
        raise UnreadableError(f"{version} failed on this file ({type(error).__name__})") from error


def parser_version(media_type: str) -> str:
    """What `Parsed.parser` is for files of this type today (``html/1``); empty if no parser reads them."""
    return _PARSERS[media_type][0] if media_type in _PARSERS else ""
