"""The engines that are timed against each other: the same words, the same BM25 (k1 1.2, b 0.75, title ×2), ten hits.

Each has the words of title and body with their positions, the key columns ``kind`` and ``issuer``, a date, and the text
for snippets; what a class of questions needs is built so that the engine does it best. `make eval` asks the same
engines, on the words that it chooses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from benchmarks.datasets import read_documents
from benchmarks.peers.words import OURS, Words
from benchmarks.query_classes import Ask
from indexer.mapping import date_of

K1, B, TITLE_BOOST = 1.2, 0.75, 2.0

PAGE = 10  # hits

FACET_VALUES = 50  # as many as the product shows

SNIPPET_CHARACTERS = 120

# What an index consists of: the parts that an engine cannot tell apart stand under the first of them.
PARTS = ("words", "postings", "positions", "lengths", "columns", "stored")


@dataclass(frozen=True, slots=True)
class Answer:
    """How many documents in all (-1: the engine does not say), the page as the engine names them, counts by facet."""

    total: int
    page: Sequence[Any]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class Engine(Protocol):
    """An engine on an index that it has written; opened in a folder, for one thread."""

    @property
    def name(self) -> str: ...

    def can(self, ask: Ask) -> bool:
        """Does the engine have such questions at all?"""
        ...

    def search(self, ask: Ask, limit: int = PAGE) -> Answer:
        """Documents, best first."""
        ...

    def numbers(self, answer: Answer) -> list[int]:
        """Where in the corpus the documents of the page stand, counted from 0."""
        ...

    def snippets(self, ask: Ask, answer: Answer) -> list[str]:
        """A piece of each document of the page by the engine's own means, its words marked."""
        ...

    def close(self) -> None: ...


class Maker(Protocol):
    """The kind of an engine: writes an index, tells its size, opens it."""

    name: str

    def __call__(self, folder: Path) -> Engine: ...

    def build(self, corpus: Path, folder: Path, words: Words = OURS) -> int:
        """Index the corpus in an empty folder, cut into these words; gives how many documents."""
        ...

    def sizes(self, folder: Path) -> Mapping[str, int]:
        """Bytes on the disk by part (see `PARTS`)."""
        ...


@dataclass(frozen=True, slots=True)
class Cut:
    """A document as words with spaces between, for engines that do not cut Chinese themselves."""

    title: str
    body: str
    kind: str
    issuer: str
    day: int


def cut_documents(corpus: Path, words: Words) -> Iterator[Cut]:
    """The documents of a corpus, cut in this process."""
    for document in read_documents(corpus):
        day = date_of(document)
        yield Cut(
            *words.fields(document),
            document.kind.value,
            next(iter(document.issuers), ""),
            day.toordinal() if day else 0,
        )
