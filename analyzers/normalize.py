"""One writing for what reads the same: width, letter case, compatibility forms, traditional → simplified.

Every character becomes exactly one character, so an offset in the normal form is the offset in the text as published,
and a highlight needs no map back. What would change the length (``…`` → ``...``, ``㎡`` → ``m2``) stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import opencc

# Above plane 3 Unicode assigns only tags and private use.
_LAST_ASSIGNED = 0x3FFFF


def normalize(text: str) -> str:
    """The normal form, of the same length. Normalising it again changes nothing."""
    return text.translate(_table())


def normal_forms() -> Mapping[int, str]:
    """Every code point that `normalize` changes, and the character that it becomes."""
    return MappingProxyType(_table())


def pattern_of(normal: str) -> re.Pattern[str]:
    """Finds a normalised text in texts as published: where it matches, their normal form has it, and nowhere else.

    Normalising a text takes 10 to 100 times longer than looking through it (measured: 7,079 documents of 24 million
    characters, 2.8 to 4.7 s against 0.02 to 0.35).
    """
    forms = _published_forms()
    return re.compile("".join(f"[{re.escape(character + forms.get(character, ''))}]" for character in normal))


@cache
def _published_forms() -> dict[str, str]:
    """What becomes a character, all in one string, by the character."""
    forms: dict[str, str] = {}
    for code, character in _table().items():
        forms[character] = forms.get(character, "") + chr(code)
    return forms


@cache
def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in range(_LAST_ASSIGNED + 1):
        character = chr(code)
        folded = _fold(character)
        if folded != character:
            table[code] = folded
    # Traditional characters one by one, not by phrases: 乾坤 becomes 干坤, but in index and query alike.
    han = [chr(code) for code in range(0x3400, 0x2FA20) if unicodedata.category(chr(code)) == "Lo"]
    simplified = opencc.OpenCC("t2s").convert("\n".join(han)).split("\n")
    simpler = {old: new for old, new in zip(han, simplified, strict=True) if old != new and len(new) == 1}
    for code, character in table.items():
        table[code] = simpler.get(character, character)
    table.update((ord(old), new) for old, new in simpler.items() if ord(old) not in table)
    # A few simplified forms are themselves traditional for another (薴 → 苧 → 苎).
    for code, character in table.items():
        while character != table.get(ord(character), character):
            character = table[code] = table[ord(character)]
    return table


def _fold(character: str) -> str:
    for form in (unicodedata.normalize("NFKC", character), character):
        lowered = form.lower()
        if len(lowered) == 1 and (lowered.isprintable() or lowered == character):
            return lowered
    return character
