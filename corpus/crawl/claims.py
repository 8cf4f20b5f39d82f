"""Which crawler asks which host now? Claims on hosts, where several crawlers work off one frontier.

A host is asked by one crawler at a time, over all sites and machines: so what holds for one crawler holds for all of
them together (delay, AutoThrottle, Crawl-delay, backing off from 429), no address is fetched twice, and no request
costs more. A crawler claims as many hosts as it may have requests in flight, lets one go when nothing is left to fetch
there, and renews its claims while it lives. Claims of one that died pass to others when they end; the addresses that it
had taken are queued again then.

Claims change hands in the store's write transactions only, and an answer is recorded in one: who has lost a host while
its answer came finds that out before anything of it is kept.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from corpus.crawl.site import Site
from corpus.crawl.urls import host_of
from corpus.errors import StoreError
from corpus.shared import SharedTables
from corpus.tables import crawl_hosts, frontier

log = logging.getLogger(__name__)

# Of the time that a claim lasts, after which part it is renewed: two renewals may fail.
_RENEWED_AFTER = 1 / 4

# Seconds since 1970 by the clock of the database: those of the machines may differ.
_NOW_S = func.extract("epoch", func.clock_timestamp())
_ALIVE = crawl_hosts.c.until_s > _NOW_S

# The host of an address of the frontier; it is canonical, so this is what `urls.host_of` says.
host_column = func.split_part(frontier.c.url, "/", 3)

# How often a crawler with room for more hosts looks for one while those that it has keep it busy, in seconds: in a
# frontier of one host that reads all that is queued.
_LOOK_EVERY_S = 10.0


class HostClaims:
    """The claims of this crawler, which may hold ``most`` hosts. A claim lasts ``lease_s`` seconds if it is not
    renewed; a host that is let go may be claimed after ``delay_s`` seconds, so that the pause between two requests
    holds for the next crawler as well."""

    def __init__(self, tables: SharedTables, *, most: int, lease_s: float, delay_s: float) -> None:
        self._tables = tables
        self._most = most
        self._lease_s, self._delay_s = lease_s, delay_s
        self._holder = secrets.token_hex(16)
        self._look_at = 0.0
        self._closing = threading.Event()

    @property
    def somebodys(self) -> ColumnElement[bool]:
        """Is an address of the frontier at a host that a crawler has, which lives for all that is known?"""
        return host_column.in_(select(crawl_hosts.c.host).where(or_(crawl_hosts.c.holder == self._holder, _ALIVE)))

    def holds(self, connection: Connection, url: str) -> bool:
        """Is the host of this address ours still?"""
        query = select(crawl_hosts.c.host).where(
            crawl_hosts.c.host == host_of(url), crawl_hosts.c.holder == self._holder
        )
        return connection.execute(query).first() is not None

    def hosts(self, connection: Connection, waiting: ColumnElement[bool], crawl: ColumnElement[bool]) -> list[str]:
        """Our hosts, those with the fewest requests under way first.

        Hosts where nothing of the ``crawl`` is left are let go, and others claimed: those of the first addresses that
        are ``waiting``, where no crawler is.
        """
        held = self._held(connection, crawl)
        if time.monotonic() >= self._look_at or not any(queued for _, queued in held.values()):
            self._look_at = time.monotonic() + _LOOK_EVERY_S
            self._let_go(connection, [host for host, (taken, queued) in held.items() if not taken and not queued])
            while self._claim(connection, waiting, crawl):
                pass
            held = self._held(connection, crawl)
        return sorted(held, key=lambda host: held[host][0])

    def _held(self, connection: Connection, crawl: ColumnElement[bool]) -> dict[str, tuple[int, bool]]:
        """Our hosts: how many of their addresses are taken, and whether any is queued."""
        here = host_column == crawl_hosts.c.host
        leased = crawl & here & (frontier.c.state == "leased")
        taken = select(func.count()).where(leased).correlate(crawl_hosts).scalar_subquery()
        queued = select(frontier.c.id).where(crawl, here, frontier.c.state == "queued").correlate(crawl_hosts).exists()
        rows = connection.execute(
            select(crawl_hosts.c.host, taken, queued).where(crawl_hosts.c.holder == self._holder)
        ).all()
        return {host: (count, some) for host, count, some in rows}

    def _claim(self, connection: Connection, waiting: ColumnElement[bool], crawl: ColumnElement[bool]) -> bool:
        """Claim one more host; gives whether there was room, and one to claim."""
        held = connection.scalar(select(func.count()).where(crawl_hosts.c.holder == self._holder)) or 0
        if held >= self._most:
            return False
        unfinished = frontier.c.state.in_(["queued", "leased"])  # taken: by a crawler that died
        first = connection.execute(
            select(frontier.c.url)
            .where(waiting, unfinished, ~self.somebodys)
            .order_by(frontier.c.priority.desc(), frontier.c.depth, frontier.c.id)
            .limit(1)
        ).first()
        if first is None:
            return False
        host = host_of(first.url)
        values = {"holder": self._holder, "until_s": _NOW_S + self._lease_s}
        connection.execute(
            insert(crawl_hosts)
            .values(host=host, **values)
            .on_conflict_do_update(index_elements=[crawl_hosts.c.host], set_=values)
        )
        connection.execute(
            update(frontier).where(crawl, frontier.c.state == "leased", host_column == host).values(state="queued")
        )
        return True

    def _let_go(self, connection: Connection, hosts: list[str]) -> None:
        if hosts:
            connection.execute(update(crawl_hosts).where(crawl_hosts.c.host.in_(hosts)).values(**self._free()))

    def keep(self, on_renewal: Callable[[], None]) -> None:
        """Renew all claims in a thread of its own, until `leave`; ``on_renewal`` is called each time."""
        threading.Thread(target=self._keep, args=(on_renewal,), name="claims", daemon=True).start()

    def leave(self) -> None:
        """Let all hosts go."""
        self._closing.set()
        try:
            with self._tables.using() as connection:
                connection.execute(
                    update(crawl_hosts).where(crawl_hosts.c.holder == self._holder).values(**self._free())
                )
                connection.execute(delete(crawl_hosts).where(crawl_hosts.c.holder == "", ~_ALIVE))
        except StoreError as error:
            log.warning("the claims on hosts end by themselves: %s", error)
        self._tables.close()

    def _free(self) -> dict[str, object]:
        return {"holder": "", "until_s": _NOW_S + self._delay_s}

    def _keep(self, on_renewal: Callable[[], None]) -> None:
        while not self._closing.wait(self._lease_s * _RENEWED_AFTER):
            try:
                with self._tables.using() as connection:
                    connection.execute(
                        update(crawl_hosts)
                        .where(crawl_hosts.c.holder == self._holder)
                        .values(until_s=_NOW_S + self._lease_s)
                    )
                on_renewal()
            except StoreError as error:  # the next one may come through; if none does, others take the hosts over
                log.warning("the claims on hosts could not be renewed: %s", error)


def is_crawled_elsewhere(tables: SharedTables, site: Site) -> bool:
    """Has the site no host at which a crawler that begins now would find work, as others ask them all?"""
    with tables.using() as connection:
        claimed = connection.scalars(select(crawl_hosts.c.host).where(crawl_hosts.c.holder != "", _ALIVE)).all()
    return sum(site.covers(f"http://{host}/") for host in claimed) >= len(site.hosts)
