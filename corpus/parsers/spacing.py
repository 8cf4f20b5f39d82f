"""What stands between the words: white space, marks that nobody sees, line ends between Chinese characters."""

from __future__ import annotations

import re

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_WIDE = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
_WRAP = re.compile(rf"(?<={_WIDE})[ \t]*[\r\n][ \t\r\n]*(?={_WIDE})")


def tidy(text: str) -> str:
    """One space for white space of any width, none at the ends; a line wrapped between Chinese characters is joined."""
    return collapse(unwrap(text))


def collapse(text: str) -> str:
    """One space for white space of any width, line ends too; none at the ends."""
    return " ".join(text.translate(_INVISIBLE).split())


def unwrap(text: str) -> str:
    """Without the line ends that stand between two Chinese characters."""
    return _WRAP.sub("", text)
