"""Whoosh as it comes: its own codec, writer, matchers and collectors."""

from __future__ import annotations

from collections.abc import Mapping
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
from benchmarks.query_classes import FACETS, Ask
from indexer.mapping import date_of

_WRITER_MEMORY_MB = 256

_PARTS_OF = {".trm": "words", ".pst": "postings"}  # positions stand beside the postings, all else in other files


class StockWhoosh:
    """The same query objects as ours; sortable fields for facets and dates.

    No snippets: its `highlights` needs an analyzer that tells where in the text a word stands, which ours does not.
    """

    name = "stock Whoosh"

    def __init__(self, folder: Path) -> None:
        self._index = whoosh_index.open_dir(folder)
        self._searcher = self._index.searcher(weighting=BM25F(B=B, K1=K1))

    @staticmethod
    def build(corpus: Path, folder: Path) -> int:
        index = whoosh_index.create_in(folder, _schema())
        writer = index.writer(limitmb=_WRITER_MEMORY_MB, compound=False)
        documents = 0
        for documents, document in enumerate(read_documents(corpus), 1):  # noqa: B007 - how many is what is asked for
            writer.add_document(
                title=document.title,
                body=document.body,
                kind=document.kind.value,
                issuer=document.issuers[0],
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

    def search(self, ask: Ask) -> Answer:
        options: dict[str, Any] = {}
        if ask.kind:
            options["filter"] = Term("kind", ask.kind)
        if ask.facets:
            options["groupedby"] = list(FACETS)
        if ask.newest:
            options["sortedby"] = FieldFacet("day", reverse=True)
        found = self._searcher.search(query_of(ask), limit=PAGE, **options)
        counts = {name: {key: len(ids) for key, ids in found.groups(name).items()} for name in FACETS if ask.facets}
        return Answer(len(found), found.top_n, counts)

    def snippets(self, ask: Ask, answer: Answer) -> list[str]:  # noqa: ARG002 - needs an analyzer that tells places
        return []

    def close(self) -> None:
        self._searcher.close()
        self._index.close()


def _schema() -> Schema:
    return Schema(
        title=TEXT(analyzer=WordAnalyzer(), stored=True),
        body=TEXT(analyzer=WordAnalyzer(), stored=True),
        kind=ID(sortable=True),
        issuer=ID(sortable=True),
        day=NUMERIC(sortable=True),
    )
