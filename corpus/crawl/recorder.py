"""When does an answer count? When it, its links and what comes next are committed in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from sqlalchemy import Connection, select

from corpus.blobs import Blobs
from corpus.crawl.claims import HostClaims
from corpus.crawl.errors import CrawlError
from corpus.crawl.frontier import Address, Frontier, NewAddress
from corpus.crawl.held import Keeper
from corpus.crawl.outcomes import Outcome, Role
from corpus.crawl.reading import Answer, Parse, Reader, Reading
from corpus.crawl.runs import Run
from corpus.crawl.site import Site
from corpus.store import DocumentStore
from corpus.tables import document_files, documents

# A server that asks (Retry-After) for more patience than this gets its retry then all the same, in seconds.
MAX_RETRY_AFTER_S = 300.0


@dataclass(slots=True)
class Progress:
    """How far the crawl is; ``bytes_read`` and ``visited`` count this process only."""

    done: int = 0
    queued: int = 0
    pages: int = 0
    visited: int = 0
    bytes_read: int = 0
    last_url: str = ""


class Recorder:
    """Records answers, one at a time, from one thread. Raises what the store and the blob store raise, and CrawlError
    when another crawler has taken over the host of an answer: nothing of that is kept."""

    def __init__(
        self,
        store: DocumentStore,
        blobs: Blobs,
        site: Site,
        run: Run,
        parse: Parse,
        *,
        batch: int,
        max_retries: int,
        retry_delay_s: float,
        claims: HostClaims | None = None,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._site = site
        self._run = run
        self._reader = Reader(site, parse)
        self._batch = batch
        self._max_retries = max_retries
        self._retry_delay_s = retry_delay_s
        self._claims = claims
        self.progress = Progress()

    def open(self) -> list[Address]:
        """Count what is there, and take the first addresses."""
        with self._store.writing() as writer:
            frontier = self._frontier(writer.connection)
            self.progress.done = frontier.done()
            self.progress.pages = frontier.pages_done()
            leased = frontier.lease(self._batch, pages=self._pages_left)
            self.progress.queued = frontier.waiting() + len(leased)
        return leased

    def lease(self) -> list[Address]:
        """Take addresses outside of a recording: when everything in flight is done and retries become due."""
        with self._store.writing() as writer:
            frontier = self._frontier(writer.connection)
            return frontier.lease(self._batch, pages=self._pages_left)

    def waiting(self) -> int:
        """How many addresses are left that this crawl may still visit; other crawlers may be visiting some of them."""
        with self._store.reading() as connection:
            frontier = self._frontier(connection)
            return frontier.waiting(pages=self._pages_left > 0, taken=self._claims is not None)

    def count_pages(self) -> None:
        """Learn how many pages other crawlers of the same run have visited."""
        with self._store.reading() as connection:
            self.progress.pages = self._frontier(connection).pages_done()

    def name_sitemaps(self, urls: list[str]) -> None:
        """Queue the sitemaps that robots.txt names."""
        with self._store.writing() as writer:
            frontier = self._frontier(writer.connection)
            self.progress.queued += frontier.add([NewAddress(role=Role.SITEMAP, url=url) for url in urls])

    def record(self, answer: Answer, want: int) -> list[Address]:
        """Read and commit one answer; in the same transaction take up to ``want`` addresses to go on with."""
        reading = self._reader.read(answer)
        with self._store.writing() as writer:
            frontier = self._frontier(writer.connection)
            if not frontier.is_ours(answer.address):
                raise CrawlError(f"the claim on the host of {answer.url} ended, and another crawler has it now")
            again = reading.retry and answer.address.retries < self._max_retries
            queued = 0
            if again:
                frontier.retry(
                    answer.address.id,
                    after_s=self._patience(answer),
                    reason=reading.reason,
                    status=answer.status,
                )
            else:
                keeper = Keeper(writer, self._blobs, self._run.number, self._run.guarded)
                outcome = self._keep(keeper, frontier, answer, reading)
                if outcome is not Outcome.WITHDRAWN:
                    queued = frontier.add(reading.links)
                    for link in reading.links:
                        if link.role is Role.ATTACHMENT and link.outcome is not None:
                            keeper.note_problem(link.url, link.reason)
                frontier.finish(
                    answer.address.id,
                    outcome,
                    reason="" if outcome is Outcome.WITHDRAWN else reading.reason,
                    status=answer.status,
                    size=len(answer.body),
                    validators=answer.validators if reading.remember and outcome is Outcome.FOLLOWED else None,
                )
                if outcome not in (Outcome.FORBIDDEN, Outcome.UNSUPPORTED) and answer.address.role is Role.PAGE:
                    self.progress.pages += 1
            leased = frontier.lease(want, pages=self._pages_left) if want > 0 else []
        self.progress.queued += queued
        if not again:
            self.progress.done += 1
            self.progress.queued -= 1
        self.progress.visited += 1
        self.progress.bytes_read += len(answer.body)
        self.progress.last_url = answer.url
        return leased

    def _keep(self, keeper: Keeper, frontier: Frontier, answer: Answer, reading: Reading) -> Outcome:
        """Keep what was read; gives the outcome that stands in the frontier."""
        address, connection = answer.address, keeper.writer.connection
        if frontier.withdrawn([address.document_id]) or (
            address.role is Role.ATTACHMENT and self._carriers_withdrawn(keeper, address)
        ):
            return Outcome.WITHDRAWN
        if reading.outcome is Outcome.REDIRECTED and frontier.redirects_back(answer.url, reading.reason, 10):
            reading.reason, reading.links = f"redirects without end (to {reading.reason})", []
            return Outcome.ERROR
        if reading.keep_unreadable:
            sha256 = keeper.blobs.put(answer.body) if answer.body else ""
            keeper.writer.record_failure(answer.url, reading.reason, sha256)
        if reading.document is not None:
            outcome = keeper.keep_document(address.id, reading.document, answer.validators)
            if outcome is not Outcome.WITHDRAWN:
                keeper.writer.clear_failure(answer.url)
            return outcome
        if reading.file is not None:
            kept = keeper.keep_file(address.id, reading.file, answer.validators)
            return reading.outcome or kept
        assert reading.outcome is not None  # noqa: S101
        if reading.outcome is Outcome.FOLLOWED and address.document_id:
            live = select(documents.c.id).where(documents.c.id == address.document_id, documents.c.state == "live")
            if connection.execute(live).first():
                reading.reason = "was a document and only links now; the version that we have is kept"
                return Outcome.EMPTY
        return reading.outcome

    def _carriers_withdrawn(self, keeper: Keeper, address: Address) -> bool:
        """Was every document that carries this file taken down?"""
        states = keeper.writer.connection.scalars(
            select(documents.c.state)
            .join(document_files, document_files.c.document_id == documents.c.id)
            .where(document_files.c.url == address.hints.get("for", address.url))
        ).all()
        return bool(states) and all(state == "withdrawn" for state in states)

    def _frontier(self, connection: Connection) -> Frontier:
        return Frontier(connection, self._site.id, self._run.number, self._claims)

    @property
    def _pages_left(self) -> int:
        return self._site.max_pages - self.progress.pages

    def _patience(self, answer: Answer) -> float:
        """Seconds until the next try: as the server asks, else twice as long each time."""
        asked = _retry_after_s(answer.headers.get("retry-after", ""))
        waited = self._retry_delay_s * float(2**answer.address.retries)
        return min(max(asked, waited), MAX_RETRY_AFTER_S)


def _retry_after_s(value: str) -> float:
    """Seconds or an HTTP date (RFC 9110, 10.2.3); 0 if it says nothing."""
    value = value.strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return 0.0
