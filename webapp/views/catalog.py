"""What must be disclosed? The rows of the standard catalogs: found, filtered, shown one by one, taken away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from flask import Blueprint, Response, render_template, request, send_file

from analyzers.citations import find_citations
from analyzers.time_limit import find_time_limits
from corpus.models import CatalogEntry, Document
from indexer.engine import Hit, SearchResults
from webapp.errors import NotHereError
from webapp.exports.catalog import CAPTION, catalog_csv, catalog_xlsx
from webapp.params import Scope, SearchRequest
from webapp.ports import Services
from webapp.views.addresses import entry_url
from webapp.views.finding import find_document
from webapp.views.search_page import SearchPage

# A file of more rows opens slowly everywhere; a district's catalogs of 26 domains together have about 3,000.
MAX_EXPORT_ROWS = 20_000

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Row:
    """A found row: its hit, and the entry and document as they stand now; None if the index is ahead or behind."""

    hit: Hit
    entry: CatalogEntry | None
    document: Document | None


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("catalog", __name__)

    @pages.get("/catalog")
    def page() -> str:
        search = SearchRequest.read(request.args, Scope.CATALOG)
        results = services.engine.search(search.to_query())
        return render_template(
            "catalog.html",
            search=search,
            page=SearchPage(search, results, services.domain_names),
            rows=list(_rows(services, results)),
        )

    @pages.get("/catalog/<any_text:document_id>/<int:number>")
    def entry(document_id: str, number: int) -> str:
        stored = find_document(services, document_id)
        entries = stored.document.all_entries
        if not 1 <= number <= len(entries):
            raise NotHereError("目录事项", str(number), "目录可能已经更新；可以在标准目录里重新查找。")
        found = entries[number - 1]
        return render_template(
            "catalog_entry.html",
            search=SearchRequest(scope=Scope.CATALOG),
            stored=stored,
            document=stored.document,
            entry=found,
            number=number,
            total=len(entries),
            citations=find_citations(found.basis),
            limit=next((limit for limit in find_time_limits(found.time_limit) if limit.days), None),
            canonical=services.settings.public_url.rstrip("/") + entry_url(stored.document.id, number),
        )

    @pages.get("/catalog.xlsx")
    def as_xlsx() -> Response:
        entries = [row.entry for row in _found(services) if row.entry]
        return send_file(BytesIO(catalog_xlsx(entries)), _XLSX, as_attachment=True, download_name=f"{CAPTION}.xlsx")

    @pages.get("/catalog.csv")
    def as_csv() -> Response:
        base = services.settings.public_url.rstrip("/")
        rows = [
            (row.entry, row.document.title, base + entry_url(row.document.id, row.hit.entry))
            for row in _found(services)
            if row.entry and row.document
        ]
        data = "".join(catalog_csv(rows)).encode()
        return send_file(BytesIO(data), "text/csv", as_attachment=True, download_name=f"{CAPTION}.csv")

    return pages


def _found(services: Services) -> Sequence[Row]:
    search = SearchRequest.read(request.args, Scope.CATALOG)
    query = replace(search.to_query(), offset=0, limit=MAX_EXPORT_ROWS, facets=())
    return list(_rows(services, services.engine.search(query)))


def _rows(services: Services, results: SearchResults) -> Iterator[Row]:
    wanted = list(dict.fromkeys(hit.document_id for hit in results.hits))
    documents = {stored.document.id: stored.document for stored in services.store.documents(wanted)}
    for hit in results.hits:
        document = documents.get(hit.document_id)
        entries = document.all_entries if document else ()
        yield Row(hit, entries[hit.entry - 1] if 0 < hit.entry <= len(entries) else None, document)
