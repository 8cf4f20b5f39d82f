"""What does the first page offer?"""

from __future__ import annotations

from itertools import islice
from types import MappingProxyType

from flask import Blueprint, render_template

from analyzers.normalize import normalize
from corpus.models import Kind
from indexer.engine import FacetValue, Part, Query, SearchResults, Sort
from webapp.params import SearchRequest
from webapp.ports import Services
from webapp.views.life_events import LifeEvents

# As many as stand beside each other on a desk without scrolling past them.
_LIST_LENGTH = 8
# How many of the popular queries are looked up among what can be suggested, some 2 ms each.
_LOOKED_AT = 24


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("home", __name__)
    events = LifeEvents(services.engine)

    @pages.get("/")
    def page() -> str:
        latest = services.engine.search(Query(part=Part.DOCUMENT, sort=Sort.DATE, limit=_LIST_LENGTH))
        popular = _popular(services)
        guides = services.engine.search(_of_kind(Kind.GUIDE))
        return render_template(
            "home.html",
            search=SearchRequest(),
            total=latest.total,
            domains=[
                (services.domain_names.get(item.value, item.value), item.count, _only("domain", item.value))
                for item in _values(latest, "domain")
            ],
            kinds=[(item, _only("kind", item.value)) for item in _values(latest, "kind")],
            latest=latest.hits,
            guides=guides.hits,
            events=events.counted((latest.total, guides.total, *(hit.id for hit in (*latest.hits, *guides.hits)))),
            by_date=SearchRequest(sort=Sort.DATE),
            all_guides=_only("kind", Kind.GUIDE),
            popular=[(text, SearchRequest(text=text)) for text in popular],
            examples=[(text, SearchRequest(text=text)) for text in services.settings.examples],
        )

    return pages


def _popular(services: Services) -> list[str]:
    """What is often searched for and stands in what is published: nobody writes on this page by asking again and again.

    A term, or a piece of a title, an item or an agency's name, letter by letter.
    """
    asked = services.queries.popular(_LOOKED_AT) if services.queries else ()
    known = (
        text
        for text in asked
        if any(text in normalize(item.text) for item in services.engine.suggestions(text, _LIST_LENGTH))
    )
    return list(islice(known, _LIST_LENGTH))


def _of_kind(kind: Kind) -> Query:
    return Query(filters=MappingProxyType({"kind": (kind.value,)}), sort=Sort.DATE, limit=_LIST_LENGTH)


def _values(results: SearchResults, field: str) -> tuple[FacetValue, ...]:
    return next((facet.values for facet in results.facets if facet.field == field), ())


def _only(field: str, value: str) -> SearchRequest:
    return SearchRequest().with_value(field, value)
