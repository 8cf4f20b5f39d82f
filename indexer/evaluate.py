"""How good are the answers? Topics and judgements (TREC) → hit@1, hit@10, MRR@10, nDCG@10, R@100.

Topics are lines of ``qid<TAB>text``; judgements (qrels) are ``qid 0 document relevance``, a document being relevant
above 0. A topic without a relevant document is left out, as in trec_eval.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import NamedTuple

from indexer.engine import Query, SearchEngine
from indexer.errors import EvaluationError

RUN_DEPTH = 100  # documents a topic in a run

_ROUNDED = 0.0005  # of nDCG, in a baseline that is kept with three digits

Qrels = Mapping[str, Mapping[str, int]]  # topic → document → relevance
Run = Mapping[str, Sequence[tuple[str, float]]]  # topic → (document, score), best first


@dataclass(frozen=True, slots=True)
class Measures:
    """Means over ``topics`` topics. nDCG has gains 2^relevance - 1 (Burges 2005), recall is over all relevant."""

    topics: int
    hit_1: float
    hit_10: float
    mrr_10: float
    ndcg_10: float
    recall_100: float


class TopicScore(NamedTuple):
    """How one topic was answered: the rank of its first relevant document (0: not found), nDCG@10 and R@100."""

    rank: int
    ndcg: float
    recall: float


@dataclass(frozen=True, slots=True)
class Change:
    """A topic answered twice: the rank of its first relevant document (0: not found) and nDCG@10, before and after."""

    topic: str
    rank_before: int
    rank_after: int
    ndcg_before: float
    ndcg_after: float


def read_topics(path: Path) -> dict[str, str]:
    """Topics by id, in the order of the file. Raises EvaluationError naming the line."""
    topics: dict[str, str] = {}
    for number, line in _lines(path):
        topic, tab, text = line.partition("\t")
        if not tab or not topic.strip() or not text.strip():
            raise EvaluationError(f"{path}, line {number}: a topic is `id<TAB>text`, not {line[:60]!r}")
        if topic in topics:
            raise EvaluationError(f"{path}, line {number}: the topic {topic!r} stands twice")
        topics[topic] = text.strip()
    return topics


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Judgements by topic and document. Raises EvaluationError naming the line."""
    qrels: dict[str, dict[str, int]] = {}
    for number, line in _lines(path):
        parts = line.split()
        try:
            topic, _, document, relevance = parts
            qrels.setdefault(topic, {})[document] = int(relevance)
        except ValueError:
            raise EvaluationError(
                f"{path}, line {number}: a judgement is `topic 0 document relevance`, not {line[:60]!r}"
            ) from None
    return qrels


def run_topics(
    engine: SearchEngine, topics: Mapping[str, str], on_progress: Callable[[int], None] = lambda _: None
) -> dict[str, list[tuple[str, float]]]:
    """Ask every topic, for the first `RUN_DEPTH` documents."""
    run: dict[str, list[tuple[str, float]]] = {}
    for done, (topic, text) in enumerate(topics.items(), 1):
        results = engine.search(Query(text=text, limit=RUN_DEPTH))
        run[topic] = [(hit.id, hit.score) for hit in results.hits]
        on_progress(done)
    return run


def score_topics(run: Run, qrels: Qrels) -> dict[str, TopicScore]:
    """How each topic that has a relevant document was answered; one that was not asked is a failure."""
    return {
        topic: _score_topic([document for document, _ in run.get(topic, ())], judged)
        for topic, judged in qrels.items()
        if any(relevance > 0 for relevance in judged.values())
    }


def means(scores: Mapping[str, TopicScore]) -> Measures:
    """The means over topics. Raises EvaluationError if there are none."""
    if not scores:
        raise EvaluationError("no topic has a relevant document")
    count = len(scores)
    first = [score.rank for score in scores.values()]
    return Measures(
        count,
        sum(rank == 1 for rank in first) / count,
        sum(0 < rank <= 10 for rank in first) / count,
        sum(1 / rank for rank in first if 0 < rank <= 10) / count,
        sum(score.ndcg for score in scores.values()) / count,
        sum(score.recall for score in scores.values()) / count,
    )


