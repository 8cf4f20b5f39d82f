"""What do articles of law gain beside what they say of the question's own words?

Laws do not speak as people do: the official terms for plain words are looked for as words of their own, and what stands
around an article, what cites it, and how often it is cited, count too. All this holds for articles alone: other
documents speak for themselves, and what they are cited by says little of what they answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

import numpy as np

from analyzers.question import Question
from analyzers.synonyms import Term
from indexer.citation_graph import CITING_SHARE, NEIGHBOUR_SHARE, CitationGraph
from indexer.columnar.arithmetic import Said, arithmetic
from indexer.columnar.layout import Table
from indexer.columnar.opened import Mask
from indexer.evidence import Evidence, Heard, Way, each, given, grams_of
from indexer.ranking import Floats, ScoringModel
from indexer.view import View

# What an official term counts beside words of the question; nDCG@10 is .389 with it, .388 with .2, .382 with .45. Other
# documents lose by it (.003 of hit@1 on government questions, .006 at .45), so it is for articles.
_TERM_SHARE = 0.3

_WORDS, _PAIRS = 0, 1


class ArticleEvidence:
    """Gains of the articles of law in a snapshot, for one question; ``official`` terms come with their labels.

    What is heard must have the words of all terms one by one, and the `pairs_of` them.
    """

    def __init__(
        self, snapshot: View, graph: CitationGraph, question: Question, official: Iterable[tuple[str, Sequence[Term]]]
    ) -> None:
        self._snapshot, self._graph = snapshot, graph
        self._official = tuple(official)
        self._said = frozenset(question.words)
        paired = frozenset(grams_of(question.core)) if self._official else frozenset()
        self._pairs_of = {
            term.text: each([pair for pair in grams_of(term.text) if pair not in paired])
            for _, terms in self._official
            for term in terms
        }

    @property
    def pairs(self) -> list[Way]:
        """The pairs of characters of all terms that the question does not have."""
        return list(chain.from_iterable(self._pairs_of.values()))

    def terms(self, number: int, words: Heard, pairs: Heard, model: ScoringModel) -> Iterator[Evidence]:
        """What the official terms for plain words give: each plain word as much as the best of its terms."""
        heard = words.said[number], pairs.said[number]
        segment = self._snapshot.parts[number].segment
        articles = self._graph.articles[segment.offset : segment.offset + segment.size]
        for label, terms in self._official:
            rows, factors = [], []
            for place, term in enumerate(terms):
                for pair in self._pairs_of[term.text]:
                    rows.append((place, _PAIRS, pairs.number(pair)))
                    factors.append(model.gram_share * pairs.factors[rows[-1][2]])
                for word in each([word for word in term.words if word not in self._said]):
                    rows.append((place, _WORDS, words.number(word)))
                    factors.append(words.factors[rows[-1][2]])
            told = np.array(rows, np.int64).reshape(-1, 3), np.array(factors, np.float64)
            yield Evidence(label, partial(_add_best, articles, *told, *heard, model.k1))

    def context(self, gained: Floats) -> tuple[tuple[str, Floats], ...]:
        """What neighbours, citing articles and being cited give; all over all segments, as is what words give.

        Who says nothing of the matter gains nothing.
        """
        graph = self._graph
        found = arithmetic().surround(
            gained,
            (graph.before, graph.after),
            (graph.targets, graph.starts, graph.citing),
            graph.standing,
            (NEIGHBOUR_SHARE, CITING_SHARE),
        )
        return tuple(zip(("articles beside it", "articles that cite it", "how often it is cited"), found, strict=True))

    def within(self, number: int, context: tuple[tuple[str, Floats], ...]) -> Iterator[Evidence]:
        """What `context` gives in a segment."""
        segment = self._snapshot.parts[number].segment
        for label, scores in context:
            yield given(label, scores[segment.offset : segment.offset + segment.size])


def _add_best(
    articles: Mask, rows: Table, factors: Floats, words: Said, pairs: Said, k1: float, gained: Floats
) -> None:
    arithmetic().best_of(gained, articles, rows, factors, _TERM_SHARE, words, pairs, k1)
