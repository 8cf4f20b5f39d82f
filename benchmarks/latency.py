"""How long does each engine take for a page of ten, by class of question, without and with ten snippets?"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.table import Table

from benchmarks.engines import Engine, Maker
from benchmarks.query_classes import Ask, sample
from benchmarks.tables import table

Times = npt.NDArray[np.float64]

# Every question is asked so many times, each time of an engine opened anew, so that its caches do not help it; the
# quickest time counts. It is the processor time of the asking thread: no engine here waits for others or for the disk,
# so that is the time on the clock, less what else the machine does meanwhile.
ROUNDS = 3

# Engines that take a tenth of a second for a question are asked so many of a class, and once.
SLOW = ("SQLite FTS5", "stock Whoosh")
SLOW_QUESTIONS = 20

REFERENCE = "tantivy"


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds of each question to one engine, without and with snippets (None: it has none), and the totals."""

    asks: tuple[Ask, ...]
    bare: Times
    with_snippets: Times | None
    totals: tuple[int, ...]


Timings = Mapping[str, Mapping[str, Timed]]
"""By class of question and engine."""


def measure(folders: Mapping[Maker, Path], classes: Mapping[str, Sequence[Ask]]) -> dict[str, dict[str, Timed]]:
    """Ask every engine every class."""
    timings: dict[str, dict[str, list[Timed]]] = {name: {} for name in classes}
    for turn in range(ROUNDS):
        for maker, folder in folders.items():
            if turn and maker.name in SLOW:
                continue
            engine = maker(folder)
            for name, asks in classes.items():
                if engine.can(asks[0]):
                    chosen = sample(asks, SLOW_QUESTIONS) if maker.name in SLOW else list(asks)
                    timings[name].setdefault(maker.name, []).append(_timed(engine, chosen))
            engine.close()
    return {name: {engine: _quickest(rounds) for engine, rounds in found.items()} for name, found in timings.items()}


def disagreements(timings: Timings) -> str:
    """How many totals engines gave, and how many of them, and whose, differ from the reference's."""
    given, other = 0, Counter[str]()
    for engines in timings.values():
        known = dict(zip(engines[REFERENCE].asks, engines[REFERENCE].totals, strict=True))
        for name, timed in engines.items():
            if -1 not in timed.totals:
                given += len(timed.totals)
                other[name] += sum(total != known[ask] for ask, total in zip(timed.asks, timed.totals, strict=True))
    which = ", ".join(f"{count} of {name}" for name, count in other.items() if count)
    return f"Of {given:,} totals these differ from tantivy's: {which or 'none'}."


def latency_table(title: str, timings: Timings, *, snippets: bool) -> Table:
    """Milliseconds by class and engine, and as multiples of the reference's on the same questions."""
    rows = []
    for name, engines in timings.items():
        for engine, timed in engines.items():
            times = timed.with_snippets if snippets else timed.bare
            reference = engines[REFERENCE].with_snippets if snippets else engines[REFERENCE].bare
            if times is None or reference is None:
                continue
            known = dict(zip(engines[REFERENCE].asks, reference, strict=True))
            same = np.array([known[ask] for ask in timed.asks])
            rows.append((name, engine, f"{len(times)}", *cells(times, same)))
    return table(
        f"latency in ms, {'ten snippets' if snippets else 'no snippets'}: {title}",
        ("questions", "engine", "n", "p50", "p95", "p99", "÷ tantivy p50", "p95", "p99"),
        rows,
        texts=2,
    )


def cells(times: Times, reference: Times) -> list[str]:
    """p50, p95 and p99, and each as a multiple of the reference's; no p99 of fewer than 100."""
    shares = [share for share in (50, 95, 99) if share < 99 or len(times) >= 100]
    found = [float(np.percentile(times, share)) for share in shares]
    ratios = [value / float(np.percentile(reference, share)) for value, share in zip(found, shares, strict=True)]
    empty = [""] * (3 - len(shares))
    return [*(f"{value:.3f}" for value in found), *empty, *(f"{ratio:.1f}" for ratio in ratios), *empty]


def _timed(engine: Engine, asks: Sequence[Ask]) -> Timed:
    engine.snippets(asks[-1], engine.search(asks[-1]))  # code is loaded and pages are mapped before the clock starts
    bare, whole, totals = [], [], []
    shown = False
    for ask in asks:
        times = [time.thread_time()]
        answer = engine.search(ask)
        times.append(time.thread_time())
        pieces = engine.snippets(ask, answer)
        times.append(time.thread_time())
        shown |= bool(pieces)
        bare.append((times[1] - times[0]) * 1000)
        whole.append((times[2] - times[0]) * 1000)
        totals.append(answer.total)
    return Timed(tuple(asks), np.array(bare), np.array(whole) if shown else None, tuple(totals))


def _quickest(rounds: Sequence[Timed]) -> Timed:
    shown = [one.with_snippets for one in rounds if one.with_snippets is not None]
    return Timed(
        rounds[0].asks,
        np.min([one.bare for one in rounds], axis=0),
        np.min(shown, axis=0) if shown else None,
        rounds[0].totals,
    )
