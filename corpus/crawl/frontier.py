"""Which addresses are known, which are next, and what became of them? (The frontier table; no HTTP here.)"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, func, select, update
from sqlalchemy.engine import Row as SqlRow

from corpus.crawl.claims import HostClaims, host_column
from corpus.crawl.outcomes import Outcome, Role
from corpus.crawl.urls import document_id_for
from corpus.tables import documents, frontier

# Listings go first: what they say of a page must be known when the page is read.
PRIORITY = {Role.LISTING: 100, Role.SITEMAP: 90, Role.ATTACHMENT: 60, Role.PAGE: 50}

# What was visited in an earlier crawl waits behind what never was, so that a page limit does not starve new pages.
REVISIT = -5

_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAddress:
    """An address to remember. With an ``outcome`` it is only listed, never fetched. ``url`` is canonical."""

    role: Role
    url: str
    parent: str = ""
    anchor: str = ""
    depth: int = 0
    redirects: int = 0
    hints: Mapping[str, object] = field(default_factory=dict)
    outcome: Outcome | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address that is being visited; see the columns of `corpus.tables.frontier`."""

    id: int
    role: Role
    url: str
    depth: int
    redirects: int
    parent: str
    anchor: str
    hints: Mapping[str, object]
    document_id: str
    etag: str
    last_modified: str
    retries: int


