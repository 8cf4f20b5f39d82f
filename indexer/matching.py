"""Which documents answer a question, and how well: words, numbers and phrases over one state of the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from whoosh.reading import SegmentReader

from analyzers.document_number import DocumentNumber
from analyzers.normalize import normalize
from analyzers.tokenizer import words
from indexer.arrays import Floats, Ids, IndexArrays, Mask
from indexer.fields import TEXT_FIELDS
from indexer.question import Question
from indexer.ranking import FieldStatistics, ScoringModel

# What a document gains that bears the number asked for, and one whose text names it: more than any words give.
OWN_NUMBER_SCORE = 1_000.0
CITED_NUMBER_SCORE = 500.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of the index as one thread sees it: its own readers, the arrays that all share."""

    readers: tuple[SegmentReader, ...]
    arrays: IndexArrays

    def stored(self, number: int) -> dict[str, object]:
        """The stored fields of a document by its number in the arrays."""
        for reader in self.readers:
            if number < reader.doc_count_all():
                fields: dict[str, object] = reader.stored_fields(number)
                return fields
            number -= reader.doc_count_all()
        raise IndexError(number)


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents that answer: ``ids`` ascending, ``scores``; ``weights`` is the idf of each word of the question."""

    ids: Ids
    scores: Floats
    weights: Mapping[str, float]


def match(snapshot: Snapshot, question: Question, model: ScoringModel, *, every_word: bool = False) -> Matches:
    """Answer a question.

    Any word will do, unless ``every_word``. A question that is a document number and nothing else finds the documents
    that bear or name it; if there are none its words are looked for. Phrases must stand in the text as they are.
    """
    arrays = snapshot.arrays
    scores = np.zeros(arrays.size)
    matched = np.zeros(arrays.size, np.int32)
    for number in question.numbers:
        _add_number(snapshot, number, scores, matched)
    weights: dict[str, float] = {}
    if not question.only_number or not matched.any():
        matched[:] = 0
        for word in question.words:
            weights[word] = _add_word(snapshot, word, model, scores, matched)
    else:
        weights = dict.fromkeys(question.words, 1.0)
    found: Mask = matched >= (len(question.words) if every_word and weights and not question.only_number else 1)
    if question.numbers and not question.only_number:
        found |= scores >= CITED_NUMBER_SCORE
    found &= arrays.alive
    for phrase in question.phrases:
        _keep_phrase(snapshot, phrase, found)
        weights[phrase] = max([1.0, *weights.values()]) * 2
    ids = np.flatnonzero(found).astype(np.int32)
    return Matches(ids, scores[ids], MappingProxyType(weights))


def contributions(snapshot: Snapshot, question: Question, model: ScoringModel, number: int) -> dict[str, float]:
    """What each word and number of the question adds to the score of a document; what adds nothing is left out."""
    added: dict[str, float] = {}
    scores, matched = np.zeros(snapshot.arrays.size), np.zeros(snapshot.arrays.size, np.int32)
    for asked in (*question.numbers, *question.words):
        before = scores[number]
        if isinstance(asked, DocumentNumber):
            _add_number(snapshot, asked, scores, matched)
        elif isinstance(asked, str):
            _add_word(snapshot, asked, model, scores, matched)
        if scores[number] > before:
            added[str(asked)] = float(scores[number] - before)
    return added


def everything(snapshot: Snapshot) -> Matches:
    """All documents, with no score."""
    ids = np.flatnonzero(snapshot.arrays.alive).astype(np.int32)
    return Matches(ids, np.zeros(len(ids)), MappingProxyType({}))


def _add_word(snapshot: Snapshot, word: str, model: ScoringModel, scores: Floats, matched: Ids) -> float:
    arrays = snapshot.arrays
    found = {field: arrays.postings(snapshot.readers, field, word) for field in TEXT_FIELDS}
    found = {field: postings for field, postings in found.items() if len(postings.ids)}
    if not found:
        return 0.0
    frequency = len(np.unique(np.concatenate([postings.ids for postings in found.values()])))
    statistics = {
        field: FieldStatistics(arrays.average_length[field], len(postings.ids)) for field, postings in found.items()
    }
    ids, gained = model.score(found, arrays.lengths, statistics, arrays.size, frequency)
    scores[ids] += gained
    matched[ids] += 1
    return log(1 + arrays.size / frequency)


def _add_number(snapshot: Snapshot, number: DocumentNumber, scores: Floats, matched: Ids) -> None:
    for field, score in (("number", OWN_NUMBER_SCORE), ("cited", CITED_NUMBER_SCORE)):
        ids = snapshot.arrays.postings(snapshot.readers, field, number.key).ids
        scores[ids] += score
        matched[ids] += 1


def _keep_phrase(snapshot: Snapshot, phrase: str, found: Mask) -> None:
    """Of the documents found, keep those whose text has the phrase; looked up only where all its longer words stand."""
    for word in {word for word in words(phrase) if len(word) > 1}:
        has_word = np.zeros_like(found)
        for field in TEXT_FIELDS:
            has_word[snapshot.arrays.postings(snapshot.readers, field, word).ids] = True
        found &= has_word
    for number in np.flatnonzero(found):
        fields = snapshot.stored(int(number))
        found[number] = any(phrase in normalize(str(fields.get(field, ""))) for field in TEXT_FIELDS)


def order(matches: Matches, days: Ids, *, by_date: bool) -> npt.NDArray[np.intp]:
    """Positions in ``matches``, best first: by score, or newest first; equals in the order of the index."""
    if by_date:
        return np.lexsort((-matches.scores, -days[matches.ids]))
    return np.argsort(-matches.scores, kind="stable")
