"""What did staff decide about documents that belong together, or about a draft and a document? Never asked again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Row, select

from corpus.records import storable
from corpus.store import DocumentStore
from webapp.accounts.tables import Clock, decisions, utc_now

# A reason is a sentence or two.
MAX_WHY = 500


class Choice(StrEnum):
    """What can be decided; ``label`` is what people see."""

    KEEP = "keep"
    MERGE = "merge"
    WITHDRAW = "withdraw"
    NOT_DUPLICATE = "not_duplicate"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Choice.KEEP: "都保留",
    Choice.MERGE: "合并",
    Choice.WITHDRAW: "撤下",
    Choice.NOT_DUPLICATE: "不是重复",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, why, by whom and when (UTC); ``members`` are the ids of the documents it is about."""

    choice: Choice
    why: str
    who: str
    at: datetime
    members: frozenset[str]


def draft_subject(text: str, document_id: str) -> str:
    """The key of a draft, by its text, and a published document: the same draft is known when it comes again."""
    return hashlib.sha256(f"draft\n{document_id}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def cluster_subject(ids: Iterable[str]) -> str:
    """The key of published documents that belong together."""
    return hashlib.sha256(f"cluster\n{json.dumps(sorted(ids))}".encode("utf-8", "surrogatepass")).hexdigest()


class Decisions:
    """The decisions, in the store's database."""

    def __init__(self, store: DocumentStore, clock: Clock = utc_now) -> None:
        self._store, self._clock = store, clock

    def record(self, subject: str, members: Collection[str], choice: Choice, why: str, who: str) -> None:
        """Remember it; an earlier one on the same subject is kept below it."""
        with self._store.writing() as writer:
            writer.connection.execute(
                decisions.insert().values(
                    subject=subject,
                    members=json.dumps(sorted(members)),
                    decision=choice.value,
                    why=storable(why)[:MAX_WHY],
                    who=who,
                    at=self._clock(),
                )
            )

    def on(self, subjects: Collection[str]) -> dict[str, Decision]:
        """The latest decision on each subject that has one."""
        query = select(decisions).where(decisions.c.subject.in_(list(subjects))).order_by(decisions.c.number)
        with self._store.reading() as connection:
            return {row.subject: _decision(row) for row in connection.execute(query)}

    def on_clusters(self) -> list[Decision]:
        """The latest decision on each set of published documents, the newest last."""
        query = select(decisions).order_by(decisions.c.number)
        with self._store.reading() as connection:
            rows = connection.execute(query).all()
        found = {row.subject: _decision(row) for row in rows}
        return [decision for subject, decision in found.items() if cluster_subject(decision.members) == subject]


def _decision(row: Row) -> Decision:  # type: ignore[type-arg]
    return Decision(Choice(row.decision), row.why, row.who, row.at, frozenset(json.loads(row.members)))
