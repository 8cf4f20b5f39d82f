"""How much a document says about what was asked: the scoring models.

How loud a document says a word is its frequency, by field, times what the field weighs, over a norm that grows with the
field's length. A model says which fields are added up before loudness saturates, and what the saturated loudness is
multiplied with. The score of a question is the sum over its words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]

# Documents and what they are of, in one number each (what << 32 | document), ascending; and an amount for each.
Pairs = tuple[npt.NDArray[np.int64], Floats]


class ScoringModel(Protocol):
    """How loud a document says a word, and what that gives: ``h × (k1 + 1) / (k1 + h)``, times a factor.

    ``gram_share`` is what character pairs count beside words; ``leans`` says whether documents count more that fit what
    a question names beside its words, and official terms with plain words.
    """

    @property
    def k1(self) -> float: ...

    @property
    def gram_share(self) -> float: ...

    @property
    def leans(self) -> bool: ...

    def loudness(self, field: str) -> tuple[float, float]:
        """What a word in the field weighs, and the ``b`` of the field's norm: ``1 - b + b × length / mean length``."""
        ...

    def saturated_together(self, fields: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """The fields in groups: those of a group are added up before they saturate."""
        ...

    def factors(self, fields: tuple[str, ...], documents: int, with_word: Floats) -> Floats:
        """What words in a group of fields give at most, by how many of all documents have them there."""
        ...


def _weights(title: float, body: float) -> Mapping[str, float]:
    return MappingProxyType({"title": title, "body": body, "title_grams": title, "body_grams": body})


@dataclass(frozen=True, slots=True)
class BM25F:
    """BM25F proper: frequencies are weighted and length-normalised by field, summed, and only then saturated.

    So a word in the title and in the body counts as one word that is said more often, not as two. Source: Robertson,
    Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004; the parameters are measured on the
    development topics (`make eval`).
    """

    k1: float = 0.9
    gram_share: float = 1.5
    leans: bool = True
    weights: Mapping[str, float] = field(default_factory=lambda: _weights(2.0, 1.0))
    b: Mapping[str, float] = field(default_factory=lambda: _weights(0.5, 0.75))

    def loudness(self, field: str) -> tuple[float, float]:
        return self.weights[field], self.b[field]

    def saturated_together(self, fields: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        return (fields,)

    def factors(self, fields: tuple[str, ...], documents: int, with_word: Floats) -> Floats:  # noqa: ARG002
        idf: Floats = np.log(1 + (documents - with_word + 0.5) / (with_word + 0.5))
        return idf


@dataclass(frozen=True, slots=True)
class FieldSum:
    """Whoosh's own BM25F: a BM25 score a field, boosted, then added. Kept as the peer to compare with."""

    k1: float = 1.2
    gram_share: float = 0.0
    leans: bool = False
    b: float = 0.75
    boosts: Mapping[str, float] = field(default_factory=lambda: _weights(2.0, 1.0))

    def loudness(self, field: str) -> tuple[float, float]:  # noqa: ARG002 - the same in every field
        return 1.0, self.b

    def saturated_together(self, fields: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        return tuple((name,) for name in fields)

    def factors(self, fields: tuple[str, ...], documents: int, with_word: Floats) -> Floats:
        (name,) = fields
        idf: Floats = np.log(documents / (with_word + 1)) + 1
        return self.boosts[name] * idf


def tally(places: Places, amounts: npt.NDArray[np.generic] | None, size: int) -> Floats:
    """What each of ``size`` things gets, one amount a place; without amounts, how many places it has."""
    return np.asarray(np.bincount(places, amounts, size), np.float64)


def join_fields(found: Sequence[Pairs]) -> Pairs:
    """The pairs of several fields as one list, in which amounts of the same pair are added up."""
    (keys, amounts), *others = sorted(found, key=lambda pairs: -len(pairs[0]))
    for wanted, more in others:
        places = keys.searchsorted(wanted)
        known = keys.take(places, mode="clip") == wanted if len(keys) else np.zeros(len(wanted), np.bool_)
        amounts[places[known]] += more[known]
        fresh = ~known
        if fresh.any():
            amounts = np.insert(amounts, places[fresh], more[fresh])
            keys = np.insert(keys, places[fresh], wanted[fresh])
    return keys, amounts
