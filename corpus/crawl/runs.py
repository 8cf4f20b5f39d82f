"""Which crawl of a site is under way? Beginning one, continuing one that was cut off, and remembering the last ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, case, delete, func, insert, or_, select, update

from corpus.crawl.frontier import PRIORITY, REVISIT, Frontier, NewAddress, release_leases
from corpus.crawl.listings import request_for
from corpus.crawl.outcomes import Outcome, Role
from corpus.crawl.site import Site
from corpus.crawl.urls import canonical_url
from corpus.store import DocumentStore
from corpus.tables import crawls, document_files, documents, frontier
from corpus.writer import StoreWriter

# After so many crawls in a row that answered 404 or 410 a page is gone.
MISSES_UNTIL_GONE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A crawl under way. ``known`` live documents of the site when it began: above 0 it is guarded (see `guard`)."""

    number: int
    site: str
    known: int
    resumed: bool

    @property
    def guarded(self) -> bool:
        return self.known > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlRecord:
    """A crawl as the store remembers it; ``outcome`` is running, finished, held or failed. Times are UTC."""

    number: int
    site: str
    outcome: str
    message: str
    started_at: datetime
    finished_at: datetime | None


def crawl_history(store: DocumentStore, limit: int = 20) -> list[CrawlRecord]:
    """The latest crawls of all sites, newest first; one that is ``running`` may have been cut off."""
    with store.reading() as connection:
        rows = connection.execute(select(crawls).order_by(crawls.c.number.desc()).limit(limit)).all()
    return [
        CrawlRecord(
            number=row.number,
            site=row.site,
            outcome=row.outcome,
            message=row.message,
            started_at=row.started_at.replace(tzinfo=UTC),
            finished_at=row.finished_at.replace(tzinfo=UTC) if row.finished_at else None,
        )
        for row in rows
    ]


def last_concluded(store: DocumentStore, site: str) -> int:
    """The number of the last crawl of a site that came to its end; 0 if none did."""
    query = select(func.max(crawls.c.number)).where(crawls.c.site == site, crawls.c.outcome != "running")
    with store.reading() as connection:
        return connection.scalar(query) or 0


def begin(writer: StoreWriter, site: Site, *, alone: bool = True) -> Run:
    """Continue the site's unfinished crawl, or begin a new one that revisits everything known. Under the lock only.

    Unless it is ``alone``, others may be at the unfinished one, and this joins them.
    """
    connection = writer.connection
    if alone:
        release_leases(connection, site.id)
    row = connection.execute(
        select(crawls).where(crawls.c.site == site.id, crawls.c.outcome == "running").order_by(crawls.c.number.desc())
    ).first()
    if row is not None:
        run = Run(number=row.number, site=site.id, known=row.known_documents, resumed=True)
    else:
        run = _new_run(connection, site)
        _revisit(connection, run)
    Frontier(connection, site.id, run.number).add(seeds(site))
    return run


def is_to_be_judged(store: DocumentStore, run: Run, site: Site) -> bool:
    """Has the run come to its end without having been judged? Else another crawler did, or goes on with it."""
    with store.reading() as connection:
        running = select(crawls.c.number).where(crawls.c.number == run.number, crawls.c.outcome == "running")
        if connection.execute(running).first() is None:
            return False
        frontier = Frontier(connection, run.site, run.number)
        return frontier.waiting(pages=frontier.pages_done() < site.max_pages, taken=True) == 0


def seeds(site: Site) -> list[NewAddress]:
    """Where a crawl begins: listings, sitemaps and start pages of the site file."""
    found = [
        NewAddress(role=Role.LISTING, url=request.address, hints={"listing": number, "page": 0, "seen": 0})
        for number, listing in enumerate(site.listings())
        if (request := request_for(listing, 0)) is not None
    ]
    named = [url for item in site.sitemaps if (url := canonical_url(item))]
    found += [NewAddress(role=Role.SITEMAP, url=url) for url in named]
    for item in site.start_urls:
        url = canonical_url(item)
        if url is None:
            continue
        found.append(NewAddress(role=Role.PAGE, url=url))
        if not named:
            guess = canonical_url(f"{url.split('/', 3)[0]}//{url.split('/', 3)[2]}/sitemap.xml")
            if guess:
                found.append(NewAddress(role=Role.SITEMAP, url=guess, hints={"guess": True}))
    return found


def _new_run(connection: Connection, site: Site) -> Run:
    digest = site.digest()
    last = connection.execute(
        select(crawls.c.site_digest).where(crawls.c.site == site.id).order_by(crawls.c.number.desc()).limit(1)
    ).first()
    if last is not None and last.site_digest != digest:
        # The site file reads pages otherwise now: fetch them whole.
        connection.execute(update(frontier).where(frontier.c.site == site.id).values(etag="", last_modified=""))
    known = (
        connection.scalar(
            select(func.count(func.distinct(documents.c.id)))
            .join(frontier, frontier.c.document_id == documents.c.id)
            .where(frontier.c.site == site.id, documents.c.state == "live")
        )
        or 0
    )
    number = connection.execute(
        insert(crawls).values(
            site=site.id,
            site_digest=digest,
            known_documents=known,
            outcome="running",
            gone=0,
            held=0,
            message="",
            started_at=datetime.now(UTC).replace(tzinfo=None),
        )
    ).inserted_primary_key
    assert number is not None  # noqa: S101
    return Run(number=number[0], site=site.id, known=known, resumed=False)


def _revisit(connection: Connection, run: Run) -> None:
    """Queue everything known again: a page that nothing links to any more is still there, unless it says otherwise.

    Not revisited: what was taken down, what is gone (until a page links to it again), files that no document carries
    any more. Calls of listings are made from the site file.
    """
    here = frontier.c.site == run.site
    connection.execute(delete(frontier).where(here, frontier.c.role == Role.LISTING.value))
    live = select(documents.c.id).where(documents.c.id == frontier.c.document_id, documents.c.state == "live").exists()
    withdrawn = (
        select(documents.c.id)
        .where(documents.c.id == frontier.c.document_id, documents.c.state == "withdrawn")
        .exists()
    )
    carried = (
        select(documents.c.id)
        .join(document_files, document_files.c.document_id == documents.c.id)
        .where(document_files.c.url == frontier.c.url, documents.c.state != "withdrawn")
        .exists()
    )
    fetched_for = (
        select(documents.c.id).where(documents.c.url == frontier.c.parent, documents.c.state != "withdrawn").exists()
    )
    wanted = (
        here
        & ((frontier.c.misses < MISSES_UNTIL_GONE) | live)  # live in spite of misses: the guard held the removal back
        & frontier.c.outcome.not_in([Outcome.ABSENT.value, Outcome.WITHDRAWN.value])
        & ~withdrawn
        & or_(
            frontier.c.role != Role.ATTACHMENT.value,
            carried,
            # the target of an attachment's redirect; its parent is the page that carries the attachment
            frontier.c.hints.like('%"for"%') & fetched_for,
        )
    )
    only_listed = frontier.c.outcome.in_([Outcome.UNSUPPORTED.value])
    connection.execute(update(frontier).where(wanted, only_listed).values(crawl=run.number))
    visited = case((frontier.c.outcome != "", REVISIT), else_=0)
    for role in (Role.PAGE, Role.ATTACHMENT, Role.SITEMAP):
        connection.execute(
            update(frontier)
            .where(wanted, frontier.c.role == role.value, ~only_listed)
            .values(
                state="queued",
                crawl=run.number,
                priority=PRIORITY[role] + visited,
                due_at=None,
                status=0,
                outcome="",
                reason="",
                retries=0,
                size=0,
            )
        )
