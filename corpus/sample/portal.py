"""How is the sample portal served over real HTTP?"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from corpus.sample.oddities import not_found_page, server_error_page
from corpus.sample.resources import HTML, Resource
from corpus.sample.site import build_site, find, request_key
from corpus.sample.sitemap import address_pages, site_toml

SITE_ID = "yunlan"


@dataclass(frozen=True, slots=True)
class _Request:
    path: str
    status: int


class SamplePortal:
    """The website of the fictional 栖川市云澜区, served by a background thread while the context is open.

    ``port`` 0 takes a free one; ``delay_s`` (seconds, changeable while running) holds every answer back.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0, delay_s: float = 0.0) -> None:
        self.delay_s = delay_s
        self._lock = threading.Lock()
        self._requests: list[_Request] = []
        self._replaced: dict[str, Resource] = {}
        self._server = _Server((host, port), _Handler, self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.url = f"http://{host}:{self._server.server_address[1]}"
        self._pages = {**build_site(), **address_pages(self.url)}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        """Serve without a ``with`` block; `close` ends it."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering and free the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def site_toml(self) -> str:
        """The site description for `gongkai crawl` (see docs of the site TOML)."""
        return site_toml(self.url, SITE_ID)

    @property
    def requests(self) -> list[tuple[str, int]]:
        """(path with query, status) of every request so far, in the order in which they were answered."""
        with self._lock:
            return [(request.path, request.status) for request in self._requests]

    def forget_requests(self) -> None:
        with self._lock:
            self._requests.clear()

    def replace(self, path: str, body: bytes | None, status: int = 200, content_type: str | None = None) -> None:
        """Let ``path`` answer something else from now on.

        ``body`` None removes the page (404), or shows the portal's error page if ``status`` says so. Without a
        ``content_type`` the page keeps the one it has.
        """
        old = find(self._pages, path)
        now = datetime.now(UTC)
        if body is None:
            page = server_error_page() if status >= HTTPStatus.INTERNAL_SERVER_ERROR else not_found_page()
            body, content_type = page.body, page.content_type
            status = page.status if status == HTTPStatus.OK else status
        resource = Resource(body, content_type or (old.content_type if old else HTML), status, now)
        with self._lock:
            self._replaced[request_key(path)] = resource

    def restore(self, path: str) -> None:
        """Undo `replace`."""
        with self._lock:
            self._replaced.pop(request_key(path), None)

    def answer(self, target: str) -> Resource:
        """What a GET of ``target`` (path and query) would be answered."""
        with self._lock:
            replaced = self._replaced.get(request_key(target))
        return replaced or find(self._pages, target) or not_found_page()

    def record(self, path: str, status: int) -> None:
        with self._lock:
            self._requests.append(_Request(path, status))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # an idle keep-alive connection must not hold up `close`

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], portal: SamplePortal) -> None:
        self.portal = portal
        super().__init__(address, handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up in the middle is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed narrows both


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    server_version = "YunlanPortal/1.0"
    timeout = 30  # seconds an idle connection is kept

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its signature; kept quiet
        """Requests are kept in `SamplePortal.requests`, not printed."""

    def _answer(self, *, with_body: bool) -> None:
        portal = self.server.portal
        if portal.delay_s > 0:
            time.sleep(portal.delay_s)
        resource = portal.answer(self.path)
        status = HTTPStatus.NOT_MODIFIED if self._has_current(resource) else HTTPStatus(resource.status)
        portal.record(self.path, status)
        self.send_response(status)
        if resource.location is not None:
            self.send_header("Location", resource.location)
        if resource.status == HTTPStatus.OK:
            self.send_header("ETag", resource.etag)
            self.send_header("Last-Modified", resource.last_modified)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", resource.content_type)
            self.send_header("Content-Length", str(len(resource.body)))
        self.end_headers()
        if with_body and status != HTTPStatus.NOT_MODIFIED:
            self.wfile.write(resource.body)

    def _has_current(self, resource: Resource) -> bool:
        """Whether the client's copy is current; If-None-Match overrides If-Modified-Since (RFC 9110, 13.2.2)."""
        if resource.status != HTTPStatus.OK:
            return False
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
            return "*" in known or resource.etag in known
        since = self.headers.get("If-Modified-Since")
        if since is None:
            return False
        try:
            return resource.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
        except (TypeError, ValueError):  # a date nobody can read is no condition
            return False
