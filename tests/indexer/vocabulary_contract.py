"""What suggestions, corrections and passages are built on, of every engine: words, how common they are, texts."""

from __future__ import annotations

from analyzers.tokenizer import words
from indexer.engine import Query, SearchEngine
from indexer.mapping import searchable_text
from tests.indexer.engine_contract import PAPERS


class VocabularyContract:
    """Inherited beside `EngineContract`, whose fixture ``engine`` holds `PAPERS`."""

    def test_the_vocabulary_has_each_word_once_and_in_order(self, engine: SearchEngine) -> None:
        every = list(engine.vocabulary())
        assert every == sorted(set(every))
        said = {word for paper in PAPERS for word in words(f"{paper.title}\n{searchable_text(paper)}")}
        assert said <= set(every)
        assert list(engine.vocabulary("停水")) == [word for word in every if word.startswith("停水")] != []
        assert list(engine.vocabulary("没有人说的话")) == []

    def test_a_word_is_counted_once_a_document_wherever_it_stands(self, engine: SearchEngine) -> None:
        asked = ("停水", "老年人", "没有人说的话")
        expected = tuple(
            sum(word in words(f"{paper.title}\n{searchable_text(paper)}") for paper in PAPERS) for word in asked
        )
        assert engine.document_frequencies(asked) == expected
        assert engine.document_frequencies(()) == ()

    def test_the_texts_of_hits_are_given_by_their_ids(self, engine: SearchEngine) -> None:
        hits = engine.search(Query(text="停水")).hits
        texts = engine.texts([*(hit.id for hit in hits), "nobody"])
        assert {wanted: title for wanted, (title, _) in texts.items()} == {hit.id: hit.title.text for hit in hits}
        by_id = {paper.id: searchable_text(paper) for paper in PAPERS}
        assert all(text == by_id[wanted] for wanted, (_, text) in texts.items())
