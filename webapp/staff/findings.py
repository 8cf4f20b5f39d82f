"""Which published documents show full personal numbers? Looked through once, then only what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update

from analyzers.personal_data import PersonalDataKind, find_personal_data
from corpus.models import Document
from corpus.store import DocumentStore
from corpus.tables import documents
from webapp.accounts.tables import personal_data, progress

_PROGRESS = "personal_data"
# Documents that are in memory at a time.
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """A live document that shows full numbers: how many of each kind."""

    document_id: str
    counts: dict[PersonalDataKind, int]
    changed_at: datetime


class Findings:
    """The list, in the store's database; it follows the store's change log."""

    def __init__(self, store: DocumentStore) -> None:
        self._store = store

    def behind(self) -> int:
        """How many documents changed since they were looked through."""
        return self._store.change_count(after=self._stands_at())

    def catch_up(self, on_progress: Callable[[int], None] = lambda _: None) -> None:
        """Look through what changed; what was done before an interruption stays done."""
        done = 0
        while changes := self._store.changes(self._stands_at(), _BATCH):
            ids = [change.document_id for change in changes]
            rows: list[dict[str, object]] = [
                {"document_id": stored.document.id, "kind": kind.value, "numbers": count}
                for stored in self._store.documents([change.document_id for change in changes if change.live])
                for kind, count in numbers_in(stored.document).items()
            ]
            self._keep(ids, rows, changes[-1].number)
            done += len(changes)
            on_progress(done)

    def count(self) -> int:
        """How many live documents are in the list."""
        with self._store.reading() as connection:
            return connection.scalar(select(func.count(personal_data.c.document_id.distinct()))) or 0

    def listed(self, limit: int, offset: int = 0) -> list[Finding]:
        """The documents, identity cards first, then the latest changed."""
        cards = func.max(
            (personal_data.c.kind == PersonalDataKind.IDENTITY_CARD.value).cast(personal_data.c.numbers.type)
        )
        page = (
            select(documents.c.id, documents.c.changed_at)
            .join(personal_data, personal_data.c.document_id == documents.c.id)
            .group_by(documents.c.id, documents.c.changed_at)
            .order_by(cards.desc(), documents.c.changed_at.desc(), documents.c.id)
            .limit(limit)
            .offset(offset)
        )
        with self._store.reading() as connection:
            rows = connection.execute(page).all()
            ids = [row.id for row in rows]
            counts: dict[str, dict[PersonalDataKind, int]] = {document_id: {} for document_id in ids}
            query = select(personal_data).where(personal_data.c.document_id.in_(ids))
            for row in connection.execute(query.order_by(personal_data.c.kind)):
                counts[row.document_id][PersonalDataKind(row.kind)] = row.numbers
        return [Finding(row.id, counts[row.id], row.changed_at) for row in rows]

    def _stands_at(self) -> int:
        with self._store.reading() as connection:
            return connection.scalar(select(progress.c.change).where(progress.c.name == _PROGRESS)) or 0

    def _keep(self, ids: list[str], rows: list[dict[str, object]], change: int) -> None:
        with self._store.writing() as writer:
            connection = writer.connection
            connection.execute(delete(personal_data).where(personal_data.c.document_id.in_(ids)))
            if rows:
                connection.execute(personal_data.insert(), rows)
            moved = connection.execute(update(progress).where(progress.c.name == _PROGRESS).values(change=change))
            if not moved.rowcount:
                connection.execute(progress.insert().values(name=_PROGRESS, change=change))


def numbers_in(document: Document) -> dict[PersonalDataKind, int]:
    """How many full numbers of each kind the document's title, text and read attachments show."""
    texts = (document.title, document.body, *(item.text for item in document.attachments))
    return dict(Counter(found.kind for text in texts for found in find_personal_data(text)))
