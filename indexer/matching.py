"""Which documents answer a question, and how well: words, numbers and phrases over one state of the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from math import log
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from analyzers.partial_number import PartialNumber
from analyzers.question import Question, What
from analyzers.synonyms import PlainWord, Term
from indexer.article_evidence import ArticleEvidence
from indexer.citation_graph import CitationGraph
from indexer.columnar.arithmetic import arithmetic
from indexer.columnar.opened import Mask
from indexer.evidence import Evidence, Heard, Way, constant, each, grams_of
from indexer.expansion import Concept, concept_of, ways_of
from indexer.fields import GRAM_FIELDS, TEXT_FIELDS
from indexer.leanings import leanings_of
from indexer.literal import has_literally
from indexer.ranking import BM25F, ScoringModel
from indexer.readings import Reading
from indexer.snapshot import Floats, Part, Places, Snapshot
from indexer.view import View

# What a document gains that bears the number asked for, and one whose text names it: more than any words give.
OWN_NUMBER_SCORE = 1_000.0
CITED_NUMBER_SCORE = 500.0

# What a document gains whose number has the parts asked for (54号): less than one that the whole number names.
PARTIAL_NUMBER_SCORE = 300.0

# How many times as many keys as are wanted are looked at first, to find the greatest.
_SAMPLED = 8

# What the best of the titles gains that a reading of pinyin or initials means; each further one a little less.
MEANT_TITLE_SCORE = 200.0


@dataclass(frozen=True, slots=True)
class Found:
    """The documents of one segment that answer: ``ids`` (numbers in the segment, ascending) and their ``scores``."""

    ids: Places
    scores: Floats

    def only(self, kept: Mask) -> Found:
        """Those that a mask over the found documents keeps."""
        return Found(self.ids[kept], self.scores[kept])


@dataclass(frozen=True, slots=True)
class Matches:
    """The documents that answer, by segment.

    ``weights`` is the idf of each word of the question (and of each official term, less), to mark them by;
    ``synonyms`` are the official terms that were looked for too, by plain word.
    """

    parts: tuple[Found, ...]
    weights: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


class Answer:
    """A question put to a snapshot, or to another view of an index: what each part of it gives, segment by segment."""

    def __init__(
        self, snapshot: View, reading: Reading, model: ScoringModel, laws: CitationGraph | None = None
    ) -> None:
        question = reading.question
        self._snapshot, self._question, self._model = snapshot, question, model
        self._titles = [snapshot.number_of(name) for name in reading.titles]
        self._only_titles = reading.only_titles
        self.weights: dict[str, float] = {}
        self._concepts: list[tuple[PlainWord, Concept]] = []
        self._only_number = (question.only_number or question.only_partial) and any(
            len(ids) for number in range(len(snapshot.parts)) for _, ids, _ in self._numbers(number)
        )
        if self._only_number:
            self.weights.update(dict.fromkeys(question.words, 1.0))
            return
        self._leanings = leanings_of(question, snapshot) if model.leans else ()
        self._words = self._hear_words(laws is not None)
        self._weigh()
        self._articles = ArticleEvidence(snapshot, laws, question, self._official) if laws and model.leans else None
        self._grams = self._hear_grams()
        self._gained = [self._spoken(number) for number in range(len(snapshot.parts))]
        self._beside: list[list[Evidence]] = [[] for _ in snapshot.parts]
        if self._articles and self._gained:
            context = self._articles.context(np.concatenate(self._gained))
            self._beside = [list(self._articles.within(number, context)) for number in range(len(snapshot.parts))]

    def scores(self, number: int) -> Floats:
        """What every part of the question gives to each document of segment ``number``."""
        size = self._snapshot.parts[number].size
        scores = np.zeros(size) if self._only_number or self._only_titles else self._gained[number].copy()
        for one in self._unspoken(number):
            one.add_to(scores)
        return scores

    def contributions(self, number: int, document: int) -> dict[str, float]:
        """What each part of the question adds to the score of a document in segment ``number``."""
        size, added = self._snapshot.parts[number].size, dict[str, float]()
        spoken = () if self._only_number or self._only_titles else self._evidence(number)
        for one in (*spoken, *self._unspoken(number)):
            if score := one.of(document, size):
                added[one.label] = added.get(one.label, 0.0) + score
        return added

    def having_every_word(self, number: int) -> Mask:
        """The documents of segment ``number`` that say every word of the question, or an official term for it."""
        every: Mask = np.full(self._snapshot.parts[number].size, not self._only_titles)
        for word in self._question.words:
            ways = [(word,), *(way for plain, one in self._concepts if word in plain.words for way in one.ways)]
            said: Mask = np.zeros(len(every), np.bool_)
            for heard in self._words:
                for way in ways:
                    said[heard.said[number].documents(heard.number(way))] = True
            every &= said
        return every

    @property
    def marked(self) -> Mapping[str, float]:
        """What is marked in texts, by weight: the words, and more than those what must stand there literally."""
        question, weights = self._question, dict(self.weights)
        for phrase in (*question.phrases, *question.title, *chain.from_iterable(question.alternatives)):
            weights[phrase] = max([1.0, *weights.values()]) * 2
        return MappingProxyType(weights)

    @property
    def synonyms(self) -> dict[str, tuple[str, ...]]:
        return {plain.text: tuple(term.text for term, _ in concept.terms) for plain, concept in self._concepts}

    @property
    def _official(self) -> list[tuple[str, list[Term]]]:
        return [(_label(plain, concept), [term for term, _ in concept.terms]) for plain, concept in self._concepts]

    def _hear_words(self, apart: bool) -> list[Heard]:
        """The words of the question and of official terms, these also ``apart``, word by word."""
        plain_words = self._question.plain_words if self._model.leans else ()
        ways = [*each(self._question.words), *ways_of(plain_words)]
        if apart:
            ways += each([word for plain in plain_words for term in plain.terms for word in term.words])
        groups = self._model.saturated_together(TEXT_FIELDS)
        heard = [Heard(self._snapshot, fields, ways, self._model) for fields in groups]
        for plain in plain_words:
            concept = concept_of(plain, self._snapshot.size, heard[0], self._model)
            if concept.terms:
                self._concepts.append((plain, concept))
        return heard

    def _weigh(self) -> None:
        """Give every word, and less every official term, its idf, to mark it by."""
        size = self._snapshot.size
        for word in self._question.words:
            documents = max(float(heard.documents[heard.number((word,))]) for heard in self._words)
            self.weights[word] = log(1 + size / documents) if documents else 0.0
        for _, concept in self._concepts:
            for term, number in concept.terms:
                self.weights[term.text] = concept.weight * log(1 + size / number)

    def _hear_grams(self) -> list[Heard]:
        ways = [*self._pairs, *(self._articles.pairs if self._articles else ())]
        groups = self._model.saturated_together(GRAM_FIELDS) if ways else ()
        return [Heard(self._snapshot, fields, ways, self._model) for fields in groups]

    @cached_property
    def _pairs(self) -> list[Way]:
        return each(grams_of(self._question.core)) if self._model.gram_share else []

    def _spoken(self, number: int) -> Floats:
        """What all that a document itself says gives to it."""
        gained = np.zeros(self._snapshot.parts[number].size)
        for heard in self._words:
            heard.add(number, gained, each(self._question.words))
        for one in self._beyond_words(number):
            one.add_to(gained)
        return gained

    def _evidence(self, number: int) -> Iterator[Evidence]:
        """The same word by word."""
        for word in self._question.words:
            for heard in self._words:
                yield heard.evidence(number, word, each([word]))
        yield from self._beyond_words(number)

    def _beyond_words(self, number: int) -> Iterator[Evidence]:
        for plain, concept in self._concepts:
            yield self._official_terms(number, plain, concept)
        for heard in self._grams:
            yield heard.evidence(number, "neighbouring characters", self._pairs, self._model.gram_share)
        if self._articles and self._grams:
            yield from self._articles.terms(number, self._words[0], self._grams[0], self._model)

    def _official_terms(self, number: int, plain: PlainWord, concept: Concept) -> Evidence:
        """What official terms give beyond what the plain word itself gives: never less than nothing."""
        heard, k1 = self._words[0], self._model.k1
        ways, own = heard.numbers(concept.ways), heard.numbers(each(_among(plain.words, self._question.words)))
        told = heard.said[number], ways, concept.shares, concept.factor, own, heard.factors[own], k1
        return Evidence(_label(plain, concept), lambda gained: arithmetic().surpass(gained, *told))

    def _unspoken(self, number: int) -> Iterator[Evidence]:
        for label, ids, score in self._numbers(number):
            yield constant(label, ids, score)
        yield self._meant(number)
        if self._only_number or self._only_titles:
            return
        yield from self._beside[number]
        for leaning in self._leanings:
            ids = np.flatnonzero(leaning.fits[number])
            yield constant(leaning.label, ids, leaning.share * self._gained[number][ids])

    def _numbers(self, number: int) -> Iterator[tuple[str, Places, float]]:
        """What is asked for by number: documents, and what each gains."""
        part = self._snapshot.parts[number]
        for wanted in self._question.numbers:
            for name, score in (("number", OWN_NUMBER_SCORE), ("cited", CITED_NUMBER_SCORE)):
                yield str(wanted), part.documents(name, wanted.key), score
        for piece in self._question.of(What.PARTIAL_NUMBER):
            if isinstance(piece.value, PartialNumber):
                keys = [key.encode() for key in part.number_keys if piece.value.matches(key)]
                yield piece.text, part.gather("number", keys).ids, PARTIAL_NUMBER_SCORE

    def _meant(self, number: int) -> Evidence:
        """The titles that a reading of pinyin or initials means, in their order."""
        segment = self._snapshot.parts[number].segment
        here = [
            (found - segment.offset, MEANT_TITLE_SCORE * (1 - rank / (len(self._titles) + 1)))
            for rank, found in enumerate(self._titles)
            if found is not None and 0 <= found - segment.offset < segment.size
        ]
        ids = np.array([place for place, _ in here], np.intp)
        return constant("meant", ids, np.array([score for _, score in here], np.float64))


def _label(plain: PlainWord, concept: Concept) -> str:
    return f"{plain.text} → {'、'.join(term.text for term, _ in concept.terms)}"


def _among(some: Sequence[str], words: Sequence[str]) -> list[str]:
    return [word for word in words if word in some]


def match(
    snapshot: Snapshot,
    reading: Reading,
    model: ScoringModel,
    *,
    laws: CitationGraph | None = None,
    every_word: bool = False,
) -> Matches:
    """Answer a question; with ``laws`` articles of law gain by what stands around them and by what cites them.

    Any word will do, unless ``every_word``; official terms stand for their plain word. A question that is a document
    number and nothing else finds the documents that bear or name it; if there are none its words are looked for.
    Phrases must stand in the text.
    """
    question = reading.question
    answer = Answer(snapshot, reading, model, laws)
    every = every_word and bool(question.words) and not (question.only_number or question.only_partial)
    limited = question.phrases or question.title or question.alternatives
    parts = []
    for number, part in enumerate(snapshot.parts):
        scores = answer.scores(number)
        if not (every or limited or question.excluded):
            parts.append(Found(*arithmetic().select(scores, part.segment.alive)))
            continue
        # Whoever asks for a phrase finds what has it, be it made of function words alone.
        found: Mask = np.ones(part.size, np.bool_) if limited else scores > 0
        if every:
            found = answer.having_every_word(number)
            if question.numbers or question.partial_numbers:
                found |= scores >= PARTIAL_NUMBER_SCORE
        if part.segment.alive is not None:
            found &= part.segment.alive
        _limit(part, question, found)
        ids = np.flatnonzero(found)
        parts.append(Found(ids, scores[ids]))
    return Matches(tuple(parts), answer.marked, MappingProxyType(answer.synonyms))


def _limit(part: Part, question: Question, found: Mask) -> None:
    """Take out what the reader's marks (quotation marks, a minus, AND …) do not allow."""
    for phrase in question.phrases:
        found &= has_literally(part, phrase)
    for phrase in question.title:
        found &= has_literally(part, phrase, GRAM_FIELDS[:1])
    for phrase in question.excluded:
        found &= ~has_literally(part, phrase)
    if question.alternatives:
        found &= np.any(
            [np.all([has_literally(part, term) for term in terms], axis=0) for terms in question.alternatives], axis=0
        )


