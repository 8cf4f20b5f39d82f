"""Which words does this field use, and for what? The reviewable word lists, read once and checked row by row.

Every list is a ``.tsv`` file beside this module: its head comment says what a row is and where the rows come from.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, cast


class LexiconError(ValueError):
    """A row of a word list that cannot be read; the message names the file, the line and the remedy."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        self.file, self.line = file, line
        super().__init__(f"{file}, line {line}: {problem}")


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain of disclosure (领域)."""

    slug: str
    name: str
    number: int | None
    """Its number among the 23 of the plan; None for 国土空间规划, which only the plan's sentence names."""
    guidance_name: str
    """Its name among the 26 试点领域 of 国办发〔2019〕54号."""
    short_names: tuple[str, ...]
    departments: tuple[str, ...]
    """Responsible departments (责任单位) of the plan, without their place."""
    words: tuple[str, ...]
    """Words that tell the domain in a text."""


@dataclass(frozen=True, slots=True)
class Agency:
    """A body (机关), or a kind of body that many places have."""

    name: str
    level: Literal["national", "kind"]
    short_forms: tuple[str, ...]
    successors: tuple[str, ...]
    """For a former body, those who have its work now; empty for a present one."""


@cache
def domains() -> tuple[Domain, ...]:
    """The 23 pilot domains in the plan's order, then 国土空间规划."""
    return tuple(_read_domains("domains.tsv", _packaged("domains.tsv")))


@cache
def agencies() -> tuple[Agency, ...]:
    """National bodies, present and former, and the kinds of local ones."""
    return tuple(_read_agencies("agencies.tsv", _packaged("agencies.tsv")))


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """Plain words to the official terms that mean them. One way, unless a row is marked as equal."""
    joined: dict[str, tuple[str, ...]] = {}
    for file in ("synonyms.tsv", "synonyms_law.tsv"):
        for plain, terms in _read_synonyms(file, _packaged(file)).items():
            joined[plain] = tuple(dict.fromkeys((*joined.get(plain, ()), *terms)))
    return MappingProxyType(joined)


@cache
def function_words() -> frozenset[str]:
    """Words of grammar (的, 了, 和)."""
    return _stopwords()["function"]


@cache
def question_frames() -> frozenset[str]:
    """Words that make a text a question (怎么, 请问); to be dropped from queries only."""
    return _stopwords()["question_frame"] | how_frames()


@cache
def how_frames() -> frozenset[str]:
    """The question frames that ask how something is done (怎么, 如何)."""
    return _stopwords()["how_frame"]


@cache
def user_words(*, broken_only: bool = False) -> tuple[str, ...]:
    """Words of this field that jieba's own dictionary splits, in the file's order.

    ``broken_only`` leaves out the terms whose parts are words themselves (最低/生活/保障).
    """
    kinds = ("broken",) if broken_only else ("broken", "term")
    rows = _read_user_words("user_words.tsv", _packaged("user_words.tsv"))
    return tuple(word for word, kind in rows.items() if kind in kinds)


@cache
def life_events() -> Mapping[str, tuple[str, ...]]:
    """The turns of a life (人生事项) in their order, and the words that tell their guides."""
    return MappingProxyType(_read_life_events("life_events.tsv", _packaged("life_events.tsv")))


@cache
def _stopwords() -> dict[str, frozenset[str]]:
    return _read_stopwords("stopwords.tsv", _packaged("stopwords.tsv"))


def _packaged(file: str) -> str:
    return files(__name__).joinpath(file).read_text(encoding="utf-8")


