"""Which pieces break readers? The lists of ``pieces.json``: texts, or a text and how often it is repeated."""

from __future__ import annotations

import json
from pathlib import Path

_LISTS: dict[str, list[str | tuple[str, int]]] = json.loads((Path(__file__).parent / "pieces.json").read_text("utf-8"))


def _pieces(begin: str) -> tuple[str, ...]:
    found = next(pieces for name, pieces in _LISTS.items() if name.startswith(begin))
    return tuple(piece if isinstance(piece, str) else piece[0] * piece[1] for piece in found)


WORDS, TAGS, ATTRIBUTES = _pieces("words"), _pieces("tags"), _pieces("attributes")
PAGE_PIECES, XML_VALUES, XML_MARKUP, PDF_TOKENS = map(_pieces, ("pieces", "values", "markup", "tokens"))
