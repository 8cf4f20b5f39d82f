"""What was found? One set of parameters, answered as a page and as JSON."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request

from webapp.params import SearchRequest
from webapp.ports import Services
from webapp.presenters import results_to_json
from webapp.views.contents import hit_places
from webapp.views.search_page import SearchPage


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("search", __name__)

    @pages.get("/search")
    def page() -> str:
        search = SearchRequest.read(request.args)
        results = services.engine.search(search.to_query())
        return render_template(
            "search.html",
            search=search,
            page=SearchPage(search, results, services.domain_names),
            places=hit_places(results, services.store),
        )

    @pages.get("/search.json")
    def as_json() -> Response:
        search = SearchRequest.read(request.args)
        results = services.engine.search(search.to_query())
        return jsonify(results_to_json(results, hit_places(results, services.store)))

    return pages
