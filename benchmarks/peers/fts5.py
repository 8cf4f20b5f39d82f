"""How does SQLite's FTS5 answer?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from benchmarks.peers.words import Words
from corpus.models import Document

TITLE_WEIGHT = 2.0


class Fts5:
    """Words joined by spaces, unicode61, bm25() with the title's frequencies weighted, OR of words; no stored text."""

    def __init__(self, folder: Path, words: Words) -> None:
        self.name = f"SQLite FTS5 + {words.name}"
        self._words = words
        folder.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(folder / "fts5.db")
        self._connection.execute("CREATE TABLE ids (number INTEGER PRIMARY KEY, id TEXT)")
        self._connection.execute("CREATE VIRTUAL TABLE texts USING fts5(title, body, content='', tokenize='unicode61')")

    def add(self, documents: Iterable[Document]) -> int:
        count = 0
        with self._connection:
            for count, document in enumerate(documents, 1):
                self._connection.execute("INSERT INTO ids VALUES (?, ?)", (count, document.id))
                self._connection.execute(
                    "INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)", (count, *self._words.fields(document))
                )
            self._connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        return count

    def search(self, text: str, limit: int) -> list[tuple[str, float]]:
        question = " OR ".join(f'"{word}"' for word in self._words.question(text))
        rows = self._connection.execute(
            "SELECT ids.id, -found.rank FROM (SELECT rowid, rank FROM texts WHERE texts MATCH ? AND rank MATCH ?"
            " ORDER BY rank LIMIT ?) AS found JOIN ids ON ids.number = found.rowid ORDER BY found.rank",
            (question, f"bm25({TITLE_WEIGHT}, 1.0)", limit),
        )
        return [(str(document_id), float(score)) for document_id, score in rows]

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
