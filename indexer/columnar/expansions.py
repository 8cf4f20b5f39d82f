"""Which words of a segment a pattern stands for: prefixes, wildcards, regular expressions, ranges, similar words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from whoosh.fields import FieldType
from whoosh.lang.morph_en import variations
from whoosh.query import FuzzyTerm, NumericRange, PatternQuery, Prefix, TermRange, Variations, Wildcard
from whoosh.util.numeric import tiered_ranges

from indexer.columnar.postings import PostingField
from indexer.columnar.segment import SegmentArrays

# Where a range without an end stops, as in Whoosh's TermRange.
_LAST_TERM = b"\xff\xff\xff\xff"


def rows_of_prefix(query: Prefix, field: FieldType, postings: PostingField) -> range:
    return postings.rows_with_prefix(field.to_bytes(query.text))


def rows_of_range(query: TermRange, field: FieldType, postings: PostingField) -> range:
    """The rows of all words from the start to the end; none if one of them is no value of the field."""
    try:
        start = b"" if query.start is None else field.to_bytes(query.start)
        end = _LAST_TERM if query.end is None else field.to_bytes(query.end)
    except ValueError:
        return range(0)
    return _rows_between(postings, start, end, without_start=query.startexcl, without_end=query.endexcl)


def rows_of_numbers(query: NumericRange, field: FieldType, postings: PostingField) -> range:
    """The rows of all numbers in the range at full precision, which stand together.

    Whoosh goes through coarser and coarser numbers to have fewer words to ask for; the documents are the same.
    Raises ValueError for a bound that the field cannot hold, as Whoosh does.
    """
    start, end = (None if bound is None else field.prepare_number(bound) for bound in (query.start, query.end))
    bounds = (start, end, 0, query.startexcl, query.endexcl)
    ((low, high, _),) = tiered_ranges(field.numtype, field.bits, field.signed, *bounds)
    if low > high:
        return range(0)
    return _rows_between(postings, field.sortable_to_bytes(low), field.sortable_to_bytes(high))


def rows_of_pattern(query: PatternQuery, field: FieldType, arrays: SegmentArrays, postings: PostingField) -> list[int]:
    """The rows of the words that match a wildcard or a regular expression from their beginning on."""
    expression = re.compile(query._get_pattern())
    prefix = query._find_prefix(query.text)
    literal = max(re.split(r"[*?]", query.text), key=len) if type(query) is Wildcard and "[" not in query.text else ""
    rows: Sequence[int]
    if len(literal) > len(prefix):
        rows = _rows_having(arrays, query.fieldname, literal.encode())
    else:
        rows = postings.rows_with_prefix(field.to_bytes(prefix)) if prefix else range(len(postings))
    return [row for row in rows if expression.match(postings.term(row).decode())]


def terms_of_variations(query: Variations, field: FieldType) -> list[bytes]:
    return [field.to_bytes(word) for word in variations(query.text)]


def rows_of_similar(query: FuzzyTerm, arrays: SegmentArrays, postings: PostingField) -> list[int]:
    """The rows of the words within some insertions, deletions and replacements, with the same first characters."""
    text, distance = query.text, int(query.maxdist)
    rows = postings.rows_with_prefix(text[: query.prefixlength].encode())
    if not rows:
        return []
    letters, lengths = _letters(arrays, query.fieldname, rows)
    near = (np.abs(lengths - len(text)) <= distance).nonzero()[0]
    ends = np.cumsum(lengths)[near]
    kept = lengths[near]
    rest = text[query.prefixlength :]
    begins = ends - kept + query.prefixlength
    distances = _distances(letters, begins, kept - query.prefixlength, rest)
    return [rows[place] for place in near[distances <= distance].tolist()]


def _distances(
    letters: npt.NDArray[np.uint32], begins: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64], text: str
) -> npt.NDArray[np.int16]:
    """The Levenshtein distances of a text from many words, which lie one after the other in ``letters``."""
    longest = int(lengths.max(initial=0))
    wanted = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    above = [np.full(len(begins), column, np.int16) for column in range(longest + 1)]
    at = [letters.take(begins + column, mode="clip") for column in range(longest)]
    for line, letter in enumerate(wanted, 1):
        row = [np.full(len(begins), line, np.int16)]
        for column in range(longest):
            cost = np.minimum(above[column + 1], row[column]) + 1
            row.append(np.minimum(cost, above[column] + (at[column] != letter)))
        above = row
    if not len(begins):
        return np.zeros(0, np.int16)
    return np.stack(above)[lengths, np.arange(len(begins))]


def _rows_between(
    postings: PostingField, start: bytes, end: bytes, *, without_start: bool = False, without_end: bool = False
) -> range:
    first, last = postings.first_row_from(start), postings.first_row_from(end)
    if without_start and first < len(postings) and postings.term(first) == start:
        first += 1
    if not without_end and last < len(postings) and postings.term(last) == end:
        last += 1
    return range(first, max(first, last))


def _rows_having(arrays: SegmentArrays, field: str, literal: bytes) -> list[int]:
    """The rows of all words that have these bytes, and of some others."""
    joined = arrays.postings[f"{field}.terms"].data
    found = [match.start() for match in re.finditer(re.escape(literal), joined)]
    offsets = arrays.postings[f"{field}.term_offsets"]
    places = np.array(found, offsets.dtype)
    rows: list[int] = np.unique(offsets.searchsorted(places, "right") - 1).tolist()
    return rows


def _letters(arrays: SegmentArrays, field: str, rows: range) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """The letters of words one after the other, and how many each has."""
    offsets = arrays.postings[f"{field}.term_offsets"][rows.start : rows.stop + 1].astype(np.int64)
    joined = arrays.postings[f"{field}.terms"][offsets[0] : offsets[-1]]
    begun = np.zeros(len(joined) + 1, np.int64)
    np.cumsum((joined & 0xC0) != 0x80, out=begun[1:])  # every byte but those that continue a letter of UTF-8
    letters = np.frombuffer(bytes(joined).decode().encode("utf-32-le"), np.uint32)
    return letters, np.diff(begun[offsets - offsets[0]])


def spans_of(rows: Sequence[int]) -> list[range]:
    """Runs of rows that follow each other."""
    if isinstance(rows, range):
        return [rows]
    breaks = [place for place, (one, other) in enumerate(pairwise(rows), 1) if other != one + 1]
    return [range(rows[low], rows[high - 1] + 1) for low, high in pairwise([0, *breaks, len(rows)])] if rows else []
