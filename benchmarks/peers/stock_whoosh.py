"""How does Whoosh as its users set it up answer, with jieba's `ChineseAnalyzer`?"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh.fields import ID, TEXT, Schema
from whoosh.query import Or, Term
from whoosh.scoring import BM25F

from benchmarks.peers.words import plain_jieba, titled
from corpus.models import Document
from indexer.mapping import searchable_text

TITLE_BOOST = 2.0
_WRITER_MEMORY_MB = 128


class StockWhoosh:
    """The schema of every tutorial: `TEXT(analyzer=ChineseAnalyzer())`, with positions; OR of words, title ×2."""

    name = "stock Whoosh + ChineseAnalyzer"

    def __init__(self, folder: Path) -> None:
        self._analyzer = _chinese_analyzer()
        schema = Schema(
            id=ID(unique=True, stored=True), title=TEXT(analyzer=self._analyzer), body=TEXT(analyzer=self._analyzer)
        )
        folder.mkdir(parents=True, exist_ok=True)
        self._index = whoosh_index.create_in(folder, schema)

    def add(self, documents: Iterable[Document]) -> int:
        writer = self._index.writer(limitmb=_WRITER_MEMORY_MB)
        count = 0
        for count, document in enumerate(documents, 1):  # noqa: B007 - how many is what is asked for
            writer.add_document(id=document.id, title=titled(document), body=searchable_text(document))
        writer.commit()
        self._searcher = self._index.searcher(weighting=BM25F())
        return count

    def search(self, text: str, limit: int) -> list[tuple[str, float]]:
        words = dict.fromkeys(token.text for token in self._analyzer(text, mode="query"))
        terms = [
            term for word in words for term in (Term("title", word, boost=TITLE_BOOST), Term("body", word, boost=1.0))
        ]
        found = self._searcher.search(Or(terms), limit=limit)
        return [(str(hit["id"]), float(hit.score)) for hit in found]


def _chinese_analyzer() -> Any:
    plain_jieba()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from jieba.analyse import ChineseAnalyzer
    return ChineseAnalyzer()
