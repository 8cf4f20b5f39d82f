"""What must be disclosed? The rows of the standard catalogs: found, filtered, shown one by one, taken away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, render_template, request

from analyzers.citations import find_citations
from analyzers.time_limit import find_time_limits
from corpus.models import CatalogEntry, Document
from indexer.engine import Hit, Query, SearchResults
from webapp.errors import BadParameterError, NotHereError
from webapp.exports.catalog import CAPTION, catalog_csv, catalog_xlsx
from webapp.exports.found import Found, find_all, page_link, with_documents
from webapp.exports.sheets import MAX_XLSX_ROWS
from webapp.exports.slots import Slots
from webapp.params import Scope, SearchRequest
from webapp.ports import Services
from webapp.views.addresses import entry_url
from webapp.views.exports import CSV, XLSX, download
from webapp.views.finding import find_document
from webapp.views.search_page import SearchPage


@dataclass(frozen=True, slots=True)
class Row:
    """A found row: its hit, and the entry and document as they stand now; None if the index is ahead or behind."""

    hit: Hit
    entry: CatalogEntry | None
    document: Document | None


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("catalog", __name__)
    slots, public_url = Slots(services.settings.shared_folder), services.settings.public_url

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

    def rows_of(hits: Iterable[Found]) -> Iterator[tuple[CatalogEntry, str, str]]:
        """Each row, the title of its document and the address of its page; without rows that are gone meanwhile."""
        for one, stored in with_documents(services.store, hits):
            entries = stored.document.all_entries if stored else ()
            if stored and 0 < one.entry <= len(entries):
                yield entries[one.entry - 1], stored.document.title, page_link(public_url, one.document_id, one.entry)

    @pages.get("/catalog.xlsx")
    def as_xlsx() -> Response:
        query = SearchRequest.read(request.args, Scope.CATALOG).to_query()

        def make() -> Response:
            found = find_all(services.engine, query)
            _check_size(query, found)
            levels = services.engine.search(replace(query, limit=0, facets=("level",))).facets
            entries = (entry for entry, _, _ in rows_of(found))
            with_levels = any(facet.values for facet in levels)
            return download(catalog_xlsx(entries, with_levels=with_levels), XLSX, CAPTION, len(found))

        return slots.answer(make)

    @pages.get("/catalog.csv")
    def as_csv() -> Response:
        query = SearchRequest.read(request.args, Scope.CATALOG).to_query()

        def make() -> Response:
            found = find_all(services.engine, query)
            return download(catalog_csv(rows_of(found)), CSV, CAPTION, len(found))

        return slots.answer(make)

    return pages


def _check_size(query: Query, found: Sequence[Found]) -> None:
    if len(found) > MAX_XLSX_ROWS:
        raise BadParameterError("q", query.text, f"表格最多 {MAX_XLSX_ROWS:,} 行，请缩小范围或下载 CSV。")


def _rows(services: Services, results: SearchResults) -> Iterator[Row]:
    wanted = list(dict.fromkeys(hit.document_id for hit in results.hits))
    documents = {stored.document.id: stored.document for stored in services.store.documents(wanted)}
    for hit in results.hits:
        document = documents.get(hit.document_id)
        entries = document.all_entries if document else ()
        yield Row(hit, entries[hit.entry - 1] if 0 < hit.entry <= len(entries) else None, document)
