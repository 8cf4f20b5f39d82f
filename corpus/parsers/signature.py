"""What does the text itself say about its number (文号), its signer and its date (落款)?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from analyzers.official_head import read_number
from analyzers.official_layout import read_signature


def number_line(lines: Iterable[str]) -> str:
    """The document number that fills one of the lines by itself, as published; empty if none does."""
    return next((number for line in lines if (number := read_number(line)[0])), "")


def signature(text: str) -> tuple[tuple[str, ...], date | None]:
    """Who signed (each body once) and when; empty and None if the text does not say.

    Source: GB/T 9704-2012, 7.3.5 (发文机关署名, 成文日期): the date stands below the names.
    """
    found = read_signature(text.split("\n"))
    return tuple(dict.fromkeys(piece.text for piece in found.issuers)), found.issued_on
