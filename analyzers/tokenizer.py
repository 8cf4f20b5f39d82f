"""Text → words: one segmentation for the index and for the question.

Runs of Han characters are cut by jieba in search mode (a long word also yields the dictionary words inside it); runs of
other letters and digits are one word each. Because only runs of the dictionary's characters reach the segmenter,
`rjieba` (the same dictionary and model in Rust) and `jieba` give the same words, whatever e-mail addresses, telephone
numbers and rare characters stand between them.
"""

from __future__ import annotations

import hashlib
import logging
import re
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from types import ModuleType
from typing import Any
from unicodedata import unidata_version

from whoosh.analysis import Composable, Token

from analyzers.lexicon import function_words, how_frames, question_frames, user_words
from analyzers.normalize import normal_forms, normalize

# What the dictionary is made of. The two segmenters cut rarer characters in different ways: each is a word of its own.
_HAN = "\u4e00-\u9fd5"
_RARE_HAN = "\u3400-\u4dbf\u9fd6-\u9fff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|[{_RARE_HAN}]|\d+\.\d+|[^\W_{_HAN}{_RARE_HAN}]+")


@dataclass(frozen=True, slots=True)
class Segmenter:
    """The segmenter in use. An index remembers ``identity`` and is asked only with the same one.

    ``identity`` names the segmenter and its version, and hashes all else that decides how a text is cut: our user
    words, the function words, what counts as a word, and the normal form of every character. ``cut`` is search mode;
    ``cut_apart`` gives each character of the text in one word only.
    """

    identity: str
    cut: Callable[[str], list[str]]
    cut_apart: Callable[[str], list[str]]


def words(text: str) -> list[str]:
    """The words of a text as the index holds them: normalised, in search mode, without function words."""
    cut, stopped = segmenter().cut, function_words()
    found: list[str] = []
    for match in _RUN.finditer(normalize(text)):
        if match["han"]:
            found += [word for word in cut(match[0]) if word not in stopped]
        else:
            found.append(match[0])
    return found


def question_words(text: str) -> list[str]:
    """The words of a question: those of `words` without its frame (怎么, 什么, 请问 …), unless nothing else is left."""
    everything = words(text)
    framed = question_frames()
    return [word for word in everything if word not in framed] or everything


def question_core(text: str) -> str:
    """The normalised question without its frame, function words and marks: a space stands for what is left out.

    What stood side by side still does (高龄津贴标准是多少 → 高龄津贴标准). The whole, if nothing else is left.
    """
    cut, dropped = segmenter().cut_apart, function_words() | question_frames()
    normal = normalize(text)
    pieces: list[str] = []
    end = 0
    for match in _RUN.finditer(normal):
        if match.start() > end:
            pieces.append(" ")
        end = match.end()
        pieces += [" " if word in dropped else word for word in cut(match[0])] if match["han"] else [match[0]]
    core = " ".join("".join(pieces).split())
    return core or normal


def asks_how(text: str) -> bool:
    """Does a question ask how something is done (怎么, 如何)?"""
    return not how_frames().isdisjoint(words(text))


class WordAnalyzer(Composable):  # type: ignore[misc]
    """`words` as a Whoosh analyzer, for indexing and querying alike."""

    def __call__(self, value: str, positions: bool = False, start_pos: int = 0, **_: object) -> Iterator[Token]:
        token = Token(positions)
        for position, word in enumerate(words(value), start_pos):
            token.text = word
            token.boost = 1.0
            if positions:
                token.pos = position
            yield token


@cache
def segmenter() -> Segmenter:
    """`rjieba` where it is installed, else `jieba`; both with our user words."""
    extra = user_words()
    # Python's own Unicode data says what a letter or a digit is.
    decisive = (extra, sorted(function_words()), _RUN.pattern, unidata_version, sorted(normal_forms().items()))
    fingerprint = hashlib.sha256(ascii(decisive).encode()).hexdigest()[:12]
    try:
        import rjieba
    except ImportError:
        slow = _jieba(extra)
        identity = f"jieba {version('jieba')} words {fingerprint}"
        return Segmenter(identity, slow.lcut_for_search, slow.lcut)
    fast = rjieba.Jieba()
    for word in extra:
        fast.add_word(word, fast.suggest_freq(word), "n")
    return Segmenter(f"rjieba {version('rjieba')} words {fingerprint}", fast.cut_for_search, fast.cut)


def _jieba(extra: tuple[str, ...]) -> Any:
    jieba = _import_jieba()
    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    # Its cache is read with `marshal`, unchecked: never from a folder that others can write to.
    with tempfile.TemporaryDirectory(prefix="gongkai-jieba-") as private:
        tokenizer.tmp_dir = private
        tokenizer.initialize()
    for word in extra:
        tokenizer.add_word(word)
    return tokenizer


def _import_jieba() -> ModuleType:
    with warnings.catch_warnings():  # its last release is of 2020 and warns on today's Python
        warnings.simplefilter("ignore")
        import jieba
    return jieba  # type: ignore[no-any-return]