def contributions(
    snapshot: Snapshot, reading: Reading, model: ScoringModel, number: int, laws: CitationGraph | None = None
) -> dict[str, float]:
    """What each part of the question adds to the score of a document; what adds nothing is left out.

    Parts are its words, its numbers, ``低保 → 最低生活保障`` for what official terms add beyond the plain word,
    ``neighbouring characters`` and what a question leans to (``guide`` where it
    asks how, the period or the agency that it names), and what articles of law gain by others.
    """
    segment, local = snapshot.index.segment_of(number)
    place = snapshot.index.segments.index(segment)
    return Answer(snapshot, reading, model, laws).contributions(place, local)


def documents_with(snapshot: Snapshot, words: Sequence[str]) -> tuple[int, ...]:
    """In how many documents that can be found each word stands, in title or text."""
    heard = Heard(snapshot, TEXT_FIELDS, each(words), BM25F())
    numbers = heard.numbers(each(words)).tolist()
    counts = [0] * len(words)
    for part, said in zip(snapshot.parts, heard.said, strict=True):
        alive = part.segment.alive
        for place, number in enumerate(numbers):
            ids = said.documents(number)
            counts[place] += len(ids) if alive is None else int(np.count_nonzero(alive[ids]))
    return tuple(counts)


def everything(snapshot: Snapshot) -> Matches:
    """All documents, with no score."""
    alive = [
        np.arange(part.size) if part.segment.alive is None else np.flatnonzero(part.segment.alive)
        for part in snapshot.parts
    ]
    return Matches(tuple(Found(ids, np.zeros(len(ids))) for ids in alive))


