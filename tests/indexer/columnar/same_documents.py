"""The same documents in two indexes, one of Whoosh's own codec and one of ours."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import BOOLEAN, DATETIME, ID, KEYWORD, NUMERIC, TEXT, Schema
from whoosh.filedb.filestore import RamStorage

from indexer.columnar.codec import ColumnarCodec
from indexer.columnar.opened import OpenIndex, open_index

WORDS = (
    *("医疗", "医疗保险", "保险", "保障", "最低", "低保", "低保户", "公积金", "公积"),
    *("租房", "提取", "apply", "applies", "applied", "住房"),
)
TOPICS = ("社会保障", "住房", "教育", "医疗卫生")
FIRST_DAY = datetime(2019, 1, 1)  # noqa: DTZ001 - Whoosh's dates have no zone

Document = dict[str, Any]


def schema() -> Schema:
    words = SpaceSeparatedTokenizer()
    return Schema(
        id=ID(stored=True, unique=True),
        title=TEXT(analyzer=words, stored=True, field_boost=1.3),
        body=TEXT(analyzer=words, stored=True),
        notes=TEXT(analyzer=words, phrase=False, field_boost=2.0),
        topics=KEYWORD(sortable=True),
        marks=KEYWORD(scorable=True),
        year=NUMERIC(sortable=True),
        amount=NUMERIC(float),
        serial=NUMERIC(signed=False, bits=16, sortable=True),
        day=DATETIME(sortable=True),
        valid=BOOLEAN(stored=True),
    )


@dataclass(frozen=True)
class Corpus:
    """Documents of several segments, and the ids of those that were deleted afterwards."""

    segments: tuple[tuple[Document, ...], ...]
    deleted: tuple[str, ...]

    @property
    def documents(self) -> list[Document]:
        return [document for segment in self.segments for document in segment]


@dataclass(frozen=True)
class Pair:
    """A corpus, indexed by Whoosh's own codec and by ours; the numbers of the documents are the same."""

    corpus: Corpus
    stock: index.FileIndex
    ours: index.FileIndex
    opened: OpenIndex


def indexed(corpus: Corpus, folder: Path) -> Pair:
    # Whoosh's own codec leaves files open; in memory there are none.
    stock = _write(corpus, RamStorage().create_index(schema()), None)
    ours = _write(corpus, index.create_in(folder, schema()), ColumnarCodec())
    return Pair(corpus, stock, ours, open_index(folder))


def seeded(sizes: Sequence[int], seed: int, deletions: float = 0.1) -> Corpus:
    """A corpus made by chance, the same for the same seed."""
    chance = random.Random(seed)
    numbers = iter(range(sum(sizes)))
    segments = tuple(tuple(_document(chance, next(numbers)) for _ in range(size)) for size in sizes)
    every = [document["id"] for segment in segments for document in segment]
    return Corpus(segments, tuple(chance.sample(every, int(len(every) * deletions))))


def _document(chance: random.Random, number: int) -> Document:
    # A word of rank r stands about 1/r as often as the first.
    weights = [1 / rank for rank in range(1, len(WORDS) + 1)]

    def text(most: int) -> str:
        return " ".join(chance.choices(WORDS, weights, k=chance.randint(0, most)))

    document: Document = {
        "id": f"文件{number}",
        "title": text(4),
        "body": text(chance.choice((5, 12, 30, 300) if number % 50 == 0 else (3, 8, 20))),
        "notes": text(3),
        "topics": " ".join(chance.sample(TOPICS, chance.randint(0, 2))),
        "marks": " ".join(chance.choices("甲乙丙", k=chance.randint(0, 3))),
        "year": chance.randint(-3, 30) * chance.choice((1, 1, 70)),
        "amount": chance.choice((-2.5, 0.0, 0.125, 7.0, 1e9)),
        "serial": chance.choice((0, 1, 5, 300, 65_534)),
        "day": FIRST_DAY + timedelta(days=chance.randint(0, 2000)),
        "valid": chance.random() < 0.5,
    }
    return {name: value for name, value in document.items() if name == "id" or chance.random() < 0.9}


def _write(corpus: Corpus, written: index.FileIndex, codec: ColumnarCodec | None) -> index.FileIndex:
    for segment in corpus.segments:
        writer = written.writer(codec=codec, compound=False)
        for document in segment:
            writer.add_document(**document)
        writer.commit(merge=False)
    if corpus.deleted:
        writer = written.writer(codec=codec, compound=False)
        for identifier in corpus.deleted:
            writer.delete_by_term("id", identifier)
        writer.commit(merge=False)
    return written


@lru_cache
def small() -> Corpus:
    return seeded((70, 1, 40, 9), seed=4)


@lru_cache
def large() -> Corpus:
    """One segment is so large that Whoosh scores what a pattern stands for as a disjunction; short documents."""
    chance = random.Random(5)
    documents = [
        {"id": f"文件{number}", "body": " ".join(chance.choices(WORDS, k=2)), "year": number % 300}
        for number in range(5_040)
    ]
    return Corpus((tuple(documents[:5_010]), tuple(documents[5_010:])), ("文件7", "文件5020"))
