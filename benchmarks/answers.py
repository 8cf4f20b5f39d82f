"""Do the passages hold the answers? Questions with a literal answer each, which stands in the right document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indexer.engine import Query, SearchEngine
from indexer.evaluate import Qrels
from indexer.passages import FIRST


@dataclass(frozen=True, slots=True)
class AnswerMeasures:
    """Shares of the topics (0 to 1), white space not counted in comparisons.

    ``passage_holds``: the passage of the first hit holds the literal answer. ``right_or_answer``: the first hit is a
    relevant document, or its text holds the answer. ``shown``: an answer is shown above the results; ``shown_right``
    and ``shown_holds``: of these, those that are of a relevant document, and those that hold the answer.
    """

    topics: int
    passage_holds: float
    right_or_answer: float
    shown: float
    shown_right: float
    shown_holds: float


def measure_answers(
    engine: SearchEngine, topics: Mapping[str, str], qrels: Qrels, answers: Mapping[str, str]
) -> AnswerMeasures:
    """Ask every topic as a page does."""
    holds = right = shown = shown_right = shown_holds = 0
    for topic, text in topics.items():
        results = engine.search(Query(text=text, facets=(), passages=FIRST))
        if not results.hits:
            continue
        first, answer = results.hits[0], answers[topic]
        in_passage = first.passage is not None and _has(first.passage.marked.text, answer)
        in_text = in_passage or _has(engine.texts([first.id])[first.id][1], answer)
        holds += in_passage
        right += _is_relevant(qrels, topic, first.id) or in_text
        if results.answer is not None and results.answer.passage is not None:
            shown += 1
            shown_right += _is_relevant(qrels, topic, results.answer.id)
            shown_holds += _has(results.answer.passage.marked.text, answer)
    return AnswerMeasures(
        topics=len(topics),
        passage_holds=holds / len(topics),
        right_or_answer=right / len(topics),
        shown=shown / len(topics),
        shown_right=shown_right / max(1, shown),
        shown_holds=shown_holds / max(1, shown),
    )


def _is_relevant(qrels: Qrels, topic: str, document: str) -> bool:
    return qrels.get(topic, {}).get(document, 0) > 0


def _has(text: str, answer: str) -> bool:
    return "".join(answer.split()) in "".join(text.split())
