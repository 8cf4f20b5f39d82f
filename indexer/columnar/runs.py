"""What a worker is given to do: a batch of items becomes segments (runs), or several segments become one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from whoosh.fields import Schema

from indexer.columnar.inversion import write_rows
from indexer.columnar.merged_documents import Source
from indexer.columnar.merging import merge
from indexer.columnar.opened import living
from indexer.columnar.segment import SegmentArrays
from indexer.columnar.whoosh_segment import ColumnarSegment

# What one run takes in at most, in rows and in characters (a text counts once for each field that has it): inverting
# takes some 100 bytes a character.
RUN_ROWS = 8_192
RUN_CHARACTERS = 2_000_000

Item = TypeVar("Item")
Row = Mapping[str, Any]


def write_runs(
    folder: Path, name: str, schema: Schema, make_rows: Callable[[Item], Iterable[Row]], items: Sequence[Item]
) -> list[ColumnarSegment]:
    """Write the rows of these items as segments of the index ``name``, in their order."""
    segments: list[ColumnarSegment] = []
    for rows in _cut(row for item in items for row in make_rows(item)):
        segment = ColumnarSegment(name)
        write_rows(folder, segment.segment_id(), schema, rows)
        segment.set_doc_count(len(rows))
        segments.append(segment)
    return segments


def merge_segments(folder: Path, name: str, schema: Schema, segments: Sequence[ColumnarSegment]) -> ColumnarSegment:
    """Write a segment of the living documents of these."""
    sources = [
        Source(SegmentArrays(folder, segment.segment_id(), segment.doc_count_all()), living(segment))
        for segment in segments
    ]
    merged = ColumnarSegment(name)
    merged.set_doc_count(merge(folder, merged.segment_id(), schema, sources))
    return merged


def _cut(rows: Iterable[Row]) -> Iterator[list[Row]]:
    run: list[Row] = []
    characters = 0
    for row in rows:
        length = sum(len(value) for value in row.values() if type(value) is str)
        if run and (len(run) == RUN_ROWS or characters + length > RUN_CHARACTERS):
            yield run
            run, characters = [], 0
        run.append(row)
        characters += length
    if run:
        yield run
