"""Catalog row → fields of the index: a row of a standard catalog is found like a document, beside the one it is in."""

from __future__ import annotations

from analyzers.agencies import canonical_agency, split_issuers
from analyzers.document_number import find_document_numbers
from corpus.models import CatalogEntry, Document, Kind, Mark
from indexer.engine import Part
from indexer.fields import SEPARATOR
from indexer.mapping import card_of, date_of, domain_of, domain_slug, index_fields

# What parts the id of a document from the number of a row in it.
ENTRY_MARK = "#"


def index_rows(document: Document) -> list[dict[str, object]]:
    """Everything that the index takes in for a document: its own fields, and those of each catalog row in it."""
    entries = enumerate(document.all_entries, 1)
    return [index_fields(document), *(entry_fields(document, entry, number) for number, entry in entries)]


def entry_fields(document: Document, entry: CatalogEntry, number: int) -> dict[str, object]:
    """The keyword arguments of a Whoosh ``add_document`` for row ``number`` (from 1) of a document.

    Its words are its cells under their names. Its 公开主体 is the issuer that it is filtered by; date, site and column
    are those of the document.
    """
    day = date_of(document)
    publishers = tuple(dict.fromkeys(canonical_agency(name) for name in split_issuers(entry.publisher)))
    title = " · ".join(filter(None, (entry.item, entry.subitem))) or entry.content.split("\n")[0][:80]
    body = entry_text(entry)
    return {
        "id": f"{document.id}{ENTRY_MARK}{number}",
        "parent": document.id,
        "part": Part.ENTRY.encode(),
        "title": title,
        "body": body,
        "title_grams": title,
        "body_grams": body,
        "number": "",
        "cited": ",".join(sorted({found.number.key for found in find_document_numbers(entry.basis)})),
        "day": day.toordinal() if day else 0,
        "kind": Kind.CATALOG.encode(),
        "domain": (domain_slug(entry.domain) if entry.domain else domain_of(document)).encode(),
        "issuer": SEPARATOR.join(publishers).encode(),
        "validity": document.validity.encode(),
        "site": document.site.encode(),
        "column": document.column.encode(),
        "audience": SEPARATOR.join(entry.audiences).encode(),
        "method": SEPARATOR.join(entry.methods).encode(),
        "level": SEPARATOR.join(entry.levels).encode(),
        "period": SEPARATOR.join(dict.fromkeys(filter(None, (entry.period[:4], entry.period)))).encode(),
        "card": card_of(document, kind=Kind.CATALOG, issuers=publishers, document_number="", entry=number),
    }


def entry_text(entry: CatalogEntry) -> str:
    """The cells that say something, a paragraph each, under their names in the template."""
    ticked = "、".join(dict.fromkeys(item.name for item in entry.channels if item.mark is not Mark.UNTICKED))
    cells = (
        ("公开内容", entry.content),
        ("公开依据", entry.basis),
        ("公开时限", entry.time_limit),
        ("公开主体", entry.publisher),
        ("公开渠道", ticked),
        ("公开对象", "、".join([*(item.label for item in entry.audiences), *filter(None, [entry.audience_text])])),
        ("公开方式", "、".join(item.label for item in entry.methods)),
        ("公开层级", "、".join(item.label for item in entry.levels)),
    )
    return "\n".join(f"{name}：{' '.join(text.split())}" for name, text in cells if text.strip())
