"""How does Whoosh's own searcher answer, from an index as we write it?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from whoosh import index as whoosh_index
from whoosh.query import Or, Term
from whoosh.scoring import BM25F

from analyzers.tokenizer import question_words

TITLE_BOOST = 2.0


class WhooshSearcher:
    """Whoosh's `Searcher` with its `BM25F` (a BM25 a field, added), an Or of words over title ×2 and body.

    For one thread. The words are ours, the index is the one that `WhooshEngine` answers from.
    """

    name = "Whoosh's searcher + our words"

    def __init__(self, generation: Path) -> None:
        self._index = whoosh_index.open_dir(generation)
        self._searcher = self._index.searcher(weighting=BM25F())

    def search(self, text: str, limit: int) -> list[tuple[str, float]]:
        """The best documents and their scores."""
        found = self.ranked(list(dict.fromkeys(question_words(text))), limit)
        return [(self._searcher.stored_fields(number)["id"], score) for number, score in found]

    def ranked(self, words: Sequence[str], limit: int | None) -> list[tuple[int, float]]:
        """Document numbers and scores, best first; all of them without a limit."""
        terms = [
            term for word in words for term in (Term("title", word, boost=TITLE_BOOST), Term("body", word, boost=1.0))
        ]
        return [(int(number), float(score)) for score, number in self._searcher.search(Or(terms), limit=limit).top_n]

    def document_id(self, number: int) -> str:
        """The id of the document with this number."""
        return str(self._searcher.stored_fields(number)["id"])

    def close(self) -> None:
        """Let go of the files."""
        self._searcher.close()
        self._index.close()
