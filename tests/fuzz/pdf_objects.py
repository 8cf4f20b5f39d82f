"""How is an object of a PDF changed, its stream unpacked, so that the file still holds together?"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Mapping
from functools import lru_cache

from hypothesis import strategies as st

from tests.fuzz.cases import MAX_BYTES, Draw, change_bytes
from tests.fuzz.pieces import PDF_TOKENS

_OBJECT = re.compile(rb"(?<![0-9])(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"(.*?)\bstream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_TRAILER = re.compile(rb"trailer\s*(<<.*?>>)\s*startxref", re.DOTALL)
_FILTER = re.compile(rb"/Filter\s*(\[[^\]]*\]|/\w+)")
_LENGTH = re.compile(rb"/Length\s+\d+(?: 0 R)?")
_TOKEN = re.compile(rb"/[A-Za-z][\w+-]*|[-+]?\d*\.?\d+|\b[A-Za-z]{1,2}\*?(?=\s)|\((?:[^()\\]|\\.)*\)|<[0-9A-Fa-f\s]*>")


@lru_cache(maxsize=64)
def objects(data: bytes) -> tuple[Mapping[int, bytes], bytes]:
    """The objects of a PDF by number, streams that are only packed (or in ASCII) unpacked, and its trailer's
    dictionary; none if it has no trailer of the classic sort."""
    found = {int(match[1]): _plain(match[2]) for match in _OBJECT.finditer(data)}
    trailer = _TRAILER.search(data)
    return (found, trailer[1]) if trailer else ({}, b"")


def assembled(parts: Mapping[int, bytes], trailer: bytes) -> bytes:
    """The file of these objects, with a table of where they stand."""
    file = bytearray(b"%PDF-1.7\n")
    places: dict[int, int] = {}
    for number, content in parts.items():
        places[number] = len(file)
        file += b"%d 0 obj%bendobj\n" % (number, content)
    size = max(parts, default=0) + 1
    table = b"".join(
        b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n" for number in range(size)
    )
    file += b"xref\n0 %d\n%btrailer\n%b\nstartxref\n%d\n%%%%EOF\n" % (size, table, trailer, len(file))
    return bytes(file)


def _plain(content: bytes) -> bytes:
    stream = _STREAM.match(content)
    if stream is None:
        return content
    head, body = stream[1], stream[2]
    found = _FILTER.search(head)
    names = re.findall(rb"/\w+", found[1]) if found else []
    if b"/DecodeParms" not in head:
        try:
            for name in names:
                body = _UNPACK[name](body)
        except (KeyError, ValueError, zlib.error):
            return content
        head = _FILTER.sub(b"", head)
    return _stream(head, body)


def _stream(head: bytes, body: bytes) -> bytes:
    return _LENGTH.sub(b"/Length %d" % len(body), head) + b"stream\n" + body + b"\nendstream\n"


_UNPACK = {
    b"/FlateDecode": zlib.decompress,
    b"/ASCII85Decode": lambda body: base64.a85decode(b"<~" + body.strip().removeprefix(b"<~"), adobe=True),
}


def change_pdf(draw: Draw, data: bytes) -> tuple[bytes, str]:
    """Changes one object, or which objects there are."""
    found, trailer = objects(data)
    if not found:
        return change_bytes(draw, data)
    parts = dict(found)
    numbers = sorted(parts)
    number = draw(st.sampled_from(numbers))
    kind = draw(st.sampled_from(("token", "token", "token", "token", "bytes", "drop", "swap", "trailer")))
    if kind == "drop":
        del parts[number]
        what = f"without object {number}"
    elif kind == "swap":
        other = draw(st.sampled_from(numbers))
        parts[number], parts[other] = parts[other], parts[number]
        what = f"objects {number} and {other} change places"
    elif kind == "trailer":
        trailer, what = change_token(draw, trailer)
    else:
        changed, what = (change_token if kind == "token" else change_bytes)(draw, parts[number])
        stream = _STREAM.match(changed)
        parts[number] = (_stream(stream[1], stream[2]) if stream else changed)[: MAX_BYTES // 2]
        what = f"object {number}: {what}"
    return assembled(parts, trailer), what


def change_token(draw: Draw, data: bytes) -> tuple[bytes, str]:
    """Replaces a name, number, operator or string by another one or an extreme, or repeats or drops it."""
    tokens = list(_TOKEN.finditer(data))
    if not tokens:
        return change_bytes(draw, data)
    token = draw(st.sampled_from(tokens))
    other = draw(
        st.one_of(st.sampled_from(PDF_TOKENS).map(str.encode), st.sampled_from(tokens).map(lambda match: match[0]))
    )
    new = draw(st.sampled_from((other, token[0] + b" " + other, (token[0] + b" ") * 3000, b"")))
    return data[: token.start()] + new + data[token.end() :], f"{token[0][:30]!r} is {new[:30]!r} at {token.start()}"
