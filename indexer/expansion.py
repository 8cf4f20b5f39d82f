"""A plain word of the question and the official terms for it: how are they one concept, scored as one word?

As in BM25F fields, frequencies are weighted, summed and only then saturated: a text that uses both names says one thing
more often, not two things.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from analyzers.synonyms import PlainWord, Term
from indexer.arrays import Postings
from indexer.fields import TEXT_FIELDS
from indexer.ranking import add_up

# What an official term counts beside a plain word that is nowhere in the collection; the commoner the plain word, the
# less (`make eval`; from 0.5 to 0.8 no measure changes by more than .004).
SYNONYM_WEIGHT = 0.7

WordPostings = Callable[[str, str], Postings]  # field, word → postings


@dataclass(frozen=True, slots=True)
class Concept:
    """A plain word and the official terms for it, as one word.

    ``postings`` by text field, with weighted frequencies; ``document_frequency`` is that of the commonest of them;
    ``terms`` are those that the collection has, each with the number of its documents, ``weight`` what they count.
    """

    postings: Mapping[str, Postings]
    document_frequency: int
    terms: tuple[tuple[Term, int], ...]
    weight: float


def concept_of(plain: PlainWord, postings: WordPostings, document_count: int) -> Concept:
    """Look up a plain word and its official terms; a term of several words counts where one field has them all."""
    own = _together(plain.words, postings)
    said_by = documents_with(own)
    weight = SYNONYM_WEIGHT * _idf(said_by, document_count) / _idf(0, document_count)
    terms = [(term, found, documents_with(found)) for term in plain.terms if (found := _together(term.words, postings))]
    blended = {}
    for field in TEXT_FIELDS:
        parts = [(own, 1.0), *((found, weight) for _, found, _ in terms)]
        if alternatives := [(found[field], share) for found, share in parts if field in found]:
            ids, frequencies = add_up(
                [(one.ids, one.frequencies.astype(np.float64) * share) for one, share in alternatives]
            )
            blended[field] = Postings(ids, frequencies.astype(np.float32))
    counts = tuple((term, count) for term, _, count in terms)
    return Concept(blended, max([said_by, *(count for _, count in counts)]), counts, weight)


def documents_with(postings: Mapping[str, Postings]) -> int:
    """How many documents have a word in any field."""
    return len(np.unique(np.concatenate([found.ids for found in postings.values()]))) if postings else 0


def _together(words: Sequence[str], postings: WordPostings) -> dict[str, Postings]:
    """Words as one, by field: the documents that have all of them, as often as the rarest; no field without any."""
    return {field: found for field in TEXT_FIELDS if len((found := _in_all(words, field, postings)).ids)}


def _in_all(words: Sequence[str], field: str, postings: WordPostings) -> Postings:
    first, *others = (postings(field, word) for word in words)
    ids, frequencies = first.ids, first.frequencies
    for other in others:
        ids, here, there = np.intersect1d(ids, other.ids, assume_unique=True, return_indices=True)
        frequencies = np.minimum(frequencies[here], other.frequencies[there])
    return Postings(ids, frequencies)


def _idf(document_frequency: int, document_count: int) -> float:
    return log(1 + (document_count - document_frequency + 0.5) / (document_frequency + 0.5))
