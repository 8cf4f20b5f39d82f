"""How close together does a document say what was asked? The first hits are ordered anew by that.

Scores of words and pairs of characters do not see distance. Of the first hits it is looked up how long a piece of the
question stands in the text as it was asked, and how much of it one line has. What a hit gains is a share of its score,
never less than nothing: so the first hits stay ahead of all others, whatever page is asked for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# How many hits are ordered anew; of 30 or 50 no more right ones come up (development topics).
HEAD = 20

# The shares of the score that a whole question in one piece, and all its words in one line, give. Among the best of the
# pairs from 0 to .5 that were tried on government questions: nDCG@10 rises in both halves (parted by a checksum of
# their ids); lines of 20 and 80 characters are no better.
_RUN_SHARE = 0.4
_LINE_SHARE = 0.5
_LINE = 40  # characters

# A piece longer than this says no more; longer ones would take time that grows with the question.
_LONGEST_RUN = 32
# How far into a text is looked, in characters: as for snippets.
_SEARCHED = 50_000


@dataclass(frozen=True, slots=True)
class Closeness:
    """Shares from 0 to 1: of the question's characters in one piece, of its words' weight within one line."""

    run: float
    line: float

    def gains(self, score: float) -> dict[str, float]:
        """What a hit of this score gains, by what it is for."""
        return {"said in one piece": _RUN_SHARE * self.run * score, "said in one line": _LINE_SHARE * self.line * score}


def closeness(core: str, weights: Mapping[str, float], title: str, text: str) -> Closeness:
    """How close a document says a question: ``core`` in its normal form, its words with their weights (idf)."""
    searched = f"{title}\n{text[:_SEARCHED]}".lower()
    known = {word: weight for word, weight in weights.items() if weight > 0}
    asked = min(len(core.replace(" ", "")), _LONGEST_RUN)
    whole = sum(known.values())
    return Closeness(
        min(_longest_run(core, searched) / asked, 1.0) if asked else 0.0,
        _best_line(known, searched) / whole if whole else 0.0,
    )


def _longest_run(core: str, text: str) -> int:
    """The length of the longest piece of the question, without a space in it, that the text has."""
    longest = 0
    for run in core.split():
        start = 0
        for end in range(1, len(run) + 1):
            while end - start > longest and run[start:end] not in text:
                start += 1
            longest = max(longest, end - start)
            if longest >= _LONGEST_RUN:
                return longest
    return longest


def _best_line(weights: Mapping[str, float], text: str) -> float:
    """The most that the distinct words weigh that begin within one line's length."""
    places = sorted((place, word) for word in weights for place in _places(text, word))
    best = inside = 0.0
    counts: Counter[str] = Counter()
    first = 0
    for place, word in places:
        if not counts[word]:
            inside += weights[word]
        counts[word] += 1
        while places[first][0] < place - _LINE:
            leaving = places[first][1]
            counts[leaving] -= 1
            if not counts[leaving]:
                inside -= weights[leaving]
            first += 1
        best = max(best, inside)
    return min(best, sum(weights.values()))


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + len(word))
