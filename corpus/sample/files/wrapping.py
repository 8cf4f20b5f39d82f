"""Where does a line of Chinese text end, and how far are its characters spread to fill it?

Numbers and Latin words stay whole, and no line begins with a closing mark (GB/T 15834-2011, 5.1).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_PIECES = re.compile(r"[!-~]+|.", re.DOTALL)
_NEVER_FIRST = "，。；：、！？）〕》”’"


@dataclass(frozen=True, slots=True)
class SetLine:
    """A line, and by how much its characters are set apart (negative: closer), in sizes of the type."""

    text: str
    spread: float = 0.0


def wrapped(text: str, wide: float) -> Iterator[SetLine]:
    """The lines that ``text`` makes; ``wide`` is in sizes of the type. All but the last fill it."""
    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1] and ems(lines[-1] + piece) > wide and piece not in _NEVER_FIRST:
            lines.append("")
        lines[-1] += piece
    for line, _ in pairwise(lines):
        yield SetLine(line, (wide - ems(line)) / max(len(line) - 1, 1))
    yield SetLine(lines[-1])


def ems(text: str) -> float:
    """How wide a text is set, in sizes of its type: Chinese characters are square, others half of that."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.5 for sign in text)
