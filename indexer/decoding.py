"""Which one slip explains a run of Chinese characters better than that it was meant as typed?

A noisy channel: the cost of a text is −ln of how often its words are used in the corpus, that of a slip is the
channel's (`analyzers.spelling.COSTS`). A run is cut into the words that make it cheapest; characters in no known word
of two or more are doubtful, and only words that touch them are put right.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analyzers.lexicon import function_words, question_frames
from analyzers.pinyin import syllables
from analyzers.spelling import COSTS, Slip, Sounds, find_slip, shape_alikes
from indexer.columnar.array_file import Array
from indexer.phrasebook import Phrasebook
from indexer.phrasebook_layout import BEYOND, LONGEST_WORD, codes, near_numbers, row_keys, span_keys

# A longer run is no query that somebody mistyped, but a pasted text.
LONGEST_RUN = 40
# In a question only slips in shorter spans are looked for: every length costs half a millisecond.
_LONGEST_IN_QUESTION = 4
# What an unknown character costs beyond the rarest word, and a known one alone beyond its own frequency: in titles one
# word in eight is a single character, and two of them side by side are rarer still.
_UNKNOWN = 1.0
_ALONE = 3.0
# A word of general Chinese that the corpus lacks counts as if it stood in so many documents.
_UNSEEN = 0.5
# Of 60 million words of jieba's corpus so many are one of the 280 commonest single characters (有, 会, 年, 市).
_OFTEN_ALONE = 14_000
# The best explanations of a run are looked at more closely.
_MOST = 12


@dataclass(frozen=True, slots=True)
class Explanation:
    """One word put right: what was typed from ``start`` to ``end`` of the run, what was meant, and by which slip.

    ``gain`` is how many nats the run is likelier so than as typed. ``found_as_typed`` says that the index has what was
    typed, if only inside of longer words: a search for it answers.
    """

    start: int
    end: int
    meant: str
    slip: Slip
    gain: float
    found_as_typed: bool

    def applied(self, run: str) -> str:
        return run[: self.start] + self.meant + run[self.end :]


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    cost: float


def explanations(book: Phrasebook, run: str, *, question: bool = False) -> tuple[Explanation, ...]:
    """What a run of normalised Chinese characters may have been meant as, the likeliest first; () if it looks right.

    A character that often stands alone is no sign of a slip in a ``question``; among keywords it is. No answer for runs
    of more than `LONGEST_RUN` characters or under two.
    """
    if not 2 <= len(run) <= LONGEST_RUN or _stands_in_titles(book, run):
        return ()
    total = math.log(book.word_total)
    words = list(_known(book, run, total))
    ahead = _cheapest(len(run), words, total)
    behind = _cheapest(len(run), [_Word(len(run) - w.end, len(run) - w.start, w.cost) for w in words], total)[::-1]
    doubtful = {place for place in _alone(run, words, ahead) if not _is_usual(book, run[place], question)}
    if not doubtful:
        return ()
    known = {(word.start, word.end) for word in words}
    found: dict[str, Explanation] = {}
    longest = _LONGEST_IN_QUESTION if question else LONGEST_WORD + 1
    for start, end, meant in _candidates(book, run, doubtful, longest):
        typed = run[start:end]
        frequency = book.frequency(meant)
        slip = find_slip(typed, meant, _sounds_of(book))
        if slip is None or not frequency or (slip is Slip.MISSING and typed in meant):
            continue
        if (start, end) in known and _is_real(book, typed):
            continue
        cost = ahead[start] + total - math.log(frequency) + COSTS[slip] + behind[end]
        explanation = Explanation(start, end, meant, slip, ahead[-1] - cost, book.frequency(typed) > 0)
        whole = explanation.applied(run)
        if explanation.gain > 0 and (whole not in found or found[whole].gain < explanation.gain):
            found[whole] = explanation
    return tuple(sorted(found.values(), key=lambda one: -one.gain)[:_MOST])


def _stands_in_titles(book: Phrasebook, run: str) -> bool:
    return bool(len(book.find_text(run, whole_words=True)))


def _is_real(book: Phrasebook, word: str) -> bool:
    """A word of general Chinese, or one that titles have as a word: nobody corrects it (景点 is not 经典)."""
    return bool(book.in_dictionary(row_keys(codes(word)[None, :]))[0]) or _stands_in_titles(book, word)


def _known(book: Phrasebook, run: str, total: float) -> Iterator[_Word]:
    """Every span of the run that is a word, with what it costs."""
    starts, ends, keys = span_keys(codes(run), LONGEST_WORD)
    costs: dict[int, float] = dict.fromkeys(
        np.flatnonzero(book.in_dictionary(keys)).tolist(), total - math.log(_UNSEEN)
    )
    general = math.log(int(book.file["general_total"][0]))
    for place, frequency in enumerate(book.file["alone"][codes(run)].tolist()):  # spans of one come first
        if frequency:
            costs[place] = general - math.log(frequency) + _ALONE
    own = book.file["own_weights"]
    for place, term in book.terms("as_written", keys):
        alone = place < len(run)
        frequency = max(int(own[term]), _UNSEEN) if place in costs else int(own[term])
        if frequency:
            cost = total - math.log(frequency) + (_ALONE if alone else 0)
            costs[place] = min(cost, costs.get(place, cost))
    for place, cost in costs.items():
        yield _Word(int(starts[place]), int(ends[place]), cost)


def _cheapest(length: int, words: list[_Word], total: float) -> list[float]:
    """By place: what the run costs up to there."""
    ending: dict[int, list[_Word]] = {}
    for word in words:
        ending.setdefault(word.end, []).append(word)
    costs = [0.0]
    for end in range(1, length + 1):
        choices = (costs[word.start] + word.cost for word in ending.get(end, ()))
        costs.append(min(costs[-1] + total + _UNKNOWN + _ALONE, *choices, math.inf))
    return costs


def _alone(run: str, words: list[_Word], costs: list[float]) -> set[int]:
    """The places that the cheapest cutting leaves in no word of two characters or more."""
    alone: set[int] = set()
    end = len(run)
    while end:
        best = min(
            (word for word in words if word.end == end),
            key=lambda word: costs[word.start] + word.cost,
            default=_Word(end - 1, end, math.inf),
        )
        start = best.start if costs[best.start] + best.cost <= costs[end] else end - 1
        if end - start == 1:
            alone.add(start)
        end = start
    return alone


def _is_usual(book: Phrasebook, character: str, question: bool) -> bool:
    """Does this character often stand alone, so that it is no sign of a slip?"""
    if character in function_words() or character in question_frames():
        return True
    return question and int(book.file["alone"][ord(character)]) >= _OFTEN_ALONE


def _sounds_of(book: Phrasebook) -> Sounds:
    return lambda character: [syllables()[sound - 1] for sound in book.readings(min(ord(character), BEYOND))]


def _candidates(book: Phrasebook, run: str, doubtful: set[int], longest: int) -> Iterator[tuple[int, int, str]]:
    """(start, end, word): the words that some slip could have turned into a doubtful span."""
    written = codes(run)
    for length in range(2, min(len(run), longest) + 1):
        starts = [s for s in range(len(run) - length + 1) if not doubtful.isdisjoint(range(s, s + length))]
        if not starts:
            continue
        rows = np.lib.stride_tricks.sliding_window_view(written, length)[starts]
        for how, of, variants in _variants(book, rows, run, starts):
            for row, term in book.terms(how, row_keys(variants)):
                start = starts[of[row]]
                yield start, start + length, book.text(term)


def _variants(book: Phrasebook, rows: Array, run: str, starts: list[int]) -> Iterator[tuple[str, list[int], Array]]:
    """(which table of terms, of which row each variant is, the variants)."""
    length = rows.shape[1]
    own = list(range(len(rows)))
    near = near_numbers()
    yield "with_gap", own, rows
    table = book.file["readings"]
    said = near[table[rows]]  # row, place, reading
    of, variants = list(own), [*said[:, :, 0]]
    for place in range(length):
        for other in (1, 2):
            for row in np.flatnonzero(said[:, place, other]).tolist():
                changed = said[row, :, 0].copy()
                changed[place] = said[row, place, other]
                of.append(row)
                variants.append(changed)
    yield "as_said", of, np.array(variants)
    of, variants = [], []
    alikes = shape_alikes()
    for row, start in enumerate(starts):
        for place in range(length):
            for alike in alikes.get(run[start + place], ()):
                changed = rows[row].copy()
                changed[place] = ord(alike)
                of.append(row)
                variants.append(changed)
            if place and rows[row, place] != rows[row, place - 1]:
                changed = rows[row].copy()
                changed[place - 1 : place + 1] = changed[place - 1 : place + 1][::-1]
                of.append(row)
                variants.append(changed)
    if variants:
        yield "as_written", of, np.array(variants)
    shorter = [
        (row, np.delete(rows[row], place))
        for row in own
        for place in range(1, length)
        if length > 2 and rows[row, place] == rows[row, place - 1]
    ]
    if shorter:
        yield "as_written", [row for row, _ in shorter], np.array([kept for _, kept in shorter])
