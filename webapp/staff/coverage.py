"""What the standard catalogs ask for and what is published of it, as it is kept; and as rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter

from corpus.store import DocumentStore
from indexer.coverage import CoveredRow, coverage
from indexer.engine import SearchEngine
from webapp.accounts.tables import Clock
from webapp.staff.kept import KeptFile, OnProgress

HEADER = (
    "线索", "领域", "一级事项", "二级事项", "公开内容", "公开主体", "公开时限", "年份", "目录", "找到（份）",
    "最相近的文件", "发布日期", "发文机关", "依据", "超期线索",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCoverage:
    """What was found of every row, when (UTC), and at which change of the store."""

    rows: tuple[CoveredRow, ...]
    change: int
    made_at: datetime


class CatalogCoverage:
    """The coverage of one store, in the folder of its index."""

    def __init__(self, store: DocumentStore, engine: SearchEngine, folder: Path, clock: Clock) -> None:
        self._store, self._engine, self._clock = store, engine, clock
        self._file = KeptFile(folder, "catalog-coverage", TypeAdapter(KeptCoverage), self._look)
        self.progress, self.start, self.make = self._file.progress, self._file.start, self._file.make

    def read(self) -> KeptCoverage | None:
        """As it was last made, without what was withdrawn since; None if it was not made."""
        kept = self._file.read()
        if kept is None:
            return None
        catalogs = {row.document_id for row in kept.rows}
        gone = self._store.withdrawn({made.document_id for row in kept.rows for made in row.answering} | catalogs)
        return kept if not gone else replace(kept, rows=tuple(_without(kept.rows, gone)))

    def forget(self, document_id: str) -> None:
        """Leave nothing of a withdrawn document in it."""
        if kept := self.read():
            self._file.keep(replace(kept, rows=tuple(_without(kept.rows, {document_id}))))

    def behind(self, kept: KeptCoverage) -> int:
        """How many documents changed since."""
        return self._store.change_count(after=kept.change)

    def _look(self, on_progress: OnProgress) -> KeptCoverage:
        change, now = self._store.last_change(), self._clock()
        rows = coverage(self._store, self._engine, now.date(), on_progress)
        return KeptCoverage(rows=rows, change=change, made_at=now)


def _without(rows: Iterable[CoveredRow], gone: set[str]) -> Iterator[CoveredRow]:
    for row in rows:
        if row.document_id not in gone:
            left = tuple(made for made in row.answering if made.document_id not in gone)
            yield replace(row, answering=left, found=row.found - len(row.answering) + len(left))


def coverage_rows(rows: Iterable[CoveredRow]) -> Iterator[tuple[str, ...]]:
    """A row of the table for each row of a catalog."""
    for row in rows:
        best = row.answering[0] if row.answering else None
        late = "；".join(filter(None, (row.late, *(made.late for made in row.answering))))
        yield (
            row.status.label,
            row.domain,
            row.item,
            row.subitem,
            row.content,
            row.publisher,
            row.time_limit,
            row.period,
            row.catalog,
            str(row.found),
            best.title if best else "",
            best.published_on.isoformat() if best and best.published_on else "",
            "、".join(best.issuers) if best else "",
            best.evidence if best else "",
            late,
        )
