"""What stands in a list of the lexicon? The rows of a ``.tsv`` file, checked for their shape."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from analyzers.lexicon import LexiconError


def rows(file: str, width: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of a packaged list with their line numbers, comments and empty lines left out.

    A row has exactly ``width`` filled cells. Raises LexiconError.
    """
    text = files("analyzers.lexicon").joinpath(file).read_text(encoding="utf-8")
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = tuple(line.split("\t"))
        if len(cells) != width or any(cell != cell.strip() or not cell for cell in cells):
            raise LexiconError(file, number, f"a row is {width} filled cells with one tab between; write - for nothing")
        yield number, cells
