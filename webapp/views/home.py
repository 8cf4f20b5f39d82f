"""What does the first page offer?"""

from __future__ import annotations

from types import MappingProxyType

from flask import Blueprint, render_template

from corpus.models import Kind
from indexer.engine import FacetValue, Part, Query, SearchResults, Sort
from webapp.params import SearchRequest
from webapp.ports import Services
from webapp.views.life_events import LifeEvents

# As many as stand beside each other on a desk without scrolling past them.
_LIST_LENGTH = 8


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("home", __name__)
    events = LifeEvents(services.engine)

    @pages.get("/")
    def page() -> str:
        latest = services.engine.search(Query(part=Part.DOCUMENT, sort=Sort.DATE, limit=_LIST_LENGTH))
        popular = services.queries.popular(_LIST_LENGTH) if services.queries else ()
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


def _of_kind(kind: Kind) -> Query:
    return Query(filters=MappingProxyType({"kind": (kind.value,)}), sort=Sort.DATE, limit=_LIST_LENGTH)


def _values(results: SearchResults, field: str) -> tuple[FacetValue, ...]:
    return next((facet.values for facet in results.facets if facet.field == field), ())


def _only(field: str, value: str) -> SearchRequest:
    return SearchRequest().with_value(field, value)
