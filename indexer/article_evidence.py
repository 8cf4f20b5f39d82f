"""What do articles of law gain beside what they say of the question's own words?

Laws do not speak as people do: the official terms for plain words are looked for as words of their own, and what stands
around an article, what cites it, and how often it is cited, count too. All this holds for articles alone: other
documents speak for themselves, and what they are cited by says little of what they answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np

from analyzers.question import Question
from analyzers.synonyms import Term
from indexer.citation_graph import CITING_SHARE, NEIGHBOUR_SHARE, CitationGraph
from indexer.columnar.opened import Mask
from indexer.evidence import Given, Heard, grams_of
from indexer.fields import GRAM_FIELDS
from indexer.ranking import Floats, ScoringModel
from indexer.snapshot import Snapshot

# What an official term counts beside words of the question; nDCG@10 is .389 with it, .388 with .2, .382 with .45. Other
# documents lose by it (.003 of hit@1 on government questions, .006 at .45), so it is for articles.
_TERM_SHARE = 0.3


class ArticleEvidence:
    """Gains of the articles of law in a snapshot, for one question; ``official`` terms come with their labels,
    ``words`` has all their words."""

    def __init__(
        self,
        snapshot: Snapshot,
        graph: CitationGraph,
        question: Question,
        official: Iterable[tuple[str, Sequence[Term]]],
        words: Heard,
        model: ScoringModel,
    ) -> None:
        self._snapshot, self._graph, self._model, self._words = snapshot, graph, model, words
        self._official = tuple(official)
        self._said = frozenset(question.words)
        paired = set(grams_of(question.core))
        self._pairs_of = {
            term.text: [pair for pair in grams_of(term.text) if pair not in paired]
            for _, terms in self._official
            for term in terms
        }
        self._pairs = Heard(snapshot, GRAM_FIELDS, tuple(dict.fromkeys(chain.from_iterable(self._pairs_of.values()))))

    def terms(self, number: int) -> Iterator[Given]:
        """What the official terms for plain words give: each plain word as much as the best of its terms."""
        if not self._official:
            return
        words, pairs = (heard.evidence(number, self._model) for heard in (self._words, self._pairs))
        articles = self._articles(number)
        for label, terms in self._official:
            best = np.zeros(len(articles))
            for term in terms:
                given = np.zeros(len(articles))
                pairs.only(self._pairs_of[term.text]).add_to(given)
                given *= self._model.gram_share
                words.only([word for word in term.words if word not in self._said]).add_to(given)
                np.maximum(best, given, out=best)
            best *= _TERM_SHARE * articles
            yield Given(label, best)

    def context(self, gained: Floats) -> tuple[tuple[str, Floats], ...]:
        """What neighbours, citing articles and being cited give; all over all segments, as is what words give.

        Who says nothing of the matter gains nothing.
        """
        says_some = gained > 0
        beside = NEIGHBOUR_SHARE * self._graph.beside(gained) * says_some
        citing = CITING_SHARE * self._graph.cited_by(gained) * says_some
        standing = self._graph.standing * (gained + beside + citing)
        return ("articles beside it", beside), ("articles that cite it", citing), ("how often it is cited", standing)

    def within(self, number: int, context: tuple[tuple[str, Floats], ...]) -> Iterator[Given]:
        """What `context` gives in a segment."""
        segment = self._snapshot.parts[number].segment
        for label, scores in context:
            yield Given(label, scores[segment.offset : segment.offset + segment.size])

    def _articles(self, number: int) -> Mask:
        segment = self._snapshot.parts[number].segment
        return self._graph.articles[segment.offset : segment.offset + segment.size]
