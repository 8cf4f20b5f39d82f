"""What are engines asked? Classes of questions, drawn from the texts of a corpus, always the same ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import TypeVar

from analyzers.tokenizer import question_words, words
from benchmarks.corpora import KINDS
from benchmarks.datasets import TOPIC_SETS, read_documents
from indexer.evaluate import read_topics

# How many questions a class has, and how many documents of the corpus they are drawn from.
QUESTIONS = 200
_DOCUMENTS = 4_000

_SEED = 20_240_101

FACETS = ("kind", "issuer")

Asked = TypeVar("Asked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question to an engine, its words as the index has them.

    Each word may stand in title (×2) or body. One of them is enough; all are needed with ``every``. A ``phrase`` stands
    in the body, its words one after the other; ``prefix`` is how a word of the body begins, each such word scored as
    if it had been asked for. ``kind`` is a filter; ``facets`` asks how many of all hits have each value of `FACETS`;
    ``newest`` asks for the newest instead of the best.
    """

    words: tuple[str, ...] = ()
    every: bool = False
    phrase: tuple[str, ...] = ()
    prefix: str = ""
    kind: str = ""
    facets: bool = False
    newest: bool = False


LAY = "lay question, OR"
FACETED = "lay question, two facets"


def query_classes(corpus: Path, topics: Path) -> dict[str, list[Ask]]:
    """The questions by class; the lay ones are those of ``topics``.

    Words are drawn as they stand in texts, so common ones come more often; words of one question stand together in some
    document, and each has two characters or more. No question comes twice in a class.
    """
    random = Random(_SEED)  # noqa: S311 - the same every time
    bodies = [words(document.body) for document in islice(read_documents(corpus), _DOCUMENTS)]
    asked = (tuple(dict.fromkeys(question_words(text))) for text in read_topics(topics).values())
    lay = list(dict.fromkeys(asked))[:QUESTIONS]

    def some(count: int) -> tuple[str, ...]:
        while True:
            long = list(dict.fromkeys(word for word in random.choice(bodies) if len(word) > 1))
            if len(long) >= count:
                return tuple(random.sample(long, count))

    def neighbours() -> tuple[str, ...]:
        while True:
            body = random.choice(bodies)
            if len(body) > 1:
                start = random.randrange(len(body) - 1)
                return tuple(body[start : start + 2])

    def drawn(make: Callable[[], Ask]) -> list[Ask]:
        found: dict[Ask, None] = {}
        while len(found) < QUESTIONS:
            found[make()] = None
        return list(found)

    return {
        "1 word": drawn(lambda: Ask(words=some(1))),
        "2 words, OR": drawn(lambda: Ask(words=some(2))),
        "3 words, AND": drawn(lambda: Ask(words=some(3), every=True)),
        LAY: [Ask(words=some_words) for some_words in lay],
        "phrase": drawn(lambda: Ask(phrase=neighbours())),
        "2 words, filter": drawn(lambda: Ask(words=some(2), kind=random.choice(KINDS).value)),
        FACETED: [Ask(words=some_words, facets=True) for some_words in lay],
        "2 words, by date": drawn(lambda: Ask(words=some(2), newest=True)),
        "prefix": drawn(lambda: Ask(prefix=some(1)[0][:2])),
    }


def topics_file(data: Path) -> Path:
    """The file of the lay questions."""
    return next(topic_set for topic_set in TOPIC_SETS if topic_set.name == "statutes").topics(data)


def sample(asks: Sequence[Asked], count: int) -> list[Asked]:
    """So many of the questions, evenly spread."""
    step = max(1, len(asks) // count)
    return list(asks[::step][:count])
