"""One writing for what reads the same: width, letter case, compatibility forms, traditional → simplified.

Every character becomes exactly one character, so an offset in the normal form is the offset in the text as published,
and a highlight needs no map back. What would change the length (``…`` → ``...``, ``㎡`` → ``m2``) stays as it is.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import opencc

# Above plane 3 Unicode assigns only tags and private use.
_LAST_ASSIGNED = 0x3FFFF


def normalize(text: str) -> str:
    """The normal form, of the same length. Normalising it again changes nothing."""
    return text.translate(_table())


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
