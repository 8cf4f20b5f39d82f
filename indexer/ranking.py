"""How much a document says about the words of a question: the scoring models, on arrays.

A model scores one word in one segment: it is given, a text field each, the postings and the lengths, and what holds for
the whole index. It gives the documents (ascending) and their scores; the score of a question is the sum over its words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from types import MappingProxyType
from typing import Protocol

import numpy as np

from indexer.arrays import Floats, Ids, Postings


@dataclass(frozen=True, slots=True)
class FieldStatistics:
    """A text field over the whole index: the average length in words, the documents that have the word at hand."""

    average_length: float
    document_frequency: int


class ScoringModel(Protocol):
    def score(
        self,
        postings: Mapping[str, Postings],
        lengths: Mapping[str, Floats],
        statistics: Mapping[str, FieldStatistics],
        document_count: int,
        document_frequency: int,
    ) -> tuple[Ids, Floats]:
        """Documents and scores of one word. ``document_frequency`` counts documents with it in any field."""
        ...


def _two(title: float, body: float) -> Mapping[str, float]:
    return MappingProxyType({"title": title, "body": body})


@dataclass(frozen=True, slots=True)
class BM25F:
    """BM25F proper: frequencies are weighted and length-normalised by field, summed, and only then saturated.

    So a word in the title and in the body counts as one word that is said more often, not as two. Source: Robertson,
    Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004; the parameters are measured on the
    development topics (`make eval`).
    """

    k1: float = 1.2
    weights: Mapping[str, float] = field(default_factory=lambda: _two(2.0, 1.0))
    b: Mapping[str, float] = field(default_factory=lambda: _two(0.5, 0.75))

    def score(
        self,
        postings: Mapping[str, Postings],
        lengths: Mapping[str, Floats],
        statistics: Mapping[str, FieldStatistics],
        document_count: int,
        document_frequency: int,
    ) -> tuple[Ids, Floats]:
        idf = log(1 + (document_count - document_frequency + 0.5) / (document_frequency + 0.5))
        parts = []
        for name, found in postings.items():
            relative = lengths[name][found.ids] / (statistics[name].average_length or 1.0)
            parts.append(
                (found.ids, self.weights[name] * found.frequencies / (1 - self.b[name] + self.b[name] * relative))
            )
        ids, said = add_up(parts)
        return ids, idf * (self.k1 + 1) * said / (self.k1 + said)


@dataclass(frozen=True, slots=True)
class FieldSum:
    """Whoosh's own BM25F: a BM25 score a field, boosted, then added. Kept as the peer to compare with."""

    k1: float = 1.2
    b: float = 0.75
    boosts: Mapping[str, float] = field(default_factory=lambda: _two(2.0, 1.0))

    def score(
        self,
        postings: Mapping[str, Postings],
        lengths: Mapping[str, Floats],
        statistics: Mapping[str, FieldStatistics],
        document_count: int,
        document_frequency: int,  # noqa: ARG002 - this model counts by field
    ) -> tuple[Ids, Floats]:
        parts = []
        for name, found in postings.items():
            idf = log(document_count / (statistics[name].document_frequency + 1)) + 1
            relative = lengths[name][found.ids] / (statistics[name].average_length or 1.0)
            said = found.frequencies.astype(np.float64)
            saturated = said * (self.k1 + 1) / (said + self.k1 * ((1 - self.b) + self.b * relative))
            parts.append((found.ids, idf * saturated * self.boosts[name]))
        return add_up(parts)


def add_up(parts: Sequence[tuple[Ids, Floats]]) -> tuple[Ids, Floats]:
    """Sparse vectors (ascending ids, values) added up."""
    if len(parts) == 1:
        return parts[0]
    ids = np.concatenate([part for part, _ in parts])
    values = np.concatenate([part for _, part in parts])
    unique, places = np.unique(ids, return_inverse=True)
    return unique, np.bincount(places, values, len(unique)).astype(np.float64)
