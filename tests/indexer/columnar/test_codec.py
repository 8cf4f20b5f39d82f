"""Whoosh reads the same from our segments as from its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from whoosh import index
from whoosh.analysis import StandardAnalyzer
from whoosh.fields import KEYWORD, NGRAM, TEXT, FieldType, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.formats import Characters
from whoosh.reading import SegmentReader

from indexer.columnar.codec import ColumnarCodec
from tests.indexer.columnar import same_documents
from tests.indexer.columnar.same_documents import WORDS, Corpus, Pair, indexed

_TERM_FACTS = ("weight", "doc_frequency", "min_length", "max_length", "max_weight", "min_id", "max_id")


def _merged(pair: Pair) -> Pair:
    for part, codec in ((pair.stock, None), (pair.ours, ColumnarCodec())):
        writer = part.writer(codec=codec, compound=False)
        writer.commit(optimize=True)
    return pair


@pytest.fixture(scope="module", params=["as written", "merged by Whoosh"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    written = indexed(same_documents.small(), tmp_path_factory.mktemp("codec"))
    return written if request.param == "as written" else _merged(written)


def _leaves(pair: Pair) -> Iterator[tuple[SegmentReader, SegmentReader]]:
    ours, stock = pair.ours.reader(), pair.stock.reader()
    for (mine, _), (other, _) in zip(ours.leaf_readers(), stock.leaf_readers(), strict=True):
        yield mine, other


def test_documents_are_counted_alike(pair: Pair) -> None:
    for ours, stock in _leaves(pair):
        assert ours.doc_count_all() == stock.doc_count_all()
        assert ours.doc_count() == stock.doc_count()
        assert list(ours.all_doc_ids()) == list(stock.all_doc_ids())
        assert [ours.is_deleted(number) for number in range(ours.doc_count_all())] == [
            stock.is_deleted(number) for number in range(stock.doc_count_all())
        ]


def test_words_and_what_is_said_of_them_are_the_same(pair: Pair) -> None:
    for ours, stock in _leaves(pair):
        assert list(ours.all_terms()) == list(stock.all_terms())
        assert sorted(ours.indexed_field_names()) == sorted(stock.indexed_field_names())
        for term, info in ours:
            other = stock.term_info(*term)
            for fact in _TERM_FACTS:
                assert getattr(info, fact)() == pytest.approx(getattr(other, fact)()), (term, fact)
            assert ours.frequency(*term) == pytest.approx(stock.frequency(*term))
            assert term in ours
        assert ("body", "没有的词".encode()) not in ours


def test_postings_are_the_same(pair: Pair) -> None:
    for ours, stock in _leaves(pair):
        assert list(ours.iter_postings()) == list(stock.iter_postings())


def test_positions_are_the_same(pair: Pair) -> None:
    for ours, stock in _leaves(pair):
        for text in ours.lexicon("body"):
            mine, other = (reader.postings("body", text).items_as("positions") for reader in (ours, stock))
            assert list(mine) == list(other)


def test_a_matcher_steps_and_skips_alike(pair: Pair) -> None:
    for ours, stock in _leaves(pair):
        if ours.doc_frequency("body", "医疗") < 3:
            continue
        mine, other = (reader.postings("body", "医疗") for reader in (ours, stock))
        for skip in (False, True):
            for matcher in (mine, other):
                matcher.skip_to(matcher.id() + 3) if skip else matcher.next()
            assert mine.is_active() == other.is_active()
            if mine.is_active():
                assert (mine.id(), mine.weight(), mine.value()) == (other.id(), other.weight(), other.value())
        again = mine.copy()
        mine.reset()
        assert mine.id() == next(iter(mine.all_ids()))
        assert again.is_active() == other.is_active()


def test_a_cursor_walks_alike(pair: Pair) -> None:
    for ours, stock in _leaves(pair):
        mine, other = ours.cursor("body"), stock.cursor("body")
        assert mine.first() == other.first()
        while mine.is_valid():
            assert mine.term_info().doc_frequency() == other.term_info().doc_frequency()
            assert mine.next() == other.next()
        assert not other.is_valid()
        for text in ("保", "医疗保", "龥"):
            assert mine.find(text) == other.find(text)


def test_lengths_columns_and_stored_fields_are_the_same(pair: Pair) -> None:
    for ours, stock in _leaves(pair):
        numbers = range(ours.doc_count_all())
        for name in ("title", "body", "notes", "marks"):
            assert ours.field_length(name) == stock.field_length(name)
            assert ours.max_field_length(name) == stock.max_field_length(name)
            # Whoosh's own says None where the field is missing in a document, though 0 was asked for.
            lengths = [stock.doc_field_length(number, name, 0) or 0 for number in numbers]
            assert [ours.doc_field_length(number, name, 0) for number in numbers] == lengths
        for name in ("year", "serial", "day", "topics"):
            assert bool(ours.has_column(name)) == bool(stock.has_column(name))
            for turned in (False,) if name == "topics" else (False, True):  # Whoosh cannot turn a column of bytes
                mine, other = (reader.column_reader(name, reverse=turned, translate=False) for reader in (ours, stock))
                assert [mine[number] for number in numbers] == [other[number] for number in numbers]
                mine_keys, other_keys = ([part.sort_key(number) for number in numbers] for part in (mine, other))
                assert mine_keys == other_keys
        assert list(ours.iter_docs()) == list(stock.iter_docs())


def test_a_long_document_and_a_rare_word_far_in_it(tmp_path: Path) -> None:
    """More than 255 times the same word, and steps of more than 65,535 positions."""
    body = " ".join([*["医疗"] * 700, *["保险"] * 70_000, "医疗"])
    pair = indexed(Corpus((({"id": "1", "body": body}, {"id": "2", "body": "保险"}),), ()), tmp_path)
    test_postings_are_the_same(pair)
    test_positions_are_the_same(pair)


def test_an_index_without_documents(tmp_path: Path) -> None:
    pair = indexed(Corpus((), ()), tmp_path)
    assert pair.opened.segments == ()
    assert pair.opened.average_length("body") == 0
    with pair.ours.searcher() as searcher:
        assert searcher.doc_count() == 0


@pytest.mark.parametrize(
    ("field", "what"),
    [
        (TEXT(chars=True), "format"),
        (TEXT(vector=True), "vectors"),
        (NGRAM(), None),
        (KEYWORD(sortable=True), None),
        (FieldType(Characters(), StandardAnalyzer()), "format"),
    ],
)
def test_what_is_not_kept_is_refused(tmp_path: Path, field: FieldType, what: str | None) -> None:
    writer = index.create_in(tmp_path, Schema(text=field)).writer(codec=ColumnarCodec(), compound=False)

    def write() -> None:
        writer.add_document(text="hello world")
        writer.commit()

    if what is None:
        write()
        return
    with pytest.raises(ValueError, match=what):
        write()
    writer.cancel()


def test_updating_a_document_replaces_it(tmp_path: Path) -> None:
    facts: list[Any] = []
    schema = same_documents.schema()
    for written, codec in (
        (RamStorage().create_index(schema), None),
        (index.create_in(tmp_path, schema), ColumnarCodec()),
    ):
        for words in WORDS[:3]:
            writer = written.writer(codec=codec, compound=False)
            writer.update_document(id="一", body=words)
            writer.commit(merge=False)
        with written.searcher() as searcher:
            facts.append((searcher.doc_count(), searcher.doc_count_all(), searcher.document(id="一")))
    assert facts[0] == facts[1] == (1, 3, {"id": "一", "body": WORDS[2]})
