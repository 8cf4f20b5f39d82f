"""What do articles of law gain beside what they say of the question's own words?

Laws do not speak as people do: the official terms for plain words are looked for as words of their own, and what stands
around an article, what cites it, and how often it is cited, count too. All this holds for articles alone: other
documents speak for themselves, and what they are cited by says little of what they answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from analyzers.question import Question
from analyzers.synonyms import Term
from indexer.citation_graph import CITING_SHARE, NEIGHBOUR_SHARE, CitationGraph
from indexer.evidence import Evidence, Heard, constant, grams_of
from indexer.fields import GRAM_FIELDS, TEXT_FIELDS
from indexer.ranking import Floats, ScoringModel
from indexer.snapshot import Snapshot

# What an official term counts beside words of the question; nDCG@10 is .389 with it, .388 with .2, .382 with .45. Other
# documents lose by it (.003 of hit@1 on government questions, .006 at .45), so it is for articles.
_TERM_SHARE = 0.3


class ArticleEvidence:
    """Gains of the articles of law in a snapshot, for one question; ``official`` terms come with their labels."""

    def __init__(
        self,
        snapshot: Snapshot,
        graph: CitationGraph,
        question: Question,
        official: Iterable[tuple[str, Iterable[Term]]],
        model: ScoringModel,
    ) -> None:
        self._snapshot, self._graph, self._model = snapshot, graph, model
        said, paired = set(question.words), set(grams_of(question.core))
        self._terms = [
            (
                label,
                [
                    (
                        Heard(snapshot, TEXT_FIELDS, [word for word in term.words if word not in said]),
                        Heard(snapshot, GRAM_FIELDS, [pair for pair in grams_of(term.text) if pair not in paired]),
                    )
                    for term in terms
                ],
            )
            for label, terms in official
        ]

    def terms(self, number: int) -> Iterator[Evidence]:
        """What the official terms for plain words give: each plain word as much as the best of its terms."""
        for label, terms in self._terms:
            best = np.zeros(self._snapshot.parts[number].size)
            for words, pairs in terms:
                given = self._scores(words, number) + self._model.gram_share * self._scores(pairs, number)
                best = np.maximum(best, given)
            yield self._to_articles(label, number, _TERM_SHARE * best)

    def context(self, gained: Floats) -> tuple[tuple[str, Floats], ...]:
        """What neighbours, citing articles and being cited give; all over all segments, as is what words give.

        Who says nothing of the matter gains nothing.
        """
        beside = np.where(gained > 0, NEIGHBOUR_SHARE * self._graph.beside(gained), 0.0)
        citing = np.where(gained > 0, CITING_SHARE * self._graph.cited_by(gained), 0.0)
        standing = self._graph.standing * (gained + beside + citing)
        return ("articles beside it", beside), ("articles that cite it", citing), ("how often it is cited", standing)

    def within(self, number: int, context: tuple[tuple[str, Floats], ...]) -> Iterator[Evidence]:
        """What `context` gives in a segment."""
        segment = self._snapshot.parts[number].segment
        for label, scores in context:
            yield self._to_articles(label, number, scores[segment.offset : segment.offset + segment.size])

    def _scores(self, heard: Heard, number: int) -> Floats:
        labels = ("",) * len(heard.words)
        return heard.evidence(number, self._model, labels).added_up(self._snapshot.parts[number].size)

    def _to_articles(self, label: str, number: int, scores: Floats) -> Evidence:
        segment = self._snapshot.parts[number].segment
        ids = np.flatnonzero(self._graph.articles[segment.offset : segment.offset + segment.size] & (scores > 0))
        return constant(label, ids, scores[ids])
