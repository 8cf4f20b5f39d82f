"""Which short and long names does the corpus itself say to be the same, and which documents say so?

Made with the phrasebook (`indexer.upkeep`), kept beside it as ``abbreviations.json``: a list that people can read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from analyzers.abbreviations import find_abbreviations
from analyzers.synonyms import PlainWord, PlainWords, plain_word
from corpus.models import Document
from indexer.errors import IndexDamagedError
from indexer.generations import write_atomically

ABBREVIATIONS = "abbreviations.json"

# What a long name counts for its short one, and the reverse, beside a term of our own list.
_SHARE = 0.5

# A short name that stands for several long ones is none of these, unless so many of the documents mean one of them.
_AGREEING = 2 / 3

# So many are kept, those that most documents introduce: all that 7,079 laws and guides have are 226.
_MOST = 5_000
_MOST_SOURCES = 3


@dataclass(frozen=True, slots=True)
class Introduced:
    """A short name, what it stands for, how many ``documents`` say so, and the ids of some of them."""

    short: str
    long: str
    documents: int
    sources: tuple[str, ...]


class Introductions:
    """Collects what documents introduce."""

    def __init__(self) -> None:
        self._said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))

    def read(self, document: Document) -> None:
        for found in set(find_abbreviations(f"{document.title}\n{document.body}")):
            self._said[found.short][found.long].append(document.id)

    def agreed(self) -> Iterator[Introduced]:
        """What most documents that introduce a short name mean by it, and that no more documents contradict."""
        agreed = []
        for short, meant in self._said.items():
            long, sources = max(meant.items(), key=lambda item: (len(item[1]), item[0]))
            if len(sources) >= _AGREEING * sum(map(len, meant.values())):
                agreed.append(Introduced(short, long, len(sources), tuple(sources[:_MOST_SOURCES])))
        agreed.sort(key=lambda one: (-one.documents, one.short))
        yield from agreed[:_MOST]


def write_abbreviations(generation: Path, found: Iterable[Introduced]) -> None:
    rows = ",\n".join(json.dumps(asdict(one), ensure_ascii=False) for one in found)
    write_atomically(generation / ABBREVIATIONS, f"[\n{rows}\n]\n")


def read_abbreviations(path: Path) -> PlainWords:
    """What `write_abbreviations` wrote, to be looked for in questions. Raises FileNotFoundError, IndexDamagedError."""
    try:
        rows = [Introduced(**row) for row in json.loads(path.read_text("utf-8"))]
    except (ValueError, TypeError) as error:
        raise IndexDamagedError(f"{path.name} cannot be read ({error}); run `gongkai index --rebuild`") from error
    return PlainWords(_both_ways(rows))


def _both_ways(rows: Iterable[Introduced]) -> Iterator[PlainWord]:
    """The short name leads to the long one, and the long one to all of its short ones."""
    shorter: Mapping[str, list[Introduced]] = defaultdict(list)
    for row in rows:
        yield plain_word(row.short, [row.long], share=_SHARE, source=row.sources[0])
        shorter[row.long].append(row)
    for long, found in shorter.items():
        yield plain_word(long, [one.short for one in found], share=_SHARE, source=found[0].sources[0])
