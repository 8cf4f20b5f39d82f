"""Which articles of law cite which, which stand side by side, and how often is each cited? Over one state of the index.

It is read out of the fields ``article`` and ``cites`` of the segments. So a document that changes, comes or goes takes
its citations with it at its commit, and nothing has to be made again. The keys of a segment are read once for as long
as it is there; what is made of them at a commit are arrays (20 ms for 62,578 articles).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analyzers.law_articles import name_endings
from indexer.ranking import Floats, Places, tally
from indexer.snapshot import LawKeys, Snapshot

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
    laws = sorted({law for part in snapshot.parts for law in part.article_keys.laws})
    number_of = {law: number for number, law in enumerate(laws)}
    articles = _living(snapshot, [part.article_keys for part in snapshot.parts], number_of)
    if not len(articles.documents):
        return None
    living = {laws[number]: number for number in np.unique(articles.laws).tolist()}
    meant = {
        law: next((living[name] for name in name_endings(law) if name in living), -1)
        for part in snapshot.parts
        for law in part.cited_keys.laws
    }
    cited = _living(snapshot, [part.cited_keys for part in snapshot.parts], meant)
    return _graph(snapshot.size, articles, cited)


@dataclass(frozen=True, slots=True)
class _Keys:
    """Keys of articles by the number of their law, and the document, over all segments, that each is of."""

    documents: Places
    laws: Places
    keys: Places  # law << 32 | place in the law


def _living(snapshot: Snapshot, found: Sequence[LawKeys], number_of: dict[str, int]) -> _Keys:
    """The keys of all documents that are not deleted, without those whose law has no number or -1."""
    documents, laws, places = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for part, keys in zip(snapshot.parts, found, strict=True):
        numbers = np.array([number_of[law] for law in keys.laws], np.int64)[keys.law_of]
        kept = numbers >= 0
        if part.segment.alive is not None:
            kept &= part.segment.alive[keys.documents]
        documents.append(keys.documents[kept] + part.segment.offset)
        laws.append(numbers[kept])
        places.append(keys.places[kept])
    law = np.concatenate(laws)
    return _Keys(np.concatenate(documents), law, law << 32 | np.concatenate(places))


def _graph(size: int, articles: _Keys, cited: _Keys) -> CitationGraph:
    order = np.lexsort((articles.documents, articles.keys))
    owners, keys = articles.documents[order], articles.keys[order]
    distinct, first, counts = np.unique(keys, return_index=True, return_counts=True)
    before, after = _neighbours(size, owners, distinct, first, counts)
    law_of = np.full(size, -1)
    law_of[owners] = keys >> 32
    edges = _edges(size, owners, distinct, first, counts, cited)
    by_law = _cited_from_outside(size, law_of, cited)
    standing = np.where(law_of < 0, 0.0, _LAW_CITED * np.log1p(by_law[law_of]))
    standing += _ARTICLE_CITED * np.log1p(tally(edges[:, 0], None, size))
    among = edges[law_of[edges[:, 1]] >= 0]
    targets, starts = np.unique(among[:, 0], return_index=True)
    return CitationGraph(
        law_of >= 0, standing, before, after, targets, np.append(starts, len(among)), among[:, 1].copy()
    )


def _neighbours(size: int, owners: Places, distinct: Places, first: Places, counts: Places) -> tuple[Places, Places]:
    """The first document of the article before that of each, and of the one after, in its law."""
    leaders, laws = owners[first], distinct >> 32
    follows = laws[1:] == laws[:-1]
    ahead, behind = np.full(len(distinct), size), np.full(len(distinct), size)
    behind[:-1][follows], ahead[1:][follows] = leaders[1:][follows], leaders[:-1][follows]
    before, after = np.full(size, size), np.full(size, size)
    before[owners], after[owners] = ahead.repeat(counts), behind.repeat(counts)
    return before, after


def _edges(size: int, owners: Places, distinct: Places, first: Places, counts: Places, cited: _Keys) -> Places:
    """Pairs of a document that is an article and one that cites it, each once, ascending."""
    places = np.minimum(distinct.searchsorted(cited.keys), len(distinct) - 1)
    there = distinct[places] == cited.keys
    places, citing = places[there], cited.documents[there]
    often = counts[places]
    steps = np.arange(often.sum()) - (np.cumsum(often) - often).repeat(often)
    targets = owners[first[places].repeat(often) + steps]
    pairs = np.unique(targets * size + citing.repeat(often))
    return np.stack((pairs // size, pairs % size), axis=1)


def _cited_from_outside(size: int, law_of: Places, cited: _Keys) -> Floats:
    """By law, how many documents cite it that are no articles of it."""
    outside = law_of[cited.documents] != cited.laws
    pairs = np.unique(cited.laws[outside] * size + cited.documents[outside])
    return tally(pairs // size, None, int(law_of.max()) + 1)
