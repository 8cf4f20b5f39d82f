"""Which documents have a text literally? Pairs of neighbouring characters, at their distances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from analyzers.grams import gram_arrays, gram_texts
from indexer.columnar.opened import Mask
from indexer.columnar.postings import PostingField
from indexer.fields import GRAM_FIELDS
from indexer.snapshot import Part

Keys = npt.NDArray[np.int64]

# A place in a text is below this; a key is the document, shifted by its bits, and the place.
_PLACE_BITS = 32


def has_literally(part: Part, phrase: str, fields: Sequence[str] = GRAM_FIELDS) -> Mask:
    """The documents of a segment that have the phrase in a field (title or body), deleted ones included.

    ``phrase`` is in its normal form; where it has a mark or a space, any mark or space will do, and those around it do
    not matter. A phrase without any letter, Chinese character or digit is nowhere.
    """
    wanted = list(_pieces(phrase))
    mask: Mask = np.zeros(part.size, np.bool_)
    for name in fields if wanted else ():
        field = part.field(name)
        if field is not None:
            mask[_keys_of(field, wanted) >> _PLACE_BITS] = True
    return mask


def _pieces(phrase: str) -> Iterator[tuple[str, int]]:
    """The fewest pairs that cover the phrase, with their places; a character between marks is a piece of its own."""
    codes, positions = gram_arrays(phrase)
    texts, places = gram_texts(codes), (positions - positions[:1]).tolist()
    start = 0
    for number, text in enumerate(texts):
        if len(text) > 1:
            continue
        # Here ends a run of characters side by side: its last gram is one character alone.
        if number == start:
            yield text, places[number]
        for covering in {*range(start, number, 2), number - 1} - {start - 1}:
            yield texts[covering], places[covering]
        start = number + 1


def _keys_of(field: PostingField, wanted: list[tuple[str, int]]) -> Keys:
    """Where the phrase begins: documents and places, as keys."""
    rows = [
        field.rows_with_prefix(text.encode()) if len(text) == 1 else _row_of(field, text.encode()) for text, _ in wanted
    ]
    if not all(rows):
        return np.zeros(0, np.int64)
    rarest_first = sorted(range(len(rows)), key=lambda number: sum(map(field.document_frequency, rows[number])))
    found: Keys | None = None
    for number in rarest_first:
        keys = np.concatenate([_begins(field, row, wanted[number][1]) for row in rows[number]])
        found = keys if found is None else np.intersect1d(found, keys, assume_unique=True)
        if not len(found):
            break
    return np.zeros(0, np.int64) if found is None else found


def _begins(field: PostingField, row: int, place: int) -> Keys:
    positions, counts = field.positions(row)
    documents = np.repeat(field.documents(row).astype(np.int64), counts)
    fits = positions >= place
    return (documents[fits] << _PLACE_BITS) | (positions[fits] - place)


def _row_of(field: PostingField, gram: bytes) -> range:
    row = field.row(gram)
    return range(row, row + 1) if row >= 0 else range(0)
