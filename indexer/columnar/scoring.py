"""What a word scores in a document: Whoosh's BM25F, which adds up the fields, from arrays.

A score is idf x impact. The impact depends on how often the word stands there and on the length byte only, so it is
read from a table of all 256 x 256 pairs, made once for a field.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.scoring import BM25F

from indexer.columnar.matches import Places, Scores
from indexer.columnar.opened import OpenIndex, OpenSegment
from indexer.columnar.postings import PostingField
from indexer.columnar.segment import LENGTHS

# Words that an evaluator remembers, at about 200 bytes each.
WORDS_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a field in the whole index: its row in each segment (-1: not there), its postings there, and its idf.

    ``spans`` are where its postings begin and how many there are. The idf is Whoosh's, of all documents that have the
    word, deleted ones included.
    """

    rows: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    idf: float


class Impacts:
    """What a word adds to the score of a document per unit of idf, for one field."""

    def __init__(self, b: float, k1: float, average: float) -> None:
        self._k1 = k1
        self.norms: Scores = k1 * ((1 - b) + b * LENGTHS / average)
        weights = np.arange(256.0)[:, None]
        with np.errstate(invalid="ignore"):  # 0 / 0 where K1 is 0: no document has a word 0 times
            self.table: Scores = (weights * (k1 + 1) / (weights + self.norms)).reshape(-1)

    def by_table(self, frequencies: npt.NDArray[np.uint8] | None, length_bytes: npt.NDArray[np.uint8]) -> Scores:
        if frequencies is None:
            return self.table[256:512].take(length_bytes)
        pairs = frequencies.astype(np.uint16)
        pairs <<= 8
        pairs |= length_bytes
        return self.table.take(pairs)

    def of(self, weights: Scores, length_bytes: npt.NDArray[np.uint8]) -> Scores:
        found: Scores = weights * (self._k1 + 1)
        found /= weights + self.norms.take(length_bytes)
        return found

    def most(self, weight: float, shortest: int) -> float:
        """The greatest impact of a word that weighs at most so much, in documents of at least this length byte."""
        return weight * (self._k1 + 1) / (weight + float(self.norms[shortest:].min())) if weight > 0 else 0.0


class Scoring:
    """Scores of words in all segments of an index; all methods may be called from any thread."""

    def __init__(self, index: OpenIndex, weighting: BM25F) -> None:
        self.index = index
        self.weighting = weighting
        self._segments = {segment.id: number for number, segment in enumerate(index.segments)}
        self._words: dict[tuple[str, bytes], Word] = {}
        self._impacts: dict[str, Impacts | None] = {}
        self._shortest: dict[tuple[str, str], int] = {}

    def words(self, field: str, terms: Sequence[bytes]) -> list[Word]:
        """Look words up, all at once."""
        remembered = self._words
        known = {term: word for term in terms if (word := remembered.get((field, term))) is not None}
        missing = [term for term in dict.fromkeys(terms) if term not in known]
        if missing:
            if len(remembered) + len(missing) > WORDS_KEPT:
                self._words = remembered = {}
            for term, word in zip(missing, self._look_up(field, missing), strict=True):
                known[term] = remembered[field, term] = word
        return [known[term] for term in terms]

    def place(self, segment: OpenSegment) -> int:
        """Which of the segments it is."""
        return self._segments[segment.id]

    def row(self, word: Word, segment: OpenSegment) -> int:
        return word.rows[self._segments[segment.id]]

    def field(self, name: str, segment: OpenSegment) -> PostingField | None:
        """The postings of a field in a segment; None if there are none, or the schema has no such field."""
        return segment.arrays.field(name) if name in self.index.schema else None

    def impacts(self, field: str) -> Impacts | None:
        """The impacts in a field; None for one that is not scorable, where the weight itself is the score."""
        if field not in self._impacts:
            b = self.weighting._field_B.get(field, self.weighting.B)
            average = self.index.average_length(field) or 1
            scorable = self.index.schema[field].scorable
            self._impacts[field] = Impacts(b, self.weighting.K1, average) if scorable else None
        return self._impacts[field]

    def scores(self, segment: OpenSegment, field: str, row: int, factor: float, places: Places | None = None) -> Scores:
        """The scores of a word in its documents (at some places, or all), times a factor."""
        postings = segment.arrays.field(field)
        if postings is None:
            return np.zeros(0)
        impacts = self.impacts(field)
        if impacts is None:
            weights = postings.weights(row)
            return (weights if places is None else weights.take(places)) * factor
        ids = postings.documents(row)
        frequencies = postings.frequencies(row)
        length_bytes = self.length_bytes(segment, field, ids if places is None else ids.take(places))
        if postings.has_weights or (frequencies is not None and frequencies.dtype != np.uint8):
            weights = postings.weights(row)
            found = impacts.of(weights if places is None else weights.take(places), length_bytes)
        else:
            chosen = frequencies if places is None or frequencies is None else frequencies.take(places)
            found = impacts.by_table(chosen, length_bytes)
        found *= factor
        return found

    def most(self, segment: OpenSegment, field: str, row: int) -> float:
        """A bound of the impacts (or weights) of a word in a segment."""
        postings = segment.arrays.field(field)
        if postings is None:
            return 0.0
        if postings.has_weights:
            weight = float(postings.weights(row).max(initial=0.0))
        else:
            frequencies = postings.frequencies(row)
            weight = 1.0 if frequencies is None else float(frequencies.max(initial=0))
        impacts = self.impacts(field)
        return weight if impacts is None else impacts.most(weight, self._shortest_length(segment, field))

    def length_bytes(self, segment: OpenSegment, field: str, ids: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
        """The length bytes of a field in some documents."""
        lengths = segment.arrays.lengths(field)
        return np.ones(len(ids), np.uint8) if lengths is None else lengths.take(ids)

    def factors(self, segment: OpenSegment, field: str, rows: Sequence[int]) -> Scores:
        """What the impacts of words of a segment are multiplied with: idf, or 1 in a field that is not scorable."""
        postings = segment.arrays.field(field)
        if postings is None or self.impacts(field) is None:
            return np.ones(len(rows))
        if len(self.index.segments) > 1:
            return np.array([word.idf for word in self.words(field, [postings.term(row) for row in rows])])
        places = np.array(rows)
        frequencies = postings.starts[places + 1].astype(np.int64) - postings.starts[places]
        factors: Scores = np.log(self.index.size / (frequencies + 1)) + 1
        return factors

    def _shortest_length(self, segment: OpenSegment, field: str) -> int:
        key = segment.id, field
        if key not in self._shortest:
            lengths = segment.arrays.lengths(field)
            self._shortest[key] = 1 if lengths is None else int(lengths[lengths > 0].min(initial=255))
        return self._shortest[key]

    def _look_up(self, field: str, terms: Sequence[bytes]) -> list[Word]:
        rows: list[list[int]] = []
        spans: list[list[tuple[int, int]]] = []
        for segment in self.index.segments:
            postings = segment.arrays.field(field)
            found = [-1] * len(terms) if postings is None else postings.rows(terms)
            rows.append(found)
            spans.append([(0, 0)] * len(terms) if postings is None else postings.spans(found))
        return [
            Word(word_rows, word_spans, math.log(self.index.size / (sum(count for _, count in word_spans) + 1)) + 1)
            for word_rows, word_spans in zip(zip(*rows, strict=True), zip(*spans, strict=True), strict=True)
        ]
