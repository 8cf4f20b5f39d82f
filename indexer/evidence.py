"""What do the ways of saying what was asked give to documents? Where they stand, and how loud documents say them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

import numpy as np

from analyzers.grams import gram_arrays, gram_texts
from indexer.columnar.arithmetic import Compiled, Said, arithmetic
from indexer.columnar.postings import Gathered
from indexer.ranking import Floats, Places, ScoringModel, join_fields
from indexer.snapshot import Part
from indexer.view import PartSeen, View

# One word, or several that must stand together in one field.
Way = tuple[str, ...]


class Evidence:
    """What one part of a question gives to the documents of a segment; ``label`` says to people what it is."""

    __slots__ = ("_add", "label")

    def __init__(self, label: str, add: Callable[[Floats], None]) -> None:
        self.label = label
        self._add = add

    def add_to(self, gained: Floats) -> None:
        """Add what each document of the segment gains."""
        self._add(gained)

    def of(self, document: int, size: int) -> float:
        """What one document of the segment, which has so many, gains."""
        gained = np.zeros(size)
        self._add(gained)
        return float(gained[document])


def constant(label: str, ids: Places, scores: Floats | float) -> Evidence:
    """Some documents, and what they gain."""

    def add(gained: Floats) -> None:
        np.add.at(gained, ids, scores)

    return Evidence(label, add)


def given(label: str, scores: Floats) -> Evidence:
    """What every document gains."""

    def add(gained: Floats) -> None:
        gained += scores

    return Evidence(label, add)


class Heard:
    """Where ways of saying something stand, in every segment, and how many documents have each; all looked up at once.

    ``said`` is by segment, in any of the ``fields``; ``documents`` (deleted ones included) and ``factors``, what its
    saturated loudness is multiplied with, are by way.
    """

    def __init__(self, snapshot: View, fields: Sequence[str], ways: Sequence[Way], model: ScoringModel) -> None:
        self._model = model
        self.fields = tuple(fields)
        self._numbers = {way: number for number, way in enumerate(dict.fromkeys(ways))}
        words = tuple(dict.fromkeys(chain.from_iterable(self._numbers)))
        number_of = {word: number for number, word in enumerate(words)}
        keys = [word.encode("utf-8", "surrogatepass") for word in words]
        wanted = [tuple(number_of[word] for word in way) for way in self._numbers]
        averages = {name: snapshot.average_length(name) for name in fields}
        self.said: list[Said] = [self._hear(part, keys, wanted, averages) for part in snapshot.parts]
        self.documents: Floats = self._counted(snapshot)
        self.factors: Floats = model.factors(self.fields, snapshot.size, self.documents)

    def number(self, way: Way) -> int:
        """The number of a way, by which arrays tell of it."""
        return self._numbers[way]

    def numbers(self, ways: Sequence[Way]) -> Places:
        return np.array([self._numbers[way] for way in ways], np.int64)

    def add(self, number: int, gained: Floats, ways: Sequence[Way], share: float = 1.0) -> None:
        """Add to the documents of segment ``number`` what these ways give."""
        places = self.numbers(ways)
        arithmetic().add(gained, self.said[number], places, share * self.factors[places], self._model.k1)

    def evidence(self, number: int, label: str, ways: Sequence[Way], share: float = 1.0) -> Evidence:
        """The same, to be added later."""
        return Evidence(label, lambda gained: self.add(number, gained, ways, share))

    def _counted(self, snapshot: View) -> Floats:
        if snapshot.whole is None:
            return sum((np.diff(said.starts) for said in self.said), np.zeros(len(self._numbers)))
        alone = [way for way in self._numbers if len(way) == 1]
        counts = dict(zip(alone, snapshot.whole.of(self.fields, [word for (word,) in alone]).tolist(), strict=True))
        found = [counts[way] if way in counts else snapshot.whole.together(way) for way in self._numbers]
        return np.array(found, np.float64)

    def _hear(
        self, part: PartSeen, keys: list[bytes], ways: list[tuple[int, ...]], averages: Mapping[str, float]
    ) -> Said:
        compiled = arithmetic()
        if isinstance(compiled, Compiled) and isinstance(part, Part):
            loud = [part.loudness(name, *self._model.loudness(name), averages[name]) for name in self.fields]
            return part.hear(compiled, self.fields, keys, ways, np.array(loud))
        found = []
        for name in self.fields:
            ids, numbers, frequencies = _together(part.gather(name, keys), ways)
            weight, b = self._model.loudness(name)
            found.append((numbers << 32 | ids, frequencies * (weight / part.norms(name, b, averages[name])[ids])))
        places, heard = join_fields(found)
        starts = places.searchsorted(np.arange(len(ways) + 1) << 32)
        return Said(places & 0xFFFFFFFF, heard, starts)


def grams_of(core: str) -> tuple[str, ...]:
    """The pairs of neighbouring characters of a question; what stands alone is a word already."""
    codes, _ = gram_arrays(core)
    return tuple(dict.fromkeys(text for text in gram_texts(codes) if len(text) == 2))


def each(words: Sequence[str]) -> list[Way]:
    """Each word as a way of its own."""
    return [(word,) for word in words]


def _together(gathered: Gathered, ways: Sequence[tuple[int, ...]]) -> tuple[Places, Places, Floats]:
    """Postings of words as those of ways: documents, which way, and how often, that is as often as the rarest word."""
    ends = np.cumsum(gathered.counts)

    def postings(word: int) -> tuple[Places, Floats]:
        here = slice(int(ends[word] - gathered.counts[word]), int(ends[word]))
        return gathered.ids[here], gathered.frequencies[here]

    found = [_in_all([postings(word) for word in way]) for way in ways]
    ids = np.concatenate([np.zeros(0, np.intp), *(ids for ids, _ in found)])
    frequencies = np.concatenate([np.zeros(0), *(often for _, often in found)])
    return ids, np.arange(len(ways)).repeat([len(ids) for ids, _ in found]), frequencies


def _in_all(words: Sequence[tuple[Places, Floats]]) -> tuple[Places, Floats]:
    (ids, frequencies), *others = sorted(words, key=lambda found: len(found[0]))
    for other, often in others if len(ids) else ():
        places = other.searchsorted(ids)
        there = other.take(places, mode="clip") == ids
        ids, frequencies = ids[there], np.minimum(frequencies[there], often[places[there]])
    return ids, frequencies
