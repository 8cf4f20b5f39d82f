"""How is a file changed that is a zip package of XML parts, so that it still opens?"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache

from hypothesis import strategies as st
from lxml import etree

from corpus.parsers.package import ZIP_DAMAGE
from tests.fuzz.cases import MAX_BYTES, Draw, change_bytes
from tests.fuzz.pieces import XML_MARKUP, XML_VALUES

_NUMBER = re.compile(rb'(?<=")-?\d[\d.]*(?=")|(?<=>)-?\d[\d.]*(?=<)')


@lru_cache(maxsize=256)
def unpacked(data: bytes) -> Mapping[str, bytes]:
    """The parts of a package by name; none if it does not open."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {name: package.read(name) for name in package.namelist()}
    except ZIP_DAMAGE:
        return {}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The package of these parts, the same bytes for the same parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name, content in parts.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 1)
    return stream.getvalue()


def change_package(draw: Draw, data: bytes) -> tuple[bytes, str]:
    """Changes one part, or which parts there are."""
    parts = dict(unpacked(data))
    if not parts:
        return change_bytes(draw, data)
    names = sorted(parts)
    name = draw(st.sampled_from(names))
    kind = draw(
        st.sampled_from(("tree", "tree", "tree", "number", "number", "markup", "bytes", "drop", "rename", "swap"))
    )
    if kind == "drop":
        del parts[name]
        return packed(parts), f"without {name}"
    if kind == "rename":
        to = draw(
            st.sampled_from((name.upper(), f"../{name}", f"/{name}", name.replace("/", "\\"), f"{name}\x00", "x"))
        )
        parts[to] = parts.pop(name)
        return packed(parts), f"{name} is called {to!r}"
    if kind == "swap":
        other = draw(st.sampled_from(names))
        parts[name], parts[other] = parts[other], parts[name]
        return packed(parts), f"{name} and {other} change places"
    change = {"tree": change_tree, "number": change_number, "markup": change_markup, "bytes": change_bytes}[kind]
    parts[name], what = change(draw, parts[name])
    return packed(parts), f"{name}: {what}"


def change_number(draw: Draw, data: bytes) -> tuple[bytes, str]:
    """Puts something extreme in the place of a number."""
    found = list(_NUMBER.finditer(data))
    if not found:
        return change_bytes(draw, data)
    match, new = draw(st.sampled_from(found)), draw(st.sampled_from(XML_VALUES))
    return data[: match.start()] + new.encode() + data[match.end() :], f"{new[:40]!r} at {match.start()}"


def change_markup(draw: Draw, data: bytes) -> tuple[bytes, str]:
    """Puts in what XML has no place for there, mostly."""
    markup = draw(st.sampled_from(XML_MARKUP)).encode()
    places = [0, *(match.start() for match in re.finditer(rb"[<>]", data))]
    at = draw(st.sampled_from(places))
    return data[:at] + markup + data[at:], f"{markup!r} put in at {at}"


def change_tree(draw: Draw, data: bytes) -> tuple[bytes, str]:
    """Drops, repeats, wraps, moves or renames an element, or changes its attributes or its text: still XML."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return change_bytes(draw, data)
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    element = draw(st.sampled_from(elements))
    what = _change_element(draw, element, draw(st.sampled_from(elements)), room=MAX_BYTES - len(data))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True), what


def _change_element(draw: Draw, element: etree._Element, other: etree._Element, room: int) -> str:
    name = etree.QName(element).localname
    parent, keys = element.getparent(), sorted(map(str, element.keys()))
    kinds = ["text", "set", "tag", "namespace", "take", "wrap"]
    kinds += ["drop", "repeat"] if parent is not None else []
    kinds += ["value", "value", "value", "forget"] if keys else []
    match draw(st.sampled_from(kinds)):
        case "drop" if parent is not None:
            parent.remove(element)
            return f"{name} dropped"
        case "repeat" if parent is not None:
            size = max(1, len(etree.tostring(element)))
            times = min(draw(st.sampled_from((1, 2, 20, 300, 5000))), room // size)
            for _ in range(times):
                element.addnext(deepcopy(element))
            return f"{name} {times} times more"
        case "wrap":
            depth = draw(st.sampled_from((1, 3, 30, 120, 240, 400)))
            inside = deepcopy(element)
            for child in list(element):
                element.remove(child)
            deepest, attributes = element, {str(key): str(value) for key, value in element.items()}
            for _ in range(depth):
                deepest = etree.SubElement(deepest, element.tag, attributes)
            deepest.append(inside)
            return f"{name} {depth} deep in itself"
        case "take":
            element.append(deepcopy(other))
            return f"{etree.QName(other).localname} in {name}"
        case "tag":
            element.tag = other.tag
            return f"{name} is {etree.QName(other).localname}"
        case "namespace":
            element.tag = f"{{urn:x}}{name}"
            return f"{name} of an unknown namespace"
        case "forget":
            key = draw(st.sampled_from(keys))
            del element.attrib[key]
            return f"{name} without {key}"
        case "value":
            key, value = draw(st.sampled_from(keys)), draw(_VALUES)
            element.set(key, value)
            return f"{name} {key}={value[:40]!r}"
        case "set":
            value = draw(_VALUES)
            for name_of_other in map(str, other.keys()):
                element.set(name_of_other, value)
            return f"{name} all of {etree.QName(other).localname}={value[:40]!r}"
        case _:
            value = draw(_VALUES)
            element.text = value
            return f"{name} says {value[:40]!r}"


_VALUES = st.one_of(
    st.sampled_from(XML_VALUES),
    st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=12),
    st.integers(-(10**6), 10**12).map(str),
    st.floats().map(str),
)
