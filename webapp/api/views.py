"""`/api/v1`: what programs ask, answered from the same engine and store as the pages."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from pydantic import BaseModel
from werkzeug.datastructures import MultiDict

from indexer.engine import SearchResults
from webapp.api import cursors, models, openapi
from webapp.api.answers import Answers
from webapp.api.cursors import Place
from webapp.api.operations import OPERATIONS, PREFIX, Operation
from webapp.api.parameters import DEFAULT_LIMIT, check
from webapp.params import PAGE_SIZE, Scope, SearchRequest
from webapp.ports import Services
from webapp.views.finding import find_document
from webapp.views.suggest import suggestions_to_json

# As many as a drop-down list shows before it scrolls.
_SUGGESTIONS = 10
_PAGING = ("limit", "cursor")
# The endpoint of the duplicates check, where there is a staff area.
_CHECK = "staff_api.check"


class Calls:
    """The answers to the operations; each method is the one of its name."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._answers = Answers(services)

    def search(self) -> models.SearchAnswer:
        return self._answers.search(*self._page(Scope.EVERYTHING))

    def facets(self) -> models.FacetsAnswer:
        query = replace(SearchRequest.read(request.args).to_query(), limit=0)
        return self._answers.facets(self._services.engine.search(query))

    def suggest(self) -> models.SuggestAnswer:
        typed = SearchRequest.read(request.args).text
        found = suggestions_to_json(typed, self._services.engine.suggestions(typed, _SUGGESTIONS))
        answer = models.SuggestAnswer.model_validate(found)
        linked = [item.model_copy(update={"url": self._answers.link(item.url)}) for item in answer.suggestions]
        return answer.model_copy(update={"suggestions": linked})

    def documents(self) -> models.DocumentsAnswer:
        limit, asked = _limit(), [("documents", "")]
        cursor = request.args.get("cursor")
        after = cursors.decode(cursor, asked).given if cursor else 0
        changes = self._services.store.changes(after, limit)
        stored = {
            item.document.id: item for item in self._services.store.documents([one.document_id for one in changes])
        }
        lines = []
        for change in changes:
            found = stored.get(change.document_id)
            if found is not None:
                lines.append(self._answers.line(found))
            elif not change.live:
                lines.append(models.DocumentLine(id=change.document_id, state="withdrawn", changed_at=None))
        last = cursors.encode(Place(changes[-1].number, ""), asked) if changes else cursor
        return models.DocumentsAnswer(documents=lines, next=last)

    def document(self, document_id: str) -> models.WholeDocument:
        return self._answers.whole(find_document(self._services, document_id))

    def catalog(self) -> models.CatalogAnswer:
        results, following = self._page(Scope.CATALOG)
        ids = {hit.document_id for hit in results.hits}
        documents = {stored.document.id: stored for stored in self._services.store.documents(ids)}
        rows = []
        for hit in results.hits:
            stored = documents.get(hit.document_id)
            entries = stored.document.all_entries if stored and stored.state != "withdrawn" else ()
            if stored and 0 < hit.entry <= len(entries):  # the index may be ahead, or behind
                rows.append(self._answers.row(hit, stored.document, entries[hit.entry - 1]))
        return models.CatalogAnswer(query=results.query.text, total=results.total, rows=rows, next=following)

    def feeds(self) -> models.FeedsAnswer:
        return models.FeedsAnswer(
            search=self._answers.link(url_for("feeds.newest")),
            domains=[
                models.FeedLink(title=name, url=self._answers.link(url_for("feeds.domain", slug=slug)))
                for slug, name in self._services.domain_names.items()
            ],
        )

    def status(self) -> models.StatusAnswer:
        fresh = self._services.store.freshness()
        return models.StatusAnswer(
            version=version("gongkai"),
            documents=self._services.engine.document_count(),
            stored=self._services.store.counts()["live"],
            changed_at=fresh.changed_at,
            crawled_at=fresh.crawled_at,
        )

    def _page(self, scope: Scope) -> tuple[SearchResults, str | None]:
        """The hits behind the cursor, and the cursor behind those; None at the end."""
        asked = [(name, value) for name, value in request.args.items(multi=True) if name not in _PAGING]
        asked.append(("scope", scope.name))
        cursor = request.args.get("cursor")
        place = cursors.decode(cursor, asked) if cursor else None
        wanted = SearchRequest.read(MultiDict(asked), scope).to_query(passages=0 if place else PAGE_SIZE)
        query = replace(wanted, offset=place.given if place else 0, limit=_limit(), facets=())
        results = cursors.search_from(self._services.engine, query, place)
        given = results.query.offset + len(results.hits)
        more = results.hits and given < results.total
        return results, cursors.encode(Place(given, results.hits[-1].id), asked) if more else None


def blueprint(services: Services) -> Blueprint:
    api = Blueprint("api", __name__)
    calls = Calls(services)
    for operation in OPERATIONS:
        rule = PREFIX + operation.path.replace("{id}", "<any_text:document_id>")
        api.add_url_rule(rule, operation.name, _view(operation, getattr(calls, operation.name)))

    @api.get(f"{PREFIX}/openapi.json", endpoint="openapi")
    def description() -> Response:
        check((), request.args)
        written = json.dumps(_described(services), ensure_ascii=False)
        return _conditional(Response(written, mimetype="application/json"))

    @api.get("/api/docs")
    def docs() -> str:
        return render_template("api_docs.html", search=SearchRequest(), described=_described(services))

    return api


def _described(services: Services) -> dict[str, Any]:
    return openapi.document(services.settings, checks_duplicates=_CHECK in current_app.view_functions)


def _view(operation: Operation, answer: Callable[..., BaseModel]) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        check(operation.parameters, request.args)
        given = answer(**path)
        return _conditional(Response(given.model_dump_json(), mimetype="application/json"))

    return view


def _conditional(response: Response) -> Response:
    response.add_etag(weak=True)  # it may be compressed on its way
    response.make_conditional(request)
    return response


def _limit() -> int:
    return int(request.args.get("limit", DEFAULT_LIMIT))
