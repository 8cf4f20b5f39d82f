"""Which parts does an Office package hold, and which part refers to which? (ECMA-376-2:2016, 9.3)"""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass

from lxml import etree

from corpus.errors import UnreadableError
from corpus.parsers.package import parse_xml

# The strict form of the standard names the same elements otherwise (ECMA-376-1:2016, Annex A).
_STRICT_WORD = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_WORD = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to: the last word of the relation's kind (``styles``), and the name of the other part."""

    kind: str
    target: str


def read_part(package: zipfile.ZipFile, name: str) -> etree._Element:
    """The root of a part; raises UnreadableError when it is missing or is no XML."""
    if name not in package.NameToInfo:
        raise UnreadableError("the file is incomplete: a part that it refers to is missing")
    return parse_xml(package.read(name).replace(_STRICT_WORD, _WORD))


def read_relations(package: zipfile.ZipFile, part: str) -> dict[str, Relation]:
    """What a part refers to inside the package, by id; the package itself is the part without a name."""
    folder, _, name = part.rpartition("/")
    place = posixpath.join(folder, "_rels", f"{name}.rels")
    if place not in package.NameToInfo:
        return {}
    found: dict[str, Relation] = {}
    for relation in read_part(package, place).iterfind("{*}Relationship"):
        if relation.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, str(relation.get("Target", "")))).lstrip("/")
            found[str(relation.get("Id"))] = Relation(str(relation.get("Type", "")).rpartition("/")[2], target)
    return found


def main_part(package: zipfile.ZipFile, usual: str) -> str:
    """The name of the part that holds the document; the ``usual`` name if the package does not say."""
    relations = read_relations(package, "").values()
    return next((relation.target for relation in relations if relation.kind == "officeDocument"), usual)
