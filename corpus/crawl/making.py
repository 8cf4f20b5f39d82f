"""Which document does a page make, when its listing, its column and its link say more than the page itself?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

from corpus.crawl.frontier import Address
from corpus.crawl.site import Site
from corpus.crawl.urls import canonical_url, file_name
from corpus.models import Attachment, Document, Kind, Validity
from corpus.parsers import Link, Parsed
from corpus.parsers.kinds import tell_kind
from corpus.records import document_from_record, record_from_document

_TEXTS = ("column", "document_number", "index_number", "subject", "source")
_CUT = ("…", "...")  # a title that did not fit its row
_DATES = ("published_on", "issued_on", "effective_on", "expires_on")


def make_document(parsed: Parsed, address: Address, site: Site, fetched_at: datetime) -> Document:
    """The document of a page, in the spelling in which it is stored.

    The page's own words count first, then those of a described listing, then the row of a page that lists it, then
    the site file's. A title that the page does not show is its listing's, else what its parser guessed of its first
    line, else the words of the link to it, at last its file's name. That holds for a page that is a file as well.
    """
    document = parsed.to_document(address.document_id, url=address.url, site=site.id, fetched_at=fetched_at)
    row = address.hints.get("row")
    hints = {**(row if isinstance(row, Mapping) else {}), **address.hints}
    changes: dict[str, Any] = {"region": document.region or site.region}
    column = site.column_of(address.url)
    for name in _TEXTS:
        if not getattr(document, name) and (text := _text(hints, name)):
            changes[name] = text
    for name in _DATES:
        if getattr(document, name) is None and (text := _text(hints, name)):
            changes[name] = date.fromisoformat(text)
    if not document.issuers and (text := _text(hints, "issuer")):
        changes["issuers"] = (text,)
    if not document.keywords and (text := _text(hints, "keywords")):
        changes["keywords"] = tuple(text.replace(";", "；").split("；"))
    if document.validity is Validity.UNKNOWN and (text := _text(hints, "validity")):
        changes["validity"] = Validity(text)
    if not document.column and "column" not in changes and column is not None:
        changes["column"] = column.name
    title = changes["title"] = _title(parsed, address, _text(hints, "title"))
    if document.kind is Kind.OTHER:
        changes["kind"] = tell_kind(title, "") or (column.kind if column else None) or Kind.OTHER
    changes["attachments"] = attachments_of(parsed.attachments)
    return document_from_record(record_from_document(replace(document, **changes)))


def _title(parsed: Parsed, address: Address, listed: str) -> str:
    name = file_name(address.url)
    read = " ".join(parsed.title.split())
    if read and not parsed.title_guessed:
        return read
    guess = "" if read == PurePosixPath(name).stem else read
    if guess and listed.endswith(_CUT):
        return guess
    return listed or guess or address.anchor or name or address.url


def attachments_of(links: Iterable[Link]) -> tuple[Attachment, ...]:
    """The attachments with canonical addresses, under which their files are kept; each address once."""
    found: dict[str, Attachment] = {}
    for link in links:
        url = canonical_url(link.url)
        if url is not None and url not in found:
            found[url] = Attachment(name=link.text.strip() or file_name(url) or url, url=url)
    return tuple(found.values())


def _text(hints: Mapping[str, object], name: str) -> str:
    value = hints.get(name, "")
    return value if isinstance(value, str) else ""
