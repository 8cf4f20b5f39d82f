"""Documents → the arrays of a segment: what Whoosh's writer does for one word at a time, done for a batch in numpy.

The fields keep what they mean in Whoosh: what is indexed, stored, scored or kept as a column is told by the schema, and
`tests/indexer/columnar/test_writer.py` compares with what Whoosh itself writes through the codec.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.analysis import IDTokenizer
from whoosh.columns import BitColumn, NumericColumn, RefBytesColumn, VarBytesColumn
from whoosh.fields import FieldType, Schema
from whoosh.formats import Existence, Frequency, Positions

from analyzers.grams import GramAnalyzer, gram_arrays, gram_bytes
from analyzers.tokenizer import WordAnalyzer, words
from indexer.columnar.array_file import Array, ArrayFileWriter
from indexer.columnar.blocks import Integers, places_of, starts_of
from indexer.columnar.posting_writer import FieldPostings, write_postings
from indexer.columnar.segment import POSTINGS, DocumentsWriter, length_bytes_of, pack_stored
from indexer.columnar.terms import Terms

Row = Mapping[str, Any]

# A code of `analyzers.grams` has 42 bits; with the place of the pair behind it, one number is sorted.
_PLACE_BITS = 22


def write_rows(folder: Path, segment_id: str, schema: Schema, rows: Sequence[Row]) -> None:
    """Write a segment of these documents: keyword arguments of Whoosh's ``add_document``, without boosts.

    Raises ValueError for a field that the schema does not have or that the format cannot keep.
    """
    given = sorted({name for row in rows for name in row})
    if strange := [name for name in given if name not in schema]:
        raise ValueError(f"the schema has no field {', '.join(strange)}")
    lengths: dict[str, Integers] = {}
    with ArrayFileWriter(folder / f"{segment_id}{POSTINGS}") as file:
        for name in given:
            field = schema[name]
            if not field.indexed:
                continue
            _check(name, field)
            places = [place for place, row in enumerate(rows) if row.get(name) is not None]
            postings = _invert(field, np.array(places, np.int64), [rows[place][name] for place in places])
            if not len(postings.ids):
                continue
            write_postings(file, name, postings, len(rows))
            if field.scorable:
                lengths[name] = np.bincount(postings.ids, postings.frequencies, len(rows)).astype(np.int64)
    _write_documents(folder, segment_id, {name: schema[name] for name in given}, rows, lengths)


def _check(name: str, field: FieldType) -> None:
    if type(field.format) not in (Existence, Frequency, Positions):
        raise ValueError(f"{name} has the format {type(field.format).__name__}, which is not kept")
    if field.vector or field.separate_spelling():
        raise ValueError(f"{name} asks for term vectors or spelling words, which are not kept")


def _invert(field: FieldType, documents: Integers, values: Sequence[Any]) -> FieldPostings:
    plain = field.format.field_boost == 1.0 and all(isinstance(value, str) for value in values)
    if plain and isinstance(field.analyzer, GramAnalyzer) and type(field.format) is Positions:
        return _invert_grams(documents, values)
    if plain and isinstance(field.analyzer, WordAnalyzer) and type(field.format) in (Frequency, Positions):
        return _invert_words(documents, values, with_positions=type(field.format) is Positions)
    if plain and isinstance(field.analyzer, IDTokenizer) and type(field.format) is Existence:
        return _invert_whole(documents, values)
    return _invert_items(field, documents, values)


def _invert_words(documents: Integers, texts: Sequence[str], *, with_positions: bool) -> FieldPostings:
    """Words by one sort of (word, document) pairs; their positions are their places among the words of a text."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    counts: list[int] = []
    found: list[int] = []
    for text in texts:
        before = len(found)
        found += map(numbers.__getitem__, words(text))
        counts.append(len(found) - before)
    terms, ranks = _ranked({word.encode(): number for word, number in numbers.items()})
    span = int(documents.max(initial=0)) + 1
    pairs = ranks[np.array(found, np.int64)] * span + np.repeat(documents, counts)
    positions = None
    if with_positions:
        order = np.argsort(pairs, kind="stable")
        positions = places_of(np.zeros(len(counts), np.int64), np.array(counts, np.int64))[order]
    distinct, frequencies = np.unique(pairs, return_counts=True)
    starts = _starts_of_terms(distinct // span, len(terms))
    return FieldPostings(terms, starts, distinct % span, frequencies, positions=positions)


def _invert_grams(documents: Integers, texts: Sequence[str]) -> FieldPostings:
    """Pairs of characters with their positions: one sort of the pairs, all texts as one (a line break parts them)."""
    begins = starts_of(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)
    codes, places = gram_arrays("\n".join(texts))
    text = begins.searchsorted(places, "right") - 1
    if len(codes) < 1 << _PLACE_BITS:
        keys = codes << np.uint64(_PLACE_BITS)
        keys |= np.arange(len(codes), dtype=np.uint64)
        keys.sort()
        order = (keys & np.uint64((1 << _PLACE_BITS) - 1)).astype(np.int64)
        codes = keys >> np.uint64(_PLACE_BITS)
    else:
        order = np.argsort(codes, kind="stable")
        codes = codes[order]
    places, text = places[order], text[order]
    new_term = np.diff(codes, prepend=~codes[:1]) != 0
    new_posting = new_term | (np.diff(text, prepend=-1) != 0)
    first = np.flatnonzero(new_posting)
    joined, lengths = gram_bytes(codes[new_term])
    return FieldPostings(
        Terms(joined, starts_of(lengths)),
        np.append(np.flatnonzero(new_term[first]), len(first)),
        documents[text[first]],
        np.diff(first, append=len(codes)),
        positions=places - begins[text],
    )


def _invert_whole(documents: Integers, values: Sequence[str]) -> FieldPostings:
    """Values that are one word each."""
    ordered = sorted((value.encode(), document) for value, document in zip(values, documents.tolist(), strict=True))
    counts = [len(list(group)) for _, group in groupby(ordered, key=itemgetter(0))]
    starts = starts_of(np.array(counts, np.int64))
    return FieldPostings(
        Terms.of([ordered[place][0] for place in starts[:-1].tolist()]),
        starts,
        np.array([document for _, document in ordered], np.int64),
    )


def _invert_items(field: FieldType, documents: Integers, values: Sequence[Any]) -> FieldPostings:
    """Any other field, by what it says itself of each value (once of one that comes again)."""
    numbers: defaultdict[bytes, int] = defaultdict(count().__next__)
    owners: list[int] = []
    found: list[int] = []
    frequencies: list[int] = []
    weights: list[float] = []
    positions: list[int] = []
    with_positions = type(field.format) is Positions
    known: dict[str, list[tuple[bytes, int, float, bytes]]] = {}
    for document, value in zip(documents.tolist(), values, strict=True):
        items = known.get(value) if isinstance(value, str) else None
        if items is None:
            items = list(field.index(value))
            if isinstance(value, str):
                known[value] = items
        for term, frequency, weight, encoded in items:
            found.append(numbers[term])
            owners.append(document)
            frequencies.append(frequency)
            weights.append(weight)
            if with_positions:
                positions += field.format.decode_positions(encoded)
    terms, ranks = _ranked(numbers)
    rows = ranks[np.array(found, np.int64)]
    order = np.argsort(rows, kind="stable")
    repeated = np.array(frequencies, np.int64)
    begins = starts_of(repeated)[:-1]
    return FieldPostings(
        terms,
        _starts_of_terms(rows[order], len(terms)),
        np.array(owners, np.int64)[order],
        repeated[order],
        np.array(weights, np.float64)[order],
        np.array(positions, np.int64)[places_of(begins[order], repeated[order])] if with_positions else None,
    )


def _ranked(numbers: Mapping[bytes, int]) -> tuple[Terms, npt.NDArray[np.int64]]:
    """The words in order, and by the number of each its place there."""
    ordered = sorted(numbers)
    ranks = np.empty(len(ordered), np.int64)
    ranks[[numbers[term] for term in ordered]] = np.arange(len(ordered))
    return Terms.of(ordered), ranks


def _starts_of_terms(rows: Integers, terms: int) -> npt.NDArray[np.int64]:
    return starts_of(np.bincount(rows, minlength=terms))


def _write_documents(
    folder: Path, segment_id: str, fields: Mapping[str, FieldType], rows: Sequence[Row], lengths: Mapping[str, Integers]
) -> None:
    stored = [name for name, field in fields.items() if field.stored]
    packed = [pack_stored({name: row[name] for name in stored if row.get(name) is not None}) for row in rows]
    values: dict[str, Array] = {}
    names: dict[str, tuple[list[bytes], Array]] = {}
    for name, field in fields.items():
        column = field.column_type
        if not column or all(row.get(name) is None for row in rows):
            continue
        default = column.default_value()
        found: Iterable[Any] = (default if row.get(name) is None else field.to_column_value(row[name]) for row in rows)
        if isinstance(column, NumericColumn):
            values[name] = np.array(list(found), np.dtype(column._typecode))
        elif isinstance(column, BitColumn):
            values[name] = np.array(list(found), np.bool_)
        elif isinstance(column, RefBytesColumn | VarBytesColumn):
            known: defaultdict[bytes, int] = defaultdict(count().__next__)
            codes = np.array([known[value] for value in found], np.int64)
            names[name] = list(known), codes
        else:
            raise ValueError(f"the column of {name} is a {type(column).__name__}, which is not kept")
    writer = DocumentsWriter(folder, segment_id)
    writer.store(packed)
    writer.close(
        {name: length_bytes_of(found) for name, found in lengths.items()},
        {name: int(found.sum()) for name, found in lengths.items()},
        values,
        names,
    )
