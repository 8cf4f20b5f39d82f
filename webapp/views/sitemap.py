"""Which pages should search engines know? A sitemap in parts (sitemaps.org 0.9), and robots.txt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from flask import Blueprint, Response, request, url_for

from corpus.stored import Change
from webapp.errors import NotHereError
from webapp.exports.cells import xml_text
from webapp.exports.found import page_link
from webapp.ports import Services

# What the protocol allows in one part.
PART_URLS = 50_000
# Changes and documents that are read at a time.
_A_TIME = 1_000
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# What has no end (searches), is large (exports), or is nobody's business.
_CLOSED = ("/search", "/catalog.", "/api/", "/feeds/", "/staff", "/kiosk", "/metrics", "/healthz")


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("sitemap", __name__)

    def base() -> str:
        """Sitemaps hold absolute addresses only."""
        return services.settings.public_url.rstrip("/") or request.host_url.rstrip("/")

    @pages.get("/sitemap.xml")
    def index() -> Response:
        """The parts: each begins behind the change that the one before ends with."""
        return _xml(_index(services, base() + url_for(".index").removesuffix(".xml")))

    @pages.get("/sitemap-<int:after>.xml")
    def part(after: int) -> Response:
        """The live documents among the next `PART_URLS` changes above number ``after``."""
        if after > _HIGHEST or not services.store.changes(after, 1):
            raise NotHereError("网站地图", str(after), "请从 /sitemap.xml 开始。")
        return _xml(_part(services, after, base()))

    @pages.get("/robots.txt")
    def robots() -> Response:
        closed = "".join(f"Disallow: {path}\n" for path in _CLOSED)
        address = f"{base()}{url_for('.index')}"
        return Response(f"User-agent: *\n{closed}\nSitemap: {address}\n", mimetype="text/plain")

    return pages


# The largest number that databases keep in a column of 64 bits.
_HIGHEST = (1 << 63) - 1


def _xml(chunks: Iterator[str]) -> Response:
    return Response((chunk.encode() for chunk in chunks), mimetype="application/xml")


def _index(services: Services, stem: str) -> Iterator[str]:
    yield f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n'
    number, after = 0, 0
    for batch in _changes(services, 0):
        for change in batch:
            if number % PART_URLS == 0:
                yield f"<sitemap><loc>{escape(f'{stem}-{after}.xml')}</loc></sitemap>\n"
            number, after = number + 1, change.number
    yield "</sitemapindex>\n"


def _part(services: Services, after: int, base: str) -> Iterator[str]:
    yield f'{_HEAD}<urlset xmlns="{_NAMESPACE}">\n'
    left = PART_URLS
    for batch in _changes(services, after):
        ids = [change.document_id for change in batch[:left] if change.live]
        for stored in services.store.documents(ids):
            address = escape(xml_text(page_link(base, stored.document.id)))
            yield f"<url><loc>{address}</loc><lastmod>{stored.changed_at:%Y-%m-%dT%H:%M:%SZ}</lastmod></url>\n"
        left -= len(batch)
        if left <= 0:
            break
    yield "</urlset>\n"


def _changes(services: Services, after: int) -> Iterator[Sequence[Change]]:
    while changes := services.store.changes(after, _A_TIME):
        yield changes
        after = changes[-1].number
