"""How often may a program ask, and whose scripts may read the answers? What holds for all of ``/api``."""

from __future__ import annotations

import time

from flask import Flask, Response, g, request
from werkzeug.exceptions import TooManyRequests

from corpus.errors import StoreError
from webapp.api.rates import Allowance, FileRates, Rates, TableRates
from webapp.ports import Services

_API = "/api/"
# What a script of another origin may send, and see of the headers (the Fetch standard, CORS protocol).
_METHODS = "GET, HEAD, POST, OPTIONS"
_SENT = "Authorization, Content-Type, If-None-Match"
_SEEN = "ETag, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After"
# For how long a browser keeps the answer to its question whether it may, in seconds: the most that Chromium takes.
_KEPT_S = "7200"


def guard(app: Flask, services: Services) -> None:
    """Count every request below ``/api``, and name the origins of the settings in the answers."""
    rates = _rates(services)
    if rates is not None:
        _count(app, rates)
    if services.settings.cors_origins:
        _name_origins(app, services.settings.cors_origins)


def _rates(services: Services) -> Rates | None:
    settings = services.settings
    if not settings.rate_limit:
        return None
    if services.shared is not None:
        return TableRates(services.shared, settings.rate_limit)
    return None if settings.shared_folder is None else FileRates(settings.shared_folder / "rates", settings.rate_limit)


def _count(app: Flask, rates: Rates) -> None:
    @app.before_request
    def count() -> None:
        if not request.path.startswith(_API) or request.method == "OPTIONS":
            return
        try:
            g.allowance = rates.count(request.remote_addr or "", time.time())
        except (OSError, StoreError) as error:  # a full disk: nobody is limited, everybody is answered
            app.logger.warning("requests to %s are not limited: %s", _API, error)
            return
        if g.allowance.remaining < 0:
            raise TooManyRequests(retry_after=g.allowance.reset_s)

    @app.after_request
    def tell(response: Response) -> Response:
        allowance: Allowance | None = g.get("allowance")
        if allowance is not None:
            response.headers["RateLimit-Limit"] = str(allowance.limit)
            response.headers["RateLimit-Remaining"] = str(max(0, allowance.remaining))
            response.headers["RateLimit-Reset"] = str(allowance.reset_s)
        return response


def _name_origins(app: Flask, origins: tuple[str, ...]) -> None:
    @app.after_request
    def name(response: Response) -> Response:
        if not request.path.startswith(_API):
            return response
        origin = request.headers.get("Origin", "")
        if "*" not in origins:
            response.vary.add("Origin")
        if "*" in origins or origin in origins:
            response.headers["Access-Control-Allow-Origin"] = "*" if "*" in origins else origin
            response.headers["Access-Control-Expose-Headers"] = _SEEN
            if request.method == "OPTIONS":
                response.headers["Access-Control-Allow-Methods"] = _METHODS
                response.headers["Access-Control-Allow-Headers"] = _SENT
                response.headers["Access-Control-Max-Age"] = _KEPT_S
        return response
