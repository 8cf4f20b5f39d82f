"""What may somebody mean who is still typing, and where does each suggestion lead?"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from indexer.phrasebook_layout import Kind
from indexer.suggest import Suggestion
from webapp.params import Scope, SearchRequest
from webapp.ports import Services
from webapp.views.addresses import document_url, search_url

# As many as stand under the box on a phone above its keyboard.
_MOST = 8

_LABELS = {Kind.TERM: "词语", Kind.AGENCY: "机关", Kind.NUMBER: "文号", Kind.ITEM: "目录", Kind.TITLE: "文件"}


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("suggest", __name__)

    @pages.get("/suggest.json")
    def as_json() -> Response:
        """Up to eight suggestions for ``q``; nothing of it is kept."""
        typed = SearchRequest.read(request.args).text
        return jsonify(suggestions_to_json(typed, services.engine.suggestions(typed, _MOST)))

    return pages


def suggestions_to_json(typed: str, found: tuple[Suggestion, ...]) -> dict[str, object]:
    """The one shape of suggestions for programs; ``spans`` are the typed parts of ``text``, ``url`` where it leads."""
    return {
        "query": typed,
        "suggestions": [
            {
                "kind": item.kind.value,
                "label": _LABELS[item.kind],
                "text": item.text,
                "spans": [list(span) for span in item.spans],
                "url": _address(item),
            }
            for item in found
        ],
    }


def _address(item: Suggestion) -> str:
    """A document itself, all of an agency's documents, the rows of an item; else the search for the text."""
    if item.kind in (Kind.TITLE, Kind.NUMBER) and item.id:
        return document_url(item.id)
    if item.kind is Kind.AGENCY:
        return search_url(SearchRequest().with_value("issuer", item.text))
    scope = Scope.CATALOG if item.kind is Kind.ITEM else Scope.EVERYTHING
    return search_url(SearchRequest(scope=scope, text=item.text))
