"""What stands between the words: white space, marks that nobody sees, line ends between Chinese characters."""

from __future__ import annotations

import re

# Control characters that are no white space mean nothing in a text, and PostgreSQL stores no NUL.
_CONTROLS = (*range(0x09), *range(0x0E, 0x1C), 0x7F)
_INVISIBLE = dict.fromkeys([*map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), *_CONTROLS])
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_WRAP = re.compile(rf"(?<={_WIDE})[ \t]*[\r\n][ \t\r\n]*(?={_WIDE})")


def tidy(text: str) -> str:
    """As `collapse`; a line wrapped between Chinese characters is joined."""
    return collapse(unwrap(text))


def collapse(text: str) -> str:
    """One space for white space of any width, line ends too; none at the ends. Control characters are left out."""
    return " ".join(text.translate(_INVISIBLE).split())


def unwrap(text: str) -> str:
    """Without the line ends that stand between two Chinese characters."""
    return _WRAP.sub("", text)
