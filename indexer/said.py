"""Which titles are meant by a query in pinyin, or in pinyin and Chinese characters mixed, and how is it written?"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from analyzers.normalize import normalize
from analyzers.pinyin import syllables_at
from indexer.columnar.array_file import Array
from indexer.phrasebook import Phrasebook, Places, Spot
from indexer.phrasebook_layout import LONGEST_WORD, Kind, codes, near_numbers, sound_numbers

# A query of more letters is no pinyin that somebody typed: 40 syllables of 3 letters, with spaces.
LONGEST_QUERY = 160
# Of a long sentence the rarest pairs of sounds find the titles; each pair costs up to 3 ms at 200k titles.
_MOST_PAIRS = 20
# What a token adds that stands in a title in one piece, and as whole words, in parts of what its pairs add.
_WHOLE, _AS_WORDS = 0.3, 0.3
# Of titles that are equally good so many at most say how the query is written.
_TELLING = 2000
# A pair of sounds that no title has counts as this many, so that a rare name does not decide how letters are split.
_UNSEEN_PAIR = 0.05
# A syllable that is written as a character alone costs so much beyond its word, in nats.
_ALONE = 4.0

_TOKEN = re.compile("[\u4e00-\u9fd5a-z'’ü]+")
_PIECE = re.compile("(?P<han>[\u4e00-\u9fd5]+)|(?P<latin>[a-z'’ü]+)")


@dataclass(frozen=True, slots=True)
class Written:
    """How a query is written in Chinese characters, and the titles that are meant, as (id, score), the best first.

    ``whole`` says that a title has every part of the query in one piece.
    """

    text: str
    titles: tuple[tuple[str, float], ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    spots: tuple[Spot, ...]
    single: bool = False


def written(book: Phrasebook, query: str, limit: int = 100) -> Written | None:
    """What a query in pinyin means; None for one that is not: other letters, English words, Chinese characters alone.

    Spaces between words may be there or not; an apostrophe divides syllables. Words in Latin letters that the corpus
    has (app, covid) are taken as they are. Neighbouring sounds (zh z, in ing) are tried for a token that no title has.
    """
    normal = normalize(query)
    tokens = list(_tokens(book, normal)) if len(query) <= LONGEST_QUERY else []
    if not any(spot.sounds for token in tokens for spot in token.spots):
        return None
    tokens = [_known(book, token) for token in _merged(normal, tokens)]
    scores, places = _scores(book, tokens)
    best = _best(book, scores, limit)
    first = book.entries(Kind.TITLE)[0] if len(book.entries(Kind.TITLE)) else 0
    text = normal
    certain = True
    telling = np.flatnonzero(scores >= scores[best[0]] - 1e-4)[:_TELLING] if len(best) else best
    for token, found in reversed(list(zip(tokens, places, strict=True))):
        passage = _commonest(book, found, telling + first, len(token.spots)) or _spelled(book, token.spots)
        if passage is None and len(token.spots) > 1:
            return None
        passage = passage or _likeliest(book, token.spots)[0]
        certain &= bool(len(found)) or len(token.spots) == 1
        text = text[: token.start] + passage + text[token.end :]
    whole = (
        certain
        and any(map(len, places))
        and all(np.isin(best[0] + first, book.entry_of(found)) for found in places if len(found))
    )
    return Written(
        " ".join(text.split()), tuple((book.id(int(at) + first), float(scores[at])) for at in best), bool(whole)
    )


def _tokens(book: Phrasebook, normal: str) -> Iterator[_Token]:
    """The parts of a query that are pinyin, or pinyin and characters; nothing at all if some letters can be neither."""
    found = []
    for match in _TOKEN.finditer(normal):
        spots: list[Spot] = []
        for piece in _PIECE.finditer(match[0]):
            if piece["han"]:
                spots += [Spot(code) for code in codes(piece["han"]).tolist()]
            elif _is_word(book, piece["latin"]):
                spots += [Spot(code) for code in codes(piece["latin"]).tolist()]
            else:
                said = _split(book, piece["latin"])
                if not said:
                    return
                spots += [Spot(sounds=frozenset([number])) for number in said]
        found.append(_Token(match.start(), match.end(), tuple(spots)))
    if sum(len(token.spots) for token in found) > 1:  # one syllable alone means too much
        yield from found


def _merged(normal: str, tokens: Sequence[_Token]) -> list[_Token]:
    """Syllables typed one by one (bu dong chan) as one token."""
    merged: list[_Token] = []
    for token in tokens:
        before = merged[-1] if merged else None
        if before and len(token.spots) == 1 and before.single and not normal[before.end : token.start].strip():
            merged[-1] = _Token(before.start, token.end, before.spots + token.spots, single=True)
        else:
            merged.append(_Token(token.start, token.end, token.spots, single=len(token.spots) == 1))
    return merged


def _is_word(book: Phrasebook, letters: str) -> bool:
    return book.frequency(letters) > 0


def _split(book: Phrasebook, letters: str) -> list[int]:
    """The numbers of the syllables as which the corpus would most likely read letters; [] if they are none."""
    numbers = sound_numbers()
    said: list[int] = []
    for piece in letters.replace("’", "'").replace("ü", "v").split("'"):
        ways: list[dict[int, tuple[float, list[int]]]] = [{} for _ in range(len(piece) + 1)]
        ways[0] = {0: (0.0, [])}
        for start in range(len(piece)):
            for syllable, end in syllables_at(piece, start) if ways[start] else ():
                number = numbers[syllable]
                score, way = max(
                    (score + _pair_score(book, last, number), way) for last, (score, way) in ways[start].items()
                )
                if score > ways[end].get(number, (-math.inf, []))[0]:
                    ways[end][number] = score, [*way, number]
        if not ways[-1]:
            return []
        said += max(ways[-1].values())[1]
    return said


def _pair_score(book: Phrasebook, one: int, other: int) -> float:
    """Longer words need fewer syllables: every pair costs what makes it rare."""
    if not one:
        return 0.0
    count = book.count_near(one, other)
    return math.log((count + _UNSEEN_PAIR) / len(book.codes))


def _known(book: Phrasebook, token: _Token) -> _Token:
    """The token as typed if a title has it, else with neighbouring sounds if one has that."""
    if len(token.spots) < 2 or len(book.find(token.spots, Kind.TITLE, 1)):
        return token
    near = tuple(Spot(spot.code, _neighbours(spot.sounds)) for spot in token.spots)
    return _Token(token.start, token.end, near, token.single) if len(book.find(near, Kind.TITLE, 1)) else token


def _neighbours(sounds: frozenset[int]) -> frozenset[int]:
    near = near_numbers()
    return frozenset(np.flatnonzero(np.isin(near, near[list(sounds)])).tolist()) if sounds else sounds


def _scores(book: Phrasebook, tokens: Sequence[_Token]) -> tuple[Array, list[Places]]:
    """By title: how much of the query it has; and the places where each token stands whole."""
    titles = book.entries(Kind.TITLE)
    scores = np.zeros(len(titles), np.float32)
    pairs: list[tuple[int, int, Array]] = []
    for number, token in enumerate(tokens):
        for at in range(len(token.spots) - 1):
            entries = book.entries_with(book.find(token.spots[at : at + 2], Kind.TITLE))
            pairs.append((len(entries), number, entries))
    weights = [0.0] * len(tokens)
    for count, number, entries in sorted(pairs, key=lambda pair: pair[0])[:_MOST_PAIRS]:
        weight = math.log(1 + len(titles) / (1 + count))
        weights[number] += weight
        scores[entries - titles.start] += weight
    places = []
    for token, weight in zip(tokens, weights, strict=True):
        found = book.find(token.spots, Kind.TITLE)
        as_words = found[book.begins[found] & book.begins[found + np.uint32(len(token.spots))]]
        for some, part in ((found, _WHOLE), (as_words, _AS_WORDS)):
            scores[book.entries_with(some) - titles.start] += weight * part
        places.append(as_words if len(as_words) else found)
    return scores, places


def _best(book: Phrasebook, scores: Array, limit: int) -> Array:
    """Where the highest scores are; of equals the shortest title first, then the order of titles."""
    some = np.flatnonzero(scores)
    if len(some) > limit:
        least = np.partition(scores[some], len(some) - limit)[len(some) - limit]
        some = some[scores[some] >= least]
    entries = some + book.entries(Kind.TITLE).start
    lengths = book.starts[entries + 1] - book.starts[entries]
    return some[np.lexsort((lengths, -scores[some]))][:limit]


def _commonest(book: Phrasebook, places: Places, entries: Array, length: int) -> str | None:
    """What stands at places of a token: in the titles that tell, or else anywhere; None for no place."""
    telling = places[np.isin(book.entry_of(places), entries)] if len(places) else places
    counted = Counter(book.passage(place, length) for place in (telling if len(telling) else places).tolist()[:1000])
    return max(counted, key=lambda passage: counted[passage]) if counted else None


def _spelled(book: Phrasebook, spots: Sequence[Spot]) -> str | None:
    """The likeliest words that are said so; None if more than half of the syllables are in no word of two or more."""
    total = math.log(book.word_total)
    best: list[tuple[float, list[str]]] = [(0.0, [])]
    for end in range(1, len(spots) + 1):
        choices = []
        for start in range(max(0, end - LONGEST_WORD), end):
            word, frequency = _likeliest(book, spots[start:end])
            if frequency and best[start][0] < math.inf:
                alone = _ALONE if end - start == 1 else 0.0
                choices.append((best[start][0] + total - math.log(frequency) + alone, [*best[start][1], word]))
        best.append(min(choices, default=(math.inf, [])))
    words = best[-1][1]
    return "".join(words) if 2 * sum(len(word) for word in words if len(word) > 1) > len(spots) else None


def _likeliest(book: Phrasebook, spots: Sequence[Spot]) -> tuple[str, int]:
    """The commonest term that is written or said as the spots say, and in how many documents it stands.

    One syllable is the character that is most often a word in general Chinese (de is 的, which an index leaves out).
    """
    if all(spot.code for spot in spots):
        word = "".join(chr(spot.code) for spot in spots)
        return word, book.frequency(word) or 1
    if len(spots) == 1:
        code = book.commonest_said(min(spots[0].sounds))
        return (chr(code), max(1, book.frequency(chr(code)))) if code else ("", 0)
    return max(book.terms_said(spots), key=lambda found: found[1], default=("", 0))
