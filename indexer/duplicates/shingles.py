"""Which 5-character shingles does a text have, as numbers, and where in it does each stand?

A text is normalised (`analyzers.normalize`) and stripped to its letters and digits: spaces, line breaks and punctuation
differ between two copies of the same text (｜，｜ and ``,``, a table and its flat copy) and say nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from analyzers.normalize import normal_forms

Hashes = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int64]

# Characters a shingle: as in `law-versions.dev` and the literature on Chinese text; 4 and 6 were not better there.
SIZE = 5

# What ends a sentence, as far as pieces of text come back in other documents word for word: a line does as well.
_BREAKS = "\n。！？；!?;"

# Above plane 3 Unicode assigns only tags and private use: all of that becomes one character that is no letter.
_CODES = 0x40000

# Multiplier and mixer of splitmix64 (Steele, Lea, Flood 2014): neighbouring shingles get unrelated numbers.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters and digits of texts in their normal form (code points), and where each stands in the text it is of.

    ``starts`` has an entry more than there are texts: the letters of text ``i`` are ``codes[starts[i]:starts[i + 1]]``.
    """

    codes: npt.NDArray[np.uint32]
    places: Places
    starts: Places
    sentences: Places  # the number of the sentence in which each stands, counted through all texts


def letters_of(texts: Sequence[str]) -> Letters:
    """The letters of each text; half a character of a broken UTF-16 pair counts as none."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    ends = np.cumsum(lengths)
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    forms, is_letter, is_break = _tables()
    known = np.minimum(codes, np.uint32(_CODES))
    kept = np.flatnonzero(is_letter[known])
    starts = np.zeros(len(texts) + 1, np.int64)
    starts[1:] = np.searchsorted(kept, ends)
    owner = np.repeat(np.arange(len(texts)), np.diff(starts))
    breaks = is_break[known].astype(np.int64)
    breaks[ends[:-1][ends[:-1] < len(codes)]] += 1  # where another text begins
    sentences = np.cumsum(breaks)[kept]
    return Letters(forms[known[kept]], kept - (ends - lengths)[owner], starts, sentences)


def shingles_of(letters: Letters) -> tuple[Hashes, Places]:
    """The number of every shingle, text by text, repeats included; and the starts, as in `Letters`.

    A text of fewer than `SIZE` letters has no shingle.
    """
    counts = np.maximum(np.diff(letters.starts) - SIZE + 1, 0)
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    begins = np.arange(starts[-1]) + np.repeat(letters.starts[:-1] - starts[:-1], counts)
    codes = letters.codes.astype(np.uint64)
    hashes = np.zeros(len(begins), np.uint64)
    for offset in range(SIZE):
        hashes = hashes * _STEP + codes[begins + offset]
    return mixed(hashes), starts


def text_shingles(text: str) -> Hashes:
    """The shingles of one text in its order, repeats included."""
    return shingles_of(letters_of([text]))[0]


def mixed(numbers: Hashes) -> Hashes:
    """Numbers that look drawn by chance, the same for the same, one to one."""
    numbers = numbers ^ (numbers >> np.uint64(30))
    numbers = numbers * _MIX_1
    numbers = numbers ^ (numbers >> np.uint64(27))
    numbers = numbers * _MIX_2
    return numbers ^ (numbers >> np.uint64(31))


def distinct(numbers: Hashes) -> Hashes:
    """Each of the numbers once, ascending; a quarter of the time of `numpy.unique`."""
    numbers = np.sort(numbers)
    new = np.ones(len(numbers), np.bool_)
    new[1:] = numbers[1:] != numbers[:-1]
    return numbers[new]


def shared_count(one: Hashes, other: Hashes) -> int:
    """How many numbers two `distinct` arrays share."""
    both = np.concatenate([one, other])
    both.sort(kind="stable")  # merges the two in one pass
    return int((both[1:] == both[:-1]).sum())


def is_known(numbers: Hashes, known: Hashes) -> npt.NDArray[np.bool_]:
    """Which of the numbers stand in a `distinct` array."""
    if not len(known):
        return np.zeros(len(numbers), np.bool_)
    at = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
    found: npt.NDArray[np.bool_] = known[at] == numbers
    return found


def digests_of(letters: Letters) -> Hashes:
    """A number for the letters of each text as a whole: equal texts have equal ones (others once in 10^19).

    That of a text without letters is 0.
    """
    return _digests(letters.codes, letters.starts)


def sentence_starts(letters: Letters) -> Places:
    """Where in ``codes`` each sentence begins that has a letter, and the end of the last."""
    new = np.ones(len(letters.codes), np.bool_)
    new[1:] = letters.sentences[1:] != letters.sentences[:-1]
    return np.append(np.flatnonzero(new), len(letters.codes))


def sentence_digests(letters: Letters) -> Hashes:
    """The same for every sentence of `sentence_starts`."""
    return _digests(letters.codes, sentence_starts(letters))


def _digests(codes: npt.NDArray[np.uint32], starts: Places) -> Hashes:
    positions = np.arange(len(codes)) - np.repeat(starts[:-1], np.diff(starts))
    each = mixed(codes.astype(np.uint64) + (positions.astype(np.uint64) << np.uint64(21)))
    sums = np.zeros(len(each) + 1, np.uint64)
    np.cumsum(each, out=sums[1:])
    return mixed(sums[starts[1:]] - sums[starts[:-1]])


@cache
def _tables() -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """The normal form of every code point, whether that is a letter or a digit, and whether it ends a sentence."""
    forms = np.arange(_CODES + 1, dtype=np.uint32)
    for code, form in normal_forms().items():
        forms[code] = ord(form)
    is_letter = np.fromiter((code < _CODES and chr(code).isalnum() for code in range(_CODES + 1)), np.bool_)
    is_break = np.zeros(_CODES + 1, np.bool_)
    is_break[[ord(character) for character in _BREAKS]] = True
    return forms, is_letter[forms], is_break
