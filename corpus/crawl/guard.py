"""May what a crawl found replace what we have? (One bad crawl never empties the index.)

A crawl of a known site in which more than `MAX_LOST_SHARE` of its known pages, and more than `MAX_LOST`, vanish or
shrink changes nothing, unless somebody confirms that it is right. Vanished is what answers 404 or 410, and what stands
there but says nothing (soft 404, script challenge, empty, unreadable); a page that could not be fetched is neither.
The misses are remembered all the same: a page is gone when two crawls in a row found it missing.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, func, select, update

from corpus.crawl.held import drop_held, publish_held
from corpus.crawl.outcomes import VANISHED, Outcome, Role
from corpus.crawl.runs import MISSES_UNTIL_GONE, Run
from corpus.store import DocumentStore
from corpus.tables import crawls, documents, frontier, held

# Of the known pages of a site, how many may vanish or shrink in one crawl: the larger of the two. From the issue that
# asked for the guard; a redesign loses all, a normal week of a district's site a handful.
MAX_LOST = 20
MAX_LOST_SHARE = 0.05

# Documents published in one transaction at the end of a crawl: other writers wait for it, and so does a kill.
_BATCH = 25


def conclude(store: DocumentStore, run: Run, *, accept_removals: bool) -> str:
    """End a crawl whose queue is empty: publish what it held, or nothing. Gives its outcome: finished or held.

    Every step is a transaction of its own and may be cut off: the next start concludes again.
    """
    with store.reading() as connection:
        lost = _lost(connection, run)
        waiting = _held_documents(connection, run)
    if _is_too_much(lost, run.known) and not accept_removals:
        message = (
            f"{lost} of the {run.known} known pages of {run.site} vanished or shrank (allowed are {MAX_LOST}, "
            f"or {MAX_LOST_SHARE:.0%}): nothing was changed. If the site means it, crawl again with --accept-removals"
        )
        with store.writing() as writer:
            drop_held(writer.connection, run.number)
            _count_misses(writer.connection, run)
            _close(writer.connection, run, "held", held_back=lost + waiting, message=message)
        return "held"
    while True:
        with store.writing() as writer:
            if publish_held(writer, run.number, _BATCH) == 0:
                break
    with store.writing() as writer:
        connection = writer.connection
        _count_misses(connection, run)
        here = (frontier.c.site == run.site) & (frontier.c.crawl == run.number)
        if accept_removals:
            connection.execute(
                update(frontier).where(here, frontier.c.outcome.in_(_values(VANISHED))).values(accepted=True)
            )
        gone = connection.scalars(
            select(frontier.c.document_id)
            .join(documents, documents.c.id == frontier.c.document_id)
            .where(here, frontier.c.misses >= MISSES_UNTIL_GONE, documents.c.state == "live")
        ).all()
        if gone:
            connection.execute(
                update(frontier).where(frontier.c.document_id.in_(gone)).values(etag="", last_modified="")
            )
        _close(connection, run, "finished", gone=writer.mark_gone(gone))
    return "finished"


def _is_too_much(lost: int, known: int) -> bool:
    return lost > MAX_LOST and lost > MAX_LOST_SHARE * known


def _lost(connection: Connection, run: Run) -> int:
    """Known pages that vanished or shrank in this crawl; removals that somebody confirmed earlier do not count."""
    vanished = connection.scalar(
        select(func.count())
        .select_from(frontier)
        .join(documents, documents.c.id == frontier.c.document_id)
        .where(
            frontier.c.site == run.site,
            frontier.c.crawl == run.number,
            frontier.c.role == Role.PAGE.value,
            frontier.c.outcome.in_(_values(VANISHED)),
            frontier.c.accepted.is_(False),
            documents.c.state == "live",
        )
    )
    shrunk = connection.scalar(
        select(func.count()).select_from(held).where(held.c.crawl == run.number, held.c.shrunk.is_(True))
    )
    return (vanished or 0) + (shrunk or 0)


def _held_documents(connection: Connection, run: Run) -> int:
    query = select(func.count()).select_from(held).where(held.c.crawl == run.number, held.c.shrunk.is_(False))
    return connection.scalar(query.where(held.c.document_id != "")) or 0


def _count_misses(connection: Connection, run: Run) -> None:
    connection.execute(
        update(frontier)
        .where(
            frontier.c.site == run.site,
            frontier.c.crawl == run.number,
            frontier.c.outcome == Outcome.MISSING.value,
        )
        .values(misses=frontier.c.misses + 1)
    )


def _close(
    connection: Connection, run: Run, outcome: str, *, gone: int = 0, held_back: int = 0, message: str = ""
) -> None:
    connection.execute(
        update(crawls)
        .where(crawls.c.number == run.number)
        .values(
            outcome=outcome,
            gone=gone,
            held=held_back,
            message=message,
            finished_at=datetime.now(UTC).replace(tzinfo=None),
        )
    )


def _values(outcomes: tuple[Outcome, ...]) -> list[str]:
    return [outcome.value for outcome in outcomes]
