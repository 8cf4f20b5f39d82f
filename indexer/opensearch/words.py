"""Every word of an index, and how common it is, as the cluster tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from indexer.opensearch.cluster import Cluster

# Words that are asked for at a time.
_AT_ONCE = 10_000


def vocabulary(cluster: Cluster, index: str, prefix: str) -> Iterator[str]:
    """Every word that begins so, once, in the order of code points."""
    after = _before(prefix)
    while True:
        source: dict[str, Any] = {"terms": {"field": "said"}}
        words = {"size": _AT_ONCE, "sources": [{"word": source}], **({"after": {"word": after}} if after else {})}
        answer = cluster.ask("POST", f"/{index}/_search", {"size": 0, "aggs": {"words": {"composite": words}}})
        found = [bucket["key"]["word"] for bucket in answer["aggregations"]["words"]["buckets"]]
        for word in found:
            if word.startswith(prefix):
                yield word
            elif word > prefix:
                return
        if len(found) < _AT_ONCE:
            return
        after = found[-1]


def document_frequencies(cluster: Cluster, index: str, words: Sequence[str]) -> tuple[int, ...]:
    """In how many rows that can be found each word stands."""
    counts: dict[str, int] = {}
    for start in range(0, len(words), _AT_ONCE):
        some = list(dict.fromkeys(words[start : start + _AT_ONCE]))
        counted = {"terms": {"field": "said", "include": some, "size": len(some)}}
        answer = cluster.ask("POST", f"/{index}/_search", {"size": 0, "aggs": {"words": counted}})
        buckets = answer["aggregations"]["words"]["buckets"]
        counts.update((bucket["key"], int(bucket["doc_count"])) for bucket in buckets)
    return tuple(counts.get(word, 0) for word in words)


def _before(prefix: str) -> str:
    """A text that comes before all that begins so, and after nearly everything that comes before it."""
    if not prefix:
        return ""
    last = ord(prefix[-1])
    return prefix[:-1] + (chr(last - 1) + chr(0x10FFFF) if last > 0 and not 0xD7FF < last - 1 < 0xE000 else "")
