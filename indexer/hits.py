"""From documents found to hits: what every engine does alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzers.question import Question
from indexer.engine import Hit, Marked
from indexer.highlight import mark, snippet
from indexer.passages import Wanted, best_passage
from indexer.ranking import ScoringModel
from indexer.readings import Reading
from indexer.reranking import closeness


def hit_of(
    document_id: str,
    title: str,
    text: str,
    card: Mapping[str, Any],
    *,
    score: float,
    weights: Mapping[str, float],
    with_snippet: bool = True,
    wanted: Wanted | None = None,
) -> Hit:
    """A hit with its marks; with its passage where one is ``wanted``. ``card`` is that of `indexer.mapping.card_of`."""
    return Hit(
        id=document_id,
        title=mark(title, weights),
        snippet=snippet(text, weights) if with_snippet else Marked(""),
        passage=best_passage(title, text, wanted, card["kind"]) if wanted and not card["entry"] else None,
        score=score,
        **card,
    )


def ranks_by_closeness(reading: Reading, model: ScoringModel) -> bool:
    """Are the first hits ordered by how closely they say it? Not where a number or a title alone was asked for."""
    question = reading.question
    alone = question.only_number or question.only_partial or reading.only_titles
    return bool(question.words) and not alone and model.leans


def gains_of(question: Question, weights: Mapping[str, float], title: str, text: str, score: float) -> dict[str, float]:
    """What a hit of this score gains by closeness, by what it is for."""
    known = {word: weights.get(word, 0.0) for word in question.words}
    return closeness(question.core, known, title, text).gains(score)
