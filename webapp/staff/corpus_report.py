"""Where is the report over the corpus kept, and who makes it anew? A file beside the index, made in the background."""

from __future__ import annotations

import json
import logging
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import Thread

from pydantic import TypeAdapter
from sqlalchemy import select

from corpus.store import DocumentStore
from corpus.stored import IN_LIMIT
from corpus.tables import documents
from indexer.duplicates.report import Report, report
from indexer.generations import write_atomically
from webapp.accounts.tables import utc_now
from webapp.staff.alone import alone


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReport:
    """A report, when it was made (UTC), and at which change of the store."""

    report: Report
    change: int
    made_at: datetime


_KEPT = TypeAdapter(KeptReport)
_REPORT, _PROGRESS, _LOCK = "duplicates-report.json", "duplicates-progress.json", "duplicates-report.lock"

logger = logging.getLogger(__name__)


class CorpusReport:
    """The report of one store, in the folder of its index. Any worker may read it; one at a time makes it."""

    def __init__(self, store: DocumentStore, folder: Path) -> None:
        self._store, self._folder = store, folder

    def read(self) -> KeptReport | None:
        """The report as it was last made, of what is still live; None if there is none, or of another version."""
        try:
            kept = _KEPT.validate_json((self._folder / _REPORT).read_bytes())
        except (FileNotFoundError, ValueError):
            return None
        named = {member.document_id for cluster in kept.report.clusters for member in cluster.members}
        return _without(kept, named - self._live(named))

    def behind(self, kept: KeptReport) -> int:
        """How many documents changed since."""
        return self._store.change_count(after=kept.change)

    def progress(self) -> tuple[int, int] | None:
        """Pairs compared and pairs in all while somebody makes the report, else None."""
        with self._making() as mine:
            if mine:
                return None
        try:
            done, total = json.loads((self._folder / _PROGRESS).read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return 0, 0
        return done, total

    def start(self) -> None:
        """Make it anew in a thread of its own, unless somebody does already."""
        Thread(target=self._make_quietly, name="report", daemon=True).start()

    def make(self) -> None:
        """Make it anew, now; nothing happens while somebody else does."""
        with self._making() as mine:
            if mine:
                change = self._store.last_change()
                self._note(0, 0)
                made = report(self._store, on_progress=self._note)
                self._keep(KeptReport(report=made, change=change, made_at=utc_now()))

    def forget(self, document_id: str) -> None:
        """Leave nothing of a withdrawn document in it."""
        if kept := self.read():
            self._keep(_without(kept, {document_id}))

    def _live(self, ids: Collection[str]) -> set[str]:
        wanted, found = list(ids), set[str]()
        with self._store.reading() as connection:
            for start in range(0, len(wanted), IN_LIMIT):
                some = documents.c.id.in_(wanted[start : start + IN_LIMIT])
                found.update(connection.scalars(select(documents.c.id).where(some, documents.c.state == "live")))
        return found

    def _make_quietly(self) -> None:
        try:
            self.make()
        except Exception as error:
            logger.error("the report over the corpus failed", exc_info=error)

    def _note(self, done: int, total: int) -> None:
        write_atomically(self._folder / _PROGRESS, json.dumps([done, total]))

    def _keep(self, kept: KeptReport) -> None:
        write_atomically(self._folder / _REPORT, _KEPT.dump_json(kept).decode())

    def _making(self) -> AbstractContextManager[bool]:
        """True for the one that may make the report."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return alone(self._folder / _LOCK)


def _without(kept: KeptReport, ids: Collection[str]) -> KeptReport:
    """The report without some documents; a cluster of one is none."""
    clusters = (
        replace(cluster, members=tuple(item for item in cluster.members if item.document_id not in ids))
        for cluster in kept.report.clusters
    )
    left = tuple(cluster for cluster in clusters if len(cluster.members) > 1)
    return replace(kept, report=replace(kept.report, clusters=left))
