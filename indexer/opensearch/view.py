"""The documents that the cluster found first, as ranking sees an index (`indexer.view`).

They are one small segment whose postings are counted in what the cluster stored of them, when they are asked for; what
holds for the whole index comes from the cluster (`statistics`). So `indexer.matching` scores them with the code, and
but for lengths (exact here, in steps there) with the numbers, that it has for the embedded index.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from analyzers.normalize import normalize
from indexer.columnar.postings import Gathered
from indexer.opensearch.statistics import STREAMS, Frequencies
from indexer.view import Floats, Mask, Places

_STREAMS = tuple(STREAMS)


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a key column among the documents seen."""

    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class Segment:
    """The only one."""

    size: int
    offset: int = 0


class FoundPart:
    """The rows, as the cluster stored them, as a segment (see `indexer.snapshot.Part`); of one thread."""

    def __init__(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.rows = rows
        self.segment = Segment(len(rows))
        self._said: dict[str, list[Counter[str]]] = {}

    @property
    def size(self) -> int:
        return len(self.rows)

    @cached_property
    def days(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        return np.array([row["day"] for row in self.rows], np.int64)

    @cached_property
    def number_keys(self) -> Sequence[str]:
        return sorted({key for row in self.rows for key in row["number"]})

    def gather(self, field: str, words: Sequence[bytes]) -> Gathered:
        """Where words stand in a field, counted in what is stored."""
        ids: list[int] = []
        frequencies: list[int] = []
        counts = []
        for word in (word.decode("utf-8", "replace") for word in words):
            before = len(ids)
            for place, often in enumerate(self._often(field, word)):
                if often:
                    ids.append(place)
                    frequencies.append(often)
            counts.append(len(ids) - before)
        number = np.array(counts, np.intp)
        return Gathered(
            np.array(ids, np.intp),
            np.repeat(np.arange(len(counts)), number),
            np.array(frequencies, np.float64),
            number,
        )

    def documents(self, field: str, word: str) -> Places:
        return np.array([place for place, row in enumerate(self.rows) if word in row[field]], np.intp)

    def norms(self, field: str, b: float, average: float) -> Floats:
        return np.asarray((1 - b) + b * (self._lengths[:, _STREAMS.index(field)] / (average or 1.0)), np.float64)

    def having_any(self, name: str, values: Sequence[str]) -> Mask:
        return np.array([not set(values).isdisjoint(row[name]) for row in self.rows], np.bool_)

    def _often(self, field: str, word: str) -> Sequence[int]:
        """How often each row says a word in a field."""
        if field in ("title_grams", "body_grams"):
            text = self._normal_titles if field == "title_grams" else self._normal_bodies
            return [_occurrences(one, word) for one in text]
        if field in STREAMS:
            return [said[word] for said in self._words(field)]
        return [row[field].count(word) for row in self.rows]

    def _words(self, field: str) -> list[Counter[str]]:
        if field not in self._said:
            self._said[field] = [Counter(row[STREAMS[field]].split(" ")) for row in self.rows]
        return self._said[field]

    @cached_property
    def _lengths(self) -> Floats:
        return np.array([row["shown"]["lengths"] for row in self.rows], np.float64).reshape(-1, len(_STREAMS))

    @cached_property
    def _normal_titles(self) -> list[str]:
        return [normalize(row["title"]) for row in self.rows]

    @cached_property
    def _normal_bodies(self) -> list[str]:
        return [normalize(row["body"]) for row in self.rows]


class FoundView:
    """The rows that the cluster found first, in a whole index (see `indexer.view.View`)."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], whole: Frequencies) -> None:
        self.part = FoundPart(rows)
        self.parts = (self.part,)
        self.whole = whole
        self.size = whole.size

    def average_length(self, field: str) -> float:
        return self.whole.average_length(field)

    def column(self, name: str) -> Values:
        return Values(sorted({value for row in self.part.rows for value in row[name]}))

    def having(self, name: str, value: str) -> list[Mask]:
        return self.having_any(name, (value,))

    def having_any(self, name: str, values: Sequence[str]) -> list[Mask]:
        return [self.part.having_any(name, values)]

    def number_of(self, document_id: str) -> int | None:
        return next((place for place, row in enumerate(self.part.rows) if row["id"] == document_id), None)


def _occurrences(text: str, pair: str) -> int:
    """How often two characters stand side by side."""
    if pair[:1] == pair[1:]:
        return len(re.findall(f"(?={re.escape(pair)})", text))
    return text.count(pair)
