"""Whoosh's query objects on our columnar segments, evaluated by arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index as whoosh_index
from whoosh.columns import NumericColumn, RefBytesColumn
from whoosh.fields import COLUMN, TEXT, Schema
from whoosh.query import And, Or, Phrase, Prefix, Query, Term
from whoosh.scoring import BM25F

from analyzers.tokenizer import WordAnalyzer
from benchmarks.datasets import read_documents
from benchmarks.engines import K1, PAGE, SNIPPET_CHARACTERS, TITLE_BOOST, Answer, B
from benchmarks.peers.words import OURS, Words, titled
from benchmarks.query_classes import FACETS, Ask
from corpus.models import Document
from indexer import engine as product
from indexer import filters
from indexer.columnar.array_file import ArrayFile
from indexer.columnar.evaluate import Evaluator
from indexer.columnar.kernels import kernels
from indexer.columnar.opened import open_index
from indexer.columnar.search import search
from indexer.columnar.segment import DOCUMENTS, POSTINGS
from indexer.columnar.writer import ColumnarWriter
from indexer.highlight import snippet
from indexer.mapping import date_of, searchable_text
from indexer.matching import Found, Matches
from indexer.snapshot import Snapshot
from indexer.sync import COMMIT_DOCUMENTS

_BATCH_DOCUMENTS = 4_000  # for a worker at a time, as `indexer.sync` does

_PART_OF = {
    **dict.fromkeys(("terms", "term_offsets", "prefixes"), "words"),
    **dict.fromkeys(("positions", "position_starts"), "positions"),
    **dict.fromkeys(("lengths", "total_length"), "lengths"),
    **dict.fromkeys(("values", "codes", "names", "name_offsets"), "columns"),
    **dict.fromkeys(("stored", "stored_offsets"), "stored"),
}


class Ours:
    """Filters, facets and snippets are the product's own code."""

    name = "ours"
    _with_kernels = True

    def __init__(self, folder: Path) -> None:
        self._index = open_index(folder)
        self._snapshot = Snapshot(self._index)
        self._evaluator = Evaluator(self._index, BM25F(B=B, K1=K1), kernels=kernels() if self._with_kernels else None)
        self._days = [part.days for part in self._snapshot.parts]

    @staticmethod
    def build(corpus: Path, folder: Path, words: Words = OURS) -> int:  # noqa: ARG004 - its analyzer cuts
        whoosh_index.create_in(folder, _schema()).close()
        documents = 0
        with ColumnarWriter(folder, _rows, workers=2) as writer:
            coming = read_documents(corpus)
            while batch := list(islice(coming, _BATCH_DOCUMENTS)):
                if documents // COMMIT_DOCUMENTS < (documents + len(batch)) // COMMIT_DOCUMENTS:
                    writer.commit()
                writer.add(batch)
                documents += len(batch)
            writer.commit()
            writer.merge()
        return documents

    @staticmethod
    def sizes(folder: Path) -> Mapping[str, int]:
        sizes: dict[str, int] = {}
        for path in (*folder.glob(f"*{POSTINGS}"), *folder.glob(f"*{DOCUMENTS}")):
            for name, array in ArrayFile(path).items():
                part = _PART_OF.get(name.split(".")[1] if "." in name else name, "postings")
                sizes[part] = sizes.get(part, 0) + array.nbytes
        return sizes

    def can(self, ask: Ask) -> bool:  # noqa: ARG002 - everything
        return True

    def search(self, ask: Ask, limit: int = PAGE) -> Answer:
        found = search(
            self._evaluator,
            query_of(ask),
            limit=limit,
            allowed=self._snapshot.having_any("kind", (ask.kind,)) if ask.kind else None,
            by=self._days if ask.newest else None,
            need_hits=ask.facets,
        )
        return Answer(found.total, found.ids.tolist(), self._counts(found.hits) if ask.facets else {})

    def _counts(self, hits: tuple[Any, ...]) -> Mapping[str, Mapping[str, int]]:
        matches = Matches(tuple(Found(ids, np.zeros(0)) for ids in hits))
        counted = filters.facets(self._snapshot, product.Query(facets=FACETS), matches, {})
        return {facet.field: {value.value: value.count for value in facet.values} for facet in counted}

    def numbers(self, answer: Answer) -> list[int]:
        return list(answer.page)

    def snippets(self, ask: Ask, answer: Answer) -> list[str]:
        terms = [word.encode() for word in (*ask.words, *ask.phrase)]
        known = self._evaluator.scoring.words("body", terms)
        weights = {term.decode(): word.idf for term, word in zip(terms, known, strict=True)}
        if ask.prefix:
            weights[ask.prefix] = 1.0
        return [
            snippet(self._snapshot.stored(number)["body"], weights, SNIPPET_CHARACTERS).text for number in answer.page
        ]

    def close(self) -> None:
        """Nothing to let go of: what is mapped goes with the object."""


class OursWithoutKernels(Ours):
    """The same with numpy alone."""

    name = "ours, numpy alone"
    _with_kernels = False


def query_of(ask: Ask) -> Query:
    """Whoosh's query for a question."""
    if ask.phrase:
        return Phrase("body", list(ask.phrase))
    if ask.prefix:
        return Prefix("body", ask.prefix)
    if ask.every:
        return And([Or(list(_either(word))) for word in ask.words])
    return Or([term for word in ask.words for term in _either(word)])


def _either(word: str) -> Iterator[Query]:
    yield Term("title", word, boost=TITLE_BOOST)
    yield Term("body", word)


def _schema() -> Schema:
    return Schema(
        title=TEXT(analyzer=WordAnalyzer(), stored=True),
        body=TEXT(analyzer=WordAnalyzer(), stored=True),
        kind=COLUMN(RefBytesColumn()),
        issuer=COLUMN(RefBytesColumn()),
        day=COLUMN(NumericColumn("i")),
    )


def _rows(document: Document) -> list[dict[str, object]]:
    day = date_of(document)
    return [
        {
            "title": titled(document),
            "body": searchable_text(document),
            "kind": document.kind.value.encode(),
            "issuer": next(iter(document.issuers), "").encode(),
            "day": day.toordinal() if day else 0,
        }
    ]
