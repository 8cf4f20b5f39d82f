"""Which slip of the pen turns what was meant into what was typed, and how likely is it?

The channel of a noisy-channel corrector: a character of the same or nearly the same sound, one that looks alike, one
doubled, left out, or two swapped. A correction is offered beside what was typed, never made part of the normal form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import cache
from itertools import combinations
from types import MappingProxyType

from analyzers.lexicon import LexiconError
from analyzers.lexicon_rows import rows
from analyzers.pinyin import readings

Sounds = Callable[[str], Iterable[str]]


class Slip(StrEnum):
    """What went wrong, once."""

    SOUND = "sound"  # 医疗饱险: 同音
    NEAR_SOUND = "near_sound"  # 深圳 → 深证: 近音
    SHAPE = "shape"  # 撤消 → 撒消: 形近
    DOUBLED = "doubled"  # 养老老保险
    MISSING = "missing"  # 养老险
    SWAPPED = "swapped"  # 养老险保


# −ln of how often a character is typed so. Of wrong characters in Chinese text three in four sound like the right one,
# and nearly half look like it (Liu et al., ACM TALIP 10(2), 2011: 76% and 46%); the steps between the kinds are ours.
# A character left out costs most, since most words are the beginning of a longer one.
COSTS: Mapping[Slip, float] = MappingProxyType(
    {
        Slip.SOUND: 4.0,
        Slip.NEAR_SOUND: 5.0,
        Slip.SHAPE: 5.0,
        Slip.DOUBLED: 5.0,
        Slip.MISSING: 7.0,
        Slip.SWAPPED: 6.0,
    }
)


def find_slip(typed: str, meant: str, sounds: Sounds = readings) -> Slip | None:
    """The one slip that makes ``meant`` look as ``typed``; None if they are the same, or more than one slip apart.

    ``sounds`` gives the toneless syllables of a character. Of several slips the likeliest counts.
    """
    if len(typed) == len(meant):
        places = [place for place, (was, is_) in enumerate(zip(typed, meant, strict=True)) if was != is_]
        if len(places) == 1:
            return _exchange(typed[places[0]], meant[places[0]], sounds)
        if len(places) == 2 and places[1] == places[0] + 1:
            first, second = places
            if typed[first] == meant[second] and typed[second] == meant[first]:
                return Slip.SWAPPED
    elif len(typed) == len(meant) + 1:
        doubled = (place for place in range(1, len(typed)) if typed[place] == typed[place - 1])
        if any(typed[:place] + typed[place + 1 :] == meant for place in doubled):
            return Slip.DOUBLED
    elif len(typed) == len(meant) - 1:
        with_gaps = (meant[:place] + meant[place + 1 :] for place in range(len(meant)))
        if typed in with_gaps:
            return Slip.MISSING
    return None


def _exchange(typed: str, meant: str, sounds: Sounds) -> Slip | None:
    """The slip of one character for another."""
    heard, said = set(sounds(typed)), set(sounds(meant))
    if heard & said:
        return Slip.SOUND
    if {near_sound(one) for one in heard} & {near_sound(one) for one in said}:
        return Slip.NEAR_SOUND
    return Slip.SHAPE if look_alike(typed, meant) else None


@cache
def near_sound(syllable: str) -> str:
    """One name for all syllables that many speakers do not tell apart: zheng, zhen, zeng and zen → zen.

    Source: the list ``near_sounds.tsv``.
    """
    sounds = _near_sounds()
    initial = next((one for one in ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw") if syllable.startswith(one)), "")
    final = syllable.removeprefix(initial)
    return sounds["initial"].get(initial, initial) + sounds["final"].get(final, final)


def look_alike(one: str, other: str) -> bool:
    """Is the one written for the other because of its shape? Source: the list ``shape_alike.tsv``."""
    return other in shape_alikes().get(one, ())


@cache
def shape_alikes() -> Mapping[str, frozenset[str]]:
    """Every character that can be mistaken for its shape, and those that it is mistaken for."""
    found: dict[str, set[str]] = {}
    for line, (row, _note) in rows("shape_alike.tsv", 2):
        characters = row.split()
        if len(characters) < 2 or any(len(character) != 1 for character in characters):
            raise LexiconError("shape_alike.tsv", line, "a row is two characters or more, with one space between")
        for one, other in combinations(characters, 2):
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return MappingProxyType({one: frozenset(others) for one, others in found.items()})


@cache
def _near_sounds() -> dict[str, dict[str, str]]:
    classes: dict[str, dict[str, str]] = {"initial": {}, "final": {}}
    for line, (part, cell) in rows("near_sounds.tsv", 2):
        name, *others = cell.split()
        if part not in classes or not others:
            raise LexiconError("near_sounds.tsv", line, "a row is initial or final, and two sounds or more")
        for sound in (name, *others):
            if sound in classes[part]:
                raise LexiconError("near_sounds.tsv", line, f"{sound} has a class already; keep one")
            classes[part][sound] = name
    return classes
