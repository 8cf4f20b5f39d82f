"""Which URLs of the portal are traps for a crawler, and what do they answer?

Their pages stand under templates/oddities/. Documents that are odd themselves (broken, image only, near-duplicates)
are ordinary text files with a role in their header.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

from corpus.sample.listings import Row
from corpus.sample.pages import render
from corpus.sample.resources import HTML, Resource

FORBIDDEN = ("/neibu/zbb202409.html", "/search?q=%E4%BD%8E%E4%BF%9D")  # robots.txt forbids /neibu/ and /search
SOFT_404 = "/zwgk/gsgg/2020-01/10/content_9901.html"
CHALLENGE = "/hdjl/dczj/index.html"
SERVER_ERROR = "/zwgk/gsgg/2022-08/16/content_9902.html"
MISSING = "/zwgk/zfgb/2018/index.html"  # linked from every footer, and gone
REDIRECT, REDIRECT_TARGET = "/zwgk/zfxxgkzn.html", "/zwgk/zzjg/2020-12/30/content_9001.html"
SECTION_REDIRECT, SECTION_TARGET = "/bsfw", "/bsfw/"
IMAGE = "/images/2023ylfxt.png"
STYLE = "/images/style.css"

# Rows that stand on the last list page of a column, after its documents.
LIST_ROWS: Mapping[str, tuple[Row, ...]] = {
    "gsgg": (
        Row(SERVER_ERROR, "栖川市云澜区2022年第三季度行政许可公示", "2022-08-16"),
        Row(SOFT_404, "云澜区2020年春节期间市场供应公告", "2020-01-10"),
        Row("el.url", "el.title", ""),
        Row("{{item.url}}", "{{item.title}}", ""),
        Row("javascript:void(0)", "更多", ""),
    ),
    "qzfwj": (Row("javascript:void(0);", "加载更多", ""), Row("el.url", "", "")),
}


def odd_pages() -> dict[str, Resource]:
    """The traps by path (and query)."""
    return {
        FORBIDDEN[0]: _page("neibu.html"),
        FORBIDDEN[1]: _page("search.html"),
        SOFT_404: _page("soft_404.html"),
        CHALLENGE: _page("challenge.html"),
        SERVER_ERROR: _page("error.html", 500),
        REDIRECT: Resource(b"", HTML, 302, location=REDIRECT_TARGET),
        SECTION_REDIRECT: Resource(b"", HTML, 301, location=SECTION_TARGET),
        IMAGE: Resource(striped_png(480, 640), "image/png"),
        STYLE: Resource(render("style.css").encode(), "text/css; charset=utf-8"),
    }


def not_found_page() -> Resource:
    return _page("not_found.html", 404)


def server_error_page() -> Resource:
    return _page("error.html", 500)


def _page(template: str, status: int = 200) -> Resource:
    return Resource(render(f"oddities/{template}").encode(), HTML, status)


def striped_png(width: int, height: int) -> bytes:
    """A grey picture with dark bars where a scan would have its lines of text (PNG, 8-bit grey)."""
    rows = bytearray()
    for y in range(height):
        ink = 60 < y < height - 60 and y % 28 < 12
        line = bytes(40 if ink and 40 < x < width - 40 and x % 16 < 13 else 245 for x in range(width))
        rows += b"\0" + line

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows))) + chunk(b"IEND", b"")
    )
