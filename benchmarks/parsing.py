"""How fast are files read, beside the libraries that people read them with, and what do worker processes cost?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pypdfium2
from rich.table import Table

from benchmarks import official_files as made
from benchmarks.peers.readers import Reader, openpyxl_dump, pdfium, python_docx, rapidocr
from benchmarks.tables import table
from corpus.errors import UnreadableError
from corpus.parsers import Source
from corpus.parsers.dispatch import parse
from corpus.parsers.isolation import ParserPool

ROUNDS = 5
"""Files are read so many times, all ways in turn, and the quickest time of each counts: others work here too."""

WORKERS = 2
SMALL_FILES = 500  # the folder of issue 3
SCANNED_PAGES = 4  # seconds each, three times

_WARMING = 20  # files read before the clock starts: libraries are loaded and workers run

Say = Callable[[str], None]
Way = Callable[[Sequence[Source]], None]


@dataclass(frozen=True, slots=True)
class Workload:
    """Files of a sort, how many pages or documents they have, and who else reads them."""

    name: str
    files: Sequence[Source]
    units: int
    unit: str
    peer: str = ""
    reader: Reader | None = None


def parsing(data: Path, say: Say) -> list[Table]:
    """The tables of `reading`, `recognising` and `isolation`."""
    return [reading(data, say), *recognising(data, say), isolation(say)]


def reading(data: Path, say: Say) -> Table:
    """Pages and documents a second of every format that has text."""
    rows = []
    with ParserPool(workers=WORKERS) as pool:
        for work in _workloads(data):
            say(f"parsing: {work.name} …")
            ours, pooled, peer = _timed(work, pool, ROUNDS)
            rows.append(
                (
                    work.name,
                    work.peer,
                    f"{len(work.files)}",
                    f"{work.units} {work.unit}",
                    f"{work.units / ours:,.1f}",
                    f"{work.units / pooled:,.1f}",
                    f"{work.units / peer:,.1f}" if peer else "",
                    f"{ours / peer:.1f}" if peer else "",
                )
            )
    return table(
        "reading: pages or documents a second",
        ("what", "peer", "files", "of", "ours, one process", f"ours, {WORKERS} workers", "peer", "÷ peer"),
        rows,
        texts=2,
        caption="÷ peer: the time of ours in one process as a multiple of the peer's.",
    )


def recognising(data: Path, say: Say) -> list[Table]:
    """Seconds a page of what only OCR can read; no table where the extra ``ocr`` is not installed."""
    pages = made.scans(data, SCANNED_PAGES)
    if parse(pages[0]).needs_ocr:
        say("parsing: no OCR, it is not installed")
        return []
    say("parsing: OCR …")
    work = Workload("scanned A4", pages, len(pages), "pages", "RapidOCR", rapidocr())
    with ParserPool(workers=WORKERS) as pool:
        ours, pooled, peer = (seconds / len(pages) for seconds in _timed(work, pool, rounds=1))
    return [
        table(
            "OCR: seconds a page",
            ("what", "peer", "of", "ours, one process", f"ours, {WORKERS} workers", "peer", "÷ peer"),
            [
                (
                    work.name,
                    work.peer,
                    f"{work.units} {work.unit}",
                    f"{ours:.2f}",
                    f"{pooled:.2f}",
                    f"{peer:.2f}",
                    f"{ours / peer:.1f}",
                )
            ],
            texts=2,
        )
    ]


def isolation(say: Say) -> Table:
    """What it costs to read small files in limited worker processes, beside as many processes without limits."""
    files = made.small_files(SMALL_FILES)
    say(f"parsing: {len(files)} small files …")
    plain = ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"))
    with ParserPool(workers=1) as one, ParserPool(workers=WORKERS) as pool, plain:
        seconds = _quickest(
            {
                "this process": _reading_with(parse),
                "ParserPool, 1 worker": _reading_in(one),
                f"{WORKERS} plain processes, a share each": _sharing(plain),
                f"ParserPool, {WORKERS} workers": _reading_in(pool),
            },
            files,
            ROUNDS,
        )
    rows = []
    for at, (name, needed) in enumerate(seconds.items()):
        base = list(seconds.values())[at - at % 2]  # a pool stands below the same number of plain processes
        cost = f"{needed / base - 1:+.0%}" if at % 2 else ""
        rows.append((name, f"{len(files) / needed:,.0f}", f"{1000 * needed / len(files):.2f}", cost))
    megabytes = sum(len(file.data) for file in files) / 1e6
    return table(
        f"isolation: {len(files)} pages, texts, tables and Word files, {megabytes:.1f} MB",
        ("where", "files/s", "ms a file", "cost"),
        rows,
    )


def _workloads(data: Path) -> list[Workload]:
    def pages(name: str, files: Sequence[Source]) -> Workload:
        number = sum(len(pypdfium2.PdfDocument(file.data)) for file in files)
        return Workload(name, files, number, "pages", "pypdfium2", pdfium)

    def documents(name: str, files: Sequence[Source], peer: str = "", reader: Reader | None = None) -> Workload:
        return Workload(name, files, len(files), "documents", peer, reader)

    return [
        pages("PDF, text", made.pdf_texts(20)),
        pages("PDF, catalogs", made.pdf_catalogs(10)),
        pages("PDF, a real one, 4 times", made.real_files(data, "pdf/converter-test.pdf") * 4),
        documents("OFD, official", made.ofds(20)),
        documents("OFD, real ones", made.real_files(data, "ofd/*.ofd")),
        documents("DOCX, text", made.docx_texts(20), "python-docx", python_docx),
        documents("DOCX, catalogs", made.docx_catalogs(10), "python-docx", python_docx),
        documents("XLSX, ledgers", made.workbooks(10), "openpyxl", openpyxl_dump),
        documents("XLSX, real ones", made.real_files(data, "sheets/*.xlsx"), "openpyxl", openpyxl_dump),
    ]


def _timed(work: Workload, pool: ParserPool, rounds: int) -> tuple[float, float, float]:
    """Seconds for all files: ours here, ours in the pool, and the peer's (0 if there is none)."""
    ways = {"ours": _reading_with(parse), "pool": _reading_in(pool)}
    if work.reader:
        ways["peer"] = _reading_with(work.reader)
    seconds = _quickest(ways, work.files, rounds)
    return seconds["ours"], seconds["pool"], seconds.get("peer", 0.0)


def _quickest(ways: Mapping[str, Way], files: Sequence[Source], rounds: int) -> dict[str, float]:
    """Seconds of the quickest round of each way; the ways take turns, so that all have the same noise."""
    for way in ways.values():
        way(files[:_WARMING])
    times = [{name: _seconds(way, files) for name, way in ways.items()} for _ in range(rounds)]
    return {name: min(seconds[name] for seconds in times) for name in ways}


def _seconds(way: Way, files: Sequence[Source]) -> float:
    started = time.perf_counter()
    way(files)
    return time.perf_counter() - started


def _reading_with(read: Reader) -> Way:
    return lambda files: _read_all(read, files)


def _read_all(read: Reader, files: Iterable[Source]) -> None:
    for file in files:
        read(file)


def _reading_in(pool: ParserPool) -> Way:
    def way(files: Sequence[Source]) -> None:
        for _, found in pool.parse_all(enumerate(files)):
            if isinstance(found, UnreadableError):
                raise found

    return way


def _sharing(processes: ProcessPoolExecutor) -> Way:
    def way(files: Sequence[Source]) -> None:
        shares = [processes.submit(_read_all, parse, files[start::WORKERS]) for start in range(WORKERS)]
        for share in shares:
            share.result()

    return way
