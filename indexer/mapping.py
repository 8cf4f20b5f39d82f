"""Document → fields of the index: what is read out of what was published."""

from __future__ import annotations

from datetime import date
from functools import cache

from analyzers.agencies import canonical_agency, split_issuers
from analyzers.document_number import DocumentNumberError, find_document_numbers, parse_document_number
from analyzers.domains import classify_domain
from analyzers.law_articles import article_of, cited_articles
from analyzers.lexicon import domains
from corpus.models import Document, Kind
from indexer.engine import Part
from indexer.fields import SEPARATOR


def index_fields(document: Document) -> dict[str, object]:
    """The keyword arguments of a Whoosh ``add_document``."""
    body = searchable_text(document)
    issuers = issuers_of(document)
    own = own_number_key(document)
    cited = {found.number.key for found in find_document_numbers(f"{document.title}\n{body}")} - {own}
    article = article_of(document.title)
    day = date_of(document)
    return {
        "id": document.id,
        "parent": document.id,
        "part": Part.DOCUMENT.encode(),
        "title": document.title,
        "body": body,
        "title_grams": document.title,
        "body_grams": body,
        "number": own,
        "cited": ",".join(sorted(cited)),
        "article": article.key if article else "",
        "cites": ",".join(cited_article.key for cited_article in sorted(cited_articles(body, article))),
        "day": day.toordinal() if day else 0,
        "kind": document.kind.value.encode(),
        "domain": domain_of(document).encode(),
        "issuer": SEPARATOR.join(issuers).encode(),
        "validity": document.validity.value.encode(),
        "site": document.site.encode(),
        "column": document.column.encode(),
        "card": card_of(document, kind=document.kind, issuers=issuers, document_number=document.document_number),
    }


def card_of(
    document: Document, *, kind: Kind, issuers: tuple[str, ...], document_number: str, entry: int = 0
) -> dict[str, object]:
    """What a list of results shows of a document, or of the catalog row with this number in it."""
    return {
        "document_id": document.id,
        "entry": entry,
        "url": document.url,
        "kind": kind.value,
        "validity": document.validity.value,
        "site": document.site,
        "column": document.column,
        "issuers": issuers,
        "document_number": document_number,
        "issued_on": document.issued_on,
        "published_on": document.published_on,
    }


def searchable_text(document: Document) -> str:
    """The body and the text of the attachments, a paragraph a line."""
    return "\n".join(text for text in (document.body, *(item.text for item in document.attachments)) if text)


def issuers_of(document: Document) -> tuple[str, ...]:
    """Every issuer by its full name, once; a published string may name several."""
    names = (name for text in document.issuers for name in split_issuers(text))
    return tuple(dict.fromkeys(canonical_agency(name) for name in names))


def domain_of(document: Document) -> str:
    """The slug of the published domain, or of the one its text tells; a name that we do not know stays as it is."""
    if document.domain:
        return domain_slug(document.domain)
    return classify_domain(document.title, searchable_text(document)) or ""


def domain_slug(name: str) -> str:
    """The slug of a domain by any of its names; a name that we do not know is its own."""
    return _slugs().get(name, name)


@cache
def _slugs() -> dict[str, str]:
    return {name: item.slug for item in domains() for name in (*item.short_names, item.guidance_name, item.name)}


def own_number_key(document: Document) -> str:
    """The key of the document's number; empty if it has none or it reads like no number."""
    try:
        return parse_document_number(document.document_number).key
    except DocumentNumberError:
        return ""


def date_of(document: Document) -> date | None:
    """The date that sorts and filters: 发布日期, or 成文日期 where that is all there is."""
    return document.published_on or document.issued_on
