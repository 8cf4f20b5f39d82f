"""How fast are files read, beside the libraries that people read them with, and what do worker processes cost?"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from rich.table import Table

from benchmarks import official_files
from benchmarks.children import alone
from benchmarks.peers.readers import READERS
from benchmarks.tables import table
from corpus.parsers import Source
from corpus.parsers.dispatch import parse
from corpus.parsers.isolation import ParserPool

ROUNDS = 3
"""Files are read so many times and the quickest round counts: others work on this machine too."""

SMALL_FILES = 500
SCANNED_PAGES = 4  # 5 s each, and as many again for the peer

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Workload:
    """Files of a sort, how many units (pages or documents) they have, and who else reads them: the first is compared."""

    name: str
    files: Sequence[Source]
    units: int
    unit: str
    peers: tuple[str, ...] = ()
    rounds: int = ROUNDS


@dataclass(frozen=True, slots=True)
class Reading:
    """Seconds of the quickest round; ``peak_mb`` is of a reader in a process of its own."""

    reader: str
    seconds: float
    peak_mb: float | None = None


def parsing(data: Path, say: Say) -> list[Table]:
    """The tables of `reading` and `isolation`."""
    return [reading(data, say), isolation(say)]


def reading(data: Path, say: Say) -> Table:
    """Pages and documents a second of every format."""
    rows = []
    for workload in _workloads(data):
        say(f"parsing: {workload.name} …")
        found = [
            _in_process("ours", workload),
            _in_pool(workload, 2),
            *(_in_process(peer, workload) for peer in workload.peers),
        ]
        base = found[2].seconds if workload.peers else None
        rows += [_row(workload, one, base) for one in found]
    return table(
        "reading files",
        ("files", "reader", "of", "seconds", "per second", "s each", "÷ first peer", "peak MB"),
        rows,
        texts=2,
        caption="÷: its time as a multiple of the first peer's. Peak MB is not taken of pools.",
    )


def isolation(say: Say) -> Table:
    """What it costs to read small files in worker processes."""
    files = official_files.small_files(SMALL_FILES)
    workload = Workload("small files", files, len(files), "files")
    say(f"parsing: {SMALL_FILES} small files …")
    found = [_in_process("ours", workload), _in_pool(workload, 1), _in_pool(workload, 2)]
    megabytes = sum(len(file.data) for file in files) / 1e6
    return table(
        f"isolation: a folder of {len(files)} pages, texts, PDFs and Word files, {megabytes:.1f} MB",
        ("where", "seconds", "files/s", "÷ in process"),
        [
            (
                one.reader,
                f"{one.seconds:.2f}",
                f"{len(files) / one.seconds:,.0f}",
                f"{one.seconds / found[0].seconds:.2f}",
            )
            for one in found
        ],
    )


def _workloads(data: Path) -> list[Workload]:
    pdf, word, sheet = ("pypdfium2", "markitdown"), ("python-docx", "markitdown"), ("openpyxl", "markitdown")
    made = official_files
    sorts = [
        ("PDF, text", made.pdf_texts(20), "pages", pdf),
        ("PDF, tables", made.pdf_catalogs(10), "pages", pdf),
        ("PDF, a real one", made.real_files(data, "pdf/converter-test.pdf"), "pages", pdf),
        ("OFD, text", made.ofds(20), "documents", ()),
        ("OFD, real ones", made.real_files(data, "ofd/*.ofd"), "documents", ()),
        ("DOCX, text", made.docx_texts(20), "documents", word),
        ("DOCX, catalogs", made.docx_catalogs(10), "documents", word),
        ("XLSX, ledgers", made.workbooks(10), "documents", sheet),
        ("XLSX, real ones", made.real_files(data, "sheets/*.xlsx"), "documents", sheet),
    ]
    scans = official_files.scans(data, SCANNED_PAGES)
    return [
        *(
            Workload(name, files, _pages(files) if unit == "pages" else len(files), unit, peers)
            for name, files, unit, peers in sorts
        ),
        Workload("OCR, scanned A4", scans, len(scans), "pages", ("rapidocr",), rounds=1),
    ]


def _pages(files: Sequence[Source]) -> int:
    return sum(len(pypdfium2.PdfDocument(file.data)) for file in files)


def _row(workload: Workload, one: Reading, base: float | None) -> tuple[str, ...]:
    return (
        workload.name,
        one.reader,
        f"{workload.units} {workload.unit}",
        f"{one.seconds:.2f}",
        f"{workload.units / one.seconds:,.1f}",
        f"{one.seconds / workload.units:.3f}",
        f"{one.seconds / base:.2f}" if base else "",
        f"{one.peak_mb:,.0f}" if one.peak_mb is not None else "",
    )


def _in_process(reader: str, workload: Workload) -> Reading:
    seconds, peak_mb = alone(_read, reader, workload)
    return Reading(f"{reader}: in process" if reader == "ours" else reader, seconds, peak_mb)


def _read(reader: str, workload: Workload) -> float:
    read = READERS[reader]()
    read(workload.files[0])  # libraries and models are loaded before the clock starts

    def every() -> None:
        for file in workload.files:
            read(file)

    return _quickest(every, workload.rounds)


def _in_pool(workload: Workload, workers: int) -> Reading:
    with ParserPool(workers=workers, parse=parse) as pool:

        def every(files: Sequence[Source] = workload.files) -> None:
            for _, found in pool.parse_all(enumerate(files)):
                if isinstance(found, Exception):
                    raise found

        every([workload.files[0]] * 2 * workers)  # the workers start before the clock does
        seconds = _quickest(every, workload.rounds)
    return Reading(f"ours: {workers} worker{'s' * (workers > 1)}", seconds)


def _quickest(work: Callable[[], None], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)
