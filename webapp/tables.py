"""Which tables are in the store's database? All of them, in an order in which rows may refer to each other."""

from __future__ import annotations

from corpus.tables import metadata as of_corpus
from webapp.accounts.tables import metadata as of_accounts

ALL_TABLES = (*of_corpus.sorted_tables, *of_accounts.sorted_tables)
