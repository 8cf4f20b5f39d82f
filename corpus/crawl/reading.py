"""What does one answer mean: its outcome, the links to follow, the document or file in it? (No store, no HTTP.)"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType

from corpus.crawl.frontier import Address, NewAddress
from corpus.crawl.held import FoundDocument, FoundFile
from corpus.crawl.listings import ListingError, has_next, read_listing, request_for
from corpus.crawl.making import make_document
from corpus.crawl.outcomes import Outcome, Role
from corpus.crawl.site import Site
from corpus.crawl.sitemaps import SitemapError, read_sitemap
from corpus.crawl.urls import FileClass, classify, file_name, join_url
from corpus.errors import UnreadableError
from corpus.parsers import Link, Parsed, Source, Verdict
from corpus.parsers.sniff import HTML, sniff

log = logging.getLogger(__name__)

Parse = Callable[[Source], Parsed]

# Statuses after which the same request may succeed (RFC 9110; 522 and 524 are a CDN's timeouts).
RETRY_STATUSES = frozenset({408, 429, 500, 502, 503, 504, 522, 524})

# How many redirects in a row are followed; browsers give up at 20, a document rarely needs two.
MAX_REDIRECTS = 5

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})

_VERDICTS = {
    Verdict.SOFT_404: (Outcome.SOFT_404, "says that the page does not exist (status 200)"),
    Verdict.CHALLENGE: (Outcome.CHALLENGE, "a script or captcha stands in front of the page"),
    Verdict.EMPTY: (Outcome.EMPTY, "the page is empty"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for an address: a response, or (``status`` 0) an ``outcome`` and ``reason`` why there is none."""

    address: Address
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""
    outcome: Outcome | None = None
    reason: str = ""
    may_retry: bool = False

    @property
    def url(self) -> str:
        """The address itself, without the fragment that tells POST bodies apart."""
        return self.address.url.partition("#")[0]

    @property
    def validators(self) -> tuple[str, str]:
        return self.headers.get("etag", ""), self.headers.get("last-modified", "")


@dataclass(slots=True, kw_only=True)
class Reading:
    """What is to be recorded. ``outcome`` None: the store decides (created, changed or unchanged)."""

    outcome: Outcome | None = None
    reason: str = ""
    links: list[NewAddress] = field(default_factory=list)
    document: FoundDocument | None = None
    file: FoundFile | None = None
    keep_unreadable: bool = False  # keep the bytes, and list them as a failure of the store
    remember: bool = False  # keep the validators although nothing is stored
    retry: bool = False


