"""How did a crawl go? Counted from the frontier, so that a killed and resumed crawl counts as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select

from corpus.crawl.outcomes import FAILURES, Outcome, Role
from corpus.store import DocumentStore
from corpus.tables import crawls, frontier


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlFailure:
    """An address that gave nothing: why, after how many retries, and on which page its link stands."""

    url: str
    reason: str
    retries: int
    outcome: str
    parent: str


@dataclass(frozen=True, slots=True)
class UnreadFile:
    """An attachment that is kept, and why it cannot be read."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSummary:
    """The result of a crawl.

    ``outcome``: ``finished``; ``held`` (the guard kept everything as it was, ``message`` says why); ``stopped`` (asked
    to; the next crawl continues); ``failed`` (nothing at all could be fetched). ``read`` answers were received,
    ``files`` of them new or changed attachments. ``held`` changes wait for a person. ``not_visited`` addresses were
    left because of ``max_pages``, or because the crawl was stopped. ``unread`` attachments are new, kept, and cannot be
    read.
    ``seconds`` and ``pages_per_s`` are of this start of the crawl, everything else of the whole crawl.
    """

    site: str
    number: int
    outcome: str
    message: str
    resumed: bool
    read: int
    created: int
    changed: int
    unchanged: int
    gone: int
    held: int
    files: int
    failed: tuple[CrawlFailure, ...]
    forbidden: tuple[str, ...]
    unsupported: tuple[str, ...]
    not_visited: int
    bytes_read: int
    seconds: float
    pages_per_s: float
    unread: tuple[UnreadFile, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 done (single pages that failed are listed, and are the site's business); 3 the guard held changes back;
        1 stopped before its end, or nothing could be fetched at all."""
        return {"finished": 0, "held": 3}.get(self.outcome, 1)

    def to_dict(self) -> dict[str, Any]:
        """For ``--json``; `from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> CrawlSummary:
        read = dict(values)
        read["failed"] = tuple(CrawlFailure(**item) for item in values["failed"])
        read["unread"] = tuple(UnreadFile(**item) for item in values["unread"])
        for name in ("forbidden", "unsupported"):
            read[name] = tuple(values[name])
        return cls(**read)


def summarize(
    store: DocumentStore, number: int, *, stopped: bool = False, resumed: bool = False, visited: int = 0, seconds: float
) -> CrawlSummary:
    """The summary of crawl ``number`` as it stands; ``visited`` answers came in the last ``seconds``."""
    with store.reading() as connection:
        crawl = connection.execute(select(crawls).where(crawls.c.number == number)).one()
        mine = (frontier.c.site == crawl.site) & (frontier.c.crawl == number)
        counts: dict[tuple[str, str], int] = {}
        bytes_read = 0
        for role, outcome, count, size in connection.execute(
            select(frontier.c.role, frontier.c.outcome, func.count(), func.sum(frontier.c.size))
            .where(mine, frontier.c.state == "done")
            .group_by(frontier.c.role, frontier.c.outcome)
        ):
            counts[role, outcome] = count
            bytes_read += int(size or 0)
        listed = connection.execute(
            select(frontier)
            .where(mine, frontier.c.state == "done", (frontier.c.reason != "") | (frontier.c.outcome == "forbidden"))
            .order_by(frontier.c.url)
        ).all()
        left = connection.scalar(select(func.count()).select_from(frontier).where(mine, frontier.c.state != "done"))
    held = crawl.outcome == "held"
    pages = {outcome: counts.get((Role.PAGE.value, outcome.value), 0) for outcome in Outcome}
    kept = (Outcome.CREATED, Outcome.CHANGED)
    attachments = sum(counts.get((Role.ATTACHMENT.value, outcome.value), 0) for outcome in kept)
    unasked = (Outcome.FORBIDDEN, Outcome.UNSUPPORTED, Outcome.WITHDRAWN, Outcome.REFUSED, Outcome.ABSENT)
    read = sum(count for (_, outcome), count in counts.items() if outcome not in [item.value for item in unasked])
    answered = sum(count for (_, outcome), count in counts.items() if outcome in _GOOD)
    outcome = "stopped" if stopped else crawl.outcome
    if outcome == "finished" and answered == 0:
        outcome = "failed"
    failures = [item.value for item in FAILURES]
    return CrawlSummary(
        site=crawl.site,
        number=number,
        outcome=outcome,
        message=crawl.message or _MESSAGES.get(outcome, ""),
        resumed=resumed,
        read=read,
        created=0 if held else pages[Outcome.CREATED],
        changed=0 if held else pages[Outcome.CHANGED],
        unchanged=pages[Outcome.UNCHANGED],
        gone=crawl.gone,
        held=crawl.held,
        files=0 if held else attachments,
        failed=tuple(_failure(row) for row in listed if row.outcome in failures),
        forbidden=tuple(dict.fromkeys(row.url for row in listed if row.outcome == Outcome.FORBIDDEN.value)),
        unsupported=tuple(dict.fromkeys(row.url for row in listed if row.outcome == Outcome.UNSUPPORTED.value)),
        not_visited=left or 0,
        bytes_read=bytes_read,
        seconds=round(seconds, 3),
        pages_per_s=round(visited / seconds, 2) if seconds > 0 else 0.0,
    )


_GOOD = ("created", "changed", "unchanged", "followed", "redirected")

_MESSAGES = {
    "stopped": "stopped; nothing is lost, and the same command continues where it was",
    "failed": "nothing could be fetched; the reasons are listed",
}


def _failure(row: Any) -> CrawlFailure:
    return CrawlFailure(url=row.url, reason=row.reason, retries=row.retries, outcome=row.outcome, parent=row.parent)
