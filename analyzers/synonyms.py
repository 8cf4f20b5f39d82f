"""Which plain words does a question use, and which official terms say the same?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from analyzers.lexicon import synonyms
from analyzers.normalize import normalize
from analyzers.tokenizer import words


@dataclass(frozen=True, slots=True)
class Term:
    """An official term: its normalised ``text``, and the distinct ``words`` that the index holds of it."""

    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlainWord(Term):
    """A plain word that a text uses, and the official ``terms`` that say the same, one or more.

    ``share`` is what the terms count beside those of our own list; ``source`` is the id of a document that says they
    are the same, empty for our own list.
    """

    terms: tuple[Term, ...]
    share: float = 1.0
    source: str = ""


class PlainWords:
    """A list of plain words, found where a text uses them."""

    def __init__(self, entries: Iterable[PlainWord]) -> None:
        self._by_first_word: dict[str, list[tuple[list[str], PlainWord]]] = {}
        for plain in entries:
            if run := words(plain.text):
                self._by_first_word.setdefault(run[0], []).append((run, plain))

    def standing_in(self, normal: str, said: list[str]) -> Iterator[PlainWord]:
        """The plain words that are a run of the words that were said, and that the text has as written."""
        for start, first in enumerate(said):
            for run, plain in self._by_first_word.get(first, ()):
                if said[start : start + len(run)] == run and plain.text in normal:
                    yield plain


def find_plain_words(text: str, learned: PlainWords | None = None) -> tuple[PlainWord, ...]:
    """The keys of the synonym list, and then of a ``learned`` one, that the text uses; the longest of each first.

    No word of the text belongs to two. A key must stand in the text as written and be whole words of it: 健康证 is not
    in 健康证明, nor 死猪 in 病死猪. Of two that share a word the longer counts (低保户, not 低保). Terms that the text
    itself says are left out.
    """
    normal = normalize(text)
    said = words(normal)
    taken: set[str] = set()
    found = []
    for known in (_own(), learned) if learned is not None else (_own(),):
        for plain in sorted(known.standing_in(normal, said), key=lambda plain: -len(plain.text)):
            if taken.isdisjoint(plain.words):
                taken.update(plain.words)
                if terms := tuple(term for term in plain.terms if term.text not in normal):
                    found.append(replace(plain, terms=terms))
    return tuple(found)


def plain_word(text: str, terms: Iterable[str], *, share: float = 1.0, source: str = "") -> PlainWord:
    """A plain word as a list has it, with the words that the index holds of it."""
    own = term_of(text)
    return PlainWord(own.text, own.words, tuple(map(term_of, terms)), share, source)


def term_of(text: str) -> Term:
    return Term(normalize(text), tuple(dict.fromkeys(words(text))))


@cache
def _own() -> PlainWords:
    return PlainWords(plain_word(text, terms) for text, terms in synonyms().items())