class Frontier:
    """The frontier of one crawl of one site, within one transaction. With ``claims`` other crawlers may share it."""

    def __init__(self, connection: Connection, site: str, crawl: int, claims: HostClaims | None = None) -> None:
        self._connection = connection
        self._site = site
        self._crawl = crawl
        self._claims = claims
        self._mine = (frontier.c.site == site) & (frontier.c.crawl == crawl)
        self._now = datetime.now(UTC).replace(tzinfo=None)

    def add(self, addresses: Iterable[NewAddress]) -> int:
        """Queue addresses that this crawl has not met; gives how many were queued.

        One that an earlier crawl knew is queued again. What a listing newly says of a page (``hints``) makes the page
        be fetched whole. Documents that were withdrawn are never queued.
        """
        wanted: dict[tuple[str, str], NewAddress] = {}
        for item in addresses:
            wanted.setdefault((item.role, item.url), item)
        queued = 0
        for chunk in _chunks(list(wanted.values())):
            queued += self._add_chunk(chunk)
        return queued

    def _add_chunk(self, items: list[NewAddress]) -> int:
        ids = {item.url: document_id_for(item.url) for item in items if item.role is Role.PAGE}
        withdrawn = self.withdrawn(ids.values())
        known = {
            (row.role, row.url): row
            for row in self._connection.execute(
                select(frontier).where(frontier.c.site == self._site, frontier.c.url.in_({item.url for item in items}))
            )
        }
        new, queued = [], 0
        for item in items:
            document_id = ids.get(item.url, "")
            if document_id in withdrawn:
                continue
            row = known.get((item.role, item.url))
            if row is None:
                new.append(self._values(item, document_id))
                queued += item.outcome is None
            else:
                queued += self._meet_again(row, item)
        if new:
            self._connection.execute(frontier.insert(), new)
        return queued

    def _meet_again(self, row: SqlRow[tuple[object, ...]], item: NewAddress) -> bool:
        """Update a known address; gives whether it is queued by that."""
        changes: dict[str, object] = {}
        hints = _dump(_merged(json.loads(row.hints or "{}"), item.hints))
        if item.hints and hints != row.hints:
            changes |= {"hints": hints, "etag": "", "last_modified": ""}
        fresh = row.crawl < self._crawl
        if fresh:
            changes |= {name: value for name, value in self._values(item, row.document_id).items() if name in _VISIT}
            changes |= {"depth": item.depth, "redirects": item.redirects, "parent": item.parent}
        elif row.state == "queued" and item.depth < row.depth:
            changes |= {"depth": item.depth, "parent": item.parent}
        if item.anchor and len(item.anchor) > len(row.anchor):
            changes["anchor"] = item.anchor
        if changes:
            self._connection.execute(update(frontier).where(frontier.c.id == row.id).values(changes))
        return fresh and item.outcome is None

    def _values(self, item: NewAddress, document_id: str) -> dict[str, object]:
        return {
            "site": self._site,
            "role": item.role.value,
            "url": item.url,
            "state": "queued" if item.outcome is None else "done",
            "crawl": self._crawl,
            "depth": item.depth,
            "redirects": item.redirects,
            "priority": PRIORITY[item.role],
            "due_at": None,
            "parent": item.parent,
            "anchor": item.anchor,
            "hints": _dump(item.hints),
            "document_id": document_id,
            "etag": "",
            "last_modified": "",
            "status": 0,
            "outcome": item.outcome.value if item.outcome else "",
            "reason": item.reason,
            "retries": 0,
            "misses": 0,
            "accepted": False,
            "size": 0,
        }

    def lease(self, limit: int, *, pages: int) -> list[Address]:
        """Take up to ``limit`` addresses to fetch now, with up to ``pages`` pages in flight among all that are taken.

        While a listing is unfinished no page is given out.
        """
        waiting = self._mine
        listing = select(frontier.c.id).where(
            self._mine, frontier.c.role == Role.LISTING.value, frontier.c.state != "done"
        )
        if self._connection.execute(listing.limit(1)).first():
            waiting &= frontier.c.role.in_([Role.LISTING.value, Role.SITEMAP.value])
        elif (pages := pages - self._pages_leased()) <= 0:
            waiting &= frontier.c.role != Role.PAGE.value
        waiting &= (frontier.c.due_at.is_(None)) | (frontier.c.due_at <= self._now)
        if self._claims is None:
            return self._take(waiting, limit, pages)
        taken: list[Address] = []
        hosts = self._claims.hosts(self._connection, waiting, self._mine)
        while hosts and len(taken) < limit:
            host = hosts.pop(0)  # the one with the fewest requests under way
            one = self._take(waiting & (host_column == host), 1, pages)
            if one:
                hosts.append(host)
                taken += one
                pages -= one[0].role is Role.PAGE
        return taken

    def _take(self, waiting: ColumnElement[bool], limit: int, pages: int) -> list[Address]:
        found = self._connection.execute(
            select(frontier)
            .where(waiting, frontier.c.state == "queued")
            .order_by(frontier.c.priority.desc(), frontier.c.depth, frontier.c.id)
            .limit(limit)
        ).all()
        rows = []
        for row in found:
            if row.role == Role.PAGE.value:
                if pages <= 0:
                    continue
                pages -= 1
            rows.append(row)
        withdrawn = self.withdrawn(row.document_id for row in rows if row.document_id)
        taken = [row for row in rows if row.document_id not in withdrawn]
        if taken:
            self._connection.execute(
                update(frontier).where(frontier.c.id.in_([row.id for row in taken])).values(state="leased")
            )
        for row in rows:
            if row.document_id in withdrawn:
                self.finish(row.id, Outcome.WITHDRAWN)
        return [_address(row) for row in taken]

    def is_ours(self, address: Address) -> bool:
        """Is it still this crawler that fetches it? Another one may have claimed its host meanwhile."""
        return self._claims is None or self._claims.holds(self._connection, address.url)

    def waiting(self, *, pages: bool = True, taken: bool = False) -> int:
        """How many addresses are queued, due or not, or also ``taken`` by now; without ``pages`` those that are no
        pages."""
        state = frontier.c.state.in_(["queued", "leased"]) if taken else frontier.c.state == "queued"
        query = select(func.count()).select_from(frontier).where(self._mine, state)
        if not pages:
            query = query.where(frontier.c.role != Role.PAGE.value)
        return self._connection.scalar(query) or 0

    def pages_done(self) -> int:
        """How many pages this crawl has visited."""
        query = (
            select(func.count())
            .select_from(frontier)
            .where(
                self._mine,
                frontier.c.state == "done",
                frontier.c.role == Role.PAGE.value,
                frontier.c.outcome.not_in([Outcome.UNSUPPORTED.value, Outcome.FORBIDDEN.value]),
            )
        )
        return self._connection.scalar(query) or 0

    def _pages_leased(self) -> int:
        query = (
            select(func.count())
            .select_from(frontier)
            .where(self._mine, frontier.c.state == "leased", frontier.c.role == Role.PAGE.value)
        )
        if self._claims is not None:
            query = query.where(self._claims.somebodys)
        return self._connection.scalar(query) or 0

    def done(self) -> int:
        """How many addresses this crawl is done with."""
        query = select(func.count()).select_from(frontier).where(self._mine, frontier.c.state == "done")
        return self._connection.scalar(query) or 0

    def finish(
        self,
        address_id: int,
        outcome: Outcome,
        *,
        reason: str = "",
        status: int = 0,
        size: int = 0,
        validators: tuple[str, str] | None = None,
    ) -> None:
        """The visit is over. ``validators`` (ETag, Last-Modified) replace those that are kept; None keeps them."""
        values: dict[str, object] = {
            "state": "done",
            "outcome": outcome.value,
            "reason": reason,
            "status": status,
            "size": size,
            "due_at": None,
        }
        if outcome in _PRESENT:
            values |= {"misses": 0, "accepted": False}
        if validators is not None:
            values |= {"etag": validators[0], "last_modified": validators[1]}
        self._connection.execute(update(frontier).where(frontier.c.id == address_id).values(values))

    def retry(self, address_id: int, *, after_s: float, reason: str, status: int) -> None:
        """Visit it again, not before ``after_s`` seconds have passed, and after all else."""
        self._connection.execute(
            update(frontier)
            .where(frontier.c.id == address_id)
            .values(
                state="queued",
                retries=frontier.c.retries + 1,
                priority=frontier.c.priority - 1,
                due_at=self._now + timedelta(seconds=after_s),
                reason=reason,
                status=status,
            )
        )

    def withdrawn(self, ids: Iterable[str]) -> set[str]:
        """Those of the documents that were taken down."""
        wanted = [item for item in ids if item]
        if not wanted:
            return set()
        query = select(documents.c.id).where(documents.c.id.in_(wanted), documents.c.state == "withdrawn")
        return set(self._connection.scalars(query))

    def redirects_back(self, start: str, target: str, limit: int) -> bool:
        """Do the redirects that begin at ``target`` lead back to ``start``? Their targets stand in ``reason``."""
        current = target
        for _ in range(limit + 1):
            if current == start:
                return True
            row = self._connection.execute(
                select(frontier.c.reason)
                .where(
                    self._mine,
                    frontier.c.url == current,
                    frontier.c.outcome == Outcome.REDIRECTED.value,
                )
                .limit(1)
            ).first()
            if row is None:
                return False
            current = row.reason
        return True


