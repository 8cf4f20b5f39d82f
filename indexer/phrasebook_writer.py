"""The corpus's words and titles → the phrasebook: one file that finds them by characters, by sounds and by initials.

Everything comes from what a store or any engine can give (words with document frequencies, titles with their ids);
nothing is read of one engine's files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analyzers.general_words import COMMON_WORD, general_frequencies
from analyzers.normalize import normalize
from analyzers.pinyin import reading, readings
from indexer.columnar.array_file import Array, ArrayFileWriter
from indexer.phrasebook_body import HAN, Body, Words
from indexer.phrasebook_layout import (
    KINDS,
    LAYOUT,
    LONGEST_WORD,
    NUMBER_MARKS,
    Kind,
    codes,
    near_numbers,
    row_keys,
    sound_numbers,
)

# A missing character is only looked for in words that are long enough to be known without it.
_SHORTEST_WITH_GAP = 4
# Words that are numbers, or longer, are not kept as terms.
_LONGEST_TERM = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be suggested: its kind, its text as published, an id (may be empty) and a weight.

    Of equal kinds the heavier stand first; for terms the weight is the number of documents.
    """

    kind: Kind
    text: str
    id: str = ""
    weight: int = 0


def build(
    path: Path, words: Iterable[tuple[str, int]], titles: Iterable[tuple[str, str]], more: Iterable[Entry] = ()
) -> None:
    """Write the phrasebook of a corpus, beside the file that is there and then in its place.

    ``words`` are the words of the index with the number of documents that have them; ``titles`` are (id, title), the
    most important first (the newest, say): suggestions keep that order. ``more`` are agencies, document numbers and
    items of catalogs.
    """
    frequencies = _frequencies(words)
    by_kind: dict[Kind, list[Entry]] = {kind: [] for kind in KINDS}
    by_kind[Kind.TERM] = [Entry(Kind.TERM, word, "", count) for word, count in frequencies.items()]
    by_kind[Kind.TITLE] = [Entry(Kind.TITLE, title, name) for name, title in titles if title]
    for entry in more:
        by_kind[entry.kind].append(entry)
    entries = [entry for kind in KINDS for entry in sorted(by_kind[kind], key=lambda entry: -entry.weight)]
    bounds = np.cumsum([0, *(len(by_kind[kind]) for kind in KINDS)])
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with ArrayFileWriter(beside) as file:
            _write(file, entries, bounds, frequencies)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _frequencies(words: Iterable[tuple[str, int]]) -> dict[str, int]:
    """What can be a term: no numbers, nothing overlong; its normal form, with the sum of what has it."""
    found: dict[str, int] = {}
    for word, count in words:
        normal = normalize(word)
        if count > 0 and 0 < len(normal) <= _LONGEST_TERM and not normal[0].isdigit():
            found[normal] = found.get(normal, 0) + count
    return found


def _own_frequencies(frequencies: dict[str, int], terms: Sequence[Entry]) -> Iterator[int]:
    """In how many documents each term stands that do not have it within one longer word.

    Search mode yields words inside words: 责人 is in every document that has 负责人.
    """
    own = dict(frequencies)
    for longer, count in frequencies.items():
        for start in range(len(longer)):
            for end in range(start + 2, len(longer) + (start > 0)):
                inner = longer[start:end]
                if inner in own:
                    own[inner] = max(0, min(own[inner], frequencies[inner] - count))
    return (own.get(term.text, term.weight) for term in terms)


def _write(file: ArrayFileWriter, entries: Sequence[Entry], bounds: Array, frequencies: dict[str, int]) -> None:
    file.add("layout", np.array([LAYOUT], np.uint32))
    file.add("bounds", bounds.astype(np.uint32))
    file.add("own_weights", np.array(list(_own_frequencies(frequencies, entries[: bounds[1]])), np.uint32))
    file.add("weights", np.array([entry.weight for entry in entries], np.uint32))
    _write_texts(file, "text", [entry.text for entry in entries])
    _write_texts(file, "id", [entry.id for entry in entries])
    body = Body(Words(frequencies))
    for entry in entries:
        body.add(_key_text(entry), entry.kind)
    body.write(file)
    _write_terms(file, [entry.text for entry in entries[: bounds[1]]])
    for name, array in _general_chinese().items():
        file.add(name, array)


def _key_text(entry: Entry) -> str:
    normal = normalize(entry.text)
    return NUMBER_MARKS.sub("", normal) if entry.kind is Kind.NUMBER else normal


def _write_texts(file: ArrayFileWriter, name: str, texts: Sequence[str]) -> None:
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    file.add(f"{name}_ends", np.cumsum([0, *map(len, encoded)]).astype(np.uint64))
    file.add(f"{name}_bytes", np.frombuffer(b"".join(encoded), np.uint8))


def _write_terms(file: ArrayFileWriter, terms: Sequence[str]) -> None:
    """By the key of their characters, of their near sounds, and of what is left when one character is missing."""
    numbers, near = sound_numbers(), near_numbers().tolist()
    kept = [(number, term) for number, term in enumerate(terms) if len(term) <= LONGEST_WORD]
    chinese = [(number, term) for number, term in kept if HAN.fullmatch(term)]
    said = [(number, "".join(chr(near[numbers.get(one, 0)]) for one in reading(term))) for number, term in chinese]
    gaps = [
        (number, term[:gap] + term[gap + 1 :])
        for number, term in chinese
        if len(term) >= _SHORTEST_WITH_GAP
        for gap in range(len(term))
    ]
    for name, rows in (("as_written", kept), ("as_said", said), ("with_gap", gaps)):
        keys, owners = _keyed(rows)
        file.add(f"{name}_keys", keys)
        file.add(f"{name}_terms", owners)


def _keyed(rows: Iterable[tuple[int, str]]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]:
    """The keys of texts, sorted, and whose they are."""
    by_length: dict[int, list[tuple[int, str]]] = {}
    for row in rows:
        by_length.setdefault(len(row[1]), []).append(row)
    keys, owners = [np.empty(0, np.uint64)], [np.empty(0, np.uint32)]
    for length, same in by_length.items():
        keys.append(row_keys(codes("".join(text for _, text in same)).reshape(-1, length)))
        owners.append(np.array([owner for owner, _ in same], np.uint32))
    every = np.concatenate(keys)
    order = np.argsort(every, kind="stable")
    return every[order], np.concatenate(owners)[order]


@cache
def _general_chinese() -> dict[str, Array]:
    """What is known of characters and words beyond the corpus, so that a question needs no tables but these.

    ``readings``: by character, the numbers of up to three sounds; ``alone``: by character, how often general Chinese
    has it as a word, of ``general_total`` words; ``dictionary``: the keys of its common longer words.
    """
    numbers = sound_numbers()
    said = np.zeros((0x10000, 3), np.uint16)
    for code in range(0x3400, 0xA000):
        sounds = [numbers[one] for one in readings(chr(code))][:3]
        said[code, : len(sounds)] = sounds
    frequencies = general_frequencies()
    alone = np.zeros(0x10000, np.uint32)
    for word, frequency in frequencies.items():
        if len(word) == 1:
            alone[ord(word)] = frequency
    common = [word for word, frequency in frequencies.items() if frequency >= COMMON_WORD and len(word) > 1]
    return {
        "readings": said,
        "alone": alone,
        "general_total": np.array([sum(frequencies.values())], np.uint64),
        "dictionary": _keyed((0, word) for word in common)[0],
    }