class Reader:
    """Reads the answers of one site with one parser."""

    def __init__(self, site: Site, parse: Parse) -> None:
        self._site = site
        self._parse = parse
        self._listings = site.listings()

    def read(self, answer: Answer) -> Reading:
        """Never raises for what an answer contains."""
        role = answer.address.role
        if answer.outcome is not None:
            return self._failed(answer, answer.outcome, answer.reason, retry=answer.may_retry)
        if answer.status in _REDIRECTS and answer.headers.get("location"):
            return self._redirected(answer)
        if answer.status == 304:
            return Reading(outcome=Outcome.UNCHANGED)
        if answer.status in RETRY_STATUSES:
            return self._failed(answer, Outcome.ERROR, f"HTTP {answer.status}", retry=True)
        if answer.status in _GONE:
            return self._failed(answer, Outcome.MISSING, f"HTTP {answer.status}")
        if answer.status == 412:
            return self._failed(answer, Outcome.CHALLENGE, "a script challenge (HTTP 412)")
        if not 200 <= answer.status < 300:
            return self._failed(answer, Outcome.ERROR, f"HTTP {answer.status}")
        if role is Role.LISTING:
            return self._listing(answer)
        if role is Role.SITEMAP:
            return self._sitemap(answer)
        if role is Role.ATTACHMENT:
            return self._attachment(answer)
        return self._page(answer)

    def _failed(self, answer: Answer, outcome: Outcome, reason: str, *, retry: bool = False) -> Reading:
        if answer.address.hints.get("guess"):
            return Reading(outcome=Outcome.ABSENT, retry=retry)
        reading = Reading(outcome=outcome, reason=reason, retry=retry)
        if answer.address.role is Role.ATTACHMENT:
            reading.file = FoundFile(url=self._file_url(answer), problem=reason)
        return reading

    def _redirected(self, answer: Answer) -> Reading:
        address = answer.address
        target = join_url(answer.url, answer.headers["location"])
        if target is None:
            return self._failed(answer, Outcome.ERROR, f"redirects to {answer.headers['location']!r}, no address")
        if not self._site.covers(target):
            reason = f"redirects to {target}, off the site's hosts"
            return self._failed(answer, Outcome.REFUSED, reason)
        if self._site.denies(target):
            return self._failed(answer, Outcome.REFUSED, f"redirects to {target}, which the site file denies")
        if target == answer.url or address.redirects >= MAX_REDIRECTS:
            return self._failed(answer, Outcome.ERROR, f"redirects without end (to {target})")
        if address.role is Role.LISTING:
            return self._failed(answer, Outcome.ERROR, f"the listing redirects to {target}; name that in the site file")
        hints = dict(address.hints)
        if address.role is Role.ATTACHMENT:
            hints["for"] = self._file_url(answer)
        link = NewAddress(
            role=address.role,
            url=target,
            parent=address.parent or answer.url,
            anchor=address.anchor,
            depth=address.depth,
            redirects=address.redirects + 1,
            hints=hints,
        )
        return Reading(outcome=Outcome.REDIRECTED, reason=target, links=[link])

    def _page(self, answer: Answer) -> Reading:
        address = answer.address
        if not answer.body:
            return self._failed(answer, Outcome.EMPTY, _VERDICTS[Verdict.EMPTY][1])
        try:
            parsed = self._parsed(answer)
        except UnreadableError as error:
            return Reading(outcome=Outcome.UNREADABLE, reason=error.reason, keep_unreadable=True)
        if parsed.verdict is Verdict.ARTICLE:
            document = make_document(parsed, address, self._site, datetime.now(UTC))
            found = FoundDocument(
                document=document,
                data=answer.body,
                media_type=parsed.media_type,
                name=file_name(address.url) or "index.html",
                parser=parsed.parser,
            )
            files = [self._attach(item.url, item.name, address) for item in document.attachments]
            return Reading(document=found, links=files + self._pages(parsed.links, address))
        links = self._pages((*parsed.links, *parsed.attachments), address, rows=_rows(parsed, answer.url))
        if parsed.verdict is Verdict.LISTING:
            return Reading(outcome=Outcome.FOLLOWED, links=links, remember=True)
        outcome, reason = _VERDICTS[parsed.verdict]
        return Reading(outcome=outcome, reason=reason, links=links if outcome is Outcome.EMPTY else [])

    def _attachment(self, answer: Answer) -> Reading:
        url = self._file_url(answer)
        if not answer.body:
            return self._failed(answer, Outcome.EMPTY, "the file is empty")
        media_type = sniff(answer.body, file_name(answer.url), answer.headers.get("content-type", ""))
        if media_type == HTML and classify(url) is not FileClass.PAGE:
            outcome, reason = self._no_file(answer)
            return self._failed(answer, outcome, f"answers no file: {reason}")
        return Reading(file=FoundFile(url=url, data=answer.body, media_type=media_type))

    def _no_file(self, answer: Answer) -> tuple[Outcome, str]:
        """What the web page is that came in place of a file."""
        try:
            return _VERDICTS.get(self._parsed(answer).verdict, (Outcome.ERROR, "a web page"))
        except UnreadableError as error:
            return Outcome.UNREADABLE, error.reason

    def _listing(self, answer: Answer) -> Reading:
        hints = answer.address.hints
        number, page, seen = (int(str(hints.get(name, 0))) for name in ("listing", "page", "seen"))
        if number >= len(self._listings):
            return self._failed(answer, Outcome.ERROR, "the site file has this listing no more")
        listing = self._listings[number]
        try:
            found = read_listing(listing, answer.body, answer.url, _charset(answer))
        except ListingError as error:
            return self._failed(answer, Outcome.UNREADABLE, str(error))
        links = [
            NewAddress(role=Role.PAGE, url=item.url, parent=answer.url, depth=1, hints=item.hints)
            for item in found.pages
            if self._site.covers(item.url) and not self._site.denies(item.url)
        ]
        if has_next(listing, found, page, seen, str(hints.get("digest", ""))):
            request = request_for(listing, page + 1)
            if request is not None:
                after = {"listing": number, "page": page + 1, "seen": seen + found.count, "digest": found.digest}
                links.append(NewAddress(role=Role.LISTING, url=request.address, parent=answer.url, hints=after))
        skipped = found.count - sum(link.role is Role.PAGE for link in links)
        reason = f"{skipped} of {found.count} items name no address on the site's hosts" if skipped else ""
        return Reading(outcome=Outcome.FOLLOWED, reason=reason, links=[self._listed(link) for link in links])

    def _listed(self, link: NewAddress) -> NewAddress:
        if link.role is Role.PAGE and classify(link.url) is FileClass.UNSUPPORTED:
            return _unsupported(link.role, link.url, link.parent, link.depth)
        return link

    def _sitemap(self, answer: Answer) -> Reading:
        try:
            found = read_sitemap(answer.body)
        except SitemapError as error:
            return self._failed(answer, Outcome.UNREADABLE, str(error))
        links = self._pages([Link(url) for url in found.pages], answer.address, depth=1)
        for item in found.sitemaps:
            url = join_url(answer.url, item)
            if url and self._site.covers(url) and not self._site.denies(url) and answer.address.depth < 3:
                depth = answer.address.depth + 1  # an index of indexes of indexes is a loop
                links.append(NewAddress(role=Role.SITEMAP, url=url, parent=answer.url, depth=depth))
        return Reading(outcome=Outcome.FOLLOWED, links=links, remember=True)

    def _pages(
        self,
        links: Iterable[Link],
        address: Address,
        depth: int | None = None,
        rows: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    ) -> list[NewAddress]:
        """Those of the links that may be visited as pages; ``rows`` are what a listing says of them, by address."""
        depth = address.depth + 1 if depth is None else depth
        found = []
        for link in links:
            url = join_url(address.url, link.url)
            if url is None or not self._site.covers(url) or self._site.denies(url) or depth > self._site.max_depth:
                continue
            form = classify(url)
            if form is FileClass.UNSUPPORTED:
                found.append(_unsupported(Role.PAGE, url, address.url, depth))
            elif form is not FileClass.FURNITURE:
                found.append(
                    NewAddress(
                        role=Role.PAGE,
                        url=url,
                        parent=address.url,
                        anchor=link.text[:300],
                        depth=depth,
                        hints={"row": rows[url]} if url in rows else {},
                    )
                )
        return found

    def _attach(self, url: str, name: str, address: Address) -> NewAddress:
        if classify(url) is FileClass.UNSUPPORTED:
            return _unsupported(Role.ATTACHMENT, url, address.url, address.depth + 1)
        outcome, reason = None, ""
        if not self._site.covers(url):
            outcome, reason = Outcome.REFUSED, "the file is not on one of the site's hosts"
        elif self._site.denies(url):
            outcome, reason = Outcome.REFUSED, "the site file denies this address"
        return NewAddress(
            role=Role.ATTACHMENT,
            url=url,
            parent=address.url,
            anchor=name[:300],
            depth=address.depth + 1,
            outcome=outcome,
            reason=reason,
        )

    def _parsed(self, answer: Answer) -> Parsed:
        """Parse; a parser that fails in a way of its own has not read the page, and stops nothing."""
        source = Source(
            data=answer.body,
            url=answer.url,
            name=file_name(answer.url),
            content_type=answer.headers.get("content-type", ""),
        )
        try:
            return self._parse(source)
        except UnreadableError:
            raise
        except Exception as error:
            log.exception("the parser failed on %s", answer.url)
            raise UnreadableError(f"the parser failed ({type(error).__name__})") from error

    def _file_url(self, answer: Answer) -> str:
        named = answer.address.hints.get("for")
        return named if isinstance(named, str) else answer.address.url


def _rows(parsed: Parsed, base: str) -> dict[str, dict[str, str]]:
    """What the rows of a listing say of the pages that they link: title and day of publication, by address."""
    found: dict[str, dict[str, str]] = {}
    listed = parsed.extra.get("rows")
    for row in listed if isinstance(listed, list) else ():
        if (url := join_url(base, row["url"])) is not None and url not in found:
            found[url] = {name: row[name] for name in ("title", "published_on") if row[name]}
    return found


def _unsupported(role: Role, url: str, parent: str, depth: int) -> NewAddress:
    extension = url.partition("?")[0].rpartition(".")[2].lower()
    return NewAddress(
        role=role,
        url=url,
        parent=parent,
        depth=depth,
        outcome=Outcome.UNSUPPORTED,
        reason=f"{extension} files are not fetched",
    )


def _charset(answer: Answer) -> str:
    _, _, rest = answer.headers.get("content-type", "").lower().partition("charset=")
    return rest.partition(";")[0].strip(" \"'")
