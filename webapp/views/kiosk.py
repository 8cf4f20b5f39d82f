"""What does the touch screen in the hall show? Everything that is asked of it comes by POST, so no address tells it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from corpus.models import Kind, Validity
from corpus.stored import StoredDocument
from indexer.engine import Part, Query, SearchResults, Sort
from indexer.phrasebook_layout import Kind as SuggestionKind
from indexer.suggest import Suggestion
from webapp.kiosk.freshness import chinese_moment
from webapp.kiosk.qr import qr_svg
from webapp.kiosk.settings import Desk, Entry
from webapp.kiosk.troubles import log_line, trouble_of
from webapp.params import MAX_PAGE, MAX_QUESTION_CHARS, SearchRequest
from webapp.ports import Services
from webapp.presenters import value_label
from webapp.views.addresses import document_url
from webapp.views.body import read_blocks
from webapp.views.document_text import official_fields
from webapp.views.finding import find_document
from webapp.views.titles import unbroken_parts

AsOf = Callable[[], datetime | None]

# Cards, suggestions and domains that fit at 1080×1920 without scrolling.
_CARDS = 6
_SUGGESTIONS = 7
_NEAREST = 4
_DOMAINS = 10
_DESKS = MappingProxyType({"disclosure": "信息公开申请", "inquiry": "办事咨询"})
_ASKED_BY_POST = ("search", "suggest", "document")


@dataclass(frozen=True, slots=True)
class Pick:
    """A button of the first screen; ``count`` is how many documents it leads to, None where that is not known."""

    label: str
    count: int | None
    search: SearchRequest


def blueprint(services: Services, as_of: AsOf | None) -> Blueprint:
    pages = Blueprint("kiosk", __name__, url_prefix="/kiosk")
    settings = services.settings.kiosk
    desks = {name: label for name, label in _DESKS.items() if getattr(settings, name)}

    def render(template: str, **values: object) -> str:
        moment = as_of() if as_of else None
        return render_template(
            f"kiosk/{template}.html",
            kiosk=settings,
            desks=desks,
            as_of=chinese_moment(moment) if moment else "",
            **values,
        )

    @pages.route("", methods=["GET", "POST"])
    def home() -> str:
        """The first screen; a question that is to be changed comes along by POST."""
        text = SearchRequest.read(request.form).text
        return render("home", text=text, picks=_picks(services), longest=MAX_QUESTION_CHARS)

    @pages.post("/search")
    def search() -> str:
        asked = SearchRequest.read(request.form)
        results = services.engine.search(_query(asked))
        meant, as_typed = _correction(asked, results)
        last = min(max(1, -(-results.total // _CARDS)), MAX_PAGE)
        return render(
            "results",
            search=asked,
            results=results,
            heading=meant or _heading(services, asked),
            as_typed=as_typed,
            suggestions=[] if results.total else _suggestions(services, asked.text, _NEAREST),
            last_page=last,
        )

    @pages.post("/suggest")
    def suggest() -> str:
        """The list above the keyboard, without a page around it."""
        typed = SearchRequest.read(request.form).text
        return render_template("kiosk/suggestions.html", suggestions=_suggestions(services, typed, _SUGGESTIONS))

    @pages.post("/document")
    def document() -> str:
        stored = find_document(services, request.form.get("id", ""))
        asked = SearchRequest.read(request.form)
        return render("document", search=asked, **_reading(services, stored))

    @pages.get("/<any(disclosure, inquiry):name>")
    def desk(name: str) -> str:
        where: Desk | None = getattr(settings, name)
        url = (where.url if where else "") or _general_address(services, name)
        return render("desk", title=_DESKS[name], desk=where, url=url, qr=qr_svg(url) if where and url else "")

    @pages.get("/")
    @pages.get("/<any_text:rest>")
    def elsewhere(rest: str = "") -> BaseResponse:
        """Who reloads what was asked by POST, or goes back to it, begins again."""
        if rest and rest not in _ASKED_BY_POST:
            abort(404)
        return redirect(url_for("kiosk.home"), 303)

    @pages.errorhandler(Exception)
    @pages.errorhandler(HTTPException)
    def failed(error: Exception) -> Response:
        trouble = trouble_of(error)
        if trouble.is_ours:
            current_app.logger.error("the kiosk cannot answer %s: %s", request.path, log_line(error))
        page = render_template("kiosk/trouble.html", kiosk=settings, desks=desks, as_of="", trouble=trouble)
        response = make_response(page, trouble.status)
        if trouble.status == 503:
            response.headers["Retry-After"] = "60"
        return response

    @pages.after_request
    def leave_no_trace(response: Response) -> Response:
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    return pages


def _query(asked: SearchRequest) -> Query:
    """One screen of documents; the rows of catalogs are read within theirs."""
    return replace(asked.to_query(), part=Part.DOCUMENT, facets=(), offset=(asked.page - 1) * _CARDS, limit=_CARDS)


def _picks(services: Services) -> list[Pick]:
    """What was picked by hand; else the guides, the latest, and the largest domains."""
    if chosen := services.settings.kiosk.entries:
        return [Pick(entry.label, None, _entry_search(entry)) for entry in chosen]
    found = services.engine.search(Query(part=Part.DOCUMENT, facets=("kind", "domain"), limit=0))
    counts = {facet.field: facet.values for facet in found.facets}
    guides = next((item.count for item in counts.get("kind", ()) if item.value == Kind.GUIDE), 0)
    picks = [Pick("最新公开", found.total, SearchRequest(sort=Sort.DATE))] if found.total else []
    if guides:
        picks.insert(0, Pick("办事指南", guides, SearchRequest().with_value("kind", Kind.GUIDE)))
    return picks + [
        Pick(value_label("domain", item.value, services.domain_names), item.count, _in_domain(item.value))
        for item in counts.get("domain", ())[:_DOMAINS]
    ]


def _in_domain(slug: str) -> SearchRequest:
    return SearchRequest().with_value("domain", slug)


def _entry_search(entry: Entry) -> SearchRequest:
    filters = {name: (value,) for name, value in (("kind", entry.kind), ("domain", entry.domain)) if value}
    return SearchRequest(text=entry.question, filters=MappingProxyType(filters))


def _heading(services: Services, asked: SearchRequest) -> str:
    """What was asked for, in one line."""
    names = [
        value_label(field, value, services.domain_names) for field, values in asked.filters.items() for value in values
    ]
    return " · ".join([*([asked.text] if asked.text else []), *names]) or "最新公开"


def _correction(asked: SearchRequest, results: SearchResults) -> tuple[str, SearchRequest | None]:
    """What the question was read as instead (医疗饱险 → 医疗保险), and the search for it as typed; else nothing."""
    for item in results.understood:
        if item.what == "correction" and item.undo is not None:
            return item.text.rpartition(" → ")[2], asked.with_text(item.undo)
    return "", None


def _suggestions(services: Services, typed: str, most: int) -> list[tuple[Suggestion, SearchRequest | None]]:
    """What may be meant, but for the typed text itself; with each the search that it stands for (see `_leads_to`)."""
    found = [item for item in services.engine.suggestions(typed, most + 1) if item.text.lower() != typed.lower()]
    return [(item, _leads_to(item)) for item in found[:most]]


def _leads_to(item: Suggestion) -> SearchRequest | None:
    """The search that a suggestion stands for; None where it is a document itself."""
    if item.kind in (SuggestionKind.TITLE, SuggestionKind.NUMBER) and item.id:
        return None
    if item.kind is SuggestionKind.AGENCY:
        return SearchRequest().with_value("issuer", item.text)
    return SearchRequest(text=item.text)


def _reading(services: Services, stored: StoredDocument) -> dict[str, object]:
    """A document, ready to be turned page by page."""
    document = stored.document
    public = services.settings.public_url.rstrip("/")
    url = public + document_url(document.id) if public else ""
    return {
        "stored": stored,
        "document": document,
        "title_parts": unbroken_parts(document.title),
        "fields": official_fields(document, services.domain_names),
        "blocks": read_blocks(document.body, shown_above=(document.title, document.document_number)),
        "ended": document.validity in (Validity.REPEALED, Validity.EXPIRED),
        "url": url,
        "qr": qr_svg(url) if url else "",
    }


def _general_address(services: Services, name: str) -> str:
    """Where the whole site sends people for the same."""
    settings = services.settings
    return settings.disclosure_request_url if name == "disclosure" else settings.inquiry_url
