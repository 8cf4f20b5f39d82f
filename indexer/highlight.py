"""Where the words of a question stand in a text, and which piece of the text shows them best.

The words are located in the raw text; it is never segmented again (0.2 ms for ten hits against 14, measured).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from analyzers.normalize import normalize
from indexer.engine import Marked

SNIPPET_LENGTH = 120  # characters: three lines on a phone

# How far into a text the words are looked for; the longest laws have 107,000 characters.
SEARCHED = 50_000

# How far before its first word a snippet may begin, to begin where a sentence does.
_RUN_UP = 30

# Line breaks, tabs, and what marks a heading in collections that are Markdown (## 第二章): each character is a space.
_UNSHOWN = re.compile(r"[\n\t\r\u3000]|^#{1,6} ", re.MULTILINE)

_SENTENCE_END = re.compile(r"[。！？；\n\t]")


def mark(text: str, words: Mapping[str, float]) -> Marked:
    """The whole text with the places of the words (their weights do not matter here)."""
    return Marked(text, merge_spans(places_of(text, words)))


def snippet(text: str, words: Mapping[str, float], length: int = SNIPPET_LENGTH) -> Marked:
    """The piece of at most ``length`` characters whose distinct words weigh most, the first of equals.

    ``words`` are normalised words and their weights (idf). Line breaks, tabs and marks of headings read as spaces; an
    ellipsis says where the text goes on.
    """
    searched = text[:SEARCHED]
    places = places_of(searched, words)
    start = _best_start(places, words, length) if places else 0
    if start + length >= len(text):
        start = max(0, len(text) - length)
    if run_up := [match.end() for match in _SENTENCE_END.finditer(text, max(0, start - _RUN_UP), start)]:
        start = run_up[-1]
    elif start <= _RUN_UP:
        start = 0
    end = min(len(text), start + length)
    piece = _UNSHOWN.sub(lambda match: " " * len(match[0]), text[start:end])
    lead = len(piece) - len(piece.lstrip())
    head = "…" if start else ""
    shift = len(head) - start - lead
    spans = tuple(
        (max(a, start + lead) + shift, min(b, end) + shift)
        for a, b in merge_spans(places)
        if start + lead < b and a < end
    )
    return Marked(head + piece[lead:] + ("…" if end < len(text) else ""), spans)


def places_of(text: str, words: Iterable[str]) -> list[tuple[int, int, str]]:
    """Every place of every word (start, end, word), in the normal form where the text as written has none."""
    words = tuple(words)
    places = sorted(place for word in words for place in word_places(text, word))
    if words and not places and (normal := normalize(text)) != text:
        places = sorted(place for word in words for place in word_places(normal, word))
    return places


def word_places(text: str, word: str) -> Iterator[tuple[int, int, str]]:
    """Every place of one word (start, end, word) in their order."""
    if word.isascii():  # letters and digits count only as a whole word, in either case
        for match in re.finditer(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])", text, re.ASCII | re.IGNORECASE):
            yield match.start(), match.end(), word
        return
    start = text.find(word)
    while start >= 0:
        yield start, start + len(word), word
        start = text.find(word, start + len(word))


def _best_start(places: list[tuple[int, int, str]], words: Mapping[str, float], length: int) -> int:
    inside: Counter[str] = Counter()
    best, best_start, weight, first = -1.0, 0, 0.0, 0
    for last, (_, end, word) in enumerate(places):
        if not inside[word]:
            weight += words.get(word, 0.0)
        inside[word] += 1
        while first < last and end - places[first][0] > length:  # a phrase may be longer than the piece
            leaving = places[first][2]
            inside[leaving] -= 1
            if not inside[leaving]:
                weight -= words.get(leaving, 0.0)
            first += 1
        if weight > best + 1e-9:
            best, best_start = weight, places[first][0]
    return best_start


def merge_spans(places: Iterable[tuple[int, int, str]]) -> tuple[tuple[int, int], ...]:
    """The spans of places in their order (start, end), those that touch made one."""
    merged: list[tuple[int, int]] = []
    for start, end, _ in places:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
