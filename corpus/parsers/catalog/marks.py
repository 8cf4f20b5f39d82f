"""Which marks does a cell carry? A tick in a mark column, and the ■/□ names of a channel list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.models import Channel, Mark
from corpus.parsers.rules import read_rules


@dataclass(frozen=True, slots=True)
class MarkCell:
    """What a cell of a mark column says: ticked or not (None: empty), and the words beside the mark."""

    ticked: bool | None
    text: str = ""


def squeeze(text: str) -> str:
    """The text for comparing: half width, no white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=4096)  # the cells of a column say the same again and again
def read_mark(text: str) -> MarkCell:
    """Read a cell of a mark column: ``√``, ``是``, ``√申请人``, ``□``, ``/``, or words only, which tick as well."""
    words = text.strip()
    signs = "".join(words.split())
    alone = {**_signs("any"), **_signs("alone")}
    if not signs:
        return MarkCell(None)
    if all(sign in alone for sign in signs):
        return MarkCell(any(alone[sign] is Mark.TICKED for sign in signs))
    plain = _plain_marks(words)
    marks = [sign for sign in plain if sign in "■□"]
    rest = plain.translate(_NO_MARKS).strip().strip("：:，,、;；。").strip()
    ticked = not marks or "■" in marks
    return MarkCell(ticked, _unbracketed(rest) if ticked else "")


def has_marks(text: str) -> bool:
    """Whether a mark that ticks or does not tick stands in the text."""
    return any(sign in "■□" for sign in _plain_marks(text))


@lru_cache(maxsize=4096)
def read_channels(text: str) -> tuple[Channel, ...]:
    """The channels of a cell in their order, repeats kept.

    A mark stands before its name (``■政府网站 □政府公报``), or behind it when the cell shows that
    (``政府网站√ 公示栏□``). A name without a mark is unmarked. Names are separated by marks, white space, line ends or
    、，；; those inside brackets belong to the name, as does a slash.
    """
    plain = _plain_marks(text)
    behind = _marks_stand_behind(plain)
    channels: list[Channel] = []
    waiting: Mark | None = None
    for piece in _pieces(plain):
        if piece not in "■□":
            channels.append(Channel(piece, waiting or Mark.UNMARKED))
            waiting = None
        elif not behind:
            waiting = _MARKS[piece]
        elif channels and channels[-1].mark is Mark.UNMARKED:
            channels[-1] = Channel(channels[-1].name, _MARKS[piece])
    return tuple(channels)


_MARKS = {"■": Mark.TICKED, "□": Mark.UNTICKED}
_NO_MARKS = str.maketrans("", "", "■□")
_OPEN, _CLOSE = "（([【〔", "）)]】〕"
_SEPARATORS = "、，；,;|。"
_BOXED = re.compile(r"[（(\[【〔]\s*([■□]?)\s*[）)\]】〕]")
_BLANK_LINE = re.compile(r"[_＿]{2,}")
_HAN = "\u4e00-\u9fff"


@cache
def _signs(where: str) -> dict[str, Mark]:
    return {
        _character(sign): Mark(mark)
        for mark, at, signs in read_rules("catalog_marks")
        if at == where
        for sign in signs.split()
    }


def _character(sign: str) -> str:
    return chr(int(sign[2:], 16)) if sign.startswith("U+") else sign


@cache
def channel_names() -> frozenset[str]:
    """The known names of channels, squeezed."""
    return frozenset(squeeze(name) for row in read_rules("catalog_channels") for name in row[0].split())


@cache
def _letters() -> re.Pattern[str]:
    """A letter of a symbol font in front of a name. 口, and a letter behind another name, only before a known one: 窗口
    is a word."""
    known = "|".join(sorted({rf"{re.escape(name[0])}\s*{re.escape(name[1])}" for name in channel_names()}))
    letters = "".join(sign for sign in _signs("before") if sign.isascii())
    return re.compile(
        rf"(?<![A-Za-z\d{_HAN}])[{letters}](?=\s*[{_HAN}])|(?<![A-Za-z\d])[{letters}口](?=\s*(?:{known}))"
    )


