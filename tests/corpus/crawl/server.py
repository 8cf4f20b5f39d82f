"""A small real HTTP server whose pages a test writes as it goes."""

from __future__ import annotations

import hashlib
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

HTML = "text/html; charset=utf-8"

_PIECE = b"<p>0123456789</p>" * 4_000


@dataclass(frozen=True)
class Answer:
    """What a path answers. ``stream`` bytes are made on the fly behind ``body``, and no length is said."""

    body: bytes = b""
    status: int = 200
    content_type: str = HTML
    headers: dict[str, str] = field(default_factory=dict)
    etag: bool = True
    stream: int = 0


@dataclass(frozen=True)
class Request:
    """What was asked, and the status that was given."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    status: int


Page = Answer | Callable[[Request], Answer]


class TinyServer:
    """Serves `pages` (path with query → answer) on loopback; what is not there is 404. ``sent`` counts the bytes of
    streams by path."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Page] = {}
        self.delay_s = 0.0
        self.sent: dict[str, int] = {}
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._server = _Server(("127.0.0.1", 0), _Handler, self)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.url = f"http{'s' if tls else ''}://{self.host}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def html(self, path: str, body: str, **more: object) -> None:
        self.pages[path] = Answer(body.encode(), **more)  # type: ignore[arg-type]

    def article(self, path: str, title: str, text: str = "", files: tuple[str, ...] = ()) -> None:
        """A page with a title, 200 characters of text of its own, and attachments."""
        text = text or f"{title}。" + f"关于{path}的通知正文。" * 20
        links = "".join(f'<a class="file" href="{name}">{name}</a>' for name in files)
        self.html(path, f'<title>{title}</title><div id="zoom">{text}</div>{links}')

    def links(self, path: str, *hrefs: str) -> None:
        """A page that only links."""
        self.html(path, "<title>列表</title>" + "".join(f'<a href="{href}">链接{href}</a>' for href in hrefs))

    def file(self, path: str, data: bytes, content_type: str = "text/plain; charset=utf-8") -> None:
        self.pages[path] = Answer(data, content_type=content_type)

    def remove(self, path: str) -> None:
        self.pages.pop(path, None)

    @property
    def requests(self) -> list[Request]:
        with self._lock:
            return list(self._requests)

    def asked(self, path: str) -> list[Request]:
        """The requests for this path."""
        return [request for request in self.requests if request.path == path]

    def forget(self) -> None:
        with self._lock:
            self._requests.clear()

    def answer(self, request: Request) -> Answer:
        page = self.pages.get(request.path)
        if page is None:
            return Answer(b"<title>404</title>", 404)
        return page(request) if callable(page) else page

    def log(self, request: Request) -> None:
        with self._lock:
            self._requests.append(request)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], tiny: TinyServer) -> None:
        self.tiny = tiny
        super().__init__(address, handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A crawler that is killed in the middle of an answer is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its signature; kept quiet
        """Kept in `TinyServer.requests`."""

    def _answer(self) -> None:
        tiny = self.server.tiny
        if tiny.delay_s:
            time.sleep(tiny.delay_s)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Request(self.command, self.path, headers, body, 0)
        answer = tiny.answer(asked)
        etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        status = answer.status
        if status == 200 and answer.etag and headers.get("if-none-match") == etag:
            status = 304
        tiny.log(Request(self.command, self.path, headers, body, status))
        self.send_response(status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.etag and answer.status == 200:
            self.send_header("ETag", etag)
        if status != 304:
            self.send_header("Content-Type", answer.content_type)
            if answer.stream:
                self.send_header("Connection", "close")
            elif "Content-Length" not in answer.headers:
                self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if status != 304:
            self.wfile.write(answer.body)
            for _ in range(0, answer.stream, len(_PIECE)):
                self.wfile.write(_PIECE)
                tiny.sent[self.path] = tiny.sent.get(self.path, 0) + len(_PIECE)
