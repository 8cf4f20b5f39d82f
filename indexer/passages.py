"""Which piece of a document answers a question? A verbatim passage, and for a guide (办事指南) the part asked for.

The sentence is taken that has most of the question, counted by words and by pairs of neighbouring characters: each by
how rare it is in the collection and in this document, and little where the title or the beginning has it too, for that
says which document it is, not where in it. Then the passage goes on to its length. Words are located in the raw text;
nothing is segmented again. Measured by ``make eval``: the literal answer stands in .79 of the passages of the right
documents (in .95 no passage of this length could hold more).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

from analyzers.guide_fields import guide_field
from analyzers.intents import Intent, asks
from analyzers.normalize import normalize
from analyzers.question import Question
from corpus.models import Kind
from indexer.engine import Hit, Marked, Passage
from indexer.highlight import SEARCHED, merge_spans, places_of, word_places

# Characters of a passage, white space not counted (design §4), and of a guide's part, which is shown whole if it is not
# longer than that.
LENGTH = 200
FIELD_LENGTH = 400

# What a pair of neighbouring characters counts beside a word's idf (2 to 9); from 4 to 12 no measure changes by .004.
_PAIR = 8.0
# What counts of that which the title, or the beginning of the text, has too; from .1 to .2 it is the same.
_SAID_ALREADY = 0.1
_BEGINNING = 60
# What the words of the whole passage count beside those of its first sentence; 0 and 1 are worse by .003 and .006.
_PASSAGE_SHARE = 0.5
# How far a long sentence counts less than a short one (the b of BM25); 0 is worse by .004.
_LENGTH_SHARE = 0.2
# What a passage gains that has what the question asks for: a day where it asks when, digits where it asks for a number.
_CUED = 1.3

# Of so many hits the passages are made to find an answer among them.
FIRST = 3

# When a passage is shown as the answer: it holds so much of the question, its document is so much better than the next,
# and where the question has few words the title too has something of it. Of the development questions .60 get one; of
# these .97 are of the right document, and .80 hold the literal answer.
_SURELY_HELD = 0.7
_AHEAD = 1.1
_FEW_WORDS = 5
_TITLE_HELD = 0.2

_SENTENCE = re.compile(r"[^。！？；;\n]*[。！？；;\n]+|[^。！？；;\n]+")
_CUES: Mapping[Intent, re.Pattern[str]] = {
    Intent.PHONE: re.compile(r"\d{7,}|\d{3,4}[-—]\d{7}|\b1\d{4}\b"),
    Intent.TIME_LIMIT: re.compile(r"[\d一二三四五六七八九十]\s?(?:日|天|个?月|年|个?工作日|小时)"),
    Intent.FEE: re.compile(r"元|免费|不收|[%％]"),
    Intent.STANDARD: re.compile(r"\d|元|[%％]"),
    Intent.PLACE: re.compile(r"\d\s?号|地址|地点|窗口|[路街楼]"),
}
# Line breaks stay; what else a page does not show of a text is a space, as in snippets.
_UNSHOWN = re.compile(r"[\t\r\u3000]|^#{1,6} ", re.MULTILINE)
_HAN_PAIR = re.compile(r"(?=([\u4e00-\u9fff]{2}))")

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words with their weights (idf), pairs of neighbouring characters, and what is asked for.

    ``said`` are the question's own words, each with what will do for it (itself, and official terms); ``asks`` says
    that it is a question, not only some words.
    """

    words: Mapping[str, float]
    pairs: tuple[str, ...]
    said: Mapping[str, tuple[str, ...]]
    intents: tuple[Intent, ...] = ()
    asks: bool = False

    @classmethod
    def of(cls, question: Question, weights: Mapping[str, float]) -> Wanted:
        """What a question wants; ``weights`` are those of its words and of the official terms for them."""
        pairs = dict.fromkeys(match[1] for match in _HAN_PAIR.finditer(question.core))
        said = {
            word: (word, *(term.text for plain in question.plain_words if word in plain.words for term in plain.terms))
            for word in question.words
        }
        return cls(weights, tuple(pairs), said, question.intents, asks(question.text))

    def held_in(self, text: str) -> float:
        """Which share of the question's words, by weight, has a text? A word that the collection lacks weighs most."""
        most = max(self.words.values(), default=0.0)
        weights = {word: self.words.get(word) or most for word in self.said}
        folded = normalize(text)
        held = sum(weights[word] for word, ways in self.said.items() if any(way in folded for way in ways))
        total = sum(weights.values())
        return held / total if total else 0.0


def best_passage(title: str, text: str, wanted: Wanted, kind: str) -> Passage | None:
    """The passage of a document that answers best; None if nothing that is asked for stands in its text."""
    if kind == Kind.GUIDE:
        for intent in wanted.intents:
            if found := guide_field(text, intent):
                start, end = found
                return _passage(title, text, wanted, start, min(end, _end(text, start, FIELD_LENGTH)), intent)
    found = _best(title, text, wanted)
    return None if found is None else _passage(title, text, wanted, *found)