def means_by_kind(scores: Mapping[str, TopicScore]) -> dict[str, Measures]:
    """Measures of the topics whose ids begin with a kind and a dash (``number-0010002``), by kind; {} if none do."""
    kinds: dict[str, dict[str, TopicScore]] = {}
    for topic, score in scores.items():
        kind, dash, _ = topic.partition("-")
        if dash and kind.isalpha():
            kinds.setdefault(kind, {})[topic] = score
    return {kind: means(found) for kind, found in kinds.items()}


def measure(run: Run, qrels: Qrels) -> Measures:
    """The means over all topics that have a relevant document; one that was not asked counts as a failure."""
    return means(score_topics(run, qrels))


def measure_by_kind(run: Run, qrels: Qrels) -> dict[str, Measures]:
    """`means_by_kind` of a run."""
    return means_by_kind(score_topics(run, qrels))


def write_run(run: Run, path: Path, tag: str = "gongkai") -> None:
    """Write a TREC run: ``topic Q0 document rank score tag``.

    The format parts its columns by white space and knows no escape. Raises EvaluationError, and writes nothing, if a
    topic or a document has white space in its id.
    """
    for name in (*run, *(document for found in run.values() for document, _ in found)):
        if name.split() != [name]:
            raise EvaluationError(
                f"the id {name!r} has white space, which a TREC run cannot hold; "
                "measure without writing a run, or give ids without white space"
            )
    with path.open("w", encoding="utf-8") as file:
        for topic, found in run.items():
            for rank, (document, score) in enumerate(found, 1):
                file.write(f"{topic} Q0 {document} {rank} {score:.6f} {tag}\n")


def read_run(path: Path) -> dict[str, list[tuple[str, float]]]:
    """A TREC run as `write_run` writes it, each topic in the order of its ranks. Raises EvaluationError."""
    ranked: dict[str, list[tuple[int, str, float]]] = {}
    for number, line in _lines(path):
        try:
            topic, _, document, rank, score, _ = line.split()
            ranked.setdefault(topic, []).append((int(rank), document, float(score)))
        except ValueError:
            raise EvaluationError(
                f"{path}, line {number}: a line of a run is `topic Q0 document rank score tag`, not {line[:60]!r}"
            ) from None
    return {topic: [(document, score) for _, document, score in sorted(found)] for topic, found in ranked.items()}


def changes(before: Mapping[str, TopicScore], after: Mapping[str, TopicScore]) -> tuple[Change, ...]:
    """The topics whose nDCG@10 or first rank is another one than before, what lost most first.

    A difference of nDCG below what a pinned baseline rounds to is none.
    """
    found = [
        Change(topic, one.rank, other.rank, one.ndcg, other.ndcg)
        for topic, other in after.items()
        if (one := before.get(topic)) is not None and (one.rank != other.rank or abs(one.ndcg - other.ndcg) > _ROUNDED)
    ]
    return tuple(sorted(found, key=lambda change: (change.ndcg_after - change.ndcg_before, change.topic)))


def _score_topic(found: Sequence[str], judged: Mapping[str, int]) -> TopicScore:
    relevant = {document for document, relevance in judged.items() if relevance > 0}
    ranks = [rank for rank, document in enumerate(found, 1) if document in relevant]
    gained = sum((2 ** judged[found[rank - 1]] - 1) / log2(rank + 1) for rank in ranks if rank <= 10)
    best = sorted((judged[document] for document in relevant), reverse=True)[:10]
    ideal = sum((2**relevance - 1) / log2(rank + 1) for rank, relevance in enumerate(best, 1))
    return TopicScore(
        ranks[0] if ranks else 0, gained / ideal, sum(rank <= RUN_DEPTH for rank in ranks) / len(relevant)
    )


def _lines(path: Path) -> Iterable[tuple[int, str]]:
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"cannot read {path}: {error}") from error
    return [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
