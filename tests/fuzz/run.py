"""How are cases drawn, read and counted: a number of them, or for a time?"""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis.strategies import SearchStrategy

from corpus.parsers import Parsed
from corpus.parsers.isolation import ParserPool
from tests.fuzz.cases import Case
from tests.fuzz.law import cpu_s

SECONDS = "GONGKAI_FUZZ_SECONDS"
"""The variable that makes each test run so long, over random cases."""

_ROUND = 50  # cases of one seed
_SHRINK_S = 60.0  # smaller cases are looked for so long


@dataclass(slots=True)
class Tally:
    """What was read: how many cases, how many of them were not refused, and the seconds of the processor that reading
    took, the longest and all together."""

    cases: int = 0
    read: int = 0
    slowest_s: float = 0.0
    seconds: float = 0.0

    def add(self, parsed: Parsed) -> None:
        taken = cpu_s(parsed)
        self.cases += 1
        self.read += bool(parsed.parser)
        self.slowest_s = max(self.slowest_s, taken)
        self.seconds += taken


@dataclass(slots=True)
class Run:
    """Reads cases, counts them, and keeps the smallest one that failed in a file of ``folder``."""

    reader: ParserPool
    tally: Tally
    folder: Path
    _failed: dict[bytes, str] = field(default_factory=dict)
    _failed_at: float = 0.0

    def over(self, cases: SearchStrategy[Case], number: int) -> None:
        """Reads ``number`` cases, the same ones in each run; with `SECONDS` in the environment, random ones so long.

        Fails with the case and its file as soon as one breaks the law.
        """
        seconds = float(os.environ.get(SECONDS, 0))
        started = time.monotonic()
        for current in count(random.randrange(1 << 32) if seconds else 0):
            if time.monotonic() - started > seconds if seconds else self.tally.cases >= number:
                return
            self._round(cases, current)

    def _round(self, cases: SearchStrategy[Case], number: int) -> None:
        @seed(number)
        @settings(
            max_examples=_ROUND,
            deadline=None,
            database=None,
            derandomize=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases)
        def one(case: Case) -> None:
            note(f"seed {number}")
            self._read(case)

        one()

    def _read(self, case: Case) -> None:
        known = self._failed.get(case.source.data)
        if known is None and self._failed and time.monotonic() - self._failed_at > _SHRINK_S:
            return
        if known is None:
            known = self._problem(case)
        if known:
            self._failed_at = self._failed_at or time.monotonic()
            self._failed[case.source.data] = known
            file = self.folder / case.source.name
            file.write_bytes(case.source.data)
            pytest.fail(f"{known}\n{case}\nkept as {file}", pytrace=False)

    def _problem(self, case: Case) -> str:
        """Why this case breaks the law; empty if it does not."""
        try:
            self.tally.add(self.reader.parse(case.source))
        except Exception as error:
            return f"{type(error).__name__}: {error}\n{error.__cause__ or ''}"
        return ""
