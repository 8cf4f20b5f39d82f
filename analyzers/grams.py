"""Text → pairs of neighbouring characters: what is found whatever way the words are cut, and literally.

A pair is two letters, Chinese characters or digits side by side in the normal form; the last character of a run of them
is kept alone as well, so that each character of a text begins something. Positions are places in the text: normal forms
keep the length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
import numpy.typing as npt
from whoosh.analysis import Composable, Token

from analyzers.normalize import normalize

# A code is the first code point, shifted by this, and the second (0 for a character alone); codes sort as UTF-8 does.
_SHIFT = 21
_SECOND = (1 << _SHIFT) - 1
_LAST_CODE_POINT = 0x10FFFF


def gram_arrays(text: str) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]:
    """The pairs of a text as codes, in their order, and their positions."""
    points = np.frombuffer(normalize(text).encode("utf-32-le", "surrogatepass"), np.uint32)
    kept = np.append(_is_letter()[points], False)
    places = np.flatnonzero(kept)
    paired = kept[places + 1]
    following = np.where(paired, np.append(points, np.uint32(0))[places + 1], 0)
    codes = (points[places].astype(np.uint64) << np.uint64(_SHIFT)) | following.astype(np.uint64)
    return codes, places.astype(np.uint32)


def gram_texts(codes: Iterable[int]) -> list[str]:
    """Codes as text: two characters, or one alone."""
    return [
        chr(code >> _SHIFT) + chr(code & _SECOND) if code & _SECOND else chr(code >> _SHIFT) for code in map(int, codes)
    ]


def gram_bytes(codes: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Codes as text in UTF-8, all joined; and how many bytes each has."""
    points = np.stack([codes >> np.uint64(_SHIFT), codes & np.uint64(_SECOND)], axis=1).astype("<u4")
    widths = (points > 0).astype(np.int64) + (points > 0x7F) + (points > 0x7FF) + (points > 0xFFFF)
    joined = points[points > 0].tobytes().decode("utf-32-le").encode()
    return np.frombuffer(joined, np.uint8), widths.sum(axis=1)


class GramAnalyzer(Composable):  # type: ignore[misc]
    """`gram_arrays` as a Whoosh analyzer."""

    def __call__(self, value: str, positions: bool = False, start_pos: int = 0, **_: object) -> Iterator[Token]:
        codes, places = gram_arrays(value)
        token = Token(positions)
        for text, place in zip(gram_texts(codes), places.tolist(), strict=True):
            token.text = text
            token.boost = 1.0
            if positions:
                token.pos = start_pos + place
            yield token


@cache
def _is_letter() -> npt.NDArray[np.bool_]:
    """By code point: a letter, a Chinese character or a digit (Python's own Unicode data say which)."""
    table = np.zeros(_LAST_CODE_POINT + 1, np.bool_)
    every = np.arange(_LAST_CODE_POINT + 1, dtype=np.uint32).tobytes().decode("utf-32-le", "surrogatepass")
    for run in re.finditer(r"[^\W_]+", every):
        table[run.start() : run.end()] = True
    return table
