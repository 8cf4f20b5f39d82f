"""How alike are two texts, without what is boilerplate in them?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analyzers.normalize import normalize
from corpus.models import Document
from indexer.duplicates.boilerplate import Mask, frequent_mask, phrase_mask
from indexer.duplicates.shingles import (
    SIZE,
    Hashes,
    Letters,
    digests_of,
    distinct,
    is_known,
    letters_of,
    shared_count,
    shingles_of,
)
from indexer.mapping import searchable_text

# With fewer letters of its own a text says nothing that could be compared. 正文见附件 and a title leave none to ten;
# the shortest articles of law have 12.
OWN_LETTERS = 12

# A text with less than this share of letters outside frequent sentences is compared as it is: it was published so
# often, with small changes, that it became frequent itself.
_OWN_SHARE = 0.2

# Of longer texts the beginnings are compared letter by letter: 10,000 beside 10,000 take some 40 ms.
_MOST_LETTERS = 10_000

# Single digits number lists and tables, in every text.
_FIGURES = re.compile(r"\d{2,}")


@dataclass(frozen=True, slots=True)
class Compared:
    """A text, made ready to be compared: its letters, which of them count, and the shingles of those (sorted, once).

    ``boilerplate`` are the other shingles of the whole text. ``digests`` are those of all letters, and of those outside
    the phrases of ``data/boilerplate.tsv`` (none of no letters); ``says`` is how many letters are its own: neither such
    phrases nor the title again. ``as_it_is``: it is nearly all frequent sentences, which therefore count.
    """

    text: str
    letters: Letters
    counted: Mask
    shingles: Hashes
    boilerplate: Hashes
    digests: frozenset[int]
    says: int
    as_it_is: bool

    @property
    def comparable(self) -> bool:
        return self.says >= OWN_LETTERS


def prepare(document: Document, frequent: Hashes) -> Compared:
    """Make the text of a document and its attachments ready; ``frequent`` are the corpus's frequent sentences."""
    text = searchable_text(document)
    letters = letters_of([text])
    own = ~phrase_mask(text, letters)
    counted = own & ~frequent_mask(letters, frequent)
    as_it_is = bool(counted.sum() < max(OWN_LETTERS, _OWN_SHARE * own.sum()))
    if as_it_is:
        counted = own
    kept = letters.codes[own]
    without = Letters(kept, letters.places[own], np.array([0, len(kept)]), letters.sentences[own])
    digests = frozenset((int(digests_of(letters)[0]), int(digests_of(without)[0]))) - {0}
    says = own & ~_in_names(letters, [document.title, *(item.name for item in document.attachments)])
    shingles = _shingles(letters.codes[counted])
    every = shingles if counted.all() else _shingles(letters.codes)
    boilerplate = every[~is_known(every, shingles)]
    return Compared(text, letters, counted, shingles, boilerplate, digests, int(says.sum()), as_it_is)


@dataclass(frozen=True, slots=True)
class Similarity:
    """Of two texts A and B: Jaccard, the share of A's shingles that B has, and the share of B's that A has.

    The shares are of those that are not boilerplate of the other: an excerpt that begins in the midst of a frequent
    sentence has its end, which alone is not frequent. ``a_own`` and ``b_own`` say how many that are.
    """

    jaccard: float
    a_in_b: float
    b_in_a: float
    a_own: int
    b_own: int


def similarity(a: Compared, b: Compared) -> Similarity:
    """How much of their shingles two texts share."""
    shared = shared_count(a.shingles, b.shingles)
    every = len(a.shingles) + len(b.shingles) - shared
    a_own = len(a.shingles) - shared_count(a.shingles, b.boilerplate)
    b_own = len(b.shingles) - shared_count(b.shingles, a.boilerplate)
    return Similarity(shared / max(every, 1), shared / max(a_own, 1), shared / max(b_own, 1), a_own, b_own)


def common_shingles(a: Compared, b: Compared) -> float:
    """The share of shingles that stand in both, boilerplate and all: 2 · those / the shingles of both."""
    one, other = _every(a), _every(b)
    return 2 * shared_count(one, other) / max(len(one) + len(other), 1)


def common_letters(a: Compared, b: Compared) -> float:
    """The share of letters that stand in both in one order, boilerplate and all: 2 · longest common subsequence / both.

    One character in five misread leaves a third of the shingles and 80% of this. Bit-parallel after Hyyrö (2004), in
    the words of Python's integers: 5,000 letters beside 5,000 take some 10 ms.
    """
    first, second = (part.letters.codes[:_MOST_LETTERS].tolist() for part in (a, b))
    if not first or not second:
        return 0.0
    where: dict[int, int] = {}
    for place, code in enumerate(first):
        where[code] = where.get(code, 0) | 1 << place
    every = (1 << len(first)) - 1
    row = every
    for code in second:
        matched = row & where.get(code, 0)
        row = ((row + matched) | (row - matched)) & every
    return 2 * (len(first) - row.bit_count()) / (len(first) + len(second))


def common_figures(a: Compared, b: Compared) -> float:
    """The share of the figures (of two digits or more) of the text with fewer that the other has; 1 where it has none.

    What is left of the facts of a misread text: its words are broken, its figures mostly are not.
    """
    first, second = (Counter(_FIGURES.findall(normalize(part.text))) for part in (a, b))
    fewer = min(first.total(), second.total())
    return (first & second).total() / fewer if fewer else 1.0


def in_common(one: Compared, other: Compared) -> Mask:
    """Which letters of a text stand in a shingle that the other has anywhere."""
    return _covered(one.letters, _every(other))


def _every(compared: Compared) -> Hashes:
    """All shingles of a text."""
    return distinct(np.concatenate([compared.shingles, compared.boilerplate]))


def _in_names(letters: Letters, names: Iterable[str]) -> Mask:
    """Which letters are a part of a shingle that stands in one of the names."""
    known, _ = shingles_of(letters_of([name for name in names if name] or [""]))
    return _covered(letters, distinct(known))


def _covered(letters: Letters, known: Hashes) -> Mask:
    """Which letters are a part of a shingle that is known."""
    own, _ = shingles_of(letters)
    hits = is_known(own, known)
    mask = np.zeros(len(letters.codes), np.bool_)
    for offset in range(SIZE):
        mask[offset : offset + len(hits)] |= hits
    return mask


def _shingles(codes: npt.NDArray[np.uint32]) -> Hashes:
    nothing = np.zeros(0, np.int64)
    every, _ = shingles_of(Letters(codes, nothing, np.array([0, len(codes)]), nothing))
    return distinct(every)
