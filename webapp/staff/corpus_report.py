"""The report over the corpus as it is kept: of what is still live, and how far it is behind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy import select

from corpus.store import DocumentStore
from corpus.stored import IN_LIMIT
from corpus.tables import documents
from indexer.duplicates.report import Report, report
from webapp.accounts.tables import utc_now
from webapp.staff.kept import KeptFile, OnProgress


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReport:
    """A report, when it was made (UTC), and at which change of the store."""

    report: Report
    change: int
    made_at: datetime


class CorpusReport:
    """The report of one store, in the folder of its index."""

    def __init__(self, store: DocumentStore, folder: Path) -> None:
        self._store = store
        self._file = KeptFile(folder, "duplicates-report", TypeAdapter(KeptReport), self._report)
        self.progress, self.start, self.make = self._file.progress, self._file.start, self._file.make

    def read(self) -> KeptReport | None:
        """The report as it was last made, of what is still live; None if there is none, or of another version."""
        kept = self._file.read()
        if kept is None:
            return None
        named = {member.document_id for cluster in kept.report.clusters for member in cluster.members}
        return _without(kept, named - self._live(named))

    def behind(self, kept: KeptReport) -> int:
        """How many documents changed since."""
        return self._store.change_count(after=kept.change)

    def forget(self, document_id: str) -> None:
        """Leave nothing of a withdrawn document in it."""
        if kept := self.read():
            self._file.keep(_without(kept, {document_id}))

    def _report(self, on_progress: OnProgress) -> KeptReport:
        change = self._store.last_change()
        return KeptReport(report=report(self._store, on_progress=on_progress), change=change, made_at=utc_now())

    def _live(self, ids: Collection[str]) -> set[str]:
        wanted, found = list(ids), set[str]()
        with self._store.reading() as connection:
            for start in range(0, len(wanted), IN_LIMIT):
                some = documents.c.id.in_(wanted[start : start + IN_LIMIT])
                found.update(connection.scalars(select(documents.c.id).where(some, documents.c.state == "live")))
        return found


def _without(kept: KeptReport, ids: Collection[str]) -> KeptReport:
    """The report without some documents; a cluster of one is none."""
    clusters = (
        replace(cluster, members=tuple(item for item in cluster.members if item.document_id not in ids))
        for cluster in kept.report.clusters
    )
    left = tuple(cluster for cluster in clusters if len(cluster.members) > 1)
    return replace(kept, report=replace(kept.report, clusters=left))
