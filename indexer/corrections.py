"""What may a query have been meant as? One door to pinyin, initials, slips and suggestions, over one derived file.

The file is made by `indexer.phrasebook_writer.build` after each indexing. Everything here is a proposal, nothing is
corrected silently: a caller searches what was typed, and says so when it searches anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from analyzers.normalize import normalize
from indexer.chains import SHORTEST, Chain, chains
from indexer.phrasebook import Phrasebook
from indexer.said import Written, written
from indexer.slips import Change, Correction, Decision, correct
from indexer.suggest import By, Suggestion, suggest

__all__ = [
    "By",
    "Change",
    "Correction",
    "Corrections",
    "Decision",
    "How",
    "Initials",
    "Meant",
    "Suggestion",
    "Written",
]

# Three letters are initials of too much to be searched at once.
_SURE_INITIALS = SHORTEST + 1


class How(StrEnum):
    """What was read otherwise than it was typed."""

    PINYIN = "pinyin"
    INITIALS = "initials"
    SLIP = "slip"


@dataclass(frozen=True, slots=True)
class Initials:
    """The words whose initials were typed, as the best title has them, and the titles that have such words, as
    (id, spans of those words in it), the best first."""

    text: str
    titles: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """The likeliest reading of a query that should not be taken as typed.

    ``text`` is what to search; ``titles`` are the ids of titles that are meant, the best first (empty for a slip: the
    engine's own answer to ``text`` is better), and ``changes`` the words put right.
    """

    how: How
    text: str
    decision: Decision
    titles: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


class Corrections:
    """Answers from a phrasebook; opening takes about a millisecond, and any number of threads may ask.

    No question raises: what cannot be read is answered by None or (). Raises FileNotFoundError, IndexDamagedError and
    IndexOutdatedError when opened.
    """

    def __init__(self, path: Path) -> None:
        self._book = Phrasebook(path)

    def pinyin(self, query: str, limit: int = 100) -> Written | None:
        """A query in pinyin, with or without spaces, or mixed with Chinese characters; None for any other."""
        return written(self._book, query, limit)

    def initials(self, query: str, limit: int = 100) -> Initials | None:
        """A query of the initials of words (声母), with or without spaces; None for any other."""
        found = chains(self._book, "".join(normalize(query).split()), limit)
        if not found:
            return None
        text = " ".join(self._words(found[0]))
        return Initials(text, tuple((self._book.id(chain.entry), chain.spans) for chain in found))

    def corrections(self, query: str) -> tuple[Correction, ...]:
        """What a query with a slip in it may have been meant as, the likeliest first; () if it looks right."""
        return correct(self._book, query)

    def suggestions(self, typed: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Titles, terms, document numbers, agencies and items of catalogs that begin with, or have, what was typed."""
        return suggest(self._book, typed, limit)

    def meant(self, query: str) -> Meant | None:
        """The likeliest other reading of a query, and what to do with it; None if it is to be taken as typed.

        Pinyin comes before initials: letters that spell syllables are hardly ever anything else.
        """
        if said := self.pinyin(query):
            decision = Decision.INSTEAD if said.whole or normalize(query).isascii() else Decision.OFFER
            return Meant(How.PINYIN, said.text, decision, tuple(name for name, _ in said.titles))
        if short := self.initials(query):
            letters = len("".join(query.split()))
            decision = Decision.INSTEAD if letters >= _SURE_INITIALS else Decision.OFFER
            return Meant(How.INITIALS, short.text, decision, tuple(name for name, _ in short.titles))
        if slips := self.corrections(query):
            return Meant(How.SLIP, slips[0].text, slips[0].decision, changes=slips[0].changes)
        return None

    def _words(self, chain: Chain) -> list[str]:
        text = normalize(self._book.text(chain.entry))
        return [text[start:end] for start, end in chain.spans]
