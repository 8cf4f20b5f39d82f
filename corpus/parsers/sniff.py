"""What sort of file are these bytes? The bytes decide; name and header only where bytes cannot."""

from __future__ import annotations

import io
import re
import zipfile

from corpus.parsers.encoding import decode
from corpus.parsers.package import ZIP_DAMAGE

HTML, PDF, TEXT, EMPTY = "text/html", "application/pdf", "text/plain", "application/x-empty"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OFD, ZIP, SEVEN_ZIP, RAR = "application/ofd", "application/zip", "application/x-7z-compressed", "application/vnd.rar"
DOC, XLS, PPT, OLE = (
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/x-ole-storage",
)
WPS, ET = "application/wps-office.wps", "application/wps-office.et"
RTF, XML, CSV, UNKNOWN = "application/rtf", "application/xml", "text/csv", "application/octet-stream"
PNG, JPEG, GIF, TIFF, BMP = "image/png", "image/jpeg", "image/gif", "image/tiff", "image/bmp"

PICTURES = frozenset({PNG, JPEG, GIF, TIFF, BMP})
_OCR_TYPES = PICTURES | {PDF, SEVEN_ZIP, DOC, WPS, PPT}  # and all zip packages but workbooks
_MAGIC = (
    (b"{\\rtf", RTF),
    (b"7z\xbc\xaf\x27\x1c", SEVEN_ZIP),
    (b"Rar!\x1a\x07", RAR),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF8", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"BM", BMP),
    (b"\x1f\x8b", "application/gzip"),
)
_ZIP_MAGIC = frozenset({b"PK\x03\x04", b"PK\x05\x06"})
_WORKBOOK = re.compile(rb"PK\x01\x02.{42}xl/", re.DOTALL)  # a file header of the directory: APPNOTE.TXT, 4.3.12
_PARTS = ((b"word/", DOCX), (b"xl/", XLSX), (b"ppt/", PPTX), (b"OFD.xml", OFD))
# The streams of an OLE file are named in UTF-16; WPS writes the same streams as Word and Excel.
_STREAMS = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS), ("PowerPoint Document", PPT))
_KINGSOFT = {"wps": WPS, "wpt": WPS, "et": ET, "ett": ET}
_HEAD_BYTES = 1 << 16
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_FRAGMENT = re.compile(rb"\s*<(?:!--|[a-z][a-z0-9]*[\s>/])", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAX_CONTROL = 0.001  # of the characters: text files hold a stray one at most
_MAX_DAMAGED = 0.05


def sniff(data: bytes, name: str = "", content_type: str = "") -> str:
    """The media type without parameters: ``text/html``, ``application/pdf``, the OOXML names …; ``application/x-empty``
    for nothing, ``application/octet-stream`` for what is not known.

    A name (its extension) tells .wps from .doc and .et from .xls, which are the same inside, and .csv from other text;
    a header tells a page from a text where the bytes do neither. A damaged archive still has the type that its entries
    show.
    """
    if not data.strip(b"\x00\t\n\r \x0c"):
        return EMPTY
    if data[:4] in _ZIP_MAGIC:
        return _zip_type(data)
    if marked := _marked_type(data, name):
        return marked
    found = _text_type(data, content_type)
    return CSV if found == TEXT and (_extension(name) == "csv" or "csv" in content_type.lower()) else found


def may_need_ocr(data: bytes, name: str = "") -> bool:
    """Whether the file may hold pages or pictures whose text only OCR reads, or another program must convert it first.

    Told from marked bytes alone, in microseconds and without unpacking anything; a damaged package may.
    """
    if data[:4] in _ZIP_MAGIC:
        return _WORKBOOK.search(_zip_directory(data)) is None
    return _marked_type(data, name) in _OCR_TYPES


def _extension(name: str) -> str:
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def _marked_type(data: bytes, name: str) -> str:
    """The type that bytes at the beginning show; empty for texts, pages and what is not known."""
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        found = next((kind for stream, kind in _STREAMS if stream.encode("utf-16-le") in data), OLE)
        return _KINGSOFT.get(_extension(name), found)
    for magic, kind in _MAGIC:
        if data.startswith(magic) and (magic != b"BM" or b"\x00" in data[:64]):
            return kind
    # The header of a PDF may stand anywhere in there (ISO 32000-1, Annex H, note 13).
    return PDF if b"%PDF-" in data[:1024] else ""


def _zip_directory(data: bytes) -> bytes:
    """The central directory, where it stands whole before its end record (APPNOTE.TXT, 4.3.16); else nothing."""
    end = data.rfind(b"PK\x05\x06")
    size = int.from_bytes(data[end + 12 : end + 16], "little") if end >= 0 else 0
    return data[end - size : end] if 0 < size <= end else b""


def _zip_type(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [entry.encode("utf-8", "replace") for entry in archive.namelist()]
    except ZIP_DAMAGE:
        names = [part for part, _ in _PARTS if part in data]
    return next((kind for part, kind in _PARTS if any(entry.startswith(part) for entry in names)), ZIP)


def _text_type(data: bytes, content_type: str) -> str:
    head = data[:_HEAD_BYTES].replace(b"\x00", b"")
    if _HTML.search(head):
        return HTML
    decoded = decode(data[:_HEAD_BYTES], content_type)
    raw = data[:_HEAD_BYTES].decode(decoded.encoding, errors="replace")
    damaged = decoded.damaged > _MAX_DAMAGED * len(raw)
    if "html" in content_type.lower() and not damaged:
        return HTML
    if damaged or len(_CONTROL.findall(raw)) > max(1, _MAX_CONTROL * len(raw)):
        return UNKNOWN
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        return XML
    return HTML if _FRAGMENT.match(head.removeprefix(b"\xef\xbb\xbf")) else TEXT
