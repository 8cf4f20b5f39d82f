"""What else may somebody search for who asked this? Short titles and catalog items that have its rarest words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, zip_longest

from analyzers.normalize import normalize
from analyzers.tokenizer import question_words
from indexer.engine import SearchEngine
from indexer.phrasebook_layout import Kind

# Of a question the rarest words are looked up: the others stand in thousands of titles.
_WORDS = 2
# Looked at for each; most titles are longer than what anybody would search for.
_LOOKED_AT = 12
_LONGEST = 24
_KINDS = frozenset({Kind.ITEM, Kind.TITLE})


def related_searches(engine: SearchEngine, text: str, limit: int = 6) -> tuple[str, ...]:
    """Up to ``limit`` texts to search for, by turns of each word; never the question itself."""
    said = {word for word in question_words(text) if len(word) > 1}
    counted = zip(sorted(said), engine.document_frequencies(sorted(said)), strict=True)
    rarest = sorted((count, word) for word, count in counted if count)[:_WORDS]
    by_turns = chain.from_iterable(zip_longest(*(_with(engine, word) for _, word in rarest)))
    asked = normalize(text)
    others = (other for other in by_turns if other and normalize(other) != asked)
    return tuple(dict.fromkeys(others))[:limit]


def _with(engine: SearchEngine, word: str) -> Iterator[str]:
    for found in engine.suggestions(word, _LOOKED_AT):
        if found.kind in _KINDS and len(found.text) <= _LONGEST:
            yield found.text
