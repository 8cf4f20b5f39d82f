"""Where does the time of a request go? The product's own functions, with a clock around each.

A stage is the time within its functions, less what belongs to other stages that they call. Only while it is measured
are the functions exchanged for timed ones, in every module that uses them; the product knows nothing of it.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

import numpy as np
from rich.table import Table

from analyzers.question import read_question
from benchmarks.latency import ROUNDS
from benchmarks.tables import table
from indexer import filters
from indexer.article_evidence import ArticleEvidence
from indexer.collapse import collapse
from indexer.columnar.arithmetic import ByNumpy, Compiled
from indexer.corrections import Corrections
from indexer.engine import Query, SearchEngine
from indexer.evidence import Heard
from indexer.expansion import concept_of
from indexer.fields import GRAM_FIELDS
from indexer.highlight import mark, snippet
from indexer.leanings import leanings_of
from indexer.literal import has_literally
from indexer.matching import Answer, best, match
from indexer.passages import best_passage, sure_answer
from indexer.readings import last_resort, read
from indexer.reranking import closeness
from indexer.snapshot import Snapshot
from indexer.understanding import narrowed_by, understood
from indexer.whoosh_engine import WhooshEngine

REST = "all else"
ALL = "in all"

# Functions, and methods by class and name, of each stage.
_FUNCTIONS: dict[str, Sequence[Callable[..., Any]]] = {
    "understanding": (read, read_question, understood, narrowed_by),
    "corrections": (last_resort,),
    "official terms": (concept_of,),
    "leanings": (leanings_of,),
    "phrases": (has_literally,),
    "matching, the rest": (match,),
    "filters": (filters.masks, filters.narrow, filters.unstated),
    "collapsing twins": (collapse,),
    "facets": (filters.facets,),
    "best": (best,),
    "re-ranking": (closeness,),
    "passages": (best_passage, sure_answer),
    "snippets": (snippet, mark),
}
_METHODS: dict[str, Sequence[tuple[type, str]]] = {
    "opening": ((WhooshEngine, "_snapshot"),),
    "corrections": ((Corrections, "meant"),),
    "official terms": ((Compiled, "surpass"), (ByNumpy, "surpass")),
    "articles": (
        (ArticleEvidence, "__init__"),
        (ArticleEvidence, "context"),
        (Compiled, "best_of"),
        (ByNumpy, "best_of"),
    ),
    "matching, the rest": ((Answer, "__init__"), (Answer, "scores")),
    "texts unpacked": ((Snapshot, "stored"),),
}


class Stages:
    """Seconds of this thread by stage; a stage within a stage stops the outer one's clock."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._inside: list[str] = []
        self._since = 0.0

    @contextmanager
    def of(self, stage: str) -> Generator[None]:
        """The time within the block belongs to this stage."""
        self._note()
        self._inside.append(stage)
        try:
            yield
        finally:
            self._note()
            self._inside.pop()

    def _note(self) -> None:
        now = time.thread_time()
        if self._inside:
            self.spent[self._inside[-1]] += now - self._since
        self._since = now

    def timed(self, stage: str | Callable[..., str], function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def within(*arguments: Any, **named: Any) -> Any:
            with self.of(stage if isinstance(stage, str) else stage(*arguments)):
                return function(*arguments, **named)

        return within


def stage_table(title: str, engine: SearchEngine, questions: Sequence[str], passages: int) -> Table:
    """Milliseconds of processor time by stage of whole requests: ten hits, all facets, so many passages.

    Each question is asked some rounds, of which the quickest counts.
    """
    stages = Stages()
    rounds: list[list[dict[str, float]]] = [[] for _ in questions]
    with _instrumented(stages):
        for _ in range(ROUNDS):
            for number, text in enumerate(questions):
                stages.spent.clear()
                with stages.of(REST):
                    engine.search(Query(text=text, passages=passages))
                rounds[number].append({**stages.spent, ALL: sum(stages.spent.values())})
    quickest = [min(of_question, key=lambda spent: spent[ALL]) for of_question in rounds]
    names = [*_order(), REST, ALL]
    times = {name: np.array([spent.get(name, 0.0) * 1000 for spent in quickest]) for name in names}
    rows = [
        (name, *(f"{value:.2f}" for value in (found.mean(), *np.percentile(found, (50, 95)))))
        for name, found in times.items()
    ]
    return table(
        f"a full request by stage, in ms of processor time: {title}",
        ("stage", "mean", "p50", "p95"),
        rows,
        caption=f"{len(questions)} questions; the clocks themselves take part of it. p50 and p95 do not add up.",
    )


def _order() -> list[str]:
    """The stages as they follow each other in a request."""
    first = ("opening", "understanding", "corrections", "words", "pairs of characters", "official terms", "articles")
    return list(dict.fromkeys((*first, *_FUNCTIONS, "texts unpacked")))


@contextmanager
def _instrumented(stages: Stages) -> Iterator[None]:
    changed: list[tuple[Any, str, Any]] = []

    def exchange(owner: Any, name: str, other: Any) -> None:
        changed.append((owner, name, vars(owner)[name]))
        setattr(owner, name, other)

    for stage, functions in _FUNCTIONS.items():
        for function in functions:
            timed = stages.timed(stage, function)
            for module in [module for name, module in sys.modules.items() if name.startswith("indexer.")]:
                for name in [name for name, value in vars(module).items() if value is function]:
                    exchange(module, name, timed)
    for stage, methods in _METHODS.items():
        for owner, name in methods:
            exchange(owner, name, stages.timed(stage, vars(owner)[name]))
    exchange(Heard, "__init__", stages.timed(lambda _, __, fields, *___: _of(fields), vars(Heard)["__init__"]))
    exchange(Heard, "add", stages.timed(lambda heard, *_: _of(heard.fields), vars(Heard)["add"]))
    try:
        yield
    finally:
        for owner, name, before in reversed(changed):
            setattr(owner, name, before)


def _of(fields: Sequence[str]) -> str:
    return "pairs of characters" if fields[0] in GRAM_FIELDS else "words"
