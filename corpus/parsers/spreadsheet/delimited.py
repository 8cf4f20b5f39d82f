"""Which cells does a .csv file hold? Any encoding, any of the separators that offices use."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable

from corpus.parsers.encoding import decode_file
from corpus.parsers.spreadsheet.sheet import Budget, FullError, Sheet

_SEPARATORS = ",\t;|，"
_SAMPLE_LINES = 50
_QUOTED = re.compile(r'"[^"]*"')
_DECLARED = re.compile(r"sep=(.)\s*")  # Excel's own first line


def read_sheet(data: bytes, content_type: str, budget: Budget) -> Sheet:
    """The cells; ``problems`` say what is damaged.

    Raises UnreadableError when the file is too large or its bytes are no text.
    """
    decoded = decode_file(data, content_type)
    lines = decoded.text.splitlines(keepends=True)
    declared = _DECLARED.fullmatch(lines[0]) if lines else None
    separator = declared[1] if declared else _separator(lines[:_SAMPLE_LINES])
    if declared:
        del lines[0]
    rows = _rows(lines, separator)
    sheet = _fill(rows or [line.split(separator) for line in lines], budget)
    if rows is None:
        sheet.problems.append("its quotation marks are not closed; the cells are as they stand between the separators")
    sheet.problems += decoded.problems
    return sheet


def _rows(lines: list[str], separator: str) -> list[list[str]] | None:
    """The rows; None where a quotation mark is never closed, so that the rest of the file would be one cell."""
    for strict in (True, False):
        try:
            return list(csv.reader(lines, delimiter=separator, strict=strict))
        except csv.Error as error:
            if "expected after" not in str(error):  # text behind a closing mark, which only the strict reader minds
                break
    return None


def _fill(rows: Iterable[list[str]], budget: Budget) -> Sheet:
    sheet = Sheet("")
    try:
        for row, cells in enumerate(rows):
            for column, text in enumerate(cells):
                sheet.put(row, column, text, budget)
    except FullError:
        sheet.problems.append("the table is too large: only its beginning was read")
    return sheet


def _separator(lines: Iterable[str]) -> str:
    """The one that stands in most lines, outside of quotation marks; the comma if none does."""
    bare = [_QUOTED.sub("", line) for line in lines]
    return max(_SEPARATORS, key=lambda mark: sum(mark in line for line in bare))
