"""In how many documents of a whole index does each word stand, and how long are its fields? Asked of the cluster.

The cluster tells it of words in a made-up document (term vectors with term statistics), of one shard at a time: each is
asked, and the answers are added up. That takes as long as there are words, whatever the size of the index.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from indexer.fields import GRAM_FIELDS, TEXT_FIELDS
from indexer.opensearch.cluster import Cluster
from indexer.ranking import Floats

# Where the words of fields stand together, each once a document; and the stream that a field's length is counted in.
_SETS: Mapping[tuple[str, ...], str] = {TEXT_FIELDS: "said", GRAM_FIELDS: "paired"}
STREAMS = {
    "title": "title_words",
    "body": "body_words",
    "title_grams": "title_pairs",
    "body_grams": "body_pairs",
}

# Every row has a value in it, so as many rows as it has values there are.
_EVERYWHERE = "part"

# Routings that are tried to find one for each shard.
_MOST_ROUTINGS = 100_000


class Frequencies:
    """What holds for a whole index, as of now: rows in all, lengths of fields, rows that have a word.

    Words that were not asked for when it was made are asked for when they are needed. Deleted rows count until the
    cluster merges their segment, as in the embedded engine.
    """

    def __init__(
        self, cluster: Cluster, index: str, routings: Sequence[str], words: Collection[str], pairs: Collection[str]
    ) -> None:
        self._cluster, self._index, self._routings = cluster, index, routings
        self._counts: dict[str, dict[str, int]] = {"said": {}, "paired": {}}
        self._together: dict[tuple[str, ...], int] = {}
        self.size = 0
        self._lengths = dict.fromkeys(STREAMS, 0)
        self._ask(words, pairs)

    def average_length(self, field: str) -> float:
        """The tokens of a field over all rows, those without it too."""
        return self._lengths[field] / self.size if self.size else 0.0

    def of(self, fields: tuple[str, ...], words: Sequence[str]) -> Floats:
        """In how many rows each word stands, in any of these fields (those of words, or those of pairs)."""
        known = self._counts[_SETS[fields]]
        missing = [word for word in words if word not in known]
        if missing:
            self._ask(*((missing, ()) if _SETS[fields] == "said" else ((), missing)))
        return np.array([known[word] for word in words], np.float64)

    def together(self, words: tuple[str, ...]) -> int:
        """In how many rows all of these words stand, in one field."""
        if len(words) == 1:
            return int(self.of(TEXT_FIELDS, words)[0])
        if words not in self._together:
            self.count_together([words])
        return self._together[words]

    def count_together(self, several: Iterable[tuple[str, ...]]) -> None:
        """Ask in how many rows each of these groups of words stands together, all at once."""
        wanted = list(dict.fromkeys(words for words in several if len(words) > 1))
        if not wanted:
            return
        lines: list[dict[str, Any]] = []
        for words in wanted:
            ways = [[{"term": {stream: word}} for word in words] for stream in ("title_words", "body_words")]
            query = {"bool": {"filter": [{"bool": {"should": [{"bool": {"filter": way}} for way in ways]}}]}}
            lines += [{"index": self._index}, {"size": 0, "track_total_hits": True, "query": query}]
        body = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        answers = self._cluster.ask("POST", "/_msearch", body)["responses"]
        counts = [int(answer["hits"]["total"]["value"]) if "hits" in answer else 0 for answer in answers]
        self._together.update(zip(wanted, counts, strict=True))

    def _ask(self, words: Collection[str], pairs: Collection[str]) -> None:
        wanted = {"said": list(dict.fromkeys(words)), "paired": list(dict.fromkeys(pairs))}
        document: dict[str, Any] = dict.fromkeys(STREAMS.values(), "_")
        document |= {**wanted, _EVERYWHERE: "_", "id": "_"}
        options = {"term_statistics": True, "field_statistics": True}
        off = dict.fromkeys(("positions", "offsets", "payloads"), False)
        docs = [
            {"_index": self._index, "doc": document, "routing": routing, **options, **off} for routing in self._routings
        ]
        vectors = [one["term_vectors"] for one in self._cluster.ask("POST", "/_mtermvectors", {"docs": docs})["docs"]]
        self.size = sum(_statistic(one, _EVERYWHERE, "doc_count") for one in vectors)
        self._lengths = {
            field: sum(_statistic(one, stream, "sum_ttf") for one in vectors) for field, stream in STREAMS.items()
        }
        for name, asked in wanted.items():
            found = [one.get(name, {}).get("terms", {}) for one in vectors]
            self._counts[name].update((word, sum(_count(terms, word) for terms in found)) for word in asked)


def _statistic(vectors: Mapping[str, Any], field: str, name: str) -> int:
    return max(int(vectors.get(field, {}).get("field_statistics", {}).get(name, 0)), 0)  # -1: not known


def _count(terms: Mapping[str, Any], word: str) -> int:
    return int(terms.get(word, {}).get("doc_freq", 0))


def routings_of(cluster: Cluster, index: str) -> tuple[str, ...]:
    """One routing for each shard of an index, so that each can be asked alone."""
    shards = len(cluster.ask("GET", f"/{index}/_search_shards")["shards"])
    found: dict[int, str] = {}
    for routing in map(str, range(_MOST_ROUTINGS)):
        if len(found) == shards:
            break
        (copies,) = cluster.ask("GET", f"/{index}/_search_shards", routing=routing)["shards"]
        found.setdefault(copies[0]["shard"], routing)
    return tuple(found.values())
