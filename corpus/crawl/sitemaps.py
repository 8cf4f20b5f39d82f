"""Which addresses does a sitemap name? (sitemaps.org: urlset, sitemapindex, plain text, each also as gzip.)"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import lxml.etree

# The protocol allows 50 MB unpacked; more is a mistake or an attack.
MAX_UNPACKED = 60_000_000


class SitemapError(ValueError):
    """The answer is no sitemap; the message says why."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one sitemap names: ``pages``, and more ``sitemaps`` (an index)."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_sitemap(data: bytes) -> Sitemap:
    """Read a sitemap; addresses are as written. Raises SitemapError."""
    if data[:2] == b"\x1f\x8b":
        data = _unpack(data)
    if not data.lstrip().startswith(b"<"):
        lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines()]
        pages = tuple(line for line in lines if line.startswith(("http://", "https://")))
        if not pages:
            raise SitemapError("is no sitemap (neither XML nor a list of addresses)")
        return Sitemap(pages=pages)
    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    root = lxml.etree.fromstring(data.lstrip(), parser=parser)
    if root is None or _name(root) not in ("urlset", "sitemapindex"):
        raise SitemapError("is no sitemap (its root is neither urlset nor sitemapindex)")
    found = tuple(
        text for entry in root for child in entry if _name(child) == "loc" and (text := (child.text or "").strip())
    )
    return Sitemap(sitemaps=found) if _name(root) == "sitemapindex" else Sitemap(pages=found)


def _unpack(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(data, MAX_UNPACKED)
    except zlib.error as error:
        raise SitemapError(f"is a broken gzip file ({error})") from error
    if unpacker.unconsumed_tail:
        raise SitemapError(f"unpacks to more than {MAX_UNPACKED // 1_000_000} MB")
    return unpacked


def _name(element: lxml.etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""
