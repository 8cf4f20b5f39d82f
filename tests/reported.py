"""What tests hand to the tables that are printed at the end of a run, from whichever process ran them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


def reported(terminal: pytest.TerminalReporter, name: str) -> Iterator[Any]:
    """The values of a property (``user_properties``) over the reports of all tests, each once, as they came."""
    for reports in terminal.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport) and report.when == "teardown":
                yield from (value for key, value in report.user_properties if key == name)
