"""What do the words of a question give to documents? Pairs of a document and a word, each with its score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from analyzers.grams import gram_arrays, gram_texts
from indexer.ranking import Floats, Places, ScoringModel, Statistics, join_fields, tally
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

    def added_up(self, size: int) -> Floats:
        """What each document of the segment gains."""
        return tally(self.ids, self.scores, size)

    def words_met(self, size: int) -> Floats:
        """For how many words of the question it stands in each document of the segment."""
        return tally(self.ids, np.broadcast_to(self.stands_for, self.ids.shape), size)


class Heard:
    """Where words stand, in every segment, and how many documents have them."""

    def __init__(self, snapshot: Snapshot, fields: Sequence[str], words: Sequence[str]) -> None:
        self.words = tuple(words)
        self._snapshot = snapshot
        keys = [word.encode("utf-8", "surrogatepass") for word in words]
        gathered = [{name: part.gather(name, keys) for name in fields} for part in snapshot.parts]
        self.said = [join_fields(by_field) for by_field in gathered]
        counts = [tally(said.words, None, len(words)) for said in self.said]
        none = np.zeros(len(words))
        self.statistics = Statistics(
            snapshot.size,
            sum(counts, none),
            {name: sum((by_field[name].counts.astype(np.float64) for by_field in gathered), none) for name in fields},
        )

    def evidence(self, number: int, model: ScoringModel, labels: tuple[str, ...], *, stands_for: int = 0) -> Evidence:
        said = self.said[number]
        scores = model.score(said, partial(norms_of, self._snapshot, number), self.statistics)
        return Evidence(labels, said.ids, said.words, scores, stands_for)


def norms_of(snapshot: Snapshot, number: int, name: str, b: float) -> Floats:
    return snapshot.parts[number].norms(name, b, snapshot.average_length(name))


def constant(label: str, ids: Places, scores: Floats) -> Evidence:
    return Evidence((label,), ids, np.zeros(len(ids), np.intp), scores)


def grams_of(core: str) -> tuple[str, ...]:
    """The pairs of neighbouring characters of a question; what stands alone is a word already."""
    codes, _ = gram_arrays(core)
    return tuple(dict.fromkeys(text for text in gram_texts(codes) if len(text) == 2))
