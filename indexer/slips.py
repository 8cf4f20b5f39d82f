"""Was a query mistyped, and how sure is that: what to search instead, what only to offer?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analyzers.document_number import DocumentNumberError, find_document_numbers, parse_document_number
from analyzers.normalize import normalize
from analyzers.spelling import Slip
from indexer.columnar.array_file import Array
from indexer.decoding import Explanation, explanations
from indexer.phrasebook import Phrasebook
from indexer.phrasebook_layout import Kind

# A query of more characters is a pasted text; of more runs, a list.
LONGEST_QUERY = 200
_MOST_RUNS = 12
# Longer runs are no keywords but questions, or parts of them: a correction is only offered (design §4: it fires wrongly
# there). So it is where many characters were typed in all, whatever stands between them.
_LONGEST_KEYWORD = 6
_LONGEST_KEYWORDS = 18
# In nats: a word put right is searched at once when it is e^8 times likelier than what was typed and e^2 times likelier
# than the next explanation. Set by slips made at random in words of titles, and by clean words and questions.
_INSTEAD_GAIN = 8.0
_OFFER_GAIN = 5.0
# In questions, and where a search for what was typed answers.
_DOUBTFUL_GAIN = 12.0
_AHEAD = 2.0
# That a title has all that was typed and the corrected word: much likelier than chance.
_TOGETHER = 4.0

# “…” is ordinary punctuation, but what stands in it is a name, which nobody should put right.
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
_RUN = re.compile("[\u4e00-\u9fd5]+")


class Decision(StrEnum):
    """What to do with a correction; it is never made silently."""

    INSTEAD = "instead"  # search the correction, say so, and link to what was typed
    OFFER = "offer"  # search what was typed, and ask whether this was meant


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of the query (start, end) and what it was put right to; ``slip`` says why."""

    start: int
    end: int
    meant: str
    slip: Slip


@dataclass(frozen=True, slots=True)
class Correction:
    """The whole query put right, what was changed, how sure that is (nats), and what to do."""

    text: str
    changes: tuple[Change, ...]
    gain: float
    decision: Decision


@dataclass(frozen=True, slots=True)
class _Run:
    start: int
    text: str
    question: bool
    explained: tuple[Explanation, ...]


def correct(book: Phrasebook, query: str) -> tuple[Correction, ...]:
    """What a query may have been meant as, the likeliest first; () if it looks right.

    Only Chinese characters are looked at, and none within straight quotation marks, which ask for a literal phrase. ()
    for a query of more than `LONGEST_QUERY` characters.
    """
    if len(query) > LONGEST_QUERY:
        return ()
    normal = normalize(_without_numbers(_QUOTED.sub(_blank, query)))
    found = list(_RUN.finditer(normal))[:_MOST_RUNS]
    lengths = [len(run[0]) for run in found]
    asked = sum(lengths) > _LONGEST_KEYWORDS or max(lengths, default=0) > _LONGEST_KEYWORD
    runs = [_Run(run.start(), run[0], asked, explanations(book, run[0], question=asked)) for run in found]
    if not any(run.explained for run in runs):
        return ()
    with_all = _titles_with_all(book, [run.text for run in runs if not run.explained])
    ranked = [_ranked(book, run, with_all) for run in runs if run.explained]
    best = [choices[0] for choices in ranked]
    corrections = [_correction(query, best, all(map(_is_clear, ranked)))]
    for number, choices in enumerate(ranked):
        for run, other, gain in choices[1:3]:
            corrections.append(_correction(query, [*best[:number], (run, other, gain), *best[number + 1 :]], False))
    wanted = [one for one in corrections if one is not None]
    return tuple(sorted(wanted, key=lambda one: -one.gain))


def _without_numbers(text: str) -> str:
    """The text with spaces for the document numbers in it, of the same length."""
    try:
        parse_document_number(text)
    except DocumentNumberError:
        for found in find_document_numbers(text):
            text = text[: found.start] + " " * (found.end - found.start) + text[found.end :]
        return text
    return ""


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


_Choice = tuple[_Run, Explanation, float]


def _ranked(book: Phrasebook, run: _Run, with_all: Array | None) -> list[_Choice]:
    """The explanations of a run, likeliest first, judged by what else was typed too."""
    choices = []
    for one in run.explained:
        gain = one.gain
        if with_all is not None and len(_common(with_all, _titles_with(book, one.applied(run.text)))):
            gain += _TOGETHER
        choices.append((run, one, gain))
    return sorted(choices, key=lambda choice: -choice[2])


def _is_clear(choices: Sequence[_Choice]) -> bool:
    run, one, gain = choices[0]
    ahead = len(choices) == 1 or gain - choices[1][2] >= _AHEAD
    return not (run.question or one.found_as_typed) and gain >= _INSTEAD_GAIN and ahead


def _correction(query: str, choices: Sequence[_Choice], clear: bool) -> Correction | None:
    kept = [choice for choice in choices if choice[2] >= _needed(choice[0], choice[1])]
    if not kept:
        return None
    changes = [Change(run.start + one.start, run.start + one.end, one.meant, one.slip) for run, one, _ in kept]
    text = query
    for change in reversed(changes):
        text = text[: change.start] + change.meant + text[change.end :]
    gain = min(gain for _, _, gain in kept)
    return Correction(text, tuple(changes), gain, Decision.INSTEAD if clear else Decision.OFFER)


def _needed(run: _Run, one: Explanation) -> float:
    return _DOUBTFUL_GAIN if run.question or one.found_as_typed else _OFFER_GAIN


def _titles_with_all(book: Phrasebook, texts: Sequence[str]) -> Array | None:
    """The entries of titles that have all these texts; None for none of two characters or more."""
    sets = [_titles_with(book, text) for text in texts if len(text) > 1]
    if not sets:
        return None
    common = sets[0]
    for other in sets[1:]:
        common = _common(common, other)
    return common


def _titles_with(book: Phrasebook, text: str) -> Array:
    return book.entries_with(book.find_text(text, Kind.TITLE))


def _common(one: Array, other: Array) -> Array:
    return np.intersect1d(one, other, assume_unique=True)
