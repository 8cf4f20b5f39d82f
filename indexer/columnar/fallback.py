"""What Whoosh's own matchers find in a segment: the answer to queries that arrays know nothing of."""

from __future__ import annotations

import numpy as np
from whoosh.query import Query
from whoosh.reading import MultiReader, SegmentReader
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from indexer.columnar.codec import OpenedCodec
from indexer.columnar.matches import Matches, Places, Scores
from indexer.columnar.opened import OpenIndex, OpenSegment
from indexer.columnar.whoosh_segment import ColumnarSegment


def matches_of_whoosh(query: Query, index: OpenIndex, segment: OpenSegment, weighting: BM25F) -> Matches:
    """Step through the query's own matcher; deleted documents are not found."""
    readers = [_reader(index, part) for part in index.segments]
    whole = Searcher(readers[0] if len(readers) == 1 else MultiReader(readers), weighting)
    part = whole.leaf_searchers()[index.segments.index(segment)][0]
    matcher = query.matcher(part, whole.context())
    ids: list[int] = []
    found: list[float] = []
    while matcher.is_active():
        ids.append(matcher.id())
        found.append(matcher.score())
        matcher.next()
    scores = np.array(found, np.float64)

    def score(places: Places | None) -> Scores:
        return scores.copy() if places is None else scores[places]

    return Matches(np.array(ids, np.intp), score)


def _reader(index: OpenIndex, part: OpenSegment) -> SegmentReader:
    segment = ColumnarSegment("")
    segment.segid = part.id
    segment.set_doc_count(part.size)
    if part.alive is not None:
        for number in (~part.alive).nonzero()[0].tolist():
            segment.delete_document(number)
    return SegmentReader(None, index.schema, segment, codec=OpenedCodec(part.arrays))
