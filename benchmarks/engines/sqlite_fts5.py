"""SQLite's FTS5: an index in one file, asked by SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path

from benchmarks.engines import FACET_VALUES, PAGE, TITLE_BOOST, Answer, cut_documents
from benchmarks.peers.words import OURS, Words
from benchmarks.query_classes import FACETS, Ask

_RANK = f"bm25({TITLE_BOOST}, 1.0)"  # its k1 and b are 1.2 and 0.75, and fixed

_BEST = "SELECT rowid FROM texts WHERE texts MATCH ? AND rank MATCH ? ORDER BY rank LIMIT ?"
_COUNT = "SELECT count(*) FROM texts WHERE texts MATCH ?"
_BEST_OF_KIND = (
    "SELECT texts.rowid FROM texts JOIN facts ON facts.number = texts.rowid"
    " WHERE texts MATCH ? AND rank MATCH ? AND facts.kind = ? ORDER BY rank LIMIT ?"
)
_COUNT_OF_KIND = (
    "SELECT count(*) FROM texts JOIN facts ON facts.number = texts.rowid WHERE texts MATCH ? AND facts.kind = ?"
)
_NEWEST = (
    "SELECT texts.rowid FROM texts JOIN facts ON facts.number = texts.rowid"
    " WHERE texts MATCH ? ORDER BY facts.day DESC, texts.rowid LIMIT ?"
)
_COUNT_BY = (
    "SELECT {0}, count(*) AS documents FROM texts JOIN facts ON facts.number = texts.rowid"
    " WHERE texts MATCH ? GROUP BY {0} ORDER BY documents DESC LIMIT ?"
)
_SNIPPET = "SELECT snippet(texts, 1, '<b>', '</b>', '…', 40) FROM texts WHERE texts MATCH ? AND rowid = ?"

_PARTS_OF = {
    "texts_data": "postings",  # the words and their positions stand in it too
    "texts_idx": "postings",
    "texts_docsize": "lengths",
    "texts_content": "stored",
    "facts": "columns",
}


class Fts5:
    """Words joined by spaces, `unicode61`, `bm25()` with the title weighted; total and facets are queries of their own.

    Key columns and date are an ordinary table beside the texts, joined by number.
    """

    name = "SQLite FTS5"

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "fts5.db")

    @staticmethod
    def build(corpus: Path, folder: Path, words: Words = OURS) -> int:
        documents = 0
        connection = sqlite3.connect(folder / "fts5.db")
        connection.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(title, body, tokenize='unicode61 remove_diacritics 0')"
        )
        connection.execute("CREATE TABLE facts (number INTEGER PRIMARY KEY, kind TEXT, issuer TEXT, day INTEGER)")
        with connection:
            for documents, cut in enumerate(cut_documents(corpus, words), 1):
                connection.execute(
                    "INSERT INTO texts (rowid, title, body) VALUES (?, ?, ?)", (documents, cut.title, cut.body)
                )
                connection.execute("INSERT INTO facts VALUES (?, ?, ?, ?)", (documents, cut.kind, cut.issuer, cut.day))
            connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")
        connection.close()
        return documents

    @staticmethod
    def sizes(folder: Path) -> Mapping[str, int]:
        sizes: dict[str, int] = {}
        connection = sqlite3.connect(folder / "fts5.db")
        for name, size in connection.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"):
            if part := _PARTS_OF.get(name):
                sizes[part] = sizes.get(part, 0) + int(size)
        connection.close()
        return sizes

    def can(self, ask: Ask) -> bool:  # noqa: ARG002 - everything
        return True

    def search(self, ask: Ask, limit: int = PAGE) -> Answer:
        asked = _match(ask)
        if ask.kind:
            best = self._connection.execute(_BEST_OF_KIND, (asked, _RANK, ask.kind, limit))
            counted = self._connection.execute(_COUNT_OF_KIND, (asked, ask.kind))
        elif ask.newest:
            best = self._connection.execute(_NEWEST, (asked, limit))
            counted = self._connection.execute(_COUNT, (asked,))
        else:
            best = self._connection.execute(_BEST, (asked, _RANK, limit))
            counted = self._connection.execute(_COUNT, (asked,))
        page = [number for (number,) in best]
        ((total,),) = counted
        facets = (self._connection.execute(_COUNT_BY.format(name), (asked, FACET_VALUES)) for name in FACETS)
        return Answer(total, page, dict(zip(FACETS, map(dict, facets), strict=True)) if ask.facets else {})

    def numbers(self, answer: Answer) -> list[int]:
        return [number - 1 for number in answer.page]

    def snippets(self, ask: Ask, answer: Answer) -> list[str]:
        asked = _match(ask)
        return [text for number in answer.page for (text,) in self._connection.execute(_SNIPPET, (asked, number))]

    def close(self) -> None:
        self._connection.close()


def _match(ask: Ask) -> str:
    if ask.phrase:
        return f'body : "{" ".join(ask.phrase)}"'
    if ask.prefix:
        return f'body : "{ask.prefix}"*'
    return (" AND " if ask.every else " OR ").join(f'"{word}"' for word in ask.words)
