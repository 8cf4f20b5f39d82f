"""How much a document says about the words of a question: the scoring models, on arrays.

A model scores words in one segment: it is given where they stand (`Said`), the norms of the fields there, and what
holds for the whole index. The score of a question is the sum over its words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

import numpy as np
import numpy.typing as npt

from indexer.columnar.postings import Gathered

Places = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Said:
    """Which documents of a segment say which words: a pair of ``ids`` and ``words`` for each, no pair twice.

    ``fields`` says by field in which pairs the word stands in it (places in ``ids``), and how often.
    """

    ids: Places
    words: Places
    fields: Mapping[str, tuple[Places | slice, Floats]]


@dataclass(frozen=True, slots=True)
class Statistics:
    """What holds for the whole index: documents in all; with each word, in any field and by field."""

    document_count: int
    document_frequencies: Floats
    by_field: Mapping[str, Floats]


Norms = Callable[[str, float], Floats]  # field, b → 1 - b + b × length / average length, a document


class ScoringModel(Protocol):
    """How pairs of document and word are scored.

    ``gram_share`` is what character pairs count beside words; ``leans`` says whether documents that fit what a question
    names beside its words count more.
    """

    @property
    def gram_share(self) -> float: ...

    @property
    def leans(self) -> bool: ...

    def score(self, said: Said, norms: Norms, statistics: Statistics) -> Floats:
        """A score for each pair of document and word."""
        ...


def _weights(title: float, body: float) -> Mapping[str, float]:
    return MappingProxyType({"title": title, "body": body, "title_grams": title, "body_grams": body})


@dataclass(frozen=True, slots=True)
class BM25F:
    """BM25F proper: frequencies are weighted and length-normalised by field, summed, and only then saturated.

    So a word in the title and in the body counts as one word that is said more often, not as two. Source: Robertson,
    Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004; the parameters are measured on the
    development topics (`make eval`).
    """

    k1: float = 0.9
    gram_share: float = 1.5
    leans: bool = True
    weights: Mapping[str, float] = field(default_factory=lambda: _weights(2.0, 1.0))
    b: Mapping[str, float] = field(default_factory=lambda: _weights(0.5, 0.75))

    def score(self, said: Said, norms: Norms, statistics: Statistics) -> Floats:
        count, with_word = statistics.document_count, statistics.document_frequencies
        idf = np.log(1 + (count - with_word + 0.5) / (with_word + 0.5))
        heard = np.zeros(len(said.ids))
        for name, (places, frequencies) in said.fields.items():
            heard[places] += self.weights[name] * frequencies / norms(name, self.b[name])[said.ids[places]]
        heard *= (self.k1 + 1) / (self.k1 + heard)
        heard *= idf[said.words]
        return heard


@dataclass(frozen=True, slots=True)
class FieldSum:
    """Whoosh's own BM25F: a BM25 score a field, boosted, then added. Kept as the peer to compare with."""

    k1: float = 1.2
    gram_share: float = 0.0
    leans: bool = False
    b: float = 0.75
    boosts: Mapping[str, float] = field(default_factory=lambda: _weights(2.0, 1.0))

    def score(self, said: Said, norms: Norms, statistics: Statistics) -> Floats:
        scores = np.zeros(len(said.ids))
        for name, (places, frequencies) in said.fields.items():
            idf = np.log(statistics.document_count / (statistics.by_field[name] + 1)) + 1
            saturated = frequencies * (self.k1 + 1) / (frequencies + self.k1 * norms(name, self.b)[said.ids[places]])
            scores[places] += idf[said.words[places]] * saturated * self.boosts[name]
        return scores


def tally(places: Places, amounts: npt.NDArray[np.generic] | None, size: int) -> Floats:
    """What each of ``size`` things gets, one amount a place; without amounts, how many places it has."""
    return np.asarray(np.bincount(places, amounts, size), np.float64)


def join_fields(gathered: Mapping[str, Gathered]) -> Said:
    """The postings of the same words in two fields (or one) as one list of pairs."""
    found = sorted(((name, one) for name, one in gathered.items() if len(one.ids)), key=lambda item: -len(item[1].ids))
    if not found:
        return Said(np.zeros(0, np.intp), np.zeros(0, np.intp), {})
    (first, largest), *others = found
    ids, words = largest.ids, largest.words
    fields: dict[str, tuple[Places | slice, Floats]] = {first: (slice(0, len(ids)), largest.frequencies)}
    keys = _keys(largest) if others else np.zeros(0, np.int64)
    for name, one in others:  # one at most: its pairs are looked up among those of the larger field
        wanted = _keys(one)
        places = keys.searchsorted(wanted)
        known = keys[np.minimum(places, len(keys) - 1)] == wanted
        places[~known] = len(ids) + np.arange(np.count_nonzero(~known))
        ids, words = np.concatenate((ids, one.ids[~known])), np.concatenate((words, one.words[~known]))
        fields[name] = (places, one.frequencies)
    return Said(ids, words, fields)


def _keys(gathered: Gathered) -> npt.NDArray[np.int64]:
    return (gathered.words << 32) | gathered.ids
