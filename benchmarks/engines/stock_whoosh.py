"""Whoosh as it comes: its own codec, writer, matchers and collectors."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh.fields import ID, NUMERIC, TEXT, Schema
from whoosh.query import Term
from whoosh.scoring import BM25F
from whoosh.sorting import FieldFacet

from analyzers.tokenizer import WordAnalyzer
from benchmarks.datasets import read_documents
from benchmarks.engines import K1, PAGE, Answer, B
from benchmarks.engines.ours import query_of
from benchmarks.peers.words import OURS, Words, plain_jieba, titled
from benchmarks.query_classes import FACETS, Ask
from indexer.mapping import date_of, searchable_text

_WRITER_MEMORY_MB = 256

_PARTS_OF = {".trm": "words", ".pst": "postings"}  # positions stand beside the postings, all else in other files


class StockWhoosh:
    """The same query objects as ours; sortable fields for facets and dates.

    No snippets: its `highlights` needs an analyzer that tells where in the text a word stands, which ours does not.
    """

    name = "stock Whoosh"
    _analyzer: Callable[[], Any] = WordAnalyzer

    def __init__(self, folder: Path) -> None:
        self._index = whoosh_index.open_dir(folder)
        self._searcher = self._index.searcher(weighting=BM25F(B=B, K1=K1))

    @classmethod
    def build(cls, corpus: Path, folder: Path, words: Words = OURS) -> int:  # noqa: ARG003 - its analyzer cuts
        index = whoosh_index.create_in(folder, _schema(cls._analyzer()))
        writer = index.writer(limitmb=_WRITER_MEMORY_MB, compound=False)
        documents = 0
        for documents, document in enumerate(read_documents(corpus), 1):  # noqa: B007 - how many is what is asked for
            writer.add_document(
                title=titled(document),
                body=searchable_text(document),
                kind=document.kind.value,
                issuer=next(iter(document.issuers), ""),
                day=day.toordinal() if (day := date_of(document)) else 0,
            )
        writer.commit()
        index.close()
        return documents

    @staticmethod
    def sizes(folder: Path) -> Mapping[str, int]:
        sizes: dict[str, int] = {}
        for path in folder.iterdir():
            part = _PARTS_OF.get(path.suffix, "stored")
            sizes[part] = sizes.get(part, 0) + path.stat().st_size
        return sizes

    def can(self, ask: Ask) -> bool:  # noqa: ARG002 - everything
        return True

    def search(self, ask: Ask, limit: int = PAGE) -> Answer:
        options: dict[str, Any] = {}
        if ask.kind:
            options["filter"] = Term("kind", ask.kind)
        if ask.facets:
            options["groupedby"] = list(FACETS)
        if ask.newest:
            options["sortedby"] = FieldFacet("day", reverse=True)
        found = self._searcher.search(query_of(ask), limit=limit, **options)
        counts = {name: {key: len(ids) for key, ids in found.groups(name).items()} for name in FACETS if ask.facets}
        return Answer(len(found), [number for _, number in found.top_n], counts)

    def numbers(self, answer: Answer) -> list[int]:
        return list(answer.page)

    def snippets(self, ask: Ask, answer: Answer) -> list[str]:  # noqa: ARG002 - needs an analyzer that tells places
        return []

    def close(self) -> None:
        self._searcher.close()
        self._index.close()


class StockWhooshOfTutorials(StockWhoosh):
    """With jieba's `ChineseAnalyzer`, as its users set it up."""

    name = "stock Whoosh + ChineseAnalyzer"

    @staticmethod
    def _analyzer() -> Any:
        plain_jieba()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from jieba.analyse import ChineseAnalyzer
        return ChineseAnalyzer()


def _schema(analyzer: Any) -> Schema:
    return Schema(
        title=TEXT(analyzer=analyzer, stored=True),
        body=TEXT(analyzer=analyzer, stored=True),
        kind=ID(sortable=True),
        issuer=ID(sortable=True),
        day=NUMERIC(sortable=True),
    )
