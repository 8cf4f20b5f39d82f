"""Small fictional corpora, and the store and index that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from whoosh import index as whoosh_index

from corpus.models import Document, Kind
from corpus.store import DocumentStore
from indexer.engine import Query, Sort
from indexer.generations import IndexFolder
from indexer.whoosh_engine import WhooshEngine

TOPICS = ("停水", "管网检修 储水", "望江路", "云澜水字〔2023〕7号", '"提前储水"', "")


def notice(number: int, text: str = "因管网检修，沿线停水，请提前储水。") -> Document:
    return Document(
        id=f"n-{number}",
        title=f"关于望江路第{number}标段停水的公告",
        kind=Kind.NOTICE if number % 3 else Kind.GUIDE,
        document_number=f"云澜水字〔2023〕{number}号" if number else "",
        published_on=date(2023, 1 + number % 12, 1 + number % 28) if number % 4 else None,
        body=text * (1 + number % 3),
    )


def notices(count: int) -> list[Document]:
    return [notice(number) for number in range(count)]


def keep(store: DocumentStore, documents: Iterable[Document]) -> None:
    with store.writing() as writer:
        writer.put_many([(document, None) for document in documents])


def live_ids(store: DocumentStore) -> set[str]:
    return {stored.document.id for stored in store.live_documents()}


def answers(folder: IndexFolder, topics: Sequence[str] = TOPICS) -> list[tuple[int, frozenset[str], tuple[str, ...]]]:
    """What an index answers: totals, the documents found, and the marked snippets of them in the order of their ids."""
    engine = WhooshEngine(folder)
    try:
        found = [engine.search(Query(text=text, sort=sort, limit=1_000)) for text in topics for sort in Sort]
    finally:
        engine.close()
    return [
        (
            results.total,
            frozenset(hit.id for hit in results.hits),
            tuple(hit.snippet.text for hit in sorted(results.hits, key=lambda hit: hit.id)),
        )
        for results in found
    ]


def segment_files(generation: Path) -> set[str]:
    """The names of the files that hold documents and words."""
    return {path.name for path in generation.iterdir() if path.suffix in {".postings", ".documents"}}


def segment_count(generation: Path) -> int:
    opened = whoosh_index.open_dir(generation)
    try:
        reader = opened.reader()
        count = len([leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()])
        reader.close()
        return count
    finally:
        opened.close()


def dictionary(generation: Path) -> set[tuple[str, str]]:
    """Every (field, word) of every segment, whether its documents are deleted or not."""
    opened = whoosh_index.open_dir(generation)
    try:
        reader = opened.reader()
        found = {(field, text.decode()) for field, text in reader.all_terms()}
        reader.close()
        return found
    finally:
        opened.close()
