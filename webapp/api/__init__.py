"""What programs ask, ``/api/v1``: read-only, strict about parameters, described by its own OpenAPI document."""

from __future__ import annotations

from flask import Flask

from webapp.api import edges, views
from webapp.ports import Services


def add(app: Flask, services: Services) -> None:
    """Add the calls, their description, and what holds at the edge of all of ``/api``."""
    edges.guard(app, services)
    app.register_blueprint(views.blueprint(services))
