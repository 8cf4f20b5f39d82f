"""Who sealed the file, and when? Read from what the signatures say of themselves; nothing is verified."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from corpus.errors import UnreadableError
from corpus.parsers.ofd.parts import Parts, child, children, folder_of, text_of

_MAX_SIGNATURES = 100
_MAX_BYTES = 4 << 20  # of a seal or a signature; its picture has about 0.03 MB
_MAX_ITEMS = 200  # of one structure
_MAX_STRUCTURES = 1000
_SEQUENCE, _OCTETS, _OBJECT, _IA5, _SET = 0x30, 0x04, 0x06, 0x16, 0x31
_TEXTS = {0x0C: "utf-8", 0x13: "ascii", 0x16: "ascii", 0x1E: "utf-16-be"}  # UTF8String, Printable, IA5, BMP
_ORGANISATION, _COMMON_NAME = b"\x55\x04\x0a", b"\x55\x04\x03"  # 2.5.4.10, 2.5.4.3 (RFC 5280, A.1)
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")

Item = tuple[int, bytes]
"""A DER value: its tag and its content."""


def read_signatures(parts: Parts, body: etree._Element, folder: str, problems: list[str]) -> list[dict[str, str]]:
    """What each signature of a document (DocBody) says: ``seal`` its name, ``organisation`` that signed,
    ``signed_on`` (ISO), ``provider`` of the program; only those that it says."""
    found: list[dict[str, str]] = []
    for listed in children(body, "Signatures"):
        name = parts.find(text_of(listed), folder)
        try:
            entries = list(children(parts.xml(name), "Signature")) if name is not None else []
        except UnreadableError as error:
            problems.append(f"the list of signatures {error.reason}")
            continue
        if name is None:
            problems.append("the list of signatures is missing")
        for entry in entries[:_MAX_SIGNATURES]:
            part = parts.find(entry.get("BaseLoc", ""), folder_of(name or ""), folder)
            try:
                found.append(_signature(parts, part, folder) if part is not None else {})
            except UnreadableError as error:
                problems.append(f"a signature {error.reason}")
                found.append({})
    return found


def _signature(parts: Parts, part: str, folder: str) -> dict[str, str]:
    root = parts.xml(part)
    info = child(root, "SignedInfo")
    provider = child(info, "Provider")
    day = _DAY.match(text_of(child(info, "SignatureDateTime")))
    seal = parts.find(text_of(child(child(info, "Seal"), "BaseLoc")), folder_of(part), folder)
    signed = parts.find(text_of(child(root, "SignedValue")), folder_of(part), folder)
    sealed, value = (parts.read(name)[:_MAX_BYTES] if name else b"" for name in (seal, signed))
    said = {
        "seal": _seal_name(sealed) or _seal_name(value),
        "organisation": _organisation(value),
        "signed_on": "-".join(day.groups()) if day else "",
        "provider": provider.get("ProviderName", "") or text_of(child(provider, "ProviderName"))
        if provider is not None
        else "",
    }
    return {key: text for key, text in said.items() if text}


def _seal_name(data: bytes) -> str:
    """The name in a seal, or in a signature made with one: SES_ESPropertyInfo.name (GB/T 38540-2020, 6.1; GM/T
    0031-2014): the first text of the structure after the header, whose first value is ``ES``, and the seal's number."""
    waiting = [(data, 0)]
    for n in range(_MAX_STRUCTURES):
        if n == len(waiting):
            break
        content, depth = waiting[n]
        items = list(_items(content))
        header = next(_items(items[0][1]), None) if items and items[0][0] == _SEQUENCE else None
        if header == (_IA5, b"ES") and len(items) > 2 and items[2][0] == _SEQUENCE:
            return next((_text(item) for item in _items(items[2][1]) if item[0] == 0x0C), "")
        waiting.extend((inner, depth + 1) for tag, inner in items if tag == _SEQUENCE and depth < 4)
    return ""


def _organisation(signature: bytes) -> str:
    """Whom the signer's certificate names. It stands beside or in the signed structure (SES_Signature), and its subject
    is the value after issuer and validity (RFC 5280, 4.1)."""
    outer = [item for tag, content in _items(signature) if tag == _SEQUENCE for item in _items(content)]
    signed = [item for tag, content in outer[:1] if tag == _SEQUENCE for item in _items(content)]
    for tag, content in (*outer[1:], *signed[1:]):
        if tag != _OCTETS:
            continue
        certificate = [item for _, inner in list(_items(content))[:1] for item in _items(inner)]
        fields = [item for item in _items(certificate[0][1]) if item[0] == _SEQUENCE] if certificate else []
        if len(fields) > 3:  # algorithm, issuer, validity, subject
            names = dict(_names(fields[3][1]))
            if name := names.get(_ORGANISATION) or names.get(_COMMON_NAME):
                return name
    return ""


def _names(subject: bytes) -> Iterator[tuple[bytes, str]]:
    for tag, relative in _items(subject):
        for _, pair in _items(relative) if tag == _SET else ():
            items = list(_items(pair))
            if len(items) == 2 and items[0][0] == _OBJECT:
                yield items[0][1], _text(items[1])


def _text(item: Item) -> str:
    tag, content = item
    return content.decode(_TEXTS.get(tag, "utf-8"), errors="replace").strip("\x00 \n") if len(content) < 1000 else ""


def _items(data: bytes) -> Iterator[Item]:
    """The DER values one after another (X.690, 8.1); ends where the bytes are none."""
    place = 0
    for _ in range(_MAX_ITEMS):
        if place + 2 > len(data):
            return
        tag, length, place = data[place], data[place + 1], place + 2
        if length > 0x80:
            size = length & 0x7F
            length, place = int.from_bytes(data[place : place + size], "big"), place + size
        if length == 0x80 or place + length > len(data):
            return
        yield tag, data[place : place + length]
        place += length
