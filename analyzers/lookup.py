"""Which entries of a word list stand in a text, and where do the text's own words begin and end?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from analyzers.normalize import normalize
from analyzers.tokenizer import segmenter

Value = TypeVar("Value")
Spans = list[tuple[int, int]]

# Chinese characters of the segmenter's dictionary (see `analyzers.tokenizer`), other letters, figures, single marks.
_RUN = re.compile(r"(?P<han>[\u4e00-\u9fd5]+)|\d+|[^\W\d_\u4e00-\u9fd5]+|[\W_]")


@dataclass(frozen=True, slots=True)
class Typed:
    """A question as typed: ``text``, its ``normal`` form of the same length, and the ``edges`` of its words.

    An edge is an offset at which a word begins or ends.
    """

    text: str
    normal: str
    edges: frozenset[int]

    @classmethod
    def read(cls, text: str) -> Typed:
        normal = normalize(text)
        return cls(text, normal, _edges(normal))

    def is_word(self, start: int, end: int) -> bool:
        """Whether a span begins and ends where words do."""
        return start in self.edges and end in self.edges


def blank(text: str, spans: Spans) -> str:
    """The text with spaces in place of what stands in the spans, of the same length."""
    pieces, place = [], 0
    for start, end in sorted(spans):
        if end > place:
            pieces += [text[place:start], " " * (end - max(start, place))]
            place = end
    return "".join([*pieces, text[place:]])


def overlaps(start: int, end: int, spans: Spans) -> bool:
    return any(start < taken_end and taken_start < end for taken_start, taken_end in spans)


class Finder(Generic[Value]):
    """Finds the entries of a list: the longest at each place, from left to right, none inside another.

    Forms are compared in their normal form.
    """

    def __init__(self, entries: Mapping[str, Value]) -> None:
        by_first: dict[str, list[tuple[str, Value]]] = {}
        for form, value in entries.items():
            normal = normalize(form)
            by_first.setdefault(normal[0], []).append((normal, value))
        self._by_first = {
            first: tuple(sorted(forms, key=lambda entry: -len(entry[0]))) for first, forms in by_first.items()
        }

    def find(self, normal: str) -> Iterator[tuple[int, int, Value]]:
        """Start, end and value of every entry in a text that is normalised already."""
        place = 0
        while place < len(normal):
            for form, value in self._by_first.get(normal[place], ()):
                if normal.startswith(form, place):
                    yield place, place + len(form), value
                    place += len(form)
                    break
            else:
                place += 1

    def find_words(self, typed: Typed) -> Iterator[tuple[int, int, Value]]:
        """Those that begin and end where words of the text do, the longest such at each place."""
        end = 0
        for place in sorted(typed.edges):
            if place < end or place >= len(typed.normal):
                continue
            for form, value in self._by_first.get(typed.normal[place], ()):
                if typed.normal.startswith(form, place) and place + len(form) in typed.edges:
                    end = place + len(form)
                    yield place, end, value
                    break


def _edges(normal: str) -> frozenset[int]:
    cut = segmenter().cut_apart
    edges = {0}
    for run in _RUN.finditer(normal):
        place = run.start()
        for word in cut(run[0]) if run["han"] else (run[0],):
            place += len(word)
            edges.add(place)
    return frozenset(edges)
