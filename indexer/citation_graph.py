"""Which articles of law cite which, which stand side by side, and how often is each cited? Over one state of the index.

It is read out of the fields ``article`` and ``cites`` of the segments. So a document that changes, comes or goes takes
its citations with it at its commit, and nothing has to be made again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analyzers.law_articles import Article, name_endings
from indexer.ranking import Floats, Places, tally
from indexer.snapshot import Part, Snapshot

# What an article gains, as shares of what its words give. By each, both halves of the development topics (parted by a
# checksum of their ids) gain; other shares that were tried, up to twice as large, change nDCG@10 by less than .01.
_LAW_CITED = 0.1  # times the logarithm of one and the documents that cite its law from outside
_ARTICLE_CITED = 0.05  # the same of those that cite the article
NEIGHBOUR_SHARE = 0.15  # of the better of the articles before and after it
CITING_SHARE = 0.1  # of the best of the articles that cite it


@dataclass(frozen=True, slots=True)
class CitationGraph:
    """Documents are told by their numbers over all segments.

    ``articles`` says which are articles of law, ``standing`` what being cited gives to each as a share of its score.
    ``before`` and ``after`` are the neighbours of each in its law, or the number of all documents for none. The article
    ``targets[n]`` is cited by the articles ``citing[starts[n]:starts[n + 1]]``.
    """

    articles: np.ndarray[tuple[int], np.dtype[np.bool_]]
    standing: Floats
    before: Places
    after: Places
    targets: Places
    starts: Places
    citing: Places

    def beside(self, scores: Floats) -> Floats:
        """The better of the two neighbours' scores."""
        padded = np.append(scores, 0.0)
        return np.asarray(np.maximum(padded[self.before], padded[self.after]), np.float64)

    def cited_by(self, scores: Floats) -> Floats:
        """The best score of the articles that cite it."""
        best = np.zeros(len(scores))
        if len(self.targets):
            best[self.targets] = np.maximum.reduceat(scores[self.citing], self.starts[:-1])
        return best


def citation_graph(snapshot: Snapshot) -> CitationGraph | None:
    """The graph of all articles of law that are not deleted; None if there are none."""
    owners: dict[Article, list[int]] = defaultdict(list)
    law_of: dict[int, str] = {}
    for key, number in _living(snapshot, "article"):
        article = Article.of_key(key)
        owners[article].append(number)
        law_of[number] = article.law
    if not owners:
        return None
    laws = set(law_of.values())
    law_cited: dict[str, set[int]] = defaultdict(set)
    edges: set[tuple[int, int]] = set()  # cited, citing
    for key, number in _living(snapshot, "cites"):
        cited = Article.of_key(key)
        law = next((name for name in name_endings(cited.law) if name in laws), None)
        if law is None:
            continue
        if law_of.get(number) != law:
            law_cited[law].add(number)
        edges.update((target, number) for target in owners.get(Article(law, cited.number, cited.sub), ()))
    return _graph(snapshot.size, owners, law_of, {law: len(by) for law, by in law_cited.items()}, sorted(edges))


def _graph(
    size: int,
    owners: dict[Article, list[int]],
    law_of: dict[int, str],
    law_cited: dict[str, int],
    edges: list[tuple[int, int]],
) -> CitationGraph:
    before, after = np.full(size, size), np.full(size, size)
    ordered = sorted(owners)
    for one, next_one in pairwise(ordered):
        if one.law == next_one.law:
            after[owners[one]], before[owners[next_one]] = owners[next_one][0], owners[one][0]
    of_law = np.zeros(size)
    of_law[list(law_of)] = [law_cited.get(law, 0) for law in law_of.values()]
    pairs = np.array(edges, np.intp).reshape(-1, 2)
    standing = _LAW_CITED * np.log1p(of_law) + _ARTICLE_CITED * np.log1p(tally(pairs[:, 0], None, size))
    articles = np.zeros(size, np.bool_)
    articles[list(law_of)] = True
    among = pairs[articles[pairs[:, 1]]]
    targets, starts = np.unique(among[:, 0], return_index=True)
    return CitationGraph(articles, standing, before, after, targets, np.append(starts, len(among)), among[:, 1])


def _living(snapshot: Snapshot, field: str) -> Iterator[tuple[str, int]]:
    """Every word of a field with every document that has it and is not deleted."""
    for part in snapshot.parts:
        yield from _words(part, field)


def _words(part: Part, field: str) -> Iterator[tuple[str, int]]:
    postings = part.field(field)
    if postings is None:
        return
    alive, offset = part.segment.alive, part.segment.offset
    for row in range(len(postings)):
        word = postings.term(row).decode()
        for number in postings.documents(row).tolist():
            if alive is None or alive[number]:
                yield word, offset + number
