"""Is it safe to unpack this zip package? Every format that is a zip inside (OFD, DOCX, XLSX) opens it here."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from corpus.errors import UnreadableError

MAX_UNPACKED_BYTES = 256 << 20
"""A package that unpacks to more is refused (a zip bomb); annual reports full of pictures have about 60 MB."""

MAX_MEMBERS = 20_000
"""A package of more files is refused; a document of 2,000 pages has about 4,000."""

MAX_XML_BYTES = 48 << 20
"""An XML part above this is refused: as a tree it takes up to thirty times as much. 2,000 pages of Word have 30 MB."""

# What zipfile lets through of a broken file: ValueError for names and for an entry said to stand before the file,
# RuntimeError for encryption and (as its subclass) for a compression that it does not know.
ZIP_DAMAGE = (zipfile.BadZipFile, EOFError, OSError, RuntimeError, ValueError, zlib.error, lzma.LZMAError)

_MAX_RATIO = 200  # unpacked to packed, of a large member; XML of a spreadsheet reaches about 60, a bomb 1,000
_RATIO_FROM_BYTES = 16 << 20  # small members may be as regular as they like


@contextmanager
def open_package(data: bytes, what: str) -> Iterator[zipfile.ZipFile]:
    """The zip package in ``data``; ``what`` names it in messages ("OFD file").

    Raises UnreadableError when it is damaged or encrypted, or would unpack to too much, also when what happens in the
    block shows that only then.
    """
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except ZIP_DAMAGE as error:
        raise UnreadableError(f"the {what} is damaged or incomplete") from error
    try:
        with opened as package:
            _check(package, what)
            yield package
    # Not all of ZIP_DAMAGE: the block is a parser's code, and its own RuntimeError must not look like damage.
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, zlib.error, lzma.LZMAError) as error:
        raise UnreadableError(f"the {what} is damaged or incomplete") from error


def _check(package: zipfile.ZipFile, what: str) -> None:
    entries = package.infolist()
    if len(entries) > MAX_MEMBERS:
        raise UnreadableError(f"the {what} holds more than {MAX_MEMBERS:,} files")
    if any(entry.header_offset < 0 for entry in entries):  # bytes are missing before the directory
        raise UnreadableError(f"the {what} is damaged or incomplete")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableError(f"the {what} is encrypted")
    # ZipFile reads no more of a member than the directory says, so these sums hold whatever the member's bytes are.
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise UnreadableError(f"the {what} unpacks to more than {MAX_UNPACKED_BYTES >> 20} MB")
    if any(
        entry.file_size > _RATIO_FROM_BYTES and entry.file_size > _MAX_RATIO * entry.compress_size for entry in entries
    ):
        raise UnreadableError(f"the {what} is packed too tightly to be a document")


def parse_xml(data: bytes) -> etree._Element:
    """The root of an XML part; nothing is fetched, depth and lengths are libxml2's own limits.

    Raises UnreadableError when it is no XML, larger than `MAX_XML_BYTES`, or has a document type (and may so declare
    entities), which no part of a document has.
    """
    if len(data) > MAX_XML_BYTES:
        raise UnreadableError(f"a part of the file is larger than {MAX_XML_BYTES >> 20} MB")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError("a part of the file is no XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableError("a part of the file declares a document type, as files made to harm do")
    return root
