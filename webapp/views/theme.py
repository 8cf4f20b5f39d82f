"""Which colours has the operator chosen? A style sheet of them, as no style may stand inside a page."""

from __future__ import annotations

from flask import Blueprint, Response, current_app

from webapp.ports import Services


def blueprint(services: Services) -> Blueprint:
    pages = Blueprint("theme", __name__)
    content = services.settings.theme.stylesheet()

    @pages.get("/theme.css")
    def stylesheet() -> Response:
        response = current_app.response_class(content, mimetype="text/css")
        response.add_etag()
        return response

    return pages