def _plain_marks(text: str) -> str:
    """All marks as ■ or □, boxes of brackets too."""
    before = _signs("before")
    plain = _letters().sub(
        lambda match: "■" if before[match[0]] is Mark.TICKED else "□", text.translate(_plain_signs())
    )
    return _BOXED.sub(lambda match: match[1] or "□", _BLANK_LINE.sub(" ", plain))


@cache
def _plain_signs() -> dict[int, str]:
    return {ord(sign): "■" if mark is Mark.TICKED else "□" for sign, mark in _signs("any").items()}


def _marks_stand_behind(plain: str) -> bool:
    """Whether this cell writes its marks behind the names: it begins with a name, and its last sign is a mark, or its
    first mark touches the name before it and not the one after it."""
    signs = plain.strip()
    first = re.search("[■□]", signs)
    if first is None or first.start() == 0:
        return False
    if signs[-1] in "■□":
        return True
    before, after = signs[first.start() - 1], signs[first.end() : first.end() + 1]
    return not _separates(before) and _separates(after)


def _separates(sign: str) -> bool:
    return sign.isspace() or sign in _SEPARATORS


def _pieces(plain: str) -> Iterator[str]:
    """Marks and names in their order; a name that a space or a line end broke is put together again."""
    broken: list[str] = []
    for token in _tokens(plain):
        if token in ("■", "□", ""):
            yield from _joined(broken)
            broken = []
            if token:
                yield token
        else:
            broken.append(token)
    yield from _joined(broken)


def _tokens(plain: str) -> Iterator[str]:
    """Marks, words between white space, and "" for a separator or a line end that may end a name."""
    depth, word = 0, ""
    for sign in plain + "\n":
        depth = max(0, depth + (sign in _OPEN) - (sign in _CLOSE))
        if sign in "■□":
            depth = 0
        elif sign.isspace() and (depth == 0 or sign == "\n"):
            pass
        elif sign not in _SEPARATORS or depth:
            word += sign
            continue
        if word.strip():
            yield word.strip()
        word = ""
        if sign in "■□":
            yield sign
        elif sign in _SEPARATORS:
            yield ""


def _joined(words: list[str]) -> Iterator[str]:
    """The names that these words make, one after another without a mark between them: known names if they are nothing
    else, wherever white space broke them; otherwise each word, put together with the next where that gives a name."""
    whole = "".join(words)
    plain = squeeze(whole)
    if len(words) > 1 and len(plain) == len(whole) and _only_names().fullmatch(plain):
        yield from (whole[match.start() : match.end()] for match in _one_known().finditer(plain))
        return
    place = 0
    while place < len(words):
        length = next((n for n in range(min(4, len(words) - place), 1, -1) if _one_name(words[place : place + n])), 1)
        yield "".join(words[place : place + length])
        place += length


@cache
def _one_known() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(channel_names(), key=len, reverse=True))))


@cache
def _only_names() -> re.Pattern[str]:
    return re.compile(f"(?>{_one_known().pattern})+")


def _one_name(words: list[str]) -> bool:
    name = squeeze("".join(words))
    if name in channel_names():
        return squeeze(words[0]) not in channel_names() or squeeze(words[1]) not in channel_names()
    opened = sum(words[0].count(sign) for sign in _OPEN) > sum(words[0].count(sign) for sign in _CLOSE)
    return len(words) == 2 and opened


def _unbracketed(text: str) -> str:
    if (
        text[:1] in _OPEN
        and text[-1:] in _CLOSE
        and text[:1]
        and not any(sign in _OPEN + _CLOSE for sign in text[1:-1])
    ):
        return text[1:-1].strip()
    return text
