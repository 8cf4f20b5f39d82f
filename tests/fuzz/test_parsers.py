"""Files with random damage, thousands of them: each is read, or refused with a reason, quickly and in little memory.

The cases are the same in each run. To look for new ones, let each test run over random cases for so many seconds::

    GONGKAI_FUZZ_SECONDS=60 pytest tests/fuzz --timeout=0

and for one format, ``-k pdf``. A case that fails is made smaller and kept in a file; its seed is printed with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis.strategies import SearchStrategy, one_of

from corpus.parsers.isolation import ParserPool
from tests.fuzz.biff import change_xls
from tests.fuzz.cases import Case, Seed, changed
from tests.fuzz.packages import change_package
from tests.fuzz.pdf_objects import change_pdf
from tests.fuzz.run import Run, Tally
from tests.fuzz.seeds import made_seeds, real_seeds
from tests.fuzz.writing import pages, texts

Seeds = Sequence[Seed]
Cases = SearchStrategy[Case]

_CASES: dict[str, Callable[[Seeds], Cases]] = {
    "html": lambda seeds: one_of(changed(seeds), pages(seeds)),
    "txt": lambda seeds: one_of(changed(seeds), texts(seeds)),
    "csv": lambda seeds: one_of(changed(seeds), texts(seeds, ","), texts(seeds, "\t")),
    **dict.fromkeys(("docx", "xlsx", "ofd", "zip"), lambda seeds: changed(seeds, change_package)),
    "pdf": lambda seeds: changed(seeds, change_pdf),
    "xls": lambda seeds: changed(seeds, change_xls),
    **dict.fromkeys(("7z", "picture", "office"), changed),
}
# As many as fit into a hundred seconds all together on one core of 2020: a real page costs 120 ms, a small text 10.
_MADE = dict.fromkeys(_CASES, 300) | {"zip": 200, "picture": 400, "office": 200}
_REAL = {"html": 100, "txt": 200, "csv": 200, "xlsx": 200, "xls": 200, "ofd": 200, "pdf": 60, "zip": 50, "7z": 100}


@pytest.fixture
def run(reader: ParserPool, tally: Tally, tmp_path: Path) -> Run:
    return Run(reader, tally, tmp_path)


@pytest.mark.parametrize("kind", _MADE)
def test_a_changed_file_is_read_or_refused(kind: str, run: Run) -> None:
    run.over(_CASES[kind](made_seeds()[kind]), _MADE[kind])


@pytest.mark.realdata
@pytest.mark.parametrize("kind", _REAL)
def test_a_changed_real_file_is_read_or_refused(kind: str, run: Run, realdata: Path) -> None:
    run.over(_CASES[kind](real_seeds(realdata)[kind]), _REAL[kind])
