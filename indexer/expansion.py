"""A plain word of the question and the official terms for it: how are they one concept, scored as one word?

As in BM25F fields, frequencies are weighted, summed and only then saturated: a text that uses both names says one thing
more often, not two things.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from analyzers.synonyms import PlainWord, Term
from indexer.columnar.postings import Gathered
from indexer.fields import TEXT_FIELDS
from indexer.ranking import Said, join_fields, tally
from indexer.snapshot import Part, Snapshot

# What an official term counts beside a plain word that is nowhere in the collection; the commoner the plain word, the
# less (`make eval`; from 0.5 to 0.8 no measure changes by more than .004).
SYNONYM_WEIGHT = 0.7

_Heard = Mapping[str, tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]]  # field → documents, frequencies


@dataclass(frozen=True, slots=True)
class Concept:
    """A plain word and the official terms for it, as one word.

    ``said`` by segment, with weighted frequencies; ``document_frequency`` is that of the commonest of them; ``terms``
    are those that the collection has, each with the number of its documents, ``weight`` what they count.
    """

    said: tuple[Said, ...]
    document_frequency: int
    terms: tuple[tuple[Term, int], ...]
    weight: float


def concept_of(plain: PlainWord, snapshot: Snapshot) -> Concept:
    """Look up a plain word and its official terms; a term of several words counts where one field has them all."""
    own = [_together(plain.words, part) for part in snapshot.parts]
    heard = [(term, [_together(term.words, part) for part in snapshot.parts]) for term in plain.terms]
    said_by = sum(map(_documents, own))
    weight = SYNONYM_WEIGHT * _idf(said_by, snapshot.size) / _idf(0, snapshot.size)
    terms = [(term, found, count) for term, found in heard if (count := sum(map(_documents, found)))]
    said = tuple(
        _blend([(own[number], 1.0), *((found[number], weight) for _, found, _ in terms)])
        for number in range(len(snapshot.parts))
    )
    counts = tuple((term, count) for term, _, count in terms)
    return Concept(said, max([said_by, *(count for _, count in counts)]), counts, weight)


def _together(words: Sequence[str], part: Part) -> _Heard:
    """Words as one, by field: the documents that have all of them, as often as the rarest."""
    return {field: _in_all(words, field, part) for field in TEXT_FIELDS}


def _in_all(words: Sequence[str], field: str, part: Part) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64]]:
    first, *others = (part.gather(field, (word.encode(),)) for word in words)
    ids, frequencies = first.ids, first.frequencies
    for other in others:
        ids, here, there = np.intersect1d(ids, other.ids, assume_unique=True, return_indices=True)
        frequencies = np.minimum(frequencies[here], other.frequencies[there])
    return ids, frequencies


def _documents(heard: _Heard) -> int:
    """How many documents have it in any field."""
    return len(np.unique(np.concatenate([ids for ids, _ in heard.values()])))


def _blend(alternatives: Sequence[tuple[_Heard, float]]) -> Said:
    gathered = {}
    for field in TEXT_FIELDS:
        ids = np.concatenate([heard[field][0] for heard, _ in alternatives])
        frequencies = np.concatenate([heard[field][1] * share for heard, share in alternatives])
        distinct, places = np.unique(ids, return_inverse=True)
        summed = tally(places, frequencies, len(distinct))
        gathered[field] = Gathered(distinct, np.zeros(len(distinct), np.intp), summed, np.array([len(distinct)]))
    return join_fields(gathered)


def _idf(document_frequency: int, document_count: int) -> float:
    return log(1 + (document_count - document_frequency + 0.5) / (document_frequency + 0.5))
