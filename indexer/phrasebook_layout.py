"""How is the phrasebook kept? Its kinds of entries, the codes of characters and sounds, and the keys that find them."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from analyzers.pinyin import syllables
from analyzers.spelling import near_sound

# A file of another layout is made anew, not read.
LAYOUT = 1

# Characters are kept in 16 bits; those beyond (emoji, the rarest Chinese characters) become one that nobody types.
BEYOND = 0xFFFD
# Between two entries, and behind the last: longer than any pattern, so that a look past an entry stays in the text.
GAP = 1
LONGEST_PATTERN = 64

# The entry of every so many places is kept; a title has 33 characters.
BLOCK = 32

# Words of up to so many characters are known as words: jieba's own longest are 中华人民共和国-like names of 7.
LONGEST_WORD = 8
# Document numbers are found without what sites write between their parts.
NUMBER_MARKS = re.compile(r"[\W_第]+")
# A key of initials: 6 bits a letter (a–z, 0–9).
LONGEST_KEY = 10
_KEY_BITS = 6

Array = npt.NDArray[Any]

_FNV_BASIS = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)


class Kind(StrEnum):
    """What an entry of the phrasebook is; the order is that in which the sections stand."""

    TERM = "term"
    AGENCY = "agency"
    NUMBER = "number"
    ITEM = "item"
    TITLE = "title"


KINDS = tuple(Kind)


def codes(text: str) -> npt.NDArray[np.uint16]:
    """One 16-bit code a character."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.where(points > 0xFFFF, BEYOND, points).astype(np.uint16)


def row_keys(rows: Array) -> npt.NDArray[np.uint64]:
    """A 64-bit key of each row of a matrix of codes (FNV-1a over 16-bit units); what has it must still be compared."""
    keys = np.full(len(rows), _FNV_BASIS, np.uint64)
    for column in rows.T:
        keys = (keys ^ column.astype(np.uint64)) * _FNV_PRIME
    return keys


def span_keys(row: Array, longest: int) -> tuple[Array, Array, Array]:
    """Starts, ends and keys of all spans of a row of codes, up to a length; the shorter first."""
    keys = np.full(len(row), _FNV_BASIS, np.uint64)
    starts, ends, found = [], [], []
    for length in range(1, min(len(row), longest) + 1):
        keys = (keys[: len(row) - length + 1] ^ row[length - 1 :].astype(np.uint64)) * _FNV_PRIME
        places = np.arange(len(keys))
        starts.append(places)
        ends.append(places + length)
        found.append(keys)
    return np.concatenate(starts), np.concatenate(ends), np.concatenate(found)


def initials_key(letters: str) -> int:
    """Up to `LONGEST_KEY` letters and digits as one number, which sorts as they do; 0 if one is something else."""
    key = 0
    for letter in letters:
        place = _LETTER_NUMBERS.get(letter)
        if place is None:
            return 0
        key = key << _KEY_BITS | place
    return key << _KEY_BITS * (LONGEST_KEY - len(letters))


def initials_range(letters: str) -> tuple[int, int]:
    """The keys of all that begin with these letters: from the first on, before the second."""
    first = initials_key(letters)
    return first, first + (1 << _KEY_BITS * (LONGEST_KEY - len(letters)))


_LETTER_NUMBERS = {letter: number for number, letter in enumerate("0123456789abcdefghijklmnopqrstuvwxyz", 1)}


@cache
def sound_numbers() -> dict[str, int]:
    """Every syllable's number, from 1; 0 is no sound."""
    return {syllable: number for number, syllable in enumerate(syllables(), 1)}


@cache
def near_numbers() -> npt.NDArray[np.uint16]:
    """By the number of a syllable: the number of its class of near sounds; 0 for no sound."""
    numbers = sound_numbers()
    classes: dict[str, int] = {}
    found = np.zeros(len(numbers) + 1, np.uint16)
    for syllable, number in numbers.items():
        found[number] = classes.setdefault(near_sound(syllable), len(classes) + 1)
    return found


@cache
def first_letters() -> npt.NDArray[np.uint8]:
    """By the number of a syllable: the code of its first letter; 0 for no sound."""
    return np.array([0, *(ord(syllable[0]) for syllable in sound_numbers())], np.uint8)
