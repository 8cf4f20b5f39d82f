"""Two texts side by side: which paragraph belongs to which, and which characters of each the other has."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
import numpy.typing as npt

from indexer.duplicates.boilerplate import Mask
from indexer.duplicates.comparison import Compared, in_common
from indexer.duplicates.model import AlignedParagraph, AlignedRow, Span, SpanKind

# Two paragraphs belong together when they share so much of their pairs of neighbouring characters (Dice).
_LEAST_ALIKE = 0.4

# Paragraphs are compared character by character up to so many pairs of characters (some 50 ms); above, and where a
# paragraph has no counterpart, what stands in a common shingle is equal.
_MOST_PAIRS = 250_000

# A single character that two texts share between others that differ is chance.
_LEAST_RUN = 2

_KINDS = (SpanKind.DIFFERENT, SpanKind.EQUAL, SpanKind.BOILERPLATE)


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A line of a text: ``text[start:end]``; its letters are those from ``low`` to ``high`` (as a string too)."""

    start: int
    end: int
    low: int
    high: int
    letters: str


def align_texts(draft: Compared, published: Compared) -> tuple[AlignedRow, ...]:
    """Rows in the order of the draft; a paragraph that only the published has follows the one it follows there."""
    ours, theirs = _paragraphs(draft), _paragraphs(published)
    pairs = _pairs(ours, theirs)
    equal, equal_there = in_common(draft, published), in_common(published, draft)
    for number, other in pairs.items():
        _compare(ours[number], theirs[other], equal, equal_there)
    left = [_shown(draft, paragraph, equal) for paragraph in ours]
    right = [_shown(published, paragraph, equal_there) for paragraph in theirs]
    followers: defaultdict[int, list[AlignedRow]] = defaultdict(list)  # by the published paragraph that they follow
    paired, last = set(pairs.values()), -1
    for other in range(len(theirs)):
        if other in paired:
            last = other
        else:
            followers[last].append(AlignedRow(None, right[other]))
    rows = followers[-1]
    for number in range(len(ours)):
        place = pairs.get(number)
        rows.append(AlignedRow(left[number], None if place is None else right[place]))
        if place is not None:
            rows += followers[place]
    return tuple(rows)


def _paragraphs(compared: Compared) -> list[_Paragraph]:
    found: list[_Paragraph] = []
    start = 0
    places, codes = compared.letters.places, compared.letters.codes
    for line in compared.text.split("\n"):
        if line.strip():
            low, high = np.searchsorted(places, (start, start + len(line))).tolist()
            letters = "".join(map(chr, codes[low:high].tolist()))
            found.append(_Paragraph(start, start + len(line), low, high, letters))
        start += len(line) + 1
    return found


def _pairs(ours: Sequence[_Paragraph], theirs: Sequence[_Paragraph]) -> dict[int, int]:
    """Which paragraph of the published text stands beside which of the draft: equal ones first, then the most alike."""
    waiting: defaultdict[str, list[int]] = defaultdict(list)
    for other, paragraph in enumerate(theirs):
        waiting[paragraph.letters].append(other)
    pairs: dict[int, int] = {}
    for number, paragraph in enumerate(ours):
        if waiting.get(paragraph.letters):
            pairs[number] = waiting[paragraph.letters].pop(0)
    left = [number for number in range(len(ours)) if number not in pairs]
    right = set(range(len(theirs))) - set(pairs.values())
    grams = {other: _grams(theirs[other].letters) for other in right}
    having: defaultdict[str, list[int]] = defaultdict(list)
    for other, some in grams.items():
        for gram in some:
            having[gram].append(other)
    scored: list[tuple[float, int, int, int]] = []
    for number in left:
        own = _grams(ours[number].letters)
        shared = Counter(other for gram in own for other in having[gram])
        for other, count in shared.items():
            alike = 2 * count / (len(own) + len(grams[other]))
            if alike >= _LEAST_ALIKE:
                scored.append((-alike, abs(number - other), number, other))
    for _, _, number, other in sorted(scored):
        if number not in pairs and other in right:
            pairs[number] = other
            right.remove(other)
    return pairs


def _grams(letters: str) -> set[str]:
    return {letters[at : at + 2] for at in range(len(letters) - 1)}


def _compare(one: _Paragraph, other: _Paragraph, equal: Mask, equal_there: Mask) -> None:
    """Mark what two paragraphs have in common, in one order."""
    if one.letters == other.letters:
        equal[one.low : one.high] = equal_there[other.low : other.high] = True
        return
    if len(one.letters) * len(other.letters) > _MOST_PAIRS:
        return
    equal[one.low : one.high] = equal_there[other.low : other.high] = False
    matcher = SequenceMatcher(None, one.letters, other.letters, autojunk=False)
    for at, there, length in matcher.get_matching_blocks():
        whole = at in (0, len(one.letters) - length) or there in (0, len(other.letters) - length)
        if length >= _LEAST_RUN or whole:
            equal[one.low + at : one.low + at + length] = True
            equal_there[other.low + there : other.low + there + length] = True


def _shown(compared: Compared, paragraph: _Paragraph, equal: Mask) -> AlignedParagraph:
    """The paragraph and its spans; what is no letter goes with the letter before it."""
    text = compared.text[paragraph.start : paragraph.end]
    some = slice(paragraph.low, paragraph.high)
    kinds: npt.NDArray[np.int64] = np.where(compared.counted[some], equal[some].astype(np.int64), 2)
    if not len(kinds):
        return AlignedParagraph(text, (Span(0, len(text), SpanKind.EQUAL),))
    places = compared.letters.places[some] - paragraph.start
    turns = np.flatnonzero(np.diff(kinds)) + 1
    starts = [0, *places[turns].tolist()]
    which = [int(kinds[0]), *kinds[turns].tolist()]
    ends = [*starts[1:], len(text)]
    return AlignedParagraph(
        text, tuple(Span(start, end, _KINDS[kind]) for start, end, kind in zip(starts, ends, which, strict=True))
    )
