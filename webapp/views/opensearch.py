"""How does a browser search here from its own box? The description that it reads (OpenSearch 1.1)."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request, url_for
from lxml import etree

from webapp.exports.cells import xml_text
from webapp.params import SearchRequest
from webapp.ports import Services

MEDIA_TYPE = "application/opensearchdescription+xml"
_NAMESPACE = "http://a9.com/-/spec/opensearch/1.1/"
_NAMES = {None: _NAMESPACE}
# What the specification allows for the two names, in characters.
_SHORT, _LONG = 16, 48
_SUGGESTIONS = 8


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("opensearch", __name__)

    @pages.get("/opensearch.xml")
    def description() -> Response:
        """Templates must be absolute: of ``public_url``, else of the host asked for, which only its asker believes."""
        base = services.settings.public_url.rstrip("/") or request.host_url.rstrip("/")
        root = etree.Element(f"{{{_NAMESPACE}}}OpenSearchDescription", nsmap=_NAMES)  # type: ignore[arg-type]
        name = xml_text(services.settings.site_name)
        _add(root, "ShortName", name[-_SHORT:])
        _add(root, "LongName", f"{name}检索"[-_LONG:])
        _add(root, "Description", f"检索{name}的文件、办事指南和公示公告")
        _add(root, "InputEncoding", "UTF-8")
        _add(root, "Language", "zh-CN")
        addresses = (
            ("text/html", url_for("search.page")),
            ("application/atom+xml", url_for("feeds.page_of_search")),
            ("application/x-suggestions+json", url_for(".suggestions")),
        )
        for kind, address in addresses:
            _add(root, "Url", type=kind, template=f"{base}{address}?q={{searchTerms}}")
        _add(root, "Url", type=MEDIA_TYPE, rel="self", template=f"{base}{url_for('.description')}")
        written = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
        return Response(written, mimetype=MEDIA_TYPE)

    @pages.get("/opensearch-suggestions.json")
    def suggestions() -> Response:
        """What browsers read while somebody types: the text, then the list (OpenSearch Suggestions 1.1)."""
        typed = SearchRequest.read(request.args).text
        found = services.engine.suggestions(typed, _SUGGESTIONS)
        response = jsonify([typed, list(dict.fromkeys(item.text for item in found))])
        response.mimetype = "application/x-suggestions+json"
        return response

    return pages


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> None:
    etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}", attributes).text = text or None
