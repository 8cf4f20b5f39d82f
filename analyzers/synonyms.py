"""Which plain words does a question use, and which official terms say the same?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
    """A plain word that a text uses, and the official ``terms`` that say the same, one or more."""

    terms: tuple[Term, ...]


def find_plain_words(text: str) -> tuple[PlainWord, ...]:
    """The keys of the synonym list that the text uses, the longest first; no word of the text belongs to two.

    A key must stand in the text as written and be whole words of it: 健康证 is not in 健康证明, nor 死猪 in 病死猪. Of
    two that share a word the longer counts (低保户, not 低保). Terms that the text itself says are left out.
    """
    normal = normalize(text)
    said = words(normal)
    taken: set[str] = set()
    found = []
    for plain in sorted(_standing_in(normal, said), key=lambda plain: -len(plain.text)):
        if taken.isdisjoint(plain.words):
            taken.update(plain.words)
            if terms := tuple(term for term in plain.terms if term.text not in normal):
                found.append(PlainWord(plain.text, plain.words, terms))
    return tuple(found)


def _standing_in(normal: str, said: list[str]) -> Iterator[PlainWord]:
    """The plain words that are a run of the words that were said, and that the text has as written."""
    for start, first in enumerate(said):
        for run, plain in _by_first_word().get(first, ()):
            if said[start : start + len(run)] == run and plain.text in normal:
                yield plain


@cache
def _by_first_word() -> dict[str, list[tuple[list[str], PlainWord]]]:
    """Every plain word with its run of words, by the first of them."""
    table: dict[str, list[tuple[list[str], PlainWord]]] = {}
    for text, terms in synonyms().items():
        run = words(text)
        plain = PlainWord(normalize(text), _distinct(run), tuple(_term(term) for term in terms))
        table.setdefault(run[0], []).append((run, plain))
    return table


def _term(text: str) -> Term:
    return Term(normalize(text), _distinct(words(text)))


def _distinct(found: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
