"""Which pages do staff use, and which call do their programs make? All of it is added here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from flask import Blueprint, Flask
from flask_login import current_user
from werkzeug.middleware.proxy_fix import ProxyFix

from webapp.ports import Services
from webapp.staff.reasons import reason_in_chinese
from webapp.staff.services import Staff
from webapp.staff.withdrawal import REASON_CLASSES
from webapp.views import staff_api
from webapp.views.staff import accounts, alignment, coverage, drafts, errors, guard, personal_data, report, sign_in

_CHINA = timezone(timedelta(hours=8))


def add(app: Flask, services: Services, staff: Staff) -> None:
    """Add the staff area (``/staff``) and its API to the application."""
    if staff.settings.proxies:
        hops = staff.settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    csrf = guard.prepare(app, staff)
    for public in ("exports", "kiosk"):
        csrf.exempt(app.blueprints[public])  # what is posted there changes nothing, and needs no session
    app.jinja_env.filters.update(reason_in_chinese=reason_in_chinese, chinese_moment=_moment)
    app.jinja_env.globals.update(staff_user=lambda: current_user if current_user.is_authenticated else None)
    app.jinja_env.globals.update(reasons=REASON_CLASSES)
    app.register_blueprint(_pages(services, staff))
    api = staff_api.blueprint(staff)
    csrf.exempt(api)  # a token in a header, which no other site can send
    app.register_blueprint(api)


def _pages(services: Services, staff: Staff) -> Blueprint:
    pages = Blueprint("staff", __name__, url_prefix="/staff")
    errors.register(pages)
    sign_in.add(pages, staff)
    drafts.add(pages, staff)
    alignment.add(pages, staff)
    report.add(pages, staff)
    coverage.add(pages, staff)
    personal_data.add(pages, services, staff)
    accounts.add(pages, staff)
    return pages


def _moment(at: datetime) -> str:
    """2026-11-24 09:30:00, by China's clock."""
    return f"{at.replace(tzinfo=UTC).astimezone(_CHINA):%Y-%m-%d %H:%M:%S}"