_PRESENT = (Outcome.CREATED, Outcome.CHANGED, Outcome.UNCHANGED, Outcome.FOLLOWED)

# The columns that tell of one visit, begun anew with it.
_VISIT = ("state", "crawl", "priority", "due_at", "status", "outcome", "reason", "retries", "size")


def release_leases(connection: Connection, site: str) -> None:
    """Queue again what a crawler that died had taken. Only under the crawl's lock of the data folder."""
    connection.execute(
        update(frontier).where(frontier.c.site == site, frontier.c.state == "leased").values(state="queued")
    )


def set_validators(connection: Connection, values: Collection[tuple[int, str, str]]) -> None:
    """(address id, ETag, Last-Modified) of versions that were kept."""
    if values:
        connection.execute(
            update(frontier)
            .where(frontier.c.id == bindparam("key"))
            .values(etag=bindparam("new_etag"), last_modified=bindparam("new_date")),
            [{"key": key, "new_etag": etag, "new_date": date} for key, etag, date in values],
        )


def _address(row: SqlRow[tuple[object, ...]]) -> Address:
    return Address(
        id=row.id,
        role=Role(row.role),
        url=row.url,
        depth=row.depth,
        redirects=row.redirects,
        parent=row.parent,
        anchor=row.anchor,
        hints=json.loads(row.hints or "{}"),
        document_id=row.document_id,
        etag=row.etag,
        last_modified=row.last_modified,
        retries=row.retries,
    )


def _merged(known: Mapping[str, object], said: Mapping[str, object]) -> Mapping[str, object]:
    """What is known of a page when a listing says this of it.

    A described listing replaces what it said before. The ``row`` of a page that lists it is kept beside that, the first
    one that was met: a home page shows the same document in other words, and the two would take turns.
    """
    row = {name: known[name] for name in ("row",) if name in known}
    return {**said, **(known if said.keys() == {"row"} else {}), **row}


def _dump(hints: Mapping[str, object]) -> str:
    return json.dumps(dict(hints), ensure_ascii=False, sort_keys=True) if hints else ""


def _chunks(items: list[NewAddress]) -> Iterable[list[NewAddress]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
