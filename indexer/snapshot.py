"""One state of the index as all threads see it: its segments, and what is read out of them once and kept.

What is kept: the norms of a field, the years of the dates, the values of key columns in one numbering over all
segments, and the masks of the last filters. A segment never changes, so what belongs to one is handed on from snapshot
to snapshot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from analyzers.law_articles import Article
from indexer.columnar.arithmetic import Compiled, Said
from indexer.columnar.layout import COLUMNS, COUNT, FIELD, GROUP
from indexer.columnar.opened import Mask, OpenIndex, OpenSegment
from indexer.columnar.postings import Gathered, PostingField
from indexer.columnar.segment import LENGTHS
from indexer.fields import SEPARATOR

# Filters whose masks a snapshot keeps, each a byte a document; making one takes some 0.2 ms at 60,000 documents.
MASKS_KEPT = 64

# No article has so many 之一, 之二 …
_SUB_BITS = 10

Places = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LawKeys:
    """Keys of articles (`analyzers.law_articles`) of documents, a document once for each of its keys.

    ``law_of`` is the place of the law in ``laws`` (ascending); ``places`` ascend with the numbers of the articles.
    """

    laws: tuple[str, ...]
    documents: Places
    law_of: Places
    places: Places


class Part:
    """A segment of a snapshot, and what is read out of it once; all methods may be called from any thread."""

    def __init__(self, segment: OpenSegment) -> None:
        self.segment = segment
        self.size = segment.size
        days = segment.arrays.values("day")
        self.days: npt.NDArray[Any] = np.zeros(segment.size, np.int32) if days is None else days
        self._norms: dict[tuple[str, float, float], Floats] = {}
        self._loud: dict[tuple[str, float, float, float], Floats] = {}

    def field(self, name: str) -> PostingField | None:
        return self.segment.arrays.field(name)

    @cached_property
    def years(self) -> npt.NDArray[np.int16]:
        """The year of the date of each document, 0 for none."""
        # Ordinal 1 is 0001-01-01; numpy counts days from 1970-01-01, which is ordinal 719163.
        dates = (self.days.astype(np.int64) - 719_163).astype("datetime64[D]")
        years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
        return np.where(self.days > 0, years, 0).astype(np.int16)

    @cached_property
    def article_keys(self) -> LawKeys:
        """Which article of law each document of this segment is."""
        return _law_keys(self.field("article"))

    @cached_property
    def cited_keys(self) -> LawKeys:
        """Which articles of law, and laws as a whole, each document of this segment cites."""
        return _law_keys(self.field("cites"))

    @cached_property
    def number_keys(self) -> tuple[str, ...]:
        """The keys of the document numbers (文号) in this segment, ascending."""
        field = self.field("number")
        return () if field is None else tuple(term.decode() for term in field.terms_from(0))

    def norms(self, field: str, b: float, average: float) -> Floats:
        """``1 - b + b × length / average`` of a field in each document; what it was for the last average is kept."""
        key = (field, b, average)
        found = self._norms.get(key)
        if found is None:
            codes = self.segment.arrays.lengths(field)
            table = (1 - b) + b * (LENGTHS / (average or 1.0))
            found = np.full(self.size, table[0]) if codes is None else table[codes]
            self._norms = {**{old: kept for old, kept in self._norms.items() if old[:2] != key[:2]}, key: found}
        return found

    def hear(
        self,
        compiled: Compiled,
        fields: Sequence[str],
        words: Sequence[bytes],
        ways: Sequence[tuple[int, ...]],
        loud: Floats,
    ) -> Said:
        """Where ways of saying something stand, deleted documents included; each is one of the words, by its place, or
        several. ``loud`` has a row a field (see `Compiled.hear`).
        """
        layouts = [self.segment.arrays.layout(name) for name in fields]
        flat = np.array(list(chain.from_iterable(ways)), np.intp)
        sizes = np.array([len(way) for way in ways], np.intp)
        groups, begins = np.arange(len(ways)).repeat(sizes), np.cumsum(sizes) - sizes
        lists = [np.zeros((0, COLUMNS), np.int64)]
        for number, (name, layout) in enumerate(zip(fields, layouts, strict=True)):
            postings = self.field(name)
            if postings is None or layout is None or not len(ways):
                continue
            rows = np.array(postings.rows(words))[flat]
            there = np.minimum.reduceat(rows, begins)[groups] >= 0  # all words of the way
            rows = rows[there]
            starts = postings.starts[rows].astype(np.int64)
            found = layout.lists_of(starts, postings.starts[rows + 1] - starts)
            found[:, FIELD], found[:, GROUP] = number, groups[there]
            lists.append(found)
        joined = np.concatenate(lists)
        joined = joined[np.lexsort((joined[:, COUNT], joined[:, FIELD], joined[:, GROUP]))]
        table = np.array([layout.row if layout else (0,) * 9 for layout in layouts], np.int64)
        return compiled.hear(self.segment.arrays.files, joined, table, loud, len(ways), self.size)

    def loudness(self, field: str, weight: float, b: float, average: float) -> Floats:
        """How loud a word is that stands once in a field, by the length byte of the field (see `norms`)."""
        key = (field, weight, b, average)
        found = self._loud.get(key)
        if found is None:
            found = weight / ((1 - b) + b * (LENGTHS / (average or 1.0)))
            kept = {old: table for old, table in self._loud.items() if old[:3] != key[:3]}
            self._loud = {**kept, key: found}
        return found

    def gather(self, field: str, words: Sequence[bytes]) -> Gathered:
        """The postings of several words in a field, deleted documents included."""
        postings = self.field(field)
        if postings is None or not words:
            return Gathered(np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0), np.zeros(len(words), np.intp))
        return postings.gather(postings.rows(words))

    def documents(self, field: str, word: str) -> Places:
        """The documents that have a word in a field, ascending, deleted ones included."""
        return self.gather(field, (word.encode("utf-8", "surrogatepass"),)).ids


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column of texts over all segments, a document having any number of them.

    In segment ``s`` document ``d`` has code ``codes[s][d]``; code ``owners[s][i]`` means the value ``values[s][i]``,
    which is a place in ``names`` (ascending).
    """

    names: tuple[str, ...]
    codes: tuple[npt.NDArray[Any], ...]
    owners: tuple[Places, ...]
    values: tuple[Places, ...]
    code_counts: tuple[int, ...]


