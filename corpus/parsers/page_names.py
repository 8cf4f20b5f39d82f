"""How does a problem name the pages that it is about?"""

from __future__ import annotations

from collections.abc import Iterable


def name_pages(numbers: Iterable[int]) -> str:
    """``page 3`` or ``pages 3, 5–7``; the numbers count from 1."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    names = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    return ("page " if sum(map(len, runs)) == 1 else "pages ") + ", ".join(names)
