"""How do hits, documents and catalog rows become the models that the API answers with?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from corpus.models import CatalogEntry, Document
from corpus.stored import StoredDocument
from indexer.engine import Facet, SearchResults
from indexer.engine import Hit as EngineHit
from webapp.api import models
from webapp.exports.found import page_link
from webapp.ports import Services
from webapp.presenters import Place, masked, value_label
from webapp.views.addresses import file_url, original_url, text_url
from webapp.views.contents import HitPlaces, hit_places
from webapp.views.file_names import original_name


class Answers:
    """Makes models; addresses in them are of ``public_url``, or begin with ``/``."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._base = services.settings.public_url.rstrip("/")

    def link(self, address: str) -> str:
        return self._base + address

    def search(self, results: SearchResults, following: str | None) -> models.SearchAnswer:
        places = hit_places(results, self._services.store)
        return models.SearchAnswer(
            query=results.query.text,
            total=results.total,
            understood=[
                models.Understood(what=item.what, text=item.text, undo=item.undo) for item in results.understood
            ],
            suggestion=results.suggestion,
            hits=[self._hit(hit, places) for hit in results.hits],
            next=following,
        )

    def facets(self, results: SearchResults) -> models.FacetsAnswer:
        return models.FacetsAnswer(
            total=results.total, facets={facet.field: self._values(facet) for facet in results.facets}
        )

    def _values(self, facet: Facet) -> list[models.FacetValue]:
        return [
            models.FacetValue(
                value=item.value,
                label=value_label(facet.field, item.value, self._services.domain_names),
                count=item.count,
            )
            for item in facet.values
        ]

    def _hit(self, hit: EngineHit, places: HitPlaces) -> models.Hit:
        return models.Hit(
            id=hit.id,
            document_id=hit.document_id,
            entry=hit.entry,
            title=hit.title.text,
            title_marks=list(hit.title.spans),
            snippet=masked(hit.snippet).text,
            snippet_marks=list(hit.snippet.spans),
            page=page_link(self._base, hit.document_id, hit.entry),
            url=hit.url,
            kind=hit.kind,
            document_number=hit.document_number,
            issuers=list(hit.issuers),
            issued_on=hit.issued_on,
            published_on=hit.published_on,
            validity=hit.validity,
            site=hit.site,
            column=hit.column,
            score=round(hit.score, 6),
            section=_section(places.snippets, hit.id),
            passage=_passage(hit, places),
        )

    def line(self, stored: StoredDocument) -> models.DocumentLine:
        """A document without its text; of a withdrawn one what may be known."""
        if stored.state == "withdrawn":
            return models.DocumentLine(id=stored.document.id, state=stored.state, changed_at=_utc(stored))
        return models.DocumentLine(**self._fields(stored))

    def whole(self, stored: StoredDocument) -> models.WholeDocument:
        document = stored.document
        attachments = [
            models.Attachment(
                name=item.name,
                url=item.url,
                file=self.link(file_url(item)) if item.sha256 else None,
                media_type=item.media_type,
                size=item.size,
                sha256=item.sha256 or None,
            )
            for item in document.attachments
        ]
        return models.WholeDocument(
            **self._fields(stored),
            body=document.body,
            text=self.link(text_url(document.id)),
            original=self._original(stored),
            attachments=attachments,
            entries=len(document.all_entries),
        )

    def _original(self, stored: StoredDocument) -> models.Original | None:
        kept = stored.original
        if kept is None:
            return None
        return models.Original(
            url=self.link(original_url(stored.document.id)),
            name=original_name(stored.document.title, kept.name, kept.media_type),
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
        )

    def _fields(self, stored: StoredDocument) -> dict[str, Any]:
        document = stored.document
        same = (
            *("id", "title", "url", "site", "column", "kind", "document_number", "issued_on", "published_on"),
            *("effective_on", "expires_on", "validity", "index_number", "subject", "domain", "region", "source"),
            "fetched_at",
        )
        return {
            **{name: getattr(document, name) for name in same},
            "state": stored.state,
            "changed_at": _utc(stored),
            "version": stored.version,
            "page": page_link(self._base, document.id),
            "issuers": list(document.issuers),
            "keywords": list(document.keywords),
        }

    def row(self, hit: EngineHit, document: Document, entry: CatalogEntry) -> models.CatalogRow:
        same = (
            *("serial", "item", "subitem", "content", "basis", "time_limit", "publisher", "audience_text"),
            *("period", "domain"),
        )
        return models.CatalogRow(
            id=hit.id,
            document_id=document.id,
            entry=hit.entry,
            page=page_link(self._base, document.id, hit.entry),
            channels=[{"name": item.name, "mark": item.mark.value} for item in entry.channels],
            audiences=[item.value for item in entry.audiences],
            methods=[item.value for item in entry.methods],
            levels=[item.value for item in entry.levels],
            **{name: getattr(entry, name) for name in same},
        )


def _utc(stored: StoredDocument) -> datetime:
    """The store keeps UTC without saying so."""
    return stored.changed_at.replace(tzinfo=UTC)


def _passage(hit: EngineHit, places: HitPlaces) -> models.Passage | None:
    found = hit.passage
    if found is None:
        return None
    section = _section(places.passages, hit.id)
    return models.Passage(
        text=masked(found.marked).text, part=found.part or None, goes_on=found.goes_on, section=section
    )


def _section(places: Mapping[str, Place], hit_id: str) -> models.Section | None:
    place = places.get(hit_id)
    return None if place is None else models.Section(path=place.path, anchor=place.anchor)
