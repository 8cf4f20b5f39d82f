"""Which documents answer a question, and how well: words, numbers and phrases over one state of the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from math import log
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from analyzers.partial_number import PartialNumber
from analyzers.question import Question, What
from analyzers.synonyms import PlainWord
from indexer.article_evidence import ArticleEvidence
from indexer.citation_graph import CitationGraph
from indexer.columnar.opened import Mask
from indexer.evidence import Evidence, Given, Heard, constant, grams_of, norms_of
from indexer.expansion import Concept, concept_of, words_of
from indexer.fields import GRAM_FIELDS, TEXT_FIELDS
from indexer.leanings import leanings_of
from indexer.literal import has_literally
from indexer.ranking import ScoringModel, Statistics, tally
from indexer.readings import Reading
from indexer.snapshot import Floats, Part, Places, Snapshot

# What a document gains that bears the number asked for, and one whose text names it: more than any words give.
OWN_NUMBER_SCORE = 1_000.0
CITED_NUMBER_SCORE = 500.0

# What a document gains whose number has the parts asked for (54号): less than one that the whole number names.
PARTIAL_NUMBER_SCORE = 300.0

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
    """A question put to a snapshot: what each part of it gives, segment by segment."""

    def __init__(
        self, snapshot: Snapshot, reading: Reading, model: ScoringModel, laws: CitationGraph | None = None
    ) -> None:
        question = reading.question
        self._snapshot, self._question, self._model = snapshot, question, model
        self._titles = [snapshot.number_of(name) for name in reading.titles]
        self._only_titles = reading.only_titles
        self._size = snapshot.size
        self.weights: dict[str, float] = {}
        self._only_number = (question.only_number or question.only_partial) and any(
            len(one.ids) for number in range(len(snapshot.parts)) for one in self._numbers(number)
        )
        self._concepts: list[tuple[PlainWord, Concept]] = []
        if self._only_number:
            self.weights.update(dict.fromkeys(question.words, 1.0))
            return
        self._leanings = leanings_of(question, snapshot) if model.leans else ()
        self._words = Heard(snapshot, TEXT_FIELDS, question.words)
        self._grams = Heard(snapshot, GRAM_FIELDS, grams_of(question.core) if model.gram_share else ())
        for word, documents in zip(question.words, self._words.statistics.document_frequencies, strict=True):
            self.weights[word] = log(1 + self._size / documents) if documents else 0.0
        official_words = Heard(snapshot, TEXT_FIELDS, words_of(question.plain_words))
        for plain in question.plain_words:
            concept = concept_of(plain, snapshot, official_words)
            if concept.terms:
                self._concepts.append((plain, concept))
                for term, documents in concept.terms:
                    self.weights[term.text] = concept.weight * log(1 + self._size / documents)
        official = [(_label(plain, concept), [term for term, _ in concept.terms]) for plain, concept in self._concepts]
        articles = (
            ArticleEvidence(snapshot, laws, question, official, official_words, model) if laws and model.leans else None
        )
        self._spoken = [list(self._spoken_in(number, articles)) for number in range(len(snapshot.parts))]
        self._gained = [_added_up(spoken, part.size) for spoken, part in zip(self._spoken, snapshot.parts, strict=True)]
        self._beside: list[list[Given]] = [[] for _ in snapshot.parts]
        if articles and self._gained:
            context = articles.context(np.concatenate(self._gained))
            self._beside = [list(articles.within(number, context)) for number in range(len(snapshot.parts))]

    def evidence(self, number: int) -> list[Evidence | Given]:
        """What each part of the question gives in segment ``number``."""
        return [*self._spoken_here(number), *self._unspoken(number)]

    def scores(self, number: int) -> Floats:
        """What all of that gives to each document of the segment."""
        spoken = self._spoken_here(number)
        scores = self._gained[number].copy() if spoken else np.zeros(self._snapshot.parts[number].size)
        for one in self._unspoken(number):
            one.add_to(scores)
        return scores

    def _spoken_here(self, number: int) -> Sequence[Evidence | Given]:
        return () if self._only_number or self._only_titles else self._spoken[number]

    def _unspoken(self, number: int) -> Iterator[Evidence | Given]:
        yield from self._numbers(number)
        yield self._meant(number)
        if self._only_number or self._only_titles:
            return
        yield from self._beside[number]
        for leaning in self._leanings:
            ids = np.flatnonzero(leaning.fits[number])
            yield constant(leaning.label, ids, leaning.share * self._gained[number][ids])

    def _numbers(self, number: int) -> Iterator[Evidence]:
        for wanted in self._question.numbers:
            for name, score in (("number", OWN_NUMBER_SCORE), ("cited", CITED_NUMBER_SCORE)):
                ids = self._snapshot.parts[number].documents(name, wanted.key)
                yield constant(str(wanted), ids, np.full(len(ids), score))
        part = self._snapshot.parts[number]
        for piece in self._question.of(What.PARTIAL_NUMBER):
            if isinstance(piece.value, PartialNumber):
                keys = [key.encode() for key in part.number_keys if piece.value.matches(key)]
                ids = part.gather("number", keys).ids
                yield constant(piece.text, ids, np.full(len(ids), PARTIAL_NUMBER_SCORE))

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

    def _spoken_in(self, number: int, articles: ArticleEvidence | None) -> Iterator[Evidence | Given]:
        words = self._words.evidence(number, self._model, stands_for=1)
        yield words
        for plain, concept in self._concepts:
            yield self._terms(number, plain, concept, words)
        if len(self._grams.said[number].ids):
            grams = self._grams.evidence(number, self._model)
            labels = ("neighbouring characters",) * len(grams.labels)
            yield replace(grams, labels=labels, scores=self._model.gram_share * grams.scores)
        if articles:
            yield from articles.terms(number)

    def _terms(self, number: int, plain: PlainWord, concept: Concept, by_word: Evidence) -> Evidence:
        """What official terms give beyond what the plain word itself gives: never less than nothing."""
        part = self._snapshot.parts[number]
        frequency = np.array([float(concept.document_frequency)])
        statistics = Statistics(self._size, frequency, dict.fromkeys(TEXT_FIELDS, frequency))
        said = concept.said[number]
        scores = self._model.score(said, partial(norms_of, self._snapshot, number), statistics)
        places = [place for place, word in enumerate(self._question.words) if word in plain.words]
        own = by_word.only(plain.words)
        gained = tally(own.ids, own.scores, part.size)
        spoken = np.bincount(own.ids, minlength=part.size)
        beyond = np.maximum(scores - gained[said.ids], 0.0)
        return Evidence((_label(plain, concept),), said.ids, said.words, beyond, len(places) - spoken[said.ids])

    @property
    def synonyms(self) -> dict[str, tuple[str, ...]]:
        return {plain.text: tuple(term.text for term, _ in concept.terms) for plain, concept in self._concepts}


def _added_up(evidence: Sequence[Evidence | Given], size: int) -> Floats:
    gained = np.zeros(size)
    for one in evidence:
        one.add_to(gained)
    return gained


def _label(plain: PlainWord, concept: Concept) -> str:
    return f"{plain.text} → {'、'.join(term.text for term, _ in concept.terms)}"


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
    parts = []
    for number, part in enumerate(snapshot.parts):
        scores = answer.scores(number)
        limited = question.phrases or question.title or question.alternatives
        # Whoever asks for a phrase finds what has it, be it made of function words alone.
        found: Mask = np.ones(part.size, np.bool_) if limited else scores > 0
        if every_word and question.words and not (question.only_number or question.only_partial):
            said = (one for one in answer.evidence(number) if isinstance(one, Evidence))
            met = sum((one.words_met(part.size) for one in said), np.zeros(part.size))
            found = met >= len(question.words)
            if question.numbers or question.partial_numbers:
                found |= scores >= PARTIAL_NUMBER_SCORE
        if part.segment.alive is not None:
            found &= part.segment.alive
        _limit(part, question, found)
        ids = np.flatnonzero(found)
        parts.append(Found(ids, scores[ids]))
    weights = dict(answer.weights)
    for phrase in (*question.phrases, *question.title, *chain.from_iterable(question.alternatives)):
        weights[phrase] = max([1.0, *weights.values()]) * 2
    return Matches(tuple(parts), MappingProxyType(weights), MappingProxyType(answer.synonyms))


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
    added: dict[str, float] = {}
    for one in Answer(snapshot, reading, model, laws).evidence(place):
        for label, score in one.of(local):
            if score:
                added[label] = added.get(label, 0.0) + score
    return added


def documents_with(snapshot: Snapshot, words: Sequence[str]) -> tuple[int, ...]:
    """In how many documents that can be found each word stands, in title or text."""
    counts = np.zeros(len(words), np.intp)
    for part, said in zip(snapshot.parts, Heard(snapshot, TEXT_FIELDS, words).said, strict=True):
        alive = part.segment.alive
        counts += np.bincount(said.words if alive is None else said.words[alive[said.ids]], minlength=len(words))
    return tuple(counts.tolist())


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
        dates = part.days[found.ids].astype(np.int64)
        chosen = _among_best(dates if by_date else found.scores, wanted)
        numbers.append(found.ids[chosen] + part.segment.offset)
        scores.append(found.scores[chosen])
        days.append(dates[chosen])
    if not numbers:
        return []
    every, score, day = np.concatenate(numbers), np.concatenate(scores), np.concatenate(days)
    order = np.lexsort((every, -score, -day) if by_date else (every, -score))[offset:wanted]
    return list(zip(every[order].tolist(), score[order].tolist(), strict=True))


def _among_best(keys: npt.NDArray[np.float64 | np.int64], wanted: int) -> Places:
    """The places of all keys that are not less than the ``wanted``-th greatest."""
    if not 0 < wanted < len(keys):
        return np.arange(len(keys) if wanted else 0)
    return np.flatnonzero(keys >= np.partition(keys, len(keys) - wanted)[len(keys) - wanted])
