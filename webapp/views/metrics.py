"""How is this installation? For a monitor, in Prometheus's text format (version 0.0.4)."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from importlib.metadata import version
from ipaddress import ip_address
from itertools import accumulate

from flask import Blueprint, Response, abort, request

from indexer.errors import IndexerError
from webapp.ports import Services
from webapp.request_counts import BUCKETS, Histogram, RequestMeter
from webapp.web_settings import WebSettings

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# By these a proxy says that somebody else asked.
_FORWARDING = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def blueprint(services: Services, as_of: Callable[[], datetime | None] | None, meter: RequestMeter | None) -> Blueprint:
    pages = Blueprint("metrics", __name__)

    @pages.get("/metrics")
    def metrics() -> Response:
        """For whoever asks from this machine, or with the token of the settings."""
        if not _may_see(services.settings):
            abort(403)
        lines = [*_build(), *_store(services), *_index(services, as_of)]
        if meter is not None:
            lines += _requests(meter.counts.histograms())
        return Response("\n".join(lines) + "\n", content_type=_TYPE)

    return pages


def _may_see(settings: WebSettings) -> bool:
    token = request.authorization.token if request.authorization is not None else None
    if token and settings.metrics_token:
        return hmac.compare_digest(token.encode(), settings.metrics_token.encode())
    if any(name in request.headers for name in _FORWARDING):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _build() -> Iterator[str]:
    yield from _described("gongkai_build_info", "gauge", "The version that answers.")
    yield f'gongkai_build_info{{version="{version("gongkai")}"}} 1'


def _store(services: Services) -> Iterator[str]:
    counts, fresh = services.store.counts(), services.store.freshness()
    yield from _described("gongkai_documents", "gauge", "Documents in the store by state.")
    for state in ("live", "gone", "withdrawn"):
        yield f'gongkai_documents{{state="{state}"}} {counts[state]}'
    for name, about in (
        ("versions", "Versions of documents that are kept."),
        ("files", "Different files that are kept."),
        ("pending_files", "Files that documents name and that are not fetched yet."),
        ("needs_ocr", "Documents and files of which OCR could read more."),
        ("failures", "Sources that could not be read."),
    ):
        yield from _gauge(f"gongkai_{name}", about, counts[name])
    yield from _gauge("gongkai_crawl_queue", "Addresses that wait to be fetched.", fresh.waiting)
    yield from _moment("gongkai_store_changed", "When a document changed last.", fresh.changed_at)
    yield from _moment("gongkai_crawl_finished", "When a crawl ended last.", fresh.crawled_at)


def _index(services: Services, as_of: Callable[[], datetime | None] | None) -> Iterator[str]:
    try:
        documents = services.engine.document_count()
    except IndexerError:
        yield from _gauge("gongkai_index_up", "Whether questions are answered.", 0)
        return
    yield from _gauge("gongkai_index_up", "Whether questions are answered.", 1)
    yield from _gauge("gongkai_index_documents", "Documents that can be found.", documents)
    if as_of is not None:
        yield from _moment("gongkai_index_as_of", "When the index was last brought up to the store.", as_of())


def _requests(histograms: Iterable[Histogram]) -> Iterator[str]:
    name = "gongkai_http_request_duration_seconds"
    yield from _described(name, "histogram", "Time to the head of an answer, over all workers.")
    for one in histograms:
        labels = f'endpoint="{one.endpoint}",status="{one.status}xx"'
        for bound, count in zip((*BUCKETS, "+Inf"), accumulate(one.counts), strict=True):
            yield f'{name}_bucket{{{labels},le="{bound}"}} {count}'
        yield f"{name}_sum{{{labels}}} {one.seconds:.6f}"
        yield f"{name}_count{{{labels}}} {sum(one.counts)}"


def _moment(name: str, about: str, moment: datetime | None) -> Iterator[str]:
    """Nothing where it never happened."""
    if moment is not None:
        yield from _gauge(f"{name}_timestamp_seconds", about, f"{moment.timestamp():.3f}")


def _gauge(name: str, about: str, value: object) -> Iterator[str]:
    yield from _described(name, "gauge", about)
    yield f"{name} {value}"


def _described(name: str, kind: str, about: str) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"
