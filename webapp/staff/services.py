"""The parts of the staff area, joined."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from corpus.store import DocumentStore
from corpus.tables import documents
from webapp.accounts.audit import Action, AuditLog
from webapp.accounts.decisions import Decisions
from webapp.accounts.lockout import Lockout
from webapp.accounts.sessions import SessionLimits, Sessions
from webapp.accounts.tables import Clock, utc_now
from webapp.accounts.tokens import Tokens
from webapp.accounts.users import Users
from webapp.staff.corpus_report import CorpusReport
from webapp.staff.coverage import CatalogCoverage
from webapp.staff.drafts import DraftFolders
from webapp.staff.findings import Findings
from webapp.staff.pages import PortalPages
from webapp.staff.queue import DraftQueue
from webapp.staff.settings import StaffSettings
from webapp.staff.withdrawal import Takedowns

if TYPE_CHECKING:
    from indexer.duplicates.model import CheckedDraft, DuplicateChecker
    from indexer.engine import SearchEngine

# How often what ended by itself is wiped, in seconds.
_SWEEP_S = 60.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Staff:
    """Everything that a view of the staff area may use.

    ``data`` is the data folder, ``checker`` compares drafts, ``engine`` finds what a catalog asks for.
    """

    store: DocumentStore
    data: Path
    checker: DuplicateChecker
    engine: SearchEngine
    takedowns: Takedowns
    settings: StaffSettings
    clock: Clock = utc_now

    @cached_property
    def users(self) -> Users:
        return Users(self.store, self.clock)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self.store, SessionLimits(self.settings.idle, self.settings.absolute), self.clock)

    @cached_property
    def lockout(self) -> Lockout:
        return Lockout(self.store, self.clock)

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens(self.store, self.clock)

    @cached_property
    def audit(self) -> AuditLog:
        return AuditLog(self.store, self.clock)

    @cached_property
    def decisions(self) -> Decisions:
        return Decisions(self.store, self.clock)

    @cached_property
    def findings(self) -> Findings:
        return Findings(self.store)

    @cached_property
    def report(self) -> CorpusReport:
        return CorpusReport(self.store, self.data / "index")

    @cached_property
    def coverage(self) -> CatalogCoverage:
        return CatalogCoverage(self.store, self.engine, self.data / "index", self.clock)

    @cached_property
    def folders(self) -> DraftFolders:
        return DraftFolders(self.data / "drafts")

    @cached_property
    def pages(self) -> PortalPages:
        return PortalPages(self._is_known, self.settings.private_hosts)

    @cached_property
    def queue(self) -> DraftQueue:
        return DraftQueue(self.folders, self.checker, self.pages, self._note_verdict)

    def sweep(self) -> None:
        """End what is over, and wipe the drafts of every session that ended."""
        self.sessions.end_expired()
        self.folders.sweep(self.sessions.folders)

    def keep_sweeping(self) -> None:
        """`sweep` every minute, in a thread that ends with the program."""
        threading.Thread(target=self._sweep_on, name="sweep", daemon=True).start()

    def close(self) -> None:
        """Begin no further draft, and end what is being done."""
        if "queue" in self.__dict__:
            self.queue.close()
        self.takedowns.close()

    def _is_known(self, host: str) -> bool:
        """Has the store a document at this host?"""
        at_host = or_(
            *(documents.c.url.startswith(f"{scheme}://{host}/", autoescape=True) for scheme in ("http", "https"))
        )
        with self.store.reading() as connection:
            return connection.execute(select(documents.c.id).where(at_host).limit(1)).first() is not None

    def _note_verdict(self, session_folder: str, checked: CheckedDraft) -> None:
        found = ", ".join(match.document_id for match in checked.matches[:5])
        who = self.sessions.owner(session_folder)
        self.audit.record(who, Action.CHECKED, found, checked.verdict.label)

    def _sweep_on(self) -> None:
        while True:
            try:
                self.sweep()
            except Exception as error:
                logger.error("the sweep of drafts failed: %s", type(error).__name__)
            time.sleep(_SWEEP_S)
