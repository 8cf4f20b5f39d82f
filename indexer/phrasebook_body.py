"""Where do the characters, sounds, words and initials of all entries stand, one text behind the other?"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from analyzers.pinyin import reading
from analyzers.tokenizer import segmenter
from indexer.columnar.array_file import Array, ArrayFileWriter
from indexer.phrasebook_layout import (
    BLOCK,
    GAP,
    LONGEST_KEY,
    LONGEST_PATTERN,
    Kind,
    codes,
    first_letters,
    initials_key,
    near_numbers,
    sound_numbers,
)

HAN = re.compile("[\u4e00-\u9fd5]+")

# Beyond, a title's words are not found by initials (the longest of 32,131 titles has 220 characters).
_LONGEST_CHAIN = 255

_RUN = re.compile("[\u4e00-\u9fd5]+|[^\\W_\u4e00-\u9fd5]+")


class Words:
    """What is known of each distinct word, read once: its sounds, and the words within it by their initials."""

    def __init__(self, frequencies: dict[str, int]) -> None:
        self._frequencies = frequencies
        self._sound_numbers = sound_numbers()
        self.numbers: dict[str, int] = {}
        self.lengths = array("H")
        self.sounds = array("H")
        self.key_counts = array("H")
        self.keys = array("Q")
        self.key_offsets = array("H")

    def number(self, word: str) -> int:
        """The word's number, from 0."""
        number = self.numbers.get(word)
        if number is None:
            number = self.numbers[word] = len(self.numbers)
            self._read(word)
        return number

    def _read(self, word: str) -> None:
        said = reading(word)
        letters = "".join(one[0] if one else letter for one, letter in zip(said, word, strict=True))
        spans = [
            (start, end)
            for start in range(len(word))
            for end in range(start + 1, min(len(word), start + LONGEST_KEY) + 1)
            if end - start == len(word) or (end - start > 1 and word[start:end] in self._frequencies)
        ]
        keys = [(start, key) for start, end in spans if (key := initials_key(letters[start:end]))]
        self.lengths.append(len(word))
        self.sounds.extend(self._sound_numbers.get(one, 0) for one in said)
        self.key_counts.append(len(keys))
        self.keys.extend(key for _, key in keys)
        self.key_offsets.extend(start for start, _ in keys)


class Body:
    """The texts of all entries, one behind the other, with what is read out of them."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._texts: list[str] = []
        self._starts = array("I", [0])
        self._numbers = array("I")  # of the words, in the order of the texts
        self._places = array("I")
        self._run_ends = array("I")

    def add(self, text: str, kind: Kind) -> None:
        base, number = self._starts[-1], self._words.number
        for run in _RUN.finditer(text):
            place = base + run.start()
            cut = kind is not Kind.TERM and HAN.match(run[0])
            for word in segmenter().cut_apart(run[0]) if cut else _pieces(run[0]):
                self._numbers.append(number(word))
                self._places.append(place)
                place += len(word)
            self._run_ends.append(place)
        self._texts.append(text)
        self._starts.append(base + len(text) + GAP)

    def write(self, file: ArrayFileWriter) -> None:
        text = codes(("\0" * GAP).join([*self._texts, "\0" * LONGEST_PATTERN]))
        starts, places = np.array(self._starts, np.uint32), np.array(self._places, np.uint32)
        numbers = np.array(self._numbers, np.uint32)
        sounds = np.zeros(len(text), np.uint16)
        at, of = _spread(places, numbers, np.array(self._words.lengths))
        sounds[at] = np.array(self._words.sounds, np.uint16)[of]
        begins = np.zeros(len(text), np.bool_)
        begins[places] = True
        begins[np.array(self._run_ends, np.uint32)] = True
        letters = first_letters()[sounds]
        plain = (sounds == 0) & (text < 128)
        letters[plain] = text[plain].astype(np.uint8)
        file.add("starts", starts)
        file.add("blocks", (np.searchsorted(starts, np.arange(0, len(text), BLOCK), "right") - 1).astype(np.uint32))
        file.add("codes", text)
        file.add("sounds", sounds)
        file.add("letters", letters)
        file.add("begins", begins)
        _write_places(file, "pair", _pairs(text))
        _write_places(file, "near", _pairs(near_numbers()[sounds]))
        self._write_chains(file, starts, places, numbers)

    def _write_chains(self, file: ArrayFileWriter, starts: Array, places: Array, numbers: Array) -> None:
        """Where the words with the same initials begin: entry, and offset in it."""
        counts = np.array(self._words.key_counts)
        _, of = _spread(places, numbers, counts)
        begin = np.repeat(places, counts[numbers]) + np.array(self._words.key_offsets, np.uint32)[of]
        entries = (np.searchsorted(starts, begin, "right") - 1).astype(np.uint32)
        offsets = begin - starts[entries]
        kept = offsets <= _LONGEST_CHAIN
        keys = np.array(self._words.keys, np.uint64)[of][kept]
        order = np.argsort(keys, kind="stable")
        distinct, firsts = np.unique(keys[order], return_index=True)
        file.add("chain_keys", distinct)
        file.add("chain_ends", np.append(firsts, len(keys)).astype(np.uint32))
        file.add("chain_entries", entries[kept][order])
        file.add("chain_offsets", offsets[kept][order].astype(np.uint8))


def _pieces(run: str) -> Iterator[str]:
    """A run of letters, which nothing but this bounds."""
    return (run[start : start + _LONGEST_CHAIN] for start in range(0, len(run), _LONGEST_CHAIN))


def _spread(places: Array, numbers: Array, counts: Array) -> tuple[Array, Array]:
    """For words that have so many things each: the places of all (one behind the other), and which things they are."""
    firsts = np.cumsum(counts, dtype=np.int64) - counts
    each = counts[numbers].astype(np.int64)
    ahead = np.arange(int(each.sum())) - np.repeat(np.cumsum(each) - each, each)
    return np.repeat(places, each) + ahead, np.repeat(firsts[numbers], each) + ahead


def _pairs(values: Array) -> npt.NDArray[np.uint64]:
    """Each two neighbours as a key in the upper half and their place in the lower, sorted; none with a 0."""
    places = np.flatnonzero((values[:-1] != 0) & (values[1:] != 0)).astype(np.uint64)
    keys = values[:-1][places].astype(np.uint64) << np.uint64(16) | values[1:][places].astype(np.uint64)
    return np.sort(keys << np.uint64(32) | places)


def _write_places(file: ArrayFileWriter, name: str, sorted_pairs: npt.NDArray[np.uint64]) -> None:
    keys, firsts = np.unique((sorted_pairs >> np.uint64(32)).astype(np.uint32), return_index=True)
    file.add(f"{name}_keys", keys)
    file.add(f"{name}_ends", np.append(firsts, len(sorted_pairs)).astype(np.uint32))
    file.add(f"{name}_places", sorted_pairs.astype(np.uint32))
