"""What do people do on a search site? Readers that search, narrow, turn the page, read and take a file home."""

from __future__ import annotations

import gzip
import html
import re
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from itertools import count
from random import Random
from urllib.parse import quote

# An answer that takes longer has failed.
_TIMEOUT_S = 30
_HEADERS = {"Accept-Encoding": "gzip"}  # as every browser
_GZIP = b"\x1f\x8b"  # how such an answer begins (RFC 1952, 2.3.1)
# Suggestions are asked for after so many characters of a question.
_TYPED = 4

PAGES = ("search", "facet", "next page", "suggestion", "document", "download")

# How the pages name what a reader goes on to; ours and the peer's do it alike.
_DOCUMENT = re.compile(r'href="(/documents/[^"#]+)"')
_FACET = re.compile(r'href="([^"]*[?&;]kind=[^"]*)"')
_NEXT = re.compile(r'rel="next" href="([^"]+)"')
_TEXT = re.compile(r'href="(/documents/[^"]+/text)"')


@dataclass(frozen=True, slots=True)
class Visit:
    """One answer: which of `PAGES`, milliseconds until its last byte, its bytes; ``error`` says why it failed."""

    page: str
    ms: float
    size: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """Seconds that a reader waits between two pages, drawn evenly."""

    least: float = 0.0
    most: float = 0.0


def visits(address: str, questions: Sequence[str], readers: int, seconds: float, pause: Pause) -> list[Visit]:
    """Let so many readers read for so many seconds; the same questions in the same order every time."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(readers) as pool:
        done = pool.map(lambda number: list(_read(address, questions, number, until, pause)), range(readers))
        return [visit for one in done for visit in one]


def _read(address: str, questions: Sequence[str], number: int, until: float, pause: Pause) -> Iterator[Visit]:
    draw = Random(number)  # noqa: S311 - it must be the same every time
    own = draw.sample(questions, len(questions))
    browser = _Browser(address)
    for turn in count():
        for visit in _journey(browser, own[turn % len(own)]):
            yield visit
            if time.monotonic() >= until:
                browser.close()
                return
            time.sleep(draw.uniform(pause.least, pause.most))


def _journey(browser: _Browser, question: str) -> Iterator[Visit]:
    """One question: typed, asked, narrowed to a kind, turned over, a document read and taken home."""
    typed, _ = browser.get("suggestion", f"/suggest.json?q={quote(question[:_TYPED])}")
    yield typed
    found, page = browser.get("search", f"/search?q={quote(question)}")
    yield found
    if narrowed := _link(_FACET, page):
        yield browser.get("facet", narrowed)[0]
    if further := _link(_NEXT, page):
        yield browser.get("next page", further)[0]
    if leads_to := _link(_DOCUMENT, page):
        read, text = browser.get("document", leads_to)
        yield read
        if taken := _link(_TEXT, text):
            yield browser.get("download", taken)[0]


def _link(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    return html.unescape(found[1]) if found else ""


class _Browser:
    """Keeps its connection as browsers do, and opens another where the server closed it meanwhile."""

    def __init__(self, address: str) -> None:
        self._connection = HTTPConnection(address, timeout=_TIMEOUT_S)

    def get(self, page: str, path: str) -> tuple[Visit, str]:
        """Ask for a path; gives the visit and the text that came."""
        started = time.perf_counter()
        try:
            status, body = self._ask(path)
        except (OSError, HTTPException) as error:
            self._connection.close()
            return Visit(page, (time.perf_counter() - started) * 1000, 0, type(error).__name__), ""
        taken = (time.perf_counter() - started) * 1000
        text = gzip.decompress(body) if body.startswith(_GZIP) else body
        return Visit(page, taken, len(body), "" if status == 200 else f"status {status}"), text.decode()

    def _ask(self, path: str) -> tuple[int, bytes]:
        reused = self._connection.sock is not None
        try:
            self._connection.request("GET", path, headers=_HEADERS)
            response = self._connection.getresponse()
        except (ConnectionError, HTTPException):
            self._connection.close()
            if not reused:
                raise
            self._connection.request("GET", path, headers=_HEADERS)
            response = self._connection.getresponse()
        return response.status, response.read()

    def close(self) -> None:
        self._connection.close()
