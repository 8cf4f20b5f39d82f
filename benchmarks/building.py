"""How fast does each engine write an index, in how much memory, how large is it, and how soon does it answer?"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from analyzers.tokenizer import words
from benchmarks.children import alone
from benchmarks.engines import PARTS, Maker
from benchmarks.query_classes import Ask, sample
from benchmarks.tables import table
from benchmarks.usage import Usage, resident_mb, watched

_ASKED = 20  # questions of an engine whose memory is measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What writing took (``usage`` with worker processes), ``sizes`` in bytes by part, and what opening takes.

    ``opened_mb`` and ``asked_mb`` are what the process has resident beyond what it had before, after opening and after
    all questions: its own memory, and in all, with the pages of mapped files.
    """

    documents: int
    seconds: float
    usage: Usage
    sizes: Mapping[str, int]
    open_ms: float
    opened_mb: tuple[float, float]
    asked_mb: tuple[float, float]


def build(maker: Maker, corpus: Path, folder: Path, asks: Sequence[Ask]) -> Built:
    """Write an index in a process of its own, then open it and ask in another."""
    folder.mkdir(parents=True)
    (documents, seconds, usage), _ = alone(_write, maker, corpus, folder)
    (open_ms, opened, asked), _ = alone(_open, maker, folder, sample(asks, _ASKED))
    return Built(
        documents=documents,
        seconds=seconds,
        usage=usage,
        sizes=maker.sizes(folder),
        open_ms=open_ms,
        opened_mb=opened,
        asked_mb=asked,
    )


def building_table(title: str, built: Mapping[str, Built]) -> Table:
    """Documents a second, memory and opening."""
    return table(
        f"writing and opening: {title}",
        (
            "engine",
            "seconds",
            "documents/s",
            "CPU s",
            "peak MB",
            "open ms",
            "opened MB",
            "with files",
            "asked MB",
            "with files",
        ),
        [
            (
                name,
                f"{one.seconds:.1f}",
                f"{one.documents / one.seconds:,.0f}",
                f"{one.usage.cpu_s:.1f}",
                f"{one.usage.peak_mb:,.0f}",
                f"{one.open_ms:.1f}",
                *(f"{megabytes:,.0f}" for megabytes in (*one.opened_mb, *one.asked_mb)),
            )
            for name, one in built.items()
        ],
        caption="From raw text, segmentation included: ours with two worker processes, peers in one process.",
    )


def size_table(title: str, built: Mapping[str, Built]) -> Table:
    """Megabytes by part, and postings with positions beside tantivy's."""
    tantivy = _searched(built["tantivy"])
    return table(
        f"size in MB: {title}",
        ("engine", *PARTS, "postings + positions", "÷ tantivy"),
        [
            (
                name,
                *(f"{one.sizes[part] / 1e6:.1f}" if part in one.sizes else "" for part in PARTS),
                f"{_searched(one) / 1e6:.1f}",
                f"{_searched(one) / tantivy:.2f}",
            )
            for name, one in built.items()
        ],
        caption="FTS5 and stock Whoosh keep positions with the postings. FTS5 alone does not compress texts.",
    )


def _searched(built: Built) -> int:
    return built.sizes.get("postings", 0) + built.sizes.get("positions", 0)


def _write(maker: Maker, corpus: Path, folder: Path) -> tuple[int, float, Usage]:
    words("开始")  # the dictionary is loaded before the clock starts; ours loads it again in its workers
    started = time.perf_counter()
    documents, usage = watched(maker.build, corpus, folder)
    return documents, time.perf_counter() - started, usage


def _open(maker: Maker, folder: Path, asks: Sequence[Ask]) -> tuple[float, tuple[float, float], tuple[float, float]]:
    """Milliseconds until the first answer could be given, and what the process grows by."""
    before = resident_mb()
    started = time.perf_counter()
    engine = maker(folder)
    open_ms = (time.perf_counter() - started) * 1000
    opened = resident_mb()
    for ask in asks:
        if engine.can(ask):
            engine.search(ask)
    asked = resident_mb()
    engine.close()
    return open_ms, _difference(opened, before), _difference(asked, before)


def _difference(after: tuple[float, float], before: tuple[float, float]) -> tuple[float, float]:
    return after[0] - before[0], after[1] - before[1]
