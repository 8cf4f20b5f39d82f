"""What a question asks for: words, phrases and document numbers, as far as this engine understands it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzers.document_number import (
    DocumentNumber,
    DocumentNumberError,
    find_document_numbers,
    parse_document_number,
)
from analyzers.normalize import normalize
from analyzers.synonyms import PlainWord, find_plain_words
from analyzers.tokenizer import asks_how, question_core, question_words
from indexer.engine import Understood

# Only straight quotation marks ask for a literal phrase: “…” is ordinary punctuation in official texts (“放管服”改革),
# and questions quote them.
_PHRASE = re.compile(r'"([^"]+)"')


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read.

    ``words`` are normalised and distinct; ``core`` is what is left of the text without its frame; ``phrases``
    (normalised) must stand literally in the text; ``numbers`` are the document numbers that it names, and
    ``only_number`` says that it is one and nothing else. ``plain_words`` are those for which there are official terms;
    what stands in a phrase is meant literally and never among them. ``asks_how`` says that it asks how something is
    done.
    """

    words: tuple[str, ...]
    core: str = ""
    phrases: tuple[str, ...] = ()
    numbers: tuple[DocumentNumber, ...] = ()
    only_number: bool = False
    plain_words: tuple[PlainWord, ...] = ()
    asks_how: bool = False

    @property
    def understood(self) -> tuple[Understood, ...]:
        """What people are told was read out of their text."""
        return (
            *(Understood("document_number", str(number)) for number in self.numbers),
            *(Understood("phrase", phrase) for phrase in self.phrases),
        )


def read_question(text: str) -> Question:
    """Read a question as typed; what stands in straight quotation marks is a phrase."""
    words = tuple(dict.fromkeys(question_words(text)))
    try:
        return Question(words, question_core(text), numbers=(parse_document_number(text),), only_number=True)
    except DocumentNumberError:
        pass
    phrases = [normalize(phrase).strip() for phrase in _PHRASE.findall(text)]
    return Question(
        words,
        question_core(text),
        phrases=tuple(dict.fromkeys(phrase for phrase in phrases if phrase)),
        numbers=tuple(dict.fromkeys(found.number for found in find_document_numbers(text))),
        plain_words=find_plain_words(_PHRASE.sub('"', text)),
        asks_how=asks_how(text),
    )
