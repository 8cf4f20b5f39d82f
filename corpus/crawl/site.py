"""What does a site file (TOML) say, and is it usable?"""

from __future__ import annotations

import hashlib
import re
import tomllib
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpus.crawl.urls import canonical_url, host_of
from corpus.errors import SiteFileError
from corpus.models import Kind

# The fields of a document that a listing may give; ``url`` is required, dates may be texts or unix times.
ListingField = Literal[
    "url",
    "title",
    "published_on",
    "issued_on",
    "effective_on",
    "expires_on",
    "document_number",
    "index_number",
    "issuer",
    "subject",
    "source",
    "column",
    "keywords",
]

_PLACEHOLDER = re.compile(r"\{([A-Za-z_]\w*)\}")


def _http(url: str) -> str:
    if canonical_url(re.sub(r"[{}]", "", url)) is None:
        raise ValueError("must be an address that begins with http:// or https://")
    return url


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from error
    return text


HttpUrl = Annotated[str, AfterValidator(_http)]
Pattern = Annotated[str, AfterValidator(_pattern)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Column(_Table):
    """``[[column]]``: pages under ``prefix`` (a path, or a whole address) belong to a column; used where the page does
    not say. The longest prefix counts."""

    prefix: str = Field(min_length=1)
    name: str = ""
    kind: Kind | None = None


class Listing(_Table):
    """``[[listing]]``: a call that gives a list of pages, one page of the list at a time.

    ``{page}`` in ``url``, ``body`` and header values is ``first_page``, then more by ``page_step``; ``{page_end}`` is
    the number before the next ``{page}``. ``each = {category = ["5", "6"]}`` makes a listing for each value, which
    fills ``{category}``. ``items``, ``total`` (how many items) and ``pages`` (how many pages) are JMESPath for json;
    for xml and html they are XPath, or CSS where they do not begin with ``/``, ``./`` or ``(``. ``fields`` and
    ``validity`` are looked up within an item; an xml item that holds a CDATA fragment is read as HTML. ``validity``
    names a flag of the item for each state that it marks: ``repealed = "is_abolished"``.
    """

    url: HttpUrl
    method: Literal["GET", "POST"] = "GET"
    headers: dict[str, str] = {}
    body: str = ""
    format: Literal["json", "xml", "html"] = "json"
    first_page: int = 1
    page_step: int = Field(default=1, ge=1)
    max_pages: int = Field(default=1_000, ge=1)
    each: dict[str, list[str]] = {}
    items: str = Field(min_length=1)
    total: str = ""
    pages: str = ""
    fields: dict[ListingField, str]
    validity: dict[Literal["amended", "repealed", "expired"], str] = {}

    @model_validator(mode="after")
    def _check(self) -> Self:
        if "url" not in self.fields:
            raise ValueError("fields must say where an item's url stands")
        known = {"page", "page_end", *self.each}
        unknown = sorted(set(_PLACEHOLDER.findall(self.url)) - known)
        if unknown:
            raise ValueError(f"url has the unknown placeholder {{{unknown[0]}}}; known are {', '.join(sorted(known))}")
        if self.method == "GET" and self.body:
            raise ValueError('a body needs method = "POST"')
        return self

    @property
    def paged(self) -> bool:
        """Does it have more than one page?"""
        return any("{page}" in text for text in (self.url, self.body, *self.headers.values()))


class Site(_Table):
    """A site file: ``[site]`` with the fields below, then ``[[column]]`` and ``[[listing]]`` tables.

    ``delay_s`` is in seconds between two requests to one host, ``max_body_mb`` in 10⁶ bytes; ``hosts`` are ``host`` or
    ``host:port`` and all that is ever fetched; ``deny`` are regular expressions searched in addresses.

    ``verify_tls = false`` is for a portal whose certificate is broken (expired, self-signed, of another name, without
    its chain): anybody on the way may then read and change what is fetched. A certificate of an authority that the
    platform does not know is better trusted through the environment variable ``SSL_CERT_FILE``.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    start_urls: list[HttpUrl] = Field(min_length=1)
    name: str = ""
    region: str = ""
    hosts: list[str] = []
    sitemaps: list[HttpUrl] = []  # empty: those that robots.txt names, and /sitemap.xml
    delay_s: float = Field(default=1.0, ge=0, le=3_600)
    max_depth: int = Field(default=20, ge=0)
    max_pages: int = Field(default=100_000, ge=1)  # in one crawl
    max_body_mb: int = Field(default=50, ge=1, le=1_000)
    allow_private: bool = False  # loopback and private addresses; for the demo and intranets
    verify_tls: bool = True
    user_agent: str | None = None
    deny: list[Pattern] = []
    column: tuple[Column, ...] = ()
    listing: tuple[Listing, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _default_hosts(cls, data: object) -> object:
        if isinstance(data, dict) and not data.get("hosts") and isinstance(data.get("start_urls"), list):
            found = [canonical_url(url) for url in data["start_urls"] if isinstance(url, str)]
            return {**data, "hosts": list(dict.fromkeys(host_of(url) for url in found if url))}
        return data

    @model_validator(mode="after")
    def _check_hosts(self) -> Self:
        for host in self.hosts:
            if not re.fullmatch(r"[\w.-]+(?::\d{1,5})?|\[[0-9A-Fa-f:]+\](?::\d{1,5})?", host):
                raise ValueError(f"hosts must be host or host:port, not {host!r}")
        for url in (*self.start_urls, *self.sitemaps, *(item.url for item in self.listing)):
            if not self.covers(canonical_url(re.sub(r"[{}]", "", url)) or ""):
                raise ValueError(f"{url} is not on one of the hosts {', '.join(self.hosts)}; add its host to hosts")
        return self

    @classmethod
    def from_url(cls, url: str) -> Site:
        """The site of one address, with every setting at its default. Raises SiteFileError."""
        canonical = canonical_url(url)
        if canonical is None:
            raise SiteFileError(f"{url!r} is no address to crawl; it must begin with http:// or https://")
        identifier = re.sub(r"[^A-Za-z0-9._-]", "-", host_of(canonical)).strip("-.")[:64]
        return _validated({"id": identifier, "start_urls": [canonical]}, url)

    def covers(self, url: str) -> bool:
        """May this canonical address be fetched, as far as its host goes?"""
        return host_of(url) in self._allowed

    def denies(self, url: str) -> bool:
        """Does a ``deny`` pattern match it?"""
        return any(re.search(pattern, url) for pattern in self.deny)

    def column_of(self, url: str) -> Column | None:
        """The column whose prefix is the longest one of this canonical address."""
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        found = [item for item in self.column if (url if "://" in item.prefix else path).startswith(item.prefix)]
        return max(found, key=lambda item: len(item.prefix), default=None)

    def listings(self) -> list[Listing]:
        """The listings with their ``each`` filled in, in the order of the file."""
        found = []
        for item in self.listing:
            for values in product(*item.each.values()):
                filling = dict(zip(item.each, values, strict=True))
                found.append(
                    item.model_copy(
                        update={
                            "each": {},
                            "url": fill(item.url, filling),
                            "body": fill(item.body, filling),
                            "headers": {name: fill(value, filling) for name, value in item.headers.items()},
                        }
                    )
                )
        return found

    def digest(self) -> str:
        """Changes with everything that decides how a page is read; validators of another digest are not sent."""
        parts = self.model_dump_json(include={"id", "region", "column", "listing"})
        return hashlib.sha256(parts.encode()).hexdigest()

    @cached_property
    def _allowed(self) -> frozenset[str]:
        spellings = (canonical_url(f"http://{host.removesuffix(':443')}/") for host in self.hosts)
        return frozenset(host_of(url) for url in spellings if url is not None)


def fill(text: str, values: dict[str, str]) -> str:
    """Replace ``{name}`` by its value; other braces (a JSON body has them) stay."""
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), text)


def load_site(path: Path) -> Site:
    """Read a site file. Raises SiteFileError, which names the key and what is allowed."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SiteFileError(f"cannot read the site file {path}: {error}") from error
    return parse_site(text, str(path))


def parse_site(text: str, name: str = "site file") -> Site:
    """Read the text of a site file; ``name`` is for messages. Raises SiteFileError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SiteFileError(f"{name} is no TOML: {error}") from error
    if not isinstance(data.get("site"), dict):
        raise SiteFileError(f"{name} has no [site] table; it needs at least id and start_urls")
    unknown = sorted(set(data) - {"site", "column", "listing"})
    if unknown:
        raise SiteFileError(f"{name}: {unknown[0]} is unknown; tables are [site], [[column]], [[listing]]")
    return _validated({**data["site"], **{key: data[key] for key in ("column", "listing") if key in data}}, name)


def _validated(data: dict[str, object], name: str) -> Site:
    try:
        return Site.model_validate(data)
    except ValidationError as error:
        problems = []
        for item in error.errors():
            key = ".".join(str(part) for part in item["loc"] if part != "function-after[_check(), Listing]")
            allowed = _keys_at(item["loc"]) if item["type"] == "extra_forbidden" else ""
            reason = f"is unknown; known are {allowed}" if allowed else item["msg"].removeprefix("Value error, ")
            given = f" (got {item['input']!r})" if isinstance(item["input"], str | int | float) else ""
            problems.append(f"{key or 'site'}: {reason}{given}")
        raise SiteFileError(f"{name}: " + "; ".join(problems)) from error


def _keys_at(location: tuple[int | str, ...]) -> str:
    table: type[BaseModel] = {"column": Column, "listing": Listing}.get(str(location[0]), Site)  # type: ignore[assignment]
    if len(location) == 1:
        table = Site
    return ", ".join(sorted(set(table.model_fields) - {"column", "listing"}))
