"""How are the pages put together? Engine, store, blobs and settings come in, a Flask application comes out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask, url_for
from jinja2 import StrictUndefined

from analyzers.lexicon import domains
from corpus.shared import SharedTables
from indexer.engine import SearchEngine
from indexer.withdrawals import WithoutWithdrawn
from webapp import api, presenters
from webapp.compression import compress_answers
from webapp.params import SearchRequest
from webapp.ports import Blobs, Documents, Services
from webapp.query_counts import QueryCounts
from webapp.query_days import FolderDays, QueryDays, TableDays
from webapp.request_counts import RequestMeter
from webapp.security import add_security_headers
from webapp.staff.services import Staff
from webapp.views import (
    addresses,
    catalog,
    documents,
    error_pages,
    exports,
    feeds,
    file_names,
    files,
    health,
    home,
    kiosk,
    metrics,
    opensearch,
    search,
    sitemap,
    suggest,
    theme,
)
from webapp.views import staff as staff_area
from webapp.web_settings import WebSettings

# A static file carries the hash of its bytes in its address, so it may be kept for a year: the usual most.
_STATIC_AGE_S = 365 * 24 * 3600
# Question, filters and dates fit many times; it bounds what a form could post to pages that read none.
_MAX_REQUEST_BYTES = 64 * 1024


def create_app(
    engine: SearchEngine,
    store: Documents,
    blobs: Blobs,
    settings: WebSettings,
    staff: Staff | None = None,
    as_of: Callable[[], datetime | None] | None = None,
    shared: SharedTables | None = None,
) -> Flask:
    """The pages over one engine and one store. Nothing here reads the environment or keeps state between requests.

    Without ``staff`` there is no staff area, and no API of it. ``as_of`` says when the index was last brought up to the
    store; without it the kiosk does not tell. In ``shared`` all machines count the requests to ``/api`` and the queries
    together; without it each counts in the folders of the settings.
    """
    names = {domain.slug: domain.name for domain in domains()}
    answering = WithoutWithdrawn(engine, store.withdrawn)
    services = Services(answering, store, blobs, settings, names, _query_counts(settings, shared), shared)
    app = Flask("webapp", static_folder="static", static_url_path="/static", template_folder="templates")
    app.config["TRUSTED_HOSTS"] = list(settings.trusted_hosts) or None
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = _STATIC_AGE_S
    app.config["MAX_CONTENT_LENGTH"] = _MAX_REQUEST_BYTES
    # An id may hold two slashes in a row (one that is a URL does); they are part of it.
    app.url_map.merge_slashes = False
    app.url_map.converters["any_text"] = addresses.AnyTextConverter
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of DefaultJSONProvider, which a Flask has by itself
    _prepare_templates(app, settings)
    meter = None if settings.shared_folder is None else RequestMeter(app, settings.shared_folder)
    add_security_headers(app)
    compress_answers(app)
    error_pages.register(app)
    for view in (home, search, suggest, exports, feeds, opensearch, sitemap, catalog, documents, files, health, theme):
        app.register_blueprint(view.blueprint(services))
    api.add(app, services)
    app.register_blueprint(metrics.blueprint(services, as_of, meter))
    app.register_blueprint(kiosk.blueprint(services, as_of))
    if staff is not None:
        staff_area.add(app, services, staff)
    return app


def _query_counts(settings: WebSettings, shared: SharedTables | None) -> QueryCounts | None:
    if not settings.query_days:
        return None
    kept: QueryDays
    if shared is not None:
        kept = TableDays(shared)
    elif settings.query_folder is not None:
        kept = FolderDays(settings.query_folder)
    else:
        return None
    return QueryCounts(kept, settings.query_days, settings.blocked_queries)


def _prepare_templates(app: Flask, settings: WebSettings) -> None:
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    versions = _static_versions(Path(app.static_folder or ""))
    app.jinja_env.filters.update(
        channel_names=presenters.channel_names,
        chinese_date=presenters.chinese_date,
        file_size=presenters.file_size,
        grouped=presenters.grouped,
        kind_label=presenters.kind_label,
        safe_link=presenters.safe_link,
        segments=presenters.segments,
        validity_label=presenters.validity_label,
    )

    def static_url(name: str) -> str:
        return url_for("static", filename=name, v=versions[name])

    app.jinja_env.globals.update(
        document_url=addresses.document_url,
        docx_url=addresses.docx_url,
        entry_url=addresses.entry_url,
        hit_url=addresses.hit_url,
        file_url=addresses.file_url,
        format_label=file_names.format_label,
        original_url=addresses.original_url,
        search_url=addresses.search_url,
        search_nav=SearchRequest(),
        settings=settings,
        static_url=static_url,
        text_url=addresses.text_url,
        version_url=addresses.version_url,
    )


def _static_versions(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in folder.rglob("*")
        if path.is_file()
    }
