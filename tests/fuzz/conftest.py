"""One worker that reads what is fuzzed, and the table of what was read, printed at the end of the run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import pytest

from corpus.parsers.isolation import Limits, ParserPool
from tests.fuzz.law import read_lawfully
from tests.fuzz.run import Tally
from tests.reported import reported

# A good file of this size takes 200 MB at most. The time is of the clock, for what sleeps or hangs: machines are busy.
_LIMITS = Limits(time_s=60.0, ocr_time_s=60.0, memory_bytes=1 << 30, output_bytes=64 << 20)
_TALLY = "tally"  # the property of a report that holds what one test counted


@pytest.fixture(scope="session")
def reader() -> Iterator[ParserPool]:
    """Reads in a process with limits, as the crawler's files are read."""
    with ParserPool(workers=1, limits=_LIMITS, parse=read_lawfully) as pool:
        yield pool


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Counts the cases of this test for the table."""
    counted = Tally()
    yield counted
    request.node.user_properties.append((_TALLY, (request.node.name, asdict(counted))))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    tallies = {name: Tally(**counted) for name, counted in reported(terminalreporter, _TALLY)}
    if not tallies:
        return
    terminalreporter.section("fuzzed files")
    terminalreporter.write_line(f"{'':58} {'cases':>7} {'read':>7} {'refused':>7} {'longest':>9} {'all':>9} (CPU)")
    for name, tally in tallies.items():
        terminalreporter.write_line(
            f"{name:58} {tally.cases:7,} {tally.read:7,} {tally.cases - tally.read:7,} "
            f"{tally.slowest_s:7.2f} s {tally.seconds:7.1f} s"
        )
    cases, seconds = (sum(getattr(tally, key) for tally in tallies.values()) for key in ("cases", "seconds"))
    terminalreporter.write_line(f"{cases:,} cases, {seconds:.0f} s")
