"""The table of the saved pages: filled by the tests, printed at the end of every run that read them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.reported import reported

_PAGE = "page"  # the property of a report that holds a row; reports reach whoever prints from other processes, too

AddToTable = Callable[[str, dict[str, str]], None]


@pytest.fixture
def page_table(request: pytest.FixtureRequest) -> AddToTable:
    """Adds a page and how each of its fields came out to the table."""

    def add(page: str, cells: dict[str, str]) -> None:
        request.node.user_properties.append((_PAGE, (page, cells)))

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    table: dict[str, dict[str, str]] = dict(reported(terminalreporter, _PAGE))
    if not table:
        return
    columns = list(dict.fromkeys(name for cells in table.values() for name in cells))
    width = max(map(len, table))
    terminalreporter.section("saved pages: ok = as a person reads it, · = not shown on the page")
    terminalreporter.write_line("  ".join([" " * width, *columns]))
    for page, cells in table.items():
        shown = (cells.get(name, "·").ljust(len(name)) for name in columns)
        terminalreporter.write_line("  ".join([page.ljust(width), *shown]))
    right = sum(value == "ok" for cells in table.values() for value in cells.values())
    total = sum(len(cells) for cells in table.values())
    terminalreporter.write_line(f"{len(table)} pages, {right} of {total} values right")