def sure_answer(hits: Sequence[Hit], wanted: Wanted) -> Hit | None:
    """The hit whose passage surely answers a question; None for mere words, and where in doubt.

    That is a guide among the first that is about the matter and has the part asked for, or else the first hit.
    """
    if not wanted.asks:
        return None
    for hit in hits[:FIRST]:
        part = hit.passage.part if hit.passage else ""
        if part and wanted.held_in(f"{hit.title.text}\n{part}") >= _SURELY_HELD:
            return hit
    if not hits or hits[0].passage is None or hits[0].passage.held < _SURELY_HELD:
        return None
    if len(wanted.said) < _FEW_WORDS and wanted.held_in(hits[0].title.text) < _TITLE_HELD:
        return None
    ahead = len(hits) == 1 or hits[0].score >= _AHEAD * hits[1].score
    return hits[0] if ahead else None


def _best(title: str, text: str, wanted: Wanted) -> tuple[int, int] | None:
    """Where the best passage begins and ends."""
    sentences = [match.span() for match in _SENTENCE.finditer(text, 0, SEARCHED) if not match[0].isspace()]
    holding = _holding(title, text, sentences, wanted)
    if not holding:
        return None
    mean = sum(end - start for start, end in sentences) / len(sentences)
    scores = {
        number: sum(words.values()) / (1 - _LENGTH_SHARE + _LENGTH_SHARE * (end - start) / mean)
        for number, words in holding.items()
        for start, end in (sentences[number],)
    }
    cues = [_CUES[intent] for intent in wanted.intents if intent in _CUES]
    everything: dict[str, float] = {}
    for words in holding.values():
        everything |= words
    most = _PASSAGE_SHARE * sum(everything.values())
    best, best_score = -1, 0.0
    for number in sorted(scores, key=lambda one: -scores[one]):
        if (scores[number] + most) * (_CUED if cues else 1.0) < best_score:
            break  # no passage can make up for so little in its first sentence
        start = sentences[number][0]
        score = scores[number] + _PASSAGE_SHARE * sum(_in_passage(sentences, holding, number).values())
        if cues and any(cue.search(text, start, _end(text, start, LENGTH)) for cue in cues):
            score *= _CUED
        if score > best_score:
            best, best_score = number, score
    end = _end(text, sentences[best][0], LENGTH)
    return _filled(sentences, best, end), end


def _holding(
    title: str, text: str, sentences: Sequence[tuple[int, int]], wanted: Wanted
) -> dict[int, dict[str, float]]:
    """The words and pairs in each sentence that has any, with what they are worth in this document."""
    searched, wishes = text[:SEARCHED], dict.fromkeys((*wanted.words, *wanted.pairs))
    if not any(word in searched for word in wishes):
        searched = normalize(searched)
    said_already = f"{title}\n{searched[:_BEGINNING]}"
    starts = [start for start, _ in sentences]
    pairs = frozenset(wanted.pairs)
    holding: defaultdict[int, dict[str, float]] = defaultdict(dict)
    for word in wishes:
        inside = {bisect_right(starts, start) - 1 for start, _, _ in word_places(searched, word)}
        if inside:
            worth = (wanted.words.get(word, 0.0) + _PAIR * (word in pairs)) * log(1 + len(sentences) / len(inside))
            worth *= _SAID_ALREADY if word in said_already else 1.0
            for number in inside:
                holding[number][word] = worth
    return holding


def _in_passage(sentences: Sequence[_Span], holding: Mapping[int, dict[str, float]], number: int) -> dict[str, float]:
    """The words and pairs of a sentence and of those after it that fit into a passage with it."""
    found = dict(holding[number])
    most = sentences[number][0] + LENGTH
    while number + 1 < len(sentences) and sentences[number + 1][1] <= most:
        number += 1
        found |= holding.get(number, {})
    return found


def _filled(sentences: Sequence[_Span], number: int, end: int) -> int:
    """Where a passage begins that the end of the text cuts short: whole sentences before it fill it."""
    if sentences[-1][1] <= end:
        while number and end - sentences[number - 1][0] <= LENGTH:
            number -= 1
    return sentences[number][0]


def _passage(title: str, text: str, wanted: Wanted, start: int, end: int, intent: Intent | None = None) -> Passage:
    while end > start and text[end - 1].isspace():
        end -= 1
    shown = text[start:end]
    found = places_of(shown, wanted.words)
    goes_on = end < len(text) and not (text[end] == "\n" or shown[-1:] in "。！？；;")
    shown = _UNSHOWN.sub(lambda match: " " * len(match[0]), shown)
    said = f"{title}\n{text[start:end]}\n{intent.label if intent else ''}"
    return Passage(
        marked=Marked(shown, merge_spans(found)),
        start=start,
        end=end,
        goes_on=goes_on,
        part=intent.label if intent else "",
        held=wanted.held_in(said),
    )


def _end(text: str, start: int, length: int) -> int:
    """Where so many characters end, white space not counted."""
    end, left = start, length
    while left > 0 and end < len(text):
        piece = text[end : end + left]
        end += len(piece)
        left -= len("".join(piece.split()))
    return end
