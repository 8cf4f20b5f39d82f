"""What is new? Any search, and any domain, as a feed that readers and programs subscribe to."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, request, url_for

from indexer.engine import Part, SearchResults, Sort
from webapp.errors import NotHereError
from webapp.exports.atom import MEDIA_TYPE, Feed, FeedEntry, feed_xml
from webapp.exports.found import Found, with_documents
from webapp.params import MAX_PAGE, PAGE_SIZE, SearchRequest
from webapp.ports import Services
from webapp.presenters import masked
from webapp.views.addresses import search_url

# What a reader who looks once a day may have missed; more than a district publishes in a day.
_FEED_LENGTH = 50


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("feeds", __name__)

    @pages.get("/search.atom")
    def page_of_search() -> Response:
        """The page of hits that `/search` shows with the same parameters, as a paged feed (RFC 5005, 3)."""
        search = SearchRequest.read(request.args)
        results = services.engine.search(replace(search.to_query(), facets=()))
        links = [("self", search_url(search, ".atom")), ("alternate", search_url(search))]
        last = min(max(1, -(-results.total // PAGE_SIZE)), MAX_PAGE)
        if search.page > 1:
            links.append(("previous", search_url(search.with_page(search.page - 1), ".atom")))
        if search.page < last:
            links.append(("next", search_url(search.with_page(search.page + 1), ".atom")))
        return _answer(services, _title(services, search.text), links, results)

    @pages.get("/feeds/search.atom")
    def newest() -> Response:
        """The newest documents that a search finds, whatever its order and page."""
        search = SearchRequest.read(request.args).with_sort(Sort.DATE)
        own = url_for(".newest") + search.query_string()
        return _newest(services, search, own, _title(services, search.text))

    @pages.get("/feeds/domains/<slug>.atom")
    def domain(slug: str) -> Response:
        """The newest documents of a domain (领域)."""
        name = services.domain_names.get(slug)
        if name is None:
            raise NotHereError("领域", slug, f"可以是 {'、'.join(services.domain_names)}。")
        search = SearchRequest(sort=Sort.DATE).with_value("domain", slug)
        return _newest(services, search, url_for(".domain", slug=slug), _title(services, name))

    return pages


def _title(services: Services, what: str) -> str:
    return f"{what or '全部文件'} - {services.settings.site_name}"


def _newest(services: Services, search: SearchRequest, own: str, title: str) -> Response:
    query = replace(search.to_query(), part=Part.DOCUMENT, offset=0, limit=_FEED_LENGTH, facets=())
    links = [("self", own), ("alternate", search_url(search))]
    return _answer(services, title, links, services.engine.search(query))


def _answer(services: Services, title: str, links: list[tuple[str, str]], results: SearchResults) -> Response:
    summaries = {hit.document_id: masked(hit.snippet).text for hit in reversed(results.hits)}
    found = [Found(name, name, 0, "") for name in dict.fromkeys(hit.document_id for hit in results.hits)]
    feed = Feed(
        title=title,
        author=services.settings.site_name,
        links=links,
        total=results.total,
        first=results.query.offset + 1,
        entries=[
            FeedEntry(stored=stored, summary=summaries[one.id])
            for one, stored in with_documents(services.store, found)
            if stored is not None
        ],
        public_url=services.settings.public_url,
    )
    response = Response(feed_xml(feed), mimetype=MEDIA_TYPE)
    response.add_etag(weak=True)  # it may be compressed on its way
    response.make_conditional(request)
    return response
