"""tantivy, in Rust, through its Python binding."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tantivy

from benchmarks.engines import FACET_VALUES, PAGE, SNIPPET_CHARACTERS, TITLE_BOOST, Answer, cut_documents
from benchmarks.peers.words import OURS, Words
from benchmarks.query_classes import FACETS, Ask

_WRITER_BYTES = 256 << 20

_PARTS_OF = {
    "term": "words",
    "idx": "postings",
    "pos": "positions",
    "fieldnorm": "lengths",
    "fast": "columns",
    "store": "stored",
}

_AGGREGATIONS = {name: {"terms": {"field": name, "size": FACET_VALUES}} for name in FACETS}


class Tantivy:
    """Positions for phrases, fast fields for filter, facets (its own aggregations) and dates, `SnippetGenerator`.

    Its k1 and b are ours, and fixed. The binding counts facets in a search of their own. A prefix is looked up in the
    dictionary and scored as an OR of the words, as Whoosh does. The stored text is the words with spaces between, since
    its snippets cut the text again with the tokenizer of the field.
    """

    name = "tantivy"
    _count = True

    def __init__(self, folder: Path) -> None:
        self._index = tantivy.Index(_schema(), str(folder))
        _register(self._index)
        self._index.reload()
        self._schema = self._index.schema
        self._searcher = self._index.searcher()

    @staticmethod
    def build(corpus: Path, folder: Path, words: Words = OURS) -> int:
        index = tantivy.Index(_schema(), str(folder))
        _register(index)
        writer = index.writer(_WRITER_BYTES, 1)
        documents = 0
        for documents, cut in enumerate(cut_documents(corpus, words), 1):
            columns = {"kind": cut.kind, "issuer": cut.issuer, "day": cut.day, "number": documents - 1}
            writer.add_document(tantivy.Document(title=cut.title, body=cut.body, **columns))
        writer.commit()
        writer.wait_merging_threads()
        return documents

    @staticmethod
    def sizes(folder: Path) -> Mapping[str, int]:
        sizes: dict[str, int] = {}
        for path in folder.glob("*.*"):
            if part := _PARTS_OF.get(path.suffix[1:]):
                sizes[part] = sizes.get(part, 0) + path.stat().st_size
        return sizes

    def can(self, ask: Ask) -> bool:  # noqa: ARG002 - everything
        return True

    def search(self, ask: Ask, limit: int = PAGE) -> Answer:
        query = self._query(ask)
        found: Any = self._searcher.search(query, limit, self._count, "day" if ask.newest else None)
        counts = self._searcher.aggregate(query, _AGGREGATIONS) if ask.facets else {}
        return Answer(
            found.count if self._count else -1,
            [address for _, address in found.hits],
            {name: {row["key"]: row["doc_count"] for row in counted["buckets"]} for name, counted in counts.items()},
        )

    def numbers(self, answer: Answer) -> list[int]:
        return [self._searcher.doc(address)["number"][0] for address in answer.page]

    def snippets(self, ask: Ask, answer: Answer) -> list[str]:
        generator = tantivy.SnippetGenerator.create(self._searcher, self._query(ask), self._schema, "body")
        generator.set_max_num_chars(SNIPPET_CHARACTERS)
        return [generator.snippet_from_doc(self._searcher.doc(address)).to_html() for address in answer.page]

    def close(self) -> None:
        """Nothing to let go of."""

    def _query(self, ask: Ask) -> Any:
        if ask.phrase:
            return tantivy.Query.phrase_query(self._schema, "body", list(ask.phrase))
        if ask.prefix:
            known = self._searcher.terms_with_prefix("body", ask.prefix)
            return tantivy.Query.boolean_query([(tantivy.Occur.Should, self._term("body", word)) for word, _ in known])
        if ask.every:
            return tantivy.Query.boolean_query(
                [(tantivy.Occur.Must, tantivy.Query.boolean_query(self._either(word))) for word in ask.words]
            )
        some = tantivy.Query.boolean_query([part for word in ask.words for part in self._either(word)])
        if not ask.kind:
            return some
        allowed = tantivy.Query.const_score_query(self._term("kind", ask.kind, "basic"), 0.0)
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, some), (tantivy.Occur.Must, allowed)])

    def _either(self, word: str) -> list[tuple[Any, Any]]:
        title = tantivy.Query.boost_query(self._term("title", word), TITLE_BOOST)
        return [(tantivy.Occur.Should, title), (tantivy.Occur.Should, self._term("body", word))]

    def _term(self, field: str, word: str, option: str = "freq") -> Any:
        return tantivy.Query.term_query(self._schema, field, word, option)


class TantivyWithoutTotal(Tantivy):
    """The same, not asked for a total: it may pass over blocks of documents that cannot be among the best."""

    name = "tantivy, no total"
    _count = False


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    for name in ("title", "body"):
        builder.add_text_field(name, stored=name == "body", tokenizer_name="words", index_option="position")
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", fast=True)
    builder.add_integer_field("number", stored=True)
    return builder.build()


def _register(index: Any) -> None:
    index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
