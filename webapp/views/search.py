"""What was found? One set of parameters, answered as a page and as JSON."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from indexer.engine import SearchResults
from indexer.passages import FIRST
from indexer.related import related_searches
from webapp.params import PAGE_SIZE, SearchRequest
from webapp.ports import Services
from webapp.presenters import results_to_json
from webapp.views.contents import hit_places
from webapp.views.endings import endings
from webapp.views.kind_groups import files_of, kind_groups, looking_around
from webapp.views.nearest import nearest_to
from webapp.views.search_page import SearchPage


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("search", __name__)

    @pages.get("/search")
    def page() -> str:
        search = SearchRequest.read(request.args)
        found = services.engine.search(looking_around(search, search.to_query(passages=FIRST, collapse=True)))
        results = replace(found, hits=found.hits[:PAGE_SIZE])
        if services.queries and results.total and search.text and not search.narrowed and search.is_first_of_best:
            services.queries.count(search.text)
        places, groups = hit_places(results, services.store), kind_groups(search, found)
        return render_template(
            "search.html",
            search=search,
            page=SearchPage(search, results, services.domain_names),
            places=places,
            groups=groups,
            files=files_of(results.hits, places.files) if groups else [],
            endings=endings(services.engine, results.hits),
            feed_url=url_for("feeds.newest") + search.with_page(1).query_string(),
            related=_related(services, search, results),
            nearest=None if results.total else nearest_to(search, services),
        )

    @pages.get("/search.json")
    def as_json() -> Response:
        search = SearchRequest.read(request.args)
        results = services.engine.search(search.to_query(passages=PAGE_SIZE))
        places = hit_places(results, services.store)
        return jsonify(results_to_json(results, places.snippets, places.passages))

    return pages


def _related(services: Services, search: SearchRequest, results: SearchResults) -> list[tuple[str, SearchRequest]]:
    """Other searches, below the first page of what was found."""
    if not results.hits or not search.text or search.page > 1:
        return []
    return [(text, SearchRequest(text=text)) for text in related_searches(services.engine, search.text)]