class Snapshot:
    """All segments of one commit; ``size`` counts deleted documents too."""

    whole = None  # it is the whole index (see `indexer.view`)

    def __init__(self, index: OpenIndex, before: Snapshot | None = None) -> None:
        self.index = index
        self.size = index.size
        kept = {part.segment.id: part for part in before.parts} if before else {}
        self.parts: tuple[Part, ...] = tuple(_part(segment, kept.get(segment.id)) for segment in index.segments)
        self._columns: dict[str, KeyColumn] = {}
        self._average_lengths: dict[str, float] = {}
        self._masks: dict[tuple[str, tuple[str, ...] | None], list[Mask]] = {}

    def average_length(self, field: str) -> float:
        """The words of a field over all documents, those without it too."""
        if field not in self._average_lengths:
            self._average_lengths[field] = self.index.average_length(field)
        return self._average_lengths[field]

    def column(self, name: str) -> KeyColumn:
        """A key column over all segments."""
        if name not in self._columns:
            self._columns[name] = _column(self.parts, name)
        return self._columns[name]

    def having(self, name: str, value: str) -> list[Mask]:
        """By segment, the documents that have a value in a key column; not to be changed."""
        return self.having_any(name, (value,))

    def having_any(self, name: str, values: Sequence[str]) -> list[Mask]:
        """By segment, the documents that have any of these values in a key column; not to be changed."""
        return self._kept_masks(name, tuple(values))

    def lacking(self, name: str) -> list[Mask]:
        """By segment, the documents that have no value in a key column; not to be changed."""
        return self._kept_masks(name, None)

    def _kept_masks(self, name: str, values: tuple[str, ...] | None) -> list[Mask]:
        masks = self._masks.get((name, values))
        if masks is None:
            column = self.column(name)
            known = column.names if values is None else values
            wanted = [place for place, value in enumerate(column.names) if value in known]
            masks = [self._mask(column, number, wanted) for number in range(len(self.parts))]
            if values is None:
                masks = [~mask for mask in masks]
            kept = self._masks if len(self._masks) < MASKS_KEPT else {}
            self._masks = {**kept, (name, values): masks}
        return masks

    @staticmethod
    def _mask(column: KeyColumn, number: int, wanted: Sequence[int]) -> Mask:
        allowed = np.zeros(column.code_counts[number], np.bool_)
        allowed[column.owners[number][np.isin(column.values[number], wanted)]] = True
        mask: Mask = allowed[column.codes[number]]
        return mask

    def number_of(self, document_id: str) -> int | None:
        """The number over all segments of the document or catalog row with this id; None if it cannot be found."""
        for part in self.parts:
            for number in part.documents("id", document_id).tolist():
                if part.segment.alive is None or part.segment.alive[number]:
                    return part.segment.offset + int(number)
        return None

    def stored(self, number: int) -> dict[str, Any]:
        """The stored fields of a document by its number over all segments."""
        segment, local = self.index.segment_of(number)
        return segment.arrays.stored(local)


def _part(segment: OpenSegment, before: Part | None) -> Part:
    fresh = Part(segment)
    for name in ("years", "number_keys", "article_keys", "cited_keys"):
        if before is not None and name in vars(before):
            setattr(fresh, name, vars(before)[name])
    return fresh


def _law_keys(field: PostingField | None) -> LawKeys:
    if field is None:
        nothing = np.zeros(0, np.int64)
        return LawKeys((), nothing, nothing, nothing)
    articles = [Article.of_key(term.decode()) for term in field.terms_from(0)]
    laws = sorted({article.law for article in articles})
    number_of = {law: number for number, law in enumerate(laws)}
    starts = field.starts.astype(np.int64)
    counts = starts[1:] - starts[:-1]
    law_of = np.array([number_of[article.law] for article in articles], np.int64)
    places = np.array([article.number << _SUB_BITS | article.sub for article in articles], np.int64)
    return LawKeys(tuple(laws), field.ids.astype(np.int64), law_of.repeat(counts), places.repeat(counts))


def _column(parts: Sequence[Part], name: str) -> KeyColumn:
    split = [
        [[value for value in joined.decode().split(SEPARATOR) if value] for joined in part.segment.arrays.names(name)]
        for part in parts
    ]
    names = tuple(sorted(set(chain.from_iterable(chain.from_iterable(split)))))
    places = {value: place for place, value in enumerate(names)}
    pairs = [
        [(code, places[value]) for code, values in enumerate(of_segment) for value in values] for of_segment in split
    ]
    return KeyColumn(
        names,
        tuple(_codes(part, name) for part in parts),
        tuple(np.array([code for code, _ in found], np.intp) for found in pairs),
        tuple(np.array([value for _, value in found], np.intp) for found in pairs),
        tuple(max(len(of_segment), 1) for of_segment in split),
    )


def _codes(part: Part, name: str) -> npt.NDArray[Any]:
    codes = part.segment.arrays.codes(name)
    return np.zeros(part.size, np.uint8) if codes is None else codes
