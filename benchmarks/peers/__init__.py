"""The engines that we are compared with, behind one face."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from corpus.models import Document


class Peer(Protocol):
    """Another engine: it takes documents once, and then answers."""

    @property
    def name(self) -> str:
        """The engine and the words that it uses, as the tables name them."""
        ...

    def add(self, documents: Iterable[Document]) -> int:
        """Index all documents and commit; gives how many."""
        ...

    def search(self, text: str, limit: int) -> list[tuple[str, float]]:
        """The best documents for any word of the question, title ×2: ids and scores (higher is better)."""
        ...
