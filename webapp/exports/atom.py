"""Documents as an Atom feed (RFC 4287), with what RFC 5005 and OpenSearch 1.1 say of its pages."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from lxml import etree

from corpus.stored import StoredDocument
from webapp.exports.cells import xml_text
from webapp.exports.found import page_link
from webapp.presenters import kind_label

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
# What the ids of this program's feeds and entries are made from: any UUID that nobody else uses.
_NAMESPACE = uuid.UUID("5f0b7f2e-7a0c-4f6a-9d53-0d2d54c8a1b6")
_NAMES = {None: _ATOM, "opensearch": _OPENSEARCH}
# When a feed without entries changed last.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """A document and the piece of it that answers."""

    stored: StoredDocument
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """``links`` are by their relation (``self``, ``alternate``, ``next`` …); ``total`` counts the hits of all pages."""

    title: str
    author: str
    links: Sequence[tuple[str, str]]
    total: int
    first: int
    entries: Sequence[FeedEntry]
    public_url: str


def feed_xml(feed: Feed) -> bytes:
    """The feed in UTF-8. Its id is that of its own address, an entry's is that of the document: neither ever changes.

    Without ``public_url`` links begin with ``/``, and readers complete them by the address of the feed.
    """
    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_NAMES)  # type: ignore[arg-type]  # None is allowed
    own = next(address for relation, address in feed.links if relation == "self")
    _add(root, "id", _urn(f"feed {own}"))
    _add(root, "title", feed.title)
    moments = [_moment(entry.stored.changed_at) for entry in feed.entries]
    _add(root, "updated", _stamp(max(moments, default=_NEVER)))
    _add(_add(root, "author"), "name", feed.author)
    for relation, address in feed.links:
        kind = "text/html" if relation == "alternate" else MEDIA_TYPE
        _add(root, "link", rel=relation, href=feed.public_url.rstrip("/") + address, type=kind)
    for name, value in (("totalResults", feed.total), ("startIndex", feed.first), ("itemsPerPage", len(feed.entries))):
        etree.SubElement(root, f"{{{_OPENSEARCH}}}{name}").text = str(value)
    for entry in feed.entries:
        _add_entry(root, entry, feed.public_url)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _add_entry(root: etree._Element, entry: FeedEntry, public_url: str) -> None:
    document = entry.stored.document
    element = _add(root, "entry")
    _add(element, "id", _urn(f"document {document.id}"))
    _add(element, "title", document.title)
    _add(element, "link", rel="alternate", href=page_link(public_url, document.id), type="text/html")
    _add(element, "updated", _stamp(_moment(entry.stored.changed_at)))
    if day := document.published_on or document.issued_on:
        _add(element, "published", f"{day.isoformat()}T00:00:00+08:00")
    for name in document.issuers:
        _add(_add(element, "author"), "name", name)
    _add(element, "category", term=document.kind.value, label=kind_label(document.kind))
    if entry.summary:
        _add(element, "summary", entry.summary)


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(
        parent, f"{{{_ATOM}}}{name}", {key: xml_text(value) for key, value in attributes.items()}
    )
    element.text = xml_text(text) or None
    return element


def _urn(name: str) -> str:
    return uuid.uuid5(_NAMESPACE, xml_text(name)).urn


def _moment(moment: datetime) -> datetime:
    """The store keeps UTC without saying so."""
    return moment.replace(tzinfo=UTC)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