def best(snapshot: Snapshot, matches: Matches, offset: int, limit: int, *, by_date: bool) -> list[tuple[int, float]]:
    """One page of the matches as (number over all segments, score): best first, or newest first and then best.

    Equals stand in the order of the index.
    """
    wanted = offset + limit
    numbers: list[Places] = []
    scores: list[Floats] = []
    days: list[npt.NDArray[np.int64]] = []
    for part, found in zip(snapshot.parts, matches.parts, strict=True):
        chosen = _among_best(part.days[found.ids] if by_date else found.scores, wanted)
        numbers.append(found.ids[chosen] + part.segment.offset)
        scores.append(found.scores[chosen])
        days.append(part.days[found.ids[chosen]].astype(np.int64))
    if not numbers:
        return []
    every, score, day = np.concatenate(numbers), np.concatenate(scores), np.concatenate(days)
    order = np.lexsort((every, -score, -day) if by_date else (every, -score))[offset:wanted]
    return list(zip(every[order].tolist(), score[order].tolist(), strict=True))


def _among_best(keys: npt.NDArray[Any], wanted: int) -> Places:
    """The places of all keys that are not less than the ``wanted``-th greatest."""
    if not 0 < wanted < len(keys):
        return np.arange(len(keys) if wanted else 0)
    # The greatest of a few are no greater than those of all: by them most keys are left out at once.
    few = keys[:: max(len(keys) // (_SAMPLED * wanted), 1)]
    near = np.flatnonzero(keys >= _greatest(few, wanted))
    return near[keys[near] >= _greatest(keys[near], wanted)]


def _greatest(keys: npt.NDArray[Any], wanted: int) -> float:
    """The ``wanted``-th greatest."""
    return float(np.partition(keys, len(keys) - wanted)[len(keys) - wanted])
