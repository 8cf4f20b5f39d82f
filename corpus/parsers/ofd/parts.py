"""Where is a part of an OFD package, and what XML does it hold? Hostile sizes, paths and names end here."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator

from lxml import etree

from corpus.errors import UnreadableError
from corpus.parsers.package import MAX_UNPACKED_BYTES, MAX_XML_BYTES, ZIP_DAMAGE, parse_xml


class Parts:
    """The parts of a package by location. A location is absolute (``/Doc_0/…``) or relative to the folder of the part
    that names it (GB/T 33190-2016, 7.3: ST_Loc); files of some programs differ in case, write ``\\`` or leave out the
    leading ``/``, and are found all the same. Nothing outside the package can be named."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._entries = {_tidy(entry.filename): entry for entry in package.infolist() if not entry.is_dir()}
        self._folded = {name.lower(): name for name in reversed(self._entries)}
        self._unread_bytes = MAX_UNPACKED_BYTES

    def find(self, location: str, *folders: str) -> str | None:
        """The name of the part at a location that is seen from these folders, tried in their order and then from the
        root; None if there is none."""
        location = location.strip().replace("\\", "/")
        for folder in ("",) if location.startswith("/") else (*folders, ""):
            name = _tidy(posixpath.join(folder, location.lstrip("/")))
            if name in self._entries:
                return name
            if name.lower() in self._folded:
                return self._folded[name.lower()]
        return None

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises UnreadableError when it is damaged, too large, or parts were read so often that
        all of them together make more than a package may unpack to."""
        entry = self._entries[name]
        self._unread_bytes -= entry.file_size
        if entry.file_size > MAX_XML_BYTES or self._unread_bytes < 0:
            raise UnreadableError("is too large")
        try:
            return self._package.read(entry)
        except ZIP_DAMAGE as error:
            raise UnreadableError("is damaged") from error

    def xml(self, name: str) -> etree._Element:
        """The root of an XML part. Raises UnreadableError as `read` does, and when it is no XML."""
        data = self.read(name)
        try:
            return parse_xml(data)
        except UnreadableError as error:
            raise UnreadableError("is no XML") from error


def folder_of(name: str) -> str:
    """The folder of a part."""
    return posixpath.dirname(name)


def _tidy(name: str) -> str:
    """A name without ``.``, ``..`` (which stop at the root) and empty steps."""
    return posixpath.normpath("/" + name.replace("\\", "/")).lstrip("/")


def local_name(element: etree._Element) -> str:
    """The name without its namespace: files written before the standard use others. Empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element | None, *names: str) -> Iterator[etree._Element]:
    """The children of these names, in their order."""
    for child in element if element is not None else ():
        if local_name(child) in names:
            yield child


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of this name."""
    return next(children(element, name), None)


def text_of(element: etree._Element | None) -> str:
    """The text of an element without white space at its ends; empty for None."""
    return (element.text or "").strip() if element is not None else ""
