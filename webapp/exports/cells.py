"""What may stand in a cell, so that no spreadsheet program takes published text for a formula or refuses the file?"""

from __future__ import annotations

import re

# How a cell begins that is run as a formula (OWASP, CSV Injection: the full-width signs too, in East Asian locales).
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# What XML 1.0 (2.2) cannot carry at all, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")


def csv_cell(text: str) -> str:
    """The text; behind an apostrophe where it would be run as a formula."""
    return f"'{text}" if text.startswith(FORMULA_MARKS) else text


def xml_text(text: str) -> str:
    """The text without what XML cannot carry; not escaped yet."""
    return _NOT_XML.sub("", text)
