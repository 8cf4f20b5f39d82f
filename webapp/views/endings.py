"""What holds in place of a document that was found but has ended?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.models import Validity
from indexer.citation_links import Citing, Effect, citing_documents
from indexer.engine import Hit, SearchEngine

# Each costs a search and the texts of what it finds; few pages have more.
_MOST = 3
_ENDED = frozenset({Validity.REPEALED.value, Validity.EXPIRED.value})


@dataclass(frozen=True, slots=True)
class Ending:
    """The document that repeals another, and whether it stands in its place."""

    by: Hit
    replaces: bool


def ending_of(citing: Sequence[Citing]) -> Ending | None:
    """Of what cites a document, that which ends it; one that replaces it before one that only repeals it."""
    strongest = max(citing, key=lambda one: list(Effect).index(one.effect), default=None)
    if strongest is None or not strongest.effect:
        return None
    return Ending(strongest.hit, strongest.effect is Effect.REPLACES)


def endings(engine: SearchEngine, hits: Sequence[Hit]) -> dict[str, Ending]:
    """By id what ended the first few hits that are marked as repealed or expired, where the index has it."""
    ended = [hit for hit in hits if hit.validity in _ENDED and not hit.entry][:_MOST]
    found = {hit.id: ending_of(citing_documents(engine, hit.title.text, hit.document_number, hit.id)) for hit in ended}
    return {hit_id: ending for hit_id, ending in found.items() if ending}
