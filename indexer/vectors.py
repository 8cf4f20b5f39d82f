"""What articles of law mean, as vectors: made in the background by the change log, kept beside the index.

``vectors.db`` (SQLite) belongs to no generation: a vector is of a text and of the encoder that made it. What changed is
dropped with the next `gongkai index` and made again by `gongkai encode`, which may be stopped at any moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analyzers.law_articles import article_of
from corpus.models import Document
from corpus.store import DocumentStore
from indexer.meaning import Encoder

VECTORS = "vectors.db"

# An article of law is encoded with its title; 300 characters are all of nine in ten.
_CHARACTERS = 300
# So many changes are read, encoded and committed at a time.
_BATCH = 64

Vector = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]  # changes read, changes in all


class Vectors:
    """The vectors beside an index; any thread may ask."""

    def __init__(self, index: Path) -> None:
        self._path = index / VECTORS

    def of(self, ids: Sequence[str]) -> dict[str, Vector]:
        """The vectors of those that have one."""
        if not ids or not self._path.is_file():
            return {}
        keys = {_key(name): name for name in ids}
        with self._opened() as file:
            query = f"SELECT id, vector FROM vectors WHERE id IN ({','.join('?' * len(keys))})"  # noqa: S608
            rows = file.execute(query, list(keys)).fetchall()
        return {keys[key]: np.frombuffer(vector, np.float16).astype(np.float32) for key, vector in rows}

    def refresh(self, store: DocumentStore, encoder: Encoder, on_progress: Progress = lambda *_: None) -> int:
        """Encode what changed since the last time, all if that was another encoder; gives how many were encoded."""
        encoded = 0
        with self._opened() as file:
            known = file.execute("SELECT encoder, change FROM state").fetchone()
            after = known[1] if known and known[0] == encoder.name else 0
            if not after:
                file.execute("DELETE FROM vectors")
            every, done = store.change_count(after), 0
            while changes := store.changes(after, _BATCH):
                after = changes[-1].number
                ids = [change.document_id for change in changes]
                live = (one.document for one in store.documents(ids) if one.state == "live")
                articles = [document for document in live if article_of(document.title)]
                vectors = encoder.passages([_text(one) for one in articles]) if articles else ()
                file.executemany("DELETE FROM vectors WHERE id = ?", [(_key(name),) for name in ids])
                file.executemany(
                    "INSERT INTO vectors VALUES (?, ?)",
                    [
                        (_key(one.id), np.asarray(vector, np.float16).tobytes())
                        for one, vector in zip(articles, vectors, strict=True)
                    ],
                )
                file.execute("DELETE FROM state")
                file.execute("INSERT INTO state VALUES (?, ?)", (encoder.name, after))
                file.commit()
                encoded, done = encoded + len(articles), done + len(changes)
                on_progress(done, every)
        return encoded

    def drop_changed(self, store: DocumentStore) -> None:
        """Forget what changed or went since the last time; it is encoded with the next `refresh`."""
        if not self._path.is_file():
            return
        with self._opened() as file:
            known = file.execute("SELECT change FROM state").fetchone()
            after = known[0] if known else 0
            while changes := store.changes(after, _BATCH):
                after = changes[-1].number
                file.executemany("DELETE FROM vectors WHERE id = ?", [(_key(one.document_id),) for one in changes])
            file.commit()

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self._path, timeout=60)) as file:
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA secure_delete = ON")  # what is withdrawn leaves no trace of what it meant
            file.execute("CREATE TABLE IF NOT EXISTS vectors (id BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID")
            file.execute("CREATE TABLE IF NOT EXISTS state (encoder TEXT NOT NULL, change INTEGER NOT NULL)")
            yield file


def _key(document_id: str) -> bytes:
    return document_id.encode("utf-8", "surrogatepass")


def _text(document: Document) -> str:
    return f"{document.title}\n{document.body}"[:_CHARACTERS].encode("utf-8", "replace").decode()
