"""The engines side by side: writing, size, latency by class of question, and growth with the corpus."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.table import Table

from benchmarks.building import Built, build, building_table, size_table
from benchmarks.chart import latency_chart
from benchmarks.children import alone
from benchmarks.corpora import SIZES, write_corpus
from benchmarks.engines import Maker
from benchmarks.engines.bm25s_arrays import Bm25s
from benchmarks.engines.ours import Ours, OursWithoutKernels
from benchmarks.engines.sqlite_fts5 import Fts5
from benchmarks.engines.stock_whoosh import StockWhoosh
from benchmarks.engines.tantivy_rust import Tantivy, TantivyWithoutTotal
from benchmarks.latency import Timings, disagreements, latency_table, measure
from benchmarks.query_classes import LAY, Ask, query_classes, topics_file
from benchmarks.tables import table

GROWTH = ("10k", "60k", "200k")

# Whoosh's own writer takes minutes for more.
_STOCK_UP_TO = SIZES["60k"]

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Compared:
    """What was measured on one corpus."""

    built: Mapping[str, Built]
    timings: Timings


def comparison(data: Path, work: Path, indexes: Path, sizes: Sequence[str], chart: Path, say: Say) -> Iterator[Table]:
    """The tables of every size and of growth, as they come, and the chart; the indexes stay in ``indexes``."""
    found: dict[str, Compared] = {}
    small, topics = write_corpus(data, work, "10k"), topics_file(data)
    for size in sizes:
        say(f"{size} documents …")
        found[size] = _compare(write_corpus(data, work, size), indexes / size, query_classes(small, topics), size, say)
        if size != "10k":
            yield from _tables(size, found[size])
    if len(found) > 1:
        yield _growth(found)
        chart.write_text(latency_chart("A lay question: ten of all with any of its words", _lines(found)), "utf-8")


def _compare(corpus: Path, folder: Path, classes: Mapping[str, Sequence[Ask]], size: str, say: Say) -> Compared:
    makers: list[Maker] = [Ours, Tantivy, Fts5, Bm25s]
    if SIZES[size] <= _STOCK_UP_TO:
        makers.append(StockWhoosh)
    built = {}
    for maker in makers:
        say(f"  {maker.name} writes …")
        built[maker.name] = build(maker, corpus, folder / maker.name, classes[LAY])
    folders = {maker: folder / maker.name for maker in makers}
    say(f"  questions (load {os.getloadavg()[0]:.1f}) …")
    others: dict[Maker, Path] = {
        OursWithoutKernels: folder / Ours.name,
        TantivyWithoutTotal: folder / Tantivy.name,
    }
    timings, _ = alone(measure, {**folders, **others}, classes)
    return Compared(built, timings)


def _tables(size: str, compared: Compared) -> list[Table]:
    title = f"{SIZES[size]:,} documents"
    first = latency_table(title, compared.timings, snippets=False)
    first.caption = (
        f"{disagreements(compared.timings)} Slow engines are asked fewer questions, once. "
        f"Load in the last five minutes: {os.getloadavg()[1]:.1f}."
    )
    return [
        building_table(title, compared.built),
        size_table(title, compared.built),
        first,
        latency_table(title, compared.timings, snippets=True),
    ]


def _growth(found: Mapping[str, Compared]) -> Table:
    """p50 and p95 of every engine and class by size, and the ratio of the last to the one before."""
    rows = []
    for name in next(iter(found.values())).timings:
        for engine in ("ours", "ours, numpy alone", "tantivy"):
            p50, p95 = (
                [float(np.percentile(compared.timings[name][engine].bare, share)) for compared in found.values()]
                for share in (50, 95)
            )
            rows.append(
                (
                    name,
                    engine,
                    *(f"{one:.3f} / {other:.3f}" for one, other in zip(p50, p95, strict=True)),
                    f"{p50[-1] / p50[-2]:.2f} / {p95[-1] / p95[-2]:.2f}",
                )
            )
    *_, before, last = found
    return table(
        "growth: p50 / p95 in ms",
        ("questions", "engine", *(f"{SIZES[size]:,}" for size in found), f"{last} ÷ {before}"),
        rows,
        texts=2,
    )


def _lines(found: Mapping[str, Compared]) -> dict[str, tuple[dict[int, float], dict[int, float]]]:
    lines: dict[str, tuple[dict[int, float], dict[int, float]]] = {}
    for size, compared in found.items():
        for engine, timed in compared.timings[LAY].items():
            for line, share in zip(lines.setdefault(engine, ({}, {})), (50, 95), strict=True):
                line[SIZES[size]] = float(np.percentile(timed.bare, share))
    return lines
