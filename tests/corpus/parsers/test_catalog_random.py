"""Random catalogs: precision and recall of every field, on clean tables and on those with the noise of real ones.

``pytest -s`` prints the numbers.
"""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.models import CatalogEntry
from corpus.parsers import Cell, Table
from corpus.parsers.catalog import read_catalog
from tests.corpus.parsers.catalog_score import Score
from tests.corpus.parsers.catalogs import Catalog

CATALOGS = 250


@pytest.mark.parametrize(("noise", "floor"), [(False, 1.0), (True, 0.98)], ids=["clean", "noise"])
def test_every_field_of_random_catalogs(noise: bool, floor: float) -> None:
    score = Score()
    for seed in range(CATALOGS):
        made = Catalog(seed, noise).make()
        score.add(made, read_catalog(made.tables, title=made.title).entries)
    sys.stdout.write(f"\n{'noise' if noise else 'clean'}, {CATALOGS} catalogs\n{score}\n")
    assert score.worst() >= floor


def test_clean_catalogs_are_certain_and_guesses_are_named() -> None:
    for seed in range(CATALOGS):
        made = Catalog(seed).make()
        assert [entry.uncertain for entry in read_catalog(made.tables, title=made.title).entries] == [()] * len(
            made.entries
        )
    noisy = [Catalog(seed, noise=True) for seed in range(CATALOGS)]
    for catalog in (catalog for catalog in noisy if catalog.lost):
        made = catalog.make()
        for entry in read_catalog(made.tables, title=made.title).entries:
            empty = [cell for cell in made.tables[entry.table - 1].cells if cell.row == entry.row - 1 and not cell.text]
            if any(cell.column == 1 for cell in empty) and "serial" in catalog.columns:
                assert any(note.startswith("一级事项") for note in entry.uncertain)


@given(st.integers(0, 10_000), st.booleans())
def test_empty_rows_and_a_blank_column_change_nothing(seed: int, noise: bool) -> None:
    made = Catalog(seed, noise).make()
    wide = [_with_blank_column(table) for table in made.tables]
    assert read_catalog(wide, title=made.title).entries == read_catalog(made.tables, title=made.title).entries


def _with_blank_column(table: Table) -> Table:
    width = max(cell.column + cell.columns for cell in table.cells)
    return Table((*table.cells, Cell("", 0, width)), table.place, table.caption)


TEXTS = st.sampled_from(
    ["序号", "公开事项", "公开内容", "公开依据", "公开时限", "全社会", "√", "", "1", "一、扶贫领域", "注：", "低保"]
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Any small table, its cells with random spans."""
    taken: set[tuple[int, int]] = set()
    cells = []
    for row in range(draw(st.integers(0, 6))):
        for column in range(draw(st.integers(1, 8))):
            rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
            places = {(row + down, column + right) for down in range(rows) for right in range(columns)}
            if not places & taken:
                taken |= places
                cells.append(Cell(draw(TEXTS), row, column, rows, columns))
    return Table(tuple(cells), caption=draw(TEXTS))


@given(st.lists(tables(), max_size=3))
def test_any_tables_are_read_without_a_crash_and_rows_point_into_them(found: list[Table]) -> None:
    entries: tuple[CatalogEntry, ...] = read_catalog(found, title="").entries
    for entry in entries:
        assert 1 <= entry.row <= len(found[entry.table - 1].grid())
