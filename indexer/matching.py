"""Which documents answer a question, and how well: words, numbers and phrases over one state of the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from whoosh.reading import SegmentReader

from analyzers.document_number import DocumentNumber
from analyzers.normalize import pattern_of
from analyzers.synonyms import PlainWord
from analyzers.tokenizer import words
from corpus.models import Kind
from indexer.arrays import Floats, Ids, IndexArrays, Mask, Postings
from indexer.expansion import Concept, concept_of, documents_with
from indexer.fields import TEXT_FIELDS
from indexer.question import Question
from indexer.ranking import FieldStatistics, ScoringModel

# What a document gains that bears the number asked for, and one whose text names it: more than any words give.
OWN_NUMBER_SCORE = 1_000.0
CITED_NUMBER_SCORE = 500.0

# What a guide (办事指南) gains when the question asks how something is done, as a share of what its words give: enough
# to pass a text that is as much about it, too little to pass one that is more so. Chosen on the sample portal: no
# development topic is answered by a guide, and shares of 0.05 to 0.2 change no measure, beside 2,262 guides.
GUIDE_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of the index as one thread sees it: its own readers, the arrays that all share."""

    readers: tuple[SegmentReader, ...]
    arrays: IndexArrays

    def postings(self, field: str, word: str) -> Postings:
        """The postings of a word over all segments, deleted documents included; empty if it is nowhere."""
        return self.arrays.postings(self.readers, field, word)

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
    """The documents that answer: ``ids`` ascending, ``scores``.

    ``weights`` is the idf of each word of the question (and of each official term, less), to mark them by;
    ``synonyms`` are the official terms that were looked for too, by plain word.
    """

    ids: Ids
    scores: Floats
    weights: Mapping[str, float]
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Gain:
    """What one ``part`` of a question gives: documents (``ids``, ascending) and what each gains.

    ``words`` is how many words of the question it stands for there; ``weights`` as in `Matches`.
    """

    part: str
    ids: Ids
    scores: Floats
    words: npt.NDArray[np.int32]
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


def match(snapshot: Snapshot, question: Question, model: ScoringModel, *, every_word: bool = False) -> Matches:
    """Answer a question.

    Any word will do, unless ``every_word``; official terms stand for their plain word. A question that is a document
    number and nothing else finds the documents that bear or name it; if there are none its words are looked for.
    Phrases must stand in the text as they are.
    """
    arrays = snapshot.arrays
    scores = np.zeros(arrays.size)
    matched = np.zeros(arrays.size, np.int32)
    weights: dict[str, float] = dict.fromkeys(question.words, 1.0) if question.only_number else {}
    gains = _gains(snapshot, question, model)
    for gain in gains:
        scores[gain.ids] += gain.scores
        matched[gain.ids] += gain.words
        weights |= gain.weights
    found: Mask = scores > 0
    if every_word and question.words and not question.only_number:
        found = matched >= len(question.words)
        if question.numbers:
            found |= scores >= CITED_NUMBER_SCORE
    found &= arrays.alive
    for phrase in question.phrases:
        _keep_phrase(snapshot, phrase, found)
        weights[phrase] = max([1.0, *weights.values()]) * 2
    ids = np.flatnonzero(found).astype(np.int32)
    used = {
        plain.text: tuple(term.text for term in plain.terms if term.text in weights) for plain in question.plain_words
    }
    synonyms = {plain: terms for plain, terms in used.items() if terms}
    return Matches(ids, scores[ids], MappingProxyType(weights), MappingProxyType(synonyms))


def contributions(snapshot: Snapshot, question: Question, model: ScoringModel, number: int) -> dict[str, float]:
    """What each part of the question adds to the score of a document; what adds nothing is left out.

    Parts are its words, its numbers, ``低保 → 最低生活保障`` for what official terms add beyond the plain word, and
    ``guide`` for being one where the question asks how.
    """
    added: dict[str, float] = {}
    for gain in _gains(snapshot, question, model):
        place = np.searchsorted(gain.ids, number)
        if place < len(gain.ids) and gain.ids[place] == number and gain.scores[place] > 0:
            added[gain.part] = added.get(gain.part, 0.0) + float(gain.scores[place])
    return added


def everything(snapshot: Snapshot) -> Matches:
    """All documents, with no score."""
    ids = np.flatnonzero(snapshot.arrays.alive).astype(np.int32)
    return Matches(ids, np.zeros(len(ids)), MappingProxyType({}))


