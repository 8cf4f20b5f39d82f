"""bm25s: scores computed when the index is made, added up by numpy when it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.engines import K1, PAGE, Answer, B, cut_documents
from benchmarks.peers.words import OURS, Words
from benchmarks.query_classes import Ask


class Bm25s:
    """One field (the title twice, then the body) and ORs of words; no totals, no filters, no snippets."""

    name = "bm25s"

    def __init__(self, folder: Path) -> None:
        self._index = _library().BM25.load(folder, mmap=True, show_progress=False)

    @staticmethod
    def build(corpus: Path, folder: Path, words: Words = OURS) -> int:
        texts = [[*cut.title.split() * 2, *cut.body.split()] for cut in cut_documents(corpus, words)]
        index = _library().BM25(k1=K1, b=B, method="lucene")
        index.index(texts, show_progress=False)
        index.save(folder, show_progress=False)
        return len(texts)

    @staticmethod
    def sizes(folder: Path) -> Mapping[str, int]:
        sizes = {"words": 0, "postings": 0}
        for path in folder.iterdir():
            sizes["words" if path.name.startswith("vocab") else "postings"] += path.stat().st_size
        return sizes

    def can(self, ask: Ask) -> bool:
        return bool(ask.words) and not (ask.every or ask.kind or ask.facets or ask.newest)

    def search(self, ask: Ask, limit: int = PAGE) -> Answer:
        found, _ = self._index.retrieve([list(ask.words)], k=limit, show_progress=False)
        return Answer(-1, found[0].tolist())

    def numbers(self, answer: Answer) -> list[int]:
        return list(answer.page)

    def snippets(self, ask: Ask, answer: Answer) -> list[str]:  # noqa: ARG002 - it keeps no texts
        return []

    def close(self) -> None:
        """Nothing to let go of."""


def _library() -> Any:
    return import_module("bm25s")
