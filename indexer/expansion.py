"""A plain word of the question and the official terms for it: how are they one concept, scored as one word?

As in BM25F fields, frequencies are weighted, summed and only then saturated: a text that uses both names says one thing
more often, not two things.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log

import numpy as np

from analyzers.synonyms import PlainWord, Term
from indexer.columnar.postings import Gathered
from indexer.evidence import Heard
from indexer.fields import TEXT_FIELDS
from indexer.ranking import Floats, Places, Said, join_fields, tally
from indexer.snapshot import Snapshot

# What an official term counts beside a plain word that is nowhere in the collection; the commoner the plain word, the
# less (`make eval`; from 0.5 to 0.8 no measure changes by more than .004).
SYNONYM_WEIGHT = 0.7

_Together = Mapping[str, tuple[Places, Floats]]  # field → documents, frequencies


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


def words_of(plain_words: Iterable[PlainWord]) -> tuple[str, ...]:
    """All words that `concept_of` asks for, each once."""
    ways = ((plain.words, *(term.words for term in plain.terms)) for plain in plain_words)
    return tuple(dict.fromkeys(chain.from_iterable(chain.from_iterable(ways))))


def concept_of(plain: PlainWord, snapshot: Snapshot, heard: Heard) -> Concept:
    """A plain word and its official terms; a term of several words counts where one field has them all.

    ``heard`` has their words (`words_of`).
    """
    sizes = [part.size for part in snapshot.parts]
    own = _by_segment(plain.words, heard, len(sizes))
    terms, said_by = [(term, _by_segment(term.words, heard, len(sizes))) for term in plain.terms], _count(own, sizes)
    weight = SYNONYM_WEIGHT * _idf(said_by, snapshot.size) / _idf(0, snapshot.size)
    known = [(term, found, count) for term, found in terms if (count := _count(found, sizes))]
    said = tuple(
        _blend([(own[number], 1.0), *((found[number], weight) for _, found, _ in known)], size)
        for number, size in enumerate(sizes)
    )
    counts = tuple((term, count) for term, _, count in known)
    return Concept(said, max([said_by, *(count for _, count in counts)]), counts, weight)


def _by_segment(words: Sequence[str], heard: Heard, segments: int) -> list[_Together]:
    """Words as one, by field: the documents that have all of them, as often as the rarest."""
    return [{field: _in_all(words, field, number, heard) for field in TEXT_FIELDS} for number in range(segments)]


def _in_all(words: Sequence[str], field: str, number: int, heard: Heard) -> tuple[Places, Floats]:
    first, *others = sorted((heard.postings(number, field, word) for word in words), key=lambda found: len(found[0]))
    ids, frequencies = first
    for other, often in others:
        places = other.searchsorted(ids)  # no document of the rarest is beyond the last of a commoner one …
        places[places == len(other)] = 0  # … or it is compared with the first, which it is not
        both = other[places] == ids
        ids, frequencies = ids[both], np.minimum(frequencies[both], often[places[both]])
    return ids, frequencies


def _count(found: Sequence[_Together], sizes: Sequence[int]) -> int:
    """How many documents have it in any field."""
    return sum(map(_documents, found, sizes))


def _documents(together: _Together, size: int) -> int:
    having = np.zeros(size, np.bool_)
    for ids, _ in together.values():
        having[ids] = True
    return int(np.count_nonzero(having))


def _blend(alternatives: Sequence[tuple[_Together, float]], size: int) -> Said:
    gathered = {}
    for field in TEXT_FIELDS:
        ids = np.concatenate([together[field][0] for together, _ in alternatives])
        frequencies = np.concatenate([together[field][1] * share for together, share in alternatives])
        summed = tally(ids, frequencies, size)
        distinct = np.flatnonzero(summed)
        nothing = np.zeros(len(distinct), np.intp)
        gathered[field] = Gathered(distinct, nothing, summed[distinct], np.array([len(distinct)]))
    return join_fields(gathered)


def _idf(document_frequency: int, document_count: int) -> float:
    return log(1 + (document_count - document_frequency + 0.5) / (document_frequency + 0.5))
