"""Schemas, documents and comparisons for what is written in columnar segments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from whoosh import index as whoosh_index
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.columns import BitColumn, NumericColumn, RefBytesColumn
from whoosh.fields import BOOLEAN, COLUMN, DATETIME, ID, KEYWORD, NUMERIC, STORED, TEXT, Schema
from whoosh.reading import IndexReader

from analyzers.grams import GramAnalyzer
from analyzers.tokenizer import WordAnalyzer
from indexer.columnar.codec import ColumnarCodec
from indexer.columnar.writer import ColumnarWriter

Row = dict[str, Any]


def schema() -> Schema:
    """A field of every kind that the format keeps."""
    return Schema(
        id=ID(unique=True, stored=True),
        words=TEXT(analyzer=WordAnalyzer(), phrase=False, stored=True),
        placed_words=TEXT(analyzer=WordAnalyzer()),
        pairs=TEXT(analyzer=GramAnalyzer()),
        placed=TEXT(analyzer=SpaceSeparatedTokenizer(), sortable=True),
        boosted=TEXT(analyzer=SpaceSeparatedTokenizer(), phrase=False, field_boost=2.5),
        keys=KEYWORD(commas=True),
        scored=KEYWORD(scorable=True, stored=True),
        number=NUMERIC(sortable=True),
        flag=BOOLEAN(stored=True),
        moment=DATETIME(stored=True),
        day=COLUMN(NumericColumn("i", default=-1)),
        bit=COLUMN(BitColumn()),
        site=COLUMN(RefBytesColumn()),
        card=STORED(),
    )


_TEXTS = st.text("望江路停水公告高龄津贴繁體ab1９ 。\n𠮷", max_size=30)
_SPACED = st.lists(
    st.sampled_from(("一", "二", "三", "gǒng", "a", "中华人民共和国", "中华人民共和国法")), max_size=8
).map(" ".join)


def rows() -> st.SearchStrategy[list[Row]]:
    """Documents of which each has some of the fields; their ids are their places."""
    optional: dict[str, st.SearchStrategy[Any]] = {
        "words": _TEXTS,
        "placed_words": _TEXTS,
        "pairs": _TEXTS,
        "placed": _SPACED,
        "boosted": _SPACED,
        "keys": st.lists(st.sampled_from("甲乙丙丁"), max_size=3).map(",".join),
        "scored": _SPACED,
        "number": st.integers(-5, 5),
        "flag": st.booleans(),
        "moment": st.just(datetime(2024, 5, 1, 8, 30)),  # noqa: DTZ001 - Whoosh knows no time zones
        "day": st.integers(0, 800_000),
        "bit": st.booleans(),
        "site": st.sampled_from((b"", b"www.yunlan.example.cn", b"qj")),
        "card": st.dictionaries(st.sampled_from("ab"), st.integers(), max_size=2),
    }
    one = st.fixed_dictionaries({}, optional=optional)
    return st.lists(one, min_size=1, max_size=25).map(
        lambda found: [{"id": f"号-{place}", **row} for place, row in enumerate(found)]
    )


def as_rows(row: Row) -> list[Row]:
    """What the writers of these tests take in is rows already."""
    return [row]


def write_bulk(folder: Path, made: Schema, parts: Iterable[Sequence[Row]]) -> None:
    """An index of a segment a part, written by our writer."""
    folder.mkdir()
    whoosh_index.create_in(folder, made).close()
    with ColumnarWriter(folder, as_rows) as writer:
        for part in parts:
            writer.add(part)
            writer.commit()


def write_by_whoosh(folder: Path, made: Schema, parts: Iterable[Sequence[Row]]) -> None:
    """The same, written by Whoosh through the codec."""
    folder.mkdir()
    index = whoosh_index.create_in(folder, made)
    for part in parts:
        writer = index.writer(codec=ColumnarCodec(), compound=False)
        for row in part:
            writer.add_document(**row)
        writer.commit(merge=False)
    index.close()


def contents(folder: Path) -> list[dict[str, Any]]:
    """All that Whoosh's readers tell of each segment: postings, lengths, columns, stored fields, deletions."""
    index = whoosh_index.open_dir(folder)
    reader = index.reader()
    found = [_contents(leaf, index.schema) for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
    reader.close()
    index.close()
    return found


def _contents(reader: IndexReader, made: Schema) -> dict[str, Any]:
    numbers = range(reader.doc_count_all())
    said: dict[str, Any] = {
        "fields": sorted(reader.indexed_field_names()),
        "postings": list(reader.iter_postings()),
        "weights": [
            (term, list(zip(matcher.all_ids(), _weights(reader, term), strict=True)))
            for term in reader.all_terms()
            for matcher in (reader.postings(*term),)
        ],
        "stored": [reader.stored_fields(number) for number in numbers],
        "deleted": [number for number in numbers if reader.is_deleted(number)],
    }
    for name in made.names():
        said[f"lengths of {name}"] = [reader.doc_field_length(number, name) for number in numbers]
        said[f"length of {name}"] = reader.field_length(name)
        if made[name].column_type:
            column = reader.column_reader(name, translate=False) if reader.has_column(name) else None
            default = made[name].column_type.default_value()
            said[f"column {name}"] = [default if column is None else column[number] for number in numbers]
    return said


def _weights(reader: IndexReader, term: tuple[str, bytes]) -> list[float]:
    matcher = reader.postings(*term)
    found = []
    while matcher.is_active():
        found.append(matcher.weight())
        matcher.next()
    return found
