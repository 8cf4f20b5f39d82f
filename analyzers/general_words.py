"""How often does general Chinese use a word? What jieba's dictionary says, read without jieba."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

# The dictionary's rarest entries (frequency 3, two thirds of it) hold slips and names too: a word that is more common
# than these is one that nobody mistyped.
COMMON_WORD = 10

_HAN = re.compile("[\u4e00-\u9fd5]+")


def general_frequencies() -> dict[str, int]:
    """Every word of Chinese characters in jieba's dictionary, single characters too, and its count in jieba's corpus.

    The counts add up to about 60 million. Raises ModuleNotFoundError if jieba is not installed.
    """
    package = find_spec("jieba")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("jieba is not installed; its dictionary says what is a word")
    with Path(package.origin).with_name("dict.txt").open(encoding="utf-8") as lines:
        rows = (line.split() for line in lines)
        return {word: int(count) for word, count, *_ in rows if _HAN.fullmatch(word)}