def _gains(snapshot: Snapshot, question: Question, model: ScoringModel) -> list[Gain]:
    by_number = [
        _number_gain(snapshot, number, name, score)
        for number in question.numbers
        for name, score in (("number", OWN_NUMBER_SCORE), ("cited", CITED_NUMBER_SCORE))
    ]
    if question.only_number and any(len(gain.ids) for gain in by_number):
        return by_number
    by_word = {word: _word_gain(snapshot, word, model) for word in question.words}
    concepts = [(plain, concept_of(plain, snapshot.postings, snapshot.arrays.size)) for plain in question.plain_words]
    by_terms = [_terms_gain(snapshot, plain, concept, by_word, model) for plain, concept in concepts if concept.terms]
    gains = [*by_word.values(), *by_terms]
    if question.asks_how:
        gains.append(_guide_gain(snapshot.arrays, gains))
    return [*by_number, *gains]


def _number_gain(snapshot: Snapshot, number: DocumentNumber, name: str, score: float) -> Gain:
    ids = snapshot.postings(name, number.key).ids
    return Gain(str(number), ids, np.full(len(ids), score), np.zeros(len(ids), np.int32))


def _word_gain(snapshot: Snapshot, word: str, model: ScoringModel) -> Gain:
    found = {name: postings for name in TEXT_FIELDS if len((postings := snapshot.postings(name, word)).ids)}
    frequency = documents_with(found)
    ids, scores = _score(snapshot, found, frequency, model)
    weight = log(1 + snapshot.arrays.size / frequency) if frequency else 0.0
    return Gain(word, ids, scores, np.ones(len(ids), np.int32), {word: weight})


def _terms_gain(
    snapshot: Snapshot, plain: PlainWord, concept: Concept, by_word: Mapping[str, Gain], model: ScoringModel
) -> Gain:
    """What a document gains by official terms beyond what the plain word itself gives it: never less than nothing."""
    size = snapshot.arrays.size
    ids, scores = _score(snapshot, concept.postings, concept.document_frequency, model)
    own, lacking = np.zeros(size), np.zeros(size, np.int32)
    for gain in (by_word[word] for word in plain.words if word in by_word):
        own[gain.ids] += gain.scores
        lacking += 1
        lacking[gain.ids] -= 1
    weights = {term.text: concept.weight * log(1 + size / frequency) for term, frequency in concept.terms}
    part = f"{plain.text} → {'、'.join(weights)}"
    return Gain(part, ids, np.maximum(scores - own[ids], 0.0), lacking[ids], weights)


def _guide_gain(arrays: IndexArrays, gains: Sequence[Gain]) -> Gain:
    scores = np.zeros(arrays.size)
    for gain in gains:
        scores[gain.ids] += gain.scores
    guides = arrays.having("kind", Kind.GUIDE)
    return Gain("guide", guides, GUIDE_SHARE * scores[guides], np.zeros(len(guides), np.int32))


def _score(
    snapshot: Snapshot, found: Mapping[str, Postings], frequency: int, model: ScoringModel
) -> tuple[Ids, Floats]:
    arrays = snapshot.arrays
    if not found:
        return np.zeros(0, np.int32), np.zeros(0)
    statistics = {
        name: FieldStatistics(arrays.average_length[name], len(postings.ids)) for name, postings in found.items()
    }
    return model.score(found, arrays.lengths, statistics, arrays.size, frequency)


def _keep_phrase(snapshot: Snapshot, phrase: str, found: Mask) -> None:
    """Of the documents found, keep those whose text has the phrase.

    Texts are read only where all its longer words stand, and not at all if it is one word of the index itself.
    """
    parts = {word for word in words(phrase) if len(word) > 1}
    for word in parts:
        has_word = np.zeros_like(found)
        for name in TEXT_FIELDS:
            has_word[snapshot.postings(name, word).ids] = True
        found &= has_word
    if phrase in parts:
        return
    written = pattern_of(phrase)
    for number in np.flatnonzero(found):
        fields = snapshot.stored(int(number))
        found[number] = any(written.search(str(fields.get(name, ""))) for name in TEXT_FIELDS)


def order(matches: Matches, days: Ids, *, by_date: bool) -> npt.NDArray[np.intp]:
    """Positions in ``matches``, best first: by score, or newest first; equals in the order of the index."""
    if by_date:
        return np.lexsort((-matches.scores, -days[matches.ids]))
    return np.argsort(-matches.scores, kind="stable")