def _rows(file: str, text: str, width: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of a list with their line numbers: exactly ``width`` filled cells each, comments and empty lines out."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = tuple(line.split("\t"))
        if len(cells) != width:
            raise LexiconError(file, number, f"{len(cells)} cells where a row has {width}; separate them by one tab")
        if any(cell != cell.strip() or not cell for cell in cells):
            raise LexiconError(
                file, number, "an empty cell or a space around one; write - for nothing, one tab between"
            )
        yield number, cells


def _names(cell: str) -> tuple[str, ...]:
    return () if cell == "-" else tuple(cell.split())


def _read_domains(file: str, text: str) -> Iterator[Domain]:
    seen: set[str] = set()
    for line, (number, slug, name, guidance, short, departments, words) in _rows(file, text, 7):
        if not (number == "-" or number.isdecimal()):
            raise LexiconError(file, line, f"the number is {number!r}; write digits, or - for none")
        if not slug.replace("-", "").isalpha() or not slug.isascii() or slug != slug.lower():
            raise LexiconError(file, line, f"the slug is {slug!r}; use a-z and hyphens")
        if slug in seen or name in seen:
            raise LexiconError(file, line, f"{slug} ({name}) has a row already; keep one")
        seen |= {slug, name}
        place = None if number == "-" else int(number)
        yield Domain(slug, name, place, guidance, _names(short), _names(departments), _names(words))


def _read_agencies(file: str, text: str) -> Iterator[Agency]:
    seen: set[str] = set()
    for line, (level, name, short, successors) in _rows(file, text, 4):
        if level not in ("national", "kind"):
            raise LexiconError(file, line, f"the level is {level!r}; write national or kind")
        for form in (name, *_names(short)):
            if form in seen:
                raise LexiconError(file, line, f"{form} has a meaning already; a form stands for one name")
            seen.add(form)
        yield Agency(name, cast(Literal["national", "kind"], level), _names(short), _names(successors))


def _read_synonyms(file: str, text: str) -> dict[str, tuple[str, ...]]:
    forward: dict[str, tuple[str, ...]] = {}
    backward: dict[str, list[str]] = {}
    for line, (plain, direction, terms, _note) in _rows(file, text, 4):
        if direction not in (">", "="):
            raise LexiconError(file, line, f"the direction is {direction!r}; write > (one way) or = (equal)")
        if plain in forward:
            raise LexiconError(file, line, f"{plain} has a row already; put its terms there")
        if plain in _names(terms) or not _names(terms):
            raise LexiconError(file, line, f"{plain} leads to itself or to nothing")
        forward[plain] = _names(terms)
        if direction == "=":
            for term in _names(terms):
                backward.setdefault(term, []).append(plain)
    for term, plains in backward.items():
        forward[term] = tuple(dict.fromkeys((*forward.get(term, ()), *plains)))
    return forward


def _read_stopwords(file: str, text: str) -> dict[str, frozenset[str]]:
    sections: dict[str, set[str]] = {"function": set(), "question_frame": set(), "how_frame": set()}
    for line, (section, words) in _rows(file, text, 2):
        if section not in sections:
            raise LexiconError(file, line, f"the section is {section!r}; write {' or '.join(sections)}")
        for word in _names(words):
            if any(word in known for known in sections.values()):
                raise LexiconError(file, line, f"{word} is listed already; keep it once")
            sections[section].add(word)
    return {section: frozenset(words) for section, words in sections.items()}


def _read_life_events(file: str, text: str) -> dict[str, tuple[str, ...]]:
    events: dict[str, tuple[str, ...]] = {}
    for line, (name, words) in _rows(file, text, 2):
        if name in events:
            raise LexiconError(file, line, f"{name} has a row already; keep one")
        events[name] = _names(words)
    return events


def _read_user_words(file: str, text: str) -> dict[str, str]:
    kind_of: dict[str, str] = {}
    for line, (kind, words) in _rows(file, text, 2):
        if kind not in ("broken", "term"):
            raise LexiconError(file, line, f"the kind is {kind!r}; write broken or term")
        for word in _names(words):
            if word in kind_of:
                raise LexiconError(file, line, f"{word} is listed already; keep it once")
            kind_of[word] = kind
    return kind_of
