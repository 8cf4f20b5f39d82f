"""How is a text said? Chinese characters → syllables of pinyin, and Latin letters → the syllables that they may spell.

Syllables are lower case, with ü as ``v``; with tones a digit follows (``lv4``, 5 for the neutral one). The readings are
those of pypinyin's tables (characters and phrases), which are imported at the first question: 50 MB and a second.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import islice

from analyzers.lexicon import LexiconError
from analyzers.lexicon_rows import rows

# Longer runs of letters are no pinyin: the longest title of 32,131 has 160 syllables, the longest question 60.
LONGEST_LETTERS = 256

# A combining mark of a tone, and its number.
_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
# No phrase of pypinyin's table that matters is longer (whole proverbs apart).
_LONGEST_PHRASE = 8
# The longest syllables: zhuang, chuang, shuang.
_LONGEST_SYLLABLE = 6

_LETTERS = re.compile(r"[a-z]+")
_LETTER_OR_DIGIT = re.compile(r"[a-z0-9]")


@cache
def syllables() -> tuple[str, ...]:
    """Every syllable of Mandarin without its tone, in the order of the alphabet."""
    found = [
        ("" if initial == "-" else initial) + final
        for _, (initial, finals) in rows("syllables.tsv", 2)
        for final in finals.split()
    ]
    if len(set(found)) != len(found):
        raise LexiconError("syllables.tsv", 0, "a syllable stands there twice; keep it once")
    return tuple(sorted(found))


def reading(text: str, *, tones: bool = False) -> tuple[str, ...]:
    """The syllable of each character of a word or text, in its place; ``""`` for what is no Chinese character.

    Phrases decide between the readings of a character (重庆 chong qing, 重新 chong xin, 重大 zhong da), the longest
    that begins at a character first; a word of its own is read best, so a text should be cut into words before. What is
    not a syllable of `syllables` (嗯) counts as no sound.
    """
    found: list[str] = []
    place = 0
    while place < len(text):
        said = _phrase_at(text, place)
        found += said
        place += len(said)
    return tuple(found if tones else map(_toneless, found))


def readings(character: str) -> tuple[str, ...]:
    """Every way in which a character is read, without tones, the commonest first; () for no Chinese character."""
    said = _characters().get(ord(character), "")
    return tuple(dict.fromkeys(filter(None, (_toneless(_numbered(one)) for one in said.split(",")))))


def initials(text: str) -> str:
    """The first letters of a text's syllables (医疗保险 → ylbx); Latin letters and digits stand for themselves."""
    said = reading(text)
    return "".join(
        sound[0] if sound else character
        for sound, character in zip(said, text.lower(), strict=True)
        if sound or _LETTER_OR_DIGIT.fullmatch(character)
    )


def split_pinyin(letters: str, *, limit: int = 6, unfinished: bool = False) -> tuple[tuple[str, ...], ...]:
    """The ways to read letters as syllables, at most ``limit``: fewest syllables first (xian → xian, then xi an).

    A syllable that begins with a vowel behind another counts as two (fangan → fan gan, then fang an), because the
    orthography (正词法) asks for an apostrophe before it.

    An apostrophe divides (xi'an). With ``unfinished`` the last piece may be the beginning of a syllable (baox → bao x);
    whole syllables come first. () for what cannot be pinyin, and for more than `LONGEST_LETTERS` letters.
    """
    typed = letters.lower().replace("ü", "v").replace("’", "'")
    pieces = [piece for piece in typed.split("'") if piece]
    if not pieces or len(typed) > LONGEST_LETTERS or not all(_LETTERS.fullmatch(piece) for piece in pieces):
        return ()
    whole: list[tuple[str, ...]] = [()]
    for number, piece in enumerate(pieces, 1):
        ways = _split(piece, limit, unfinished and number == len(pieces))
        whole = [before + way for before in whole for way in ways]
        whole = sorted(whole, key=_effort)[:limit]
    return tuple(whole)


def syllables_at(letters: str, start: int) -> tuple[tuple[str, int], ...]:
    """Each syllable that begins at a letter, and where it ends; the shorter first."""
    found = []
    for end in range(start + 1, min(len(letters), start + _LONGEST_SYLLABLE) + 1):
        syllable = _ALIASES.get(letters[start:end], letters[start:end])
        if syllable in _syllable_set():
            found.append((syllable, end))
    return tuple(found)


def _split(piece: str, limit: int, unfinished: bool) -> list[tuple[str, ...]]:
    """The best ways of one run of letters, kept shortest first at every place that syllables can reach."""
    ways: list[list[tuple[str, ...]]] = [[()], *([] for _ in piece)]
    for start in range(len(piece)):
        ways[start] = sorted(ways[start], key=_effort)[:limit]
        for syllable, end in syllables_at(piece, start):
            ways[end] += [(*way, syllable) for way in ways[start]]
    complete = sorted(ways[-1], key=_effort)[:limit]
    if unfinished:
        begun = (
            (*way, piece[start:])
            for start in range(max(0, len(piece) - _LONGEST_SYLLABLE + 1), len(piece))
            if piece[start:] in _beginnings()
            for way in ways[start]
        )
        complete = complete + sorted(begun, key=_effort)
    return list(islice(complete, limit))


def _effort(way: tuple[str, ...]) -> int:
    return len(way) + sum(syllable[0] in "aoe" for syllable in way[1:])


# lü and nü are also typed so; lue and nue are no syllables otherwise.
_ALIASES = {"lue": "lve", "nue": "nve"}


@cache
def _syllable_set() -> frozenset[str]:
    return frozenset(syllables())


@cache
def _beginnings() -> frozenset[str]:
    """What a syllable can begin with, and is none itself."""
    every = {syllable[:end] for syllable in syllables() for end in range(1, len(syllable))}
    return frozenset(every - _syllable_set())


def _phrase_at(text: str, place: int) -> list[str]:
    """The readings, with tones, of the longest phrase that begins here, or of the one character."""
    phrases = _phrases()
    for end in range(min(len(text), place + _LONGEST_PHRASE), place + 1, -1):
        said = phrases.get(text[place:end])
        if said is not None and len(said) == end - place:
            return [_numbered(one[0]) for one in said]
    common = _characters().get(ord(text[place]), "").split(",")[0]
    return [_numbered(common) if common else ""]


@cache
def _numbered(marked: str) -> str:
    """``zhòng`` → ``zhong4``; "" for what is not a syllable."""
    letters = unicodedata.normalize("NFD", marked)
    tone = next((_TONES[mark] for mark in letters if mark in _TONES), "5")
    plain = "".join(letter for letter in letters if letter not in _TONES).replace("u\u0308", "v")
    return plain + tone if plain in _syllable_set() else ""


def _toneless(syllable: str) -> str:
    return syllable[:-1]


@cache
def _phrases() -> dict[str, list[list[str]]]:
    from pypinyin.constants import PHRASES_DICT

    return PHRASES_DICT


@cache
def _characters() -> dict[int, str]:
    from pypinyin.constants import PINYIN_DICT

    return PINYIN_DICT
