"""How do people change a text before it comes back? Edits of real documents, the same ones every time."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

import opencc

Edit = Callable[[str, float, Random], str]

# Paragraphs to insert, and characters that OCR and hasty typing put for one another.
_INSERTED = (
    "各有关单位要高度重视，明确责任分工，细化工作措施，确保各项任务按期完成并及时报送进展情况。",
    "联络员名单请于本周五前通过政务协同平台报送，逾期未报的将在全区范围内予以通报。",
    "本次检查采取随机抽查与重点检查相结合的方式进行，检查结果纳入年度考核，并向社会公开。",
    "群众对上述事项有异议的，可以在公示期内以书面形式实名反映，匿名反映的不予受理。",
)
_MISREAD = "日曰己已巳末未土士人入八干千于千天夭大太木术目自白百田由甲申贝见问间今令未末侯候折拆戌戍戊"


def drop_paragraphs(text: str, share: float, draw: Random) -> str:
    """Leave out so large a share of the text, paragraph by paragraph."""
    return _without(text, share, draw)


def insert_paragraphs(text: str, share: float, draw: Random) -> str:
    """Put in paragraphs of that share of the text's length."""
    pieces = _pieces(text)
    wanted = int(share * len(text))
    while wanted > 0:
        piece = draw.choice(_INSERTED)
        pieces.insert(draw.randrange(len(pieces) + 1), piece)
        wanted -= len(piece)
    return "\n".join(pieces)


def swap_paragraphs(text: str, share: float, draw: Random) -> str:
    """Exchange neighbours until that share of the paragraphs stands elsewhere."""
    pieces = _pieces(text)
    for _ in range(max(1, int(share * len(pieces) / 2))):
        if len(pieces) > 1:
            at = draw.randrange(len(pieces) - 1)
            pieces[at], pieces[at + 1] = pieces[at + 1], pieces[at]
    return "\n".join(pieces)


def change_facts(text: str, share: float, draw: Random) -> str:
    """Put other figures for that share of all numbers in figures."""

    def other(match: re.Match[str]) -> str:
        if draw.random() >= share:
            return match[0]
        return "".join(str((int(digit) + draw.randrange(1, 10)) % 10) for digit in match[0])

    return re.sub(r"[0-9]+", other, text)


def misread(text: str, share: float, draw: Random) -> str:
    """Put another character for that share of all, as OCR does."""
    return "".join(
        draw.choice(_MISREAD) if "\u4e00" <= character <= "\u9fff" and draw.random() < share else character
        for character in text
    )


def traditional(text: str, _share: float, _draw: Random) -> str:
    """Write it in traditional characters."""
    return str(opencc.OpenCC("s2t").convert(text))


def reformatted(text: str, _share: float, draw: Random) -> str:
    """Other line breaks, spaces, widths and punctuation."""
    wide = str.maketrans({**{str(digit): chr(0xFF10 + digit) for digit in range(10)}, "，": ",", "；": ";", "：": ":"})
    joined = re.sub(r"\s+", "", text).translate(wide)
    width = draw.randrange(28, 45)
    return "\n".join("　" + joined[at : at + width] for at in range(0, len(joined), width))


def excerpt(text: str, share: float, draw: Random) -> str:
    """That share of the text, in one piece; what is set out by runs of blanks is drawn together before."""
    text = re.sub(r"\s{2,}", "\n", text)
    length = int(share * len(text))
    at = draw.randrange(len(text) - length + 1)
    return text[at : at + length]


EDITS: tuple[tuple[str, Edit, Sequence[float]], ...] = (
    ("paragraphs dropped", drop_paragraphs, (0.05, 0.1, 0.2)),
    ("paragraphs inserted", insert_paragraphs, (0.05, 0.1, 0.2)),
    ("paragraphs swapped", swap_paragraphs, (0.05, 0.1, 0.2)),
    ("numbers changed", change_facts, (0.05, 0.1, 0.2)),
    ("characters misread", misread, (0.01, 0.05, 0.1, 0.2)),
    ("traditional", traditional, (1.0,)),
    ("reformatted", reformatted, (1.0,)),
    ("excerpt", excerpt, (0.1, 0.25, 0.5, 0.75, 0.9)),
)


def _pieces(text: str) -> list[str]:
    """Paragraphs; of a text in one paragraph its sentences."""
    lines = [line for line in text.split("\n") if line.strip()]
    return lines if len(lines) > 3 else re.findall(r"[^。]+。?", text)


def _without(text: str, share: float, draw: Random) -> str:
    pieces = _pieces(text)
    wanted = share * len(text)
    while wanted > 0 and len(pieces) > 1:
        fitting = [piece for piece in pieces if len(piece) <= wanted]
        if not fitting:
            break
        piece = draw.choice(fitting)
        pieces.remove(piece)
        wanted -= len(piece)
    return "\n".join(pieces)
