"""A plain word of the question and the official terms for it: how are they one concept, scored as one word?

As in BM25F fields, frequencies are weighted, summed and only then saturated: a text that uses both names says one thing
more often, not two things.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from math import log

import numpy as np

from analyzers.synonyms import PlainWord, Term
from indexer.evidence import Heard, Way
from indexer.fields import TEXT_FIELDS
from indexer.ranking import Floats, ScoringModel

# What an official term counts beside a plain word that is nowhere in the collection; the commoner the plain word, the
# less (`make eval`; from 0.5 to 0.8 no measure changes by more than .004).
SYNONYM_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class Concept:
    """A plain word and the official terms for it, as one word.

    ``terms`` are those that the collection has, each with the number of its documents, ``weight`` what they count.
    ``ways`` are all ways to say it, the plain word first, and ``shares`` what each counts; together they give at most
    ``factor``, which is that of the commonest of them.
    """

    terms: tuple[tuple[Term, int], ...]
    weight: float
    ways: tuple[Way, ...]
    shares: Floats
    factor: float


def ways_of(plain_words: Iterable[PlainWord]) -> list[Way]:
    """All ways that `concept_of` asks for; a term of several words counts where one field has them all."""
    return [way for plain in plain_words for way in (plain.words, *(term.words for term in plain.terms))]


def words_of(plain_words: Iterable[PlainWord]) -> tuple[str, ...]:
    """All words of those, each once."""
    return tuple(dict.fromkeys(chain.from_iterable(ways_of(plain_words))))


def concept_of(plain: PlainWord, size: int, heard: Heard, model: ScoringModel) -> Concept:
    """A plain word and its official terms; ``heard`` has all `ways_of` them, ``size`` is that of the index."""

    def count(words: Way) -> int:
        return int(heard.documents[heard.number(words)])

    said_by = count(plain.words)
    weight = plain.share * SYNONYM_WEIGHT * _idf(said_by, size) / _idf(0, size)
    terms = tuple((term, documents) for term in plain.terms if (documents := count(term.words)))
    commonest = np.array([max([said_by, *(documents for _, documents in terms)])], np.float64)
    return Concept(
        terms,
        weight,
        (plain.words, *(term.words for term, _ in terms)),
        np.array([1.0, *(weight for _ in terms)]),
        float(model.factors(TEXT_FIELDS, size, commonest)[0]),
    )


def _idf(document_frequency: int, document_count: int) -> float:
    return log(1 + (document_count - document_frequency + 0.5) / (document_frequency + 0.5))
