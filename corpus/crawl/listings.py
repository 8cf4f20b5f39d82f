"""Which pages does one answer of a described listing name, and what does it say of them?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import jmespath  # type: ignore[import-untyped]
import jmespath.exceptions  # type: ignore[import-untyped]
import lxml.etree
from cssselect import SelectorError
from parsel import Selector

from analyzers.dates import CHINA_TIME, DateError, parse_date
from corpus.crawl.site import Listing, fill
from corpus.crawl.urls import canonical_url, join_url

_DATES = ("published_on", "issued_on", "effective_on", "expires_on")

# Unix times above this are in milliseconds: as seconds it is the year 5138.
_SECONDS_LIMIT = 100_000_000_000

_FALSE = ("", "0", "false", "no", "n", "none", "null", "否", "无")


class ListingError(ValueError):
    """The answer is not what the site file describes; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class ListingRequest:
    """What to send for one page of a list; ``address`` names it in the frontier (a POST body adds a fragment)."""

    url: str
    method: str
    headers: Mapping[str, str]
    body: str
    address: str


@dataclass(frozen=True, slots=True)
class ListedPage:
    """An item: the canonical address, and the fields that the listing gives (texts; dates as ISO)."""

    url: str
    hints: Mapping[str, str]


@dataclass(slots=True)
class ListingPage:
    """One page of a list: ``count`` items, of which ``pages`` name an address; ``total`` and ``last`` as it says."""

    pages: list[ListedPage] = field(default_factory=list)
    count: int = 0
    nameless: int = 0
    total: int | None = None
    page_count: int | None = None
    digest: str = ""  # of the addresses: a server that ignores the page number gives the same ones again


def request_for(listing: Listing, page: int) -> ListingRequest | None:
    """The request for page number ``page`` (counted from 0) of a list; None if the filled-in URL is none."""
    number = listing.first_page + page * listing.page_step
    values = {"page": str(number), "page_end": str(number + listing.page_step - 1)}
    url = canonical_url(fill(listing.url, values))
    if url is None:
        return None
    body = fill(listing.body, values)
    headers = {name: fill(value, values) for name, value in listing.headers.items()}
    if body and "content-type" not in {name.lower() for name in headers}:
        form = "application/json" if body.lstrip().startswith(("{", "[")) else "application/x-www-form-urlencoded"
        headers["Content-Type"] = form
    varied = json.dumps([body, sorted(headers.items())]) if body or listing.headers else ""
    suffix = f"#{hashlib.sha256(varied.encode()).hexdigest()[:16]}" if varied else ""
    return ListingRequest(url, listing.method, headers, body, url + suffix)


def read_listing(listing: Listing, data: bytes, url: str, encoding: str = "") -> ListingPage:
    """Read one answer; relative addresses are resolved against ``url``. Raises ListingError."""
    try:
        page = (
            _read_json(listing, data, url) if listing.format == "json" else _read_markup(listing, data, url, encoding)
        )
    except (jmespath.exceptions.JMESPathError, SelectorError, ValueError) as error:
        if isinstance(error, ListingError):
            raise
        raise ListingError(f"an expression of the site file does not work: {error}") from error
    page.digest = hashlib.sha256("\n".join(item.url for item in page.pages).encode()).hexdigest()
    return page


def has_next(listing: Listing, page: ListingPage, number: int, seen: int, previous_digest: str) -> bool:
    """Is there a page after page ``number`` (counted from 0), when ``seen`` items came before it?"""
    if not listing.paged or page.count == 0 or number + 1 >= listing.max_pages or page.digest == previous_digest:
        return False
    if page.page_count is not None:
        return number + 1 < page.page_count
    return page.total is None or seen + page.count < page.total


def _read_json(listing: Listing, data: bytes, url: str) -> ListingPage:
    try:
        answer = json.loads(data.decode("utf-8-sig"))
    except ValueError as error:
        raise ListingError("the listing's answer is no JSON (a script challenge, or another format?)") from error
    items = jmespath.search(listing.items, answer)
    if items is None:
        raise ListingError(f"the listing's answer has no {listing.items!r}")
    if not isinstance(items, list):
        raise ListingError(f"{listing.items!r} of the listing's answer is no list")
    page = ListingPage(count=len(items))
    page.total = _number(jmespath.search(listing.total, answer)) if listing.total else None
    page.page_count = _number(jmespath.search(listing.pages, answer)) if listing.pages else None
    for item in items:
        _take(
            page,
            url,
            {name: jmespath.search(path, item) for name, path in listing.fields.items()},
            {name: jmespath.search(path, item) for name, path in listing.validity.items()},
        )
    return page


