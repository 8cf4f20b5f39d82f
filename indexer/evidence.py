"""What do the words of a question give to documents? Pairs of a document and a word, each with its score."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

from analyzers.grams import gram_arrays, gram_texts
from indexer.ranking import Floats, Places, Said, ScoringModel, Statistics, join_fields, tally
from indexer.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Evidence:
    """What some words of a question give to the documents of one segment, a pair of document and word at a time.

    ``labels`` says what each word is to people; ``stands_for`` for how many words of the question a pair stands.
    """

    labels: tuple[str, ...]
    ids: Places
    words: Places
    scores: Floats
    stands_for: npt.NDArray[np.intp] | int = 0

    def add_to(self, gained: Floats) -> None:
        """Add what each document of the segment gains."""
        np.add.at(gained, self.ids, self.scores)

    def words_met(self, size: int) -> Floats:
        """For how many words of the question it stands in each document of the segment."""
        return tally(self.ids, np.broadcast_to(self.stands_for, self.ids.shape), size)

    def only(self, labels: Collection[str]) -> Evidence:
        """What the words with these labels give."""
        kept = np.array([label in labels for label in self.labels], np.bool_)[self.words]
        return Evidence(self.labels, self.ids[kept], self.words[kept], self.scores[kept])

    def of(self, document: int) -> Iterator[tuple[str, float]]:
        """What a document of the segment gains, by label."""
        pairs = np.flatnonzero(self.ids == document)
        return zip((self.labels[word] for word in self.words[pairs].tolist()), self.scores[pairs].tolist(), strict=True)


@dataclass(frozen=True, slots=True)
class Given:
    """What something beside the words of a question gives: a score for each document of a segment."""

    label: str
    scores: Floats

    def add_to(self, gained: Floats) -> None:
        gained += self.scores

    def of(self, document: int) -> Iterator[tuple[str, float]]:
        yield self.label, float(self.scores[document])


class Heard:
    """Where words stand, in every segment, and how many documents have them; all are looked up at once."""

    def __init__(self, snapshot: Snapshot, fields: Sequence[str], words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._snapshot, self._fields = snapshot, tuple(fields)
        keys = [word.encode("utf-8", "surrogatepass") for word in words]
        self._rows = {word: row for row, word in enumerate(self.words)}
        self._gathered = [{name: part.gather(name, keys) for name in fields} for part in snapshot.parts]
        self._ends = [{name: np.cumsum(found.counts) for name, found in fields.items()} for fields in self._gathered]

    @cached_property
    def said(self) -> list[Said]:
        """By segment, the pairs of document and word in any field."""
        return [join_fields(by_field) for by_field in self._gathered]

    @cached_property
    def statistics(self) -> Statistics:
        none = np.zeros(len(self.words))
        by_field = {
            name: sum((found[name].counts.astype(np.float64) for found in self._gathered), none)
            for name in self._fields
        }
        counts = (tally(said.words, None, len(self.words)) for said in self.said)
        return Statistics(self._snapshot.size, sum(counts, none), by_field)

    def postings(self, number: int, field: str, word: str) -> tuple[Places, Floats]:
        """The documents of one of the words in a field of segment ``number``, ascending, and how often each says it."""
        found, row = self._gathered[number][field], self._rows[word]
        end = int(self._ends[number][field][row])
        here = slice(end - int(found.counts[row]), end)
        return found.ids[here], found.frequencies[here]

    def evidence(self, number: int, model: ScoringModel, *, stands_for: int = 0) -> Evidence:
        """What the words give in segment ``number``; each is its own label."""
        said = self.said[number]
        scores = model.score(said, partial(norms_of, self._snapshot, number), self.statistics)
        return Evidence(self.words, said.ids, said.words, scores, stands_for)


def norms_of(snapshot: Snapshot, number: int, name: str, b: float) -> Floats:
    return snapshot.parts[number].norms(name, b, snapshot.average_length(name))


def constant(label: str, ids: Places, scores: Floats) -> Evidence:
    return Evidence((label,), ids, np.zeros(len(ids), np.intp), scores)


def grams_of(core: str) -> tuple[str, ...]:
    """The pairs of neighbouring characters of a question; what stands alone is a word already."""
    codes, _ = gram_arrays(core)
    return tuple(dict.fromkeys(text for text in gram_texts(codes) if len(text) == 2))
