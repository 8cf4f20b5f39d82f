"""How does tantivy (BM25 by field, in Rust) answer?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import tantivy

from benchmarks.peers.words import Words
from corpus.models import Document

TITLE_BOOST = 2.0
_WRITER_BYTES = 128 << 20


class Tantivy:
    """Words joined by spaces, a whitespace tokenizer, frequencies without positions, OR of words, title ×2."""

    def __init__(self, folder: Path, words: Words) -> None:
        self.name = f"tantivy + {words.name}"
        self._words = words
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for field in ("title", "body"):
            builder.add_text_field(field, tokenizer_name="words", index_option="freq")
        self._schema = builder.build()
        folder.mkdir(parents=True, exist_ok=True)
        self._index = tantivy.Index(self._schema, str(folder))
        spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("words", spaces)

    def add(self, documents: Iterable[Document]) -> int:
        writer = self._index.writer(_WRITER_BYTES, 1)
        count = 0
        for count, document in enumerate(documents, 1):  # noqa: B007 - how many is what is asked for
            title, body = self._words.fields(document)
            writer.add_document(tantivy.Document(id=document.id, title=title, body=body))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        return count

    def search(self, text: str, limit: int) -> list[tuple[str, float]]:
        terms = []
        for word in self._words.question(text):
            title = tantivy.Query.term_query(self._schema, "title", word, "freq")
            body = tantivy.Query.term_query(self._schema, "body", word, "freq")
            terms += [
                (tantivy.Occur.Should, tantivy.Query.boost_query(title, TITLE_BOOST)),
                (tantivy.Occur.Should, body),
            ]
        found = self._searcher.search(tantivy.Query.boolean_query(terms), limit).hits
        return [(str(self._searcher.doc(address)["id"][0]), float(score)) for score, address in found]