def _read_markup(listing: Listing, data: bytes, url: str, encoding: str) -> ListingPage:
    root = _selector(data, listing.format, encoding)
    items = _select(root, listing.items)
    page = ListingPage(count=len(items))
    page.total = _number(_value(root, listing.total)) if listing.total else None
    page.page_count = _number(_value(root, listing.pages)) if listing.pages else None
    for item in items:
        inner = _fragment(item) if listing.format == "xml" else item
        _take(
            page,
            url,
            {name: _value(inner, path) for name, path in listing.fields.items()},
            {name: _value(inner, path) for name, path in listing.validity.items()},
        )
    return page


def _selector(data: bytes, form: str, encoding: str) -> Selector:
    """The document to select in. XML entities are not resolved, and a broken document gives what can be read."""
    if form == "html":
        return Selector(text=_decode(data, encoding), type="html")
    parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, no_network=True, strip_cdata=False)
    root = lxml.etree.fromstring(data.lstrip(), parser=parser) if data.strip() else None
    if root is None:
        raise ListingError("the listing's answer is no XML (a script challenge, or another format?)")
    return Selector(root=root, type="xml")


def _decode(data: bytes, encoding: str) -> str:
    for name in (encoding, "utf-8", "gb18030"):
        if name:
            try:
                return data.decode(name)
            except (UnicodeDecodeError, LookupError):
                continue
    return data.decode("utf-8", "replace")


def _fragment(item: Selector) -> Selector:
    """The HTML that an XML element holds as text; the element itself if it holds none."""
    text = str(item.xpath("string()").get(""))
    if item.xpath("./*") or "<" not in text:
        return item
    return Selector(text=text, type="html")


def _select(selector: Selector, path: str) -> list[Selector]:
    is_xpath = path.startswith(("/", "./", "(", "@", "string(", "normalize-space(", "concat("))
    return list(selector.xpath(path) if is_xpath else selector.css(path))


def _value(selector: Selector, path: str) -> str:
    found = _select(selector, path)
    if not found:
        return ""
    node = found[0]
    if isinstance(node.root, str):
        return " ".join(node.root.split())
    if isinstance(node.root, lxml.etree._Element):
        return " ".join(str(node.xpath("string()").get("")).split())
    return str(node.root)


def _take(page: ListingPage, base: str, fields: Mapping[str, Any], flags: Mapping[str, Any]) -> None:
    address = _text(fields.get("url")).strip()
    canonical = join_url(base, address) if address else None
    if canonical is None:
        page.nameless += 1
        return
    hints: dict[str, str] = {}
    for name, value in fields.items():
        if name == "url":
            continue
        text = _date(value) if name in _DATES else " ".join(_text(value).split())
        if text:
            hints[name] = text
    for state in ("repealed", "expired", "amended"):
        if state in flags and _true(flags[state]):
            hints["validity"] = state
            break
    page.pages.append(ListedPage(canonical, hints))


def _text(value: object) -> str:
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return "；".join(text for item in value if (text := _text(item)))
    return str(value)


def _date(value: object) -> str:
    """ISO date of a text or unix time (seconds or milliseconds; the day in China); empty if it names none."""
    text = _text(value).strip()
    try:
        if text.isdigit() and len(text) >= 9:
            seconds = int(text) / 1_000 if int(text) > _SECONDS_LIMIT else int(text)
            return datetime.fromtimestamp(seconds, CHINA_TIME).date().isoformat()
        return parse_date(text).isoformat() if text else ""
    except (DateError, OverflowError, OSError, ValueError):
        return ""


def _number(value: object) -> int | None:
    digits = "".join(character for character in _text(value) if character.isdigit())
    return int(digits) if digits else None


def _true(value: object) -> bool:
    return _text(value).strip().lower() not in _FALSE
