"""What in a text says nothing of its own: phrases of every official text, and sentences frequent in the corpus."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from indexer.duplicates.shingles import Hashes, Letters, is_known, sentence_digests, sentence_starts

Mask = npt.NDArray[np.bool_]

_FILE = "boilerplate.tsv"

# A longer line is a text without paragraphs, whatever it begins with.
_LONGEST_LINE = 200


def phrase_mask(text: str, letters: Letters) -> Mask:
    """Which letters of a text stand in a line or phrase of ``data/boilerplate.tsv``."""
    lines, phrases = _patterns()
    spans = [match.span() for match in phrases.finditer(text)]
    start = 0
    for line in text.split("\n"):
        if len(line) <= _LONGEST_LINE and lines.fullmatch(line.strip()):
            spans.append((start, start + len(line)))
        start += len(line) + 1
    mask = np.zeros(len(letters.codes), np.bool_)
    for begin, end in spans:
        low, high = np.searchsorted(letters.places, (begin, end))
        mask[low:high] = True
    return mask


def frequent_mask(letters: Letters, frequent: Hashes) -> Mask:
    """Which letters of a text stand in a sentence of the sorted digests ``frequent``."""
    return np.repeat(is_known(sentence_digests(letters), frequent), np.diff(sentence_starts(letters)))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """For a whole line, and for a phrase."""
    found: dict[str, list[str]] = {"line": [], "phrase": []}
    text = (resources.files("indexer.duplicates") / "data" / _FILE).read_text("utf-8")
    for number, row in enumerate(text.splitlines(), 1):
        if row.startswith("#") or not row.strip():
            continue
        what, tab, pattern = row.partition("\t")
        if what not in found or not tab:
            raise ValueError(f"{_FILE}, line {number}: a row is line or phrase, a tab, and a pattern")
        found[what].append(pattern)
    line, phrase = ("|".join(f"(?:{pattern})" for pattern in found[what]) for what in ("line", "phrase"))
    return re.compile(line, re.IGNORECASE), re.compile(phrase, re.IGNORECASE | re.MULTILINE)
