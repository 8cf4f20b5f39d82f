"""What do the pages need from the rooms below?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from corpus.models import Document
from corpus.shared import SharedTables
from corpus.stored import Change, Freshness, StoredDocument, StoredFile, Withdrawal
from indexer.engine import SearchEngine
from webapp.query_counts import QueryCounts
from webapp.web_settings import WebSettings


class Documents(Protocol):
    """What the pages read of `corpus.store.DocumentStore`."""

    def get(self, document_id: str) -> StoredDocument | None: ...

    def documents(self, ids: Collection[str]) -> Iterable[StoredDocument]: ...

    def versions_of(self, document_id: str) -> Sequence[tuple[int, Document, datetime]]: ...

    def withdrawal(self, document_id: str) -> Withdrawal | None: ...

    def withdrawn(self, ids: Collection[str]) -> Set[str]: ...

    def file(self, sha256: str) -> StoredFile | None: ...

    def counts(self) -> Mapping[str, int]: ...

    def changes(self, after: int, limit: int) -> Sequence[Change]: ...

    def freshness(self) -> Freshness: ...


class Blobs(Protocol):
    """What the pages read of `corpus.blobs.Blobs`."""

    def open(self, sha256: str) -> BinaryIO: ...

    def size(self, sha256: str) -> int: ...


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a view may use; made once in `webapp.factory` and passed in.

    ``domain_names`` are the names (领域) of the slugs that the index keeps; ``queries`` counts what is searched for,
    if that is wanted; ``shared`` is where several machines keep what they share, if there are several.
    """

    engine: SearchEngine
    store: Documents
    blobs: Blobs
    settings: WebSettings
    domain_names: Mapping[str, str]
    queries: QueryCounts | None = None
    shared: SharedTables | None = None
