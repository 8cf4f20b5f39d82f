"""Which documents does a document cite, and which cite it? Citations as printed, resolved against the index.

A citation means a document by its number (文号), or by a name: the whole title, the title from 关于 on, or what it
issues (关于印发〈…〉的通知). A name must be equal; that it is part of another title is not enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from analyzers.citations import Citation, find_citations
from analyzers.document_number import DocumentNumberError, parse_document_number
from analyzers.normalize import normalize
from indexer.engine import Hit, Part, Query, SearchEngine
from indexer.phrasebook_layout import Kind
from indexer.suggest import LONGEST_TYPED

# Looked up for one page: each costs up to two milliseconds, and a page should answer within 50.
_MOST_CITATIONS = 24
_MOST_CITING = 24
# Shorter names (办法, 条例, 若干措施) stand for what the text named before.
_SHORTEST_NAME = 5
# Titles that have a name inside are looked at until one is equal to it.
_LOOKED_AT = 12

_ISSUES = re.compile(r"(?:印发|发布|公布|颁布|转发)(.+)的(?:通知|通告|公告|决定)$")
_NO_PART_OF_A_NAME = re.compile(r"[\s《》〈〉<>＜＞\"“”]+")
_LAST_BRACKET = re.compile(r"[(（][^()（）]*[)）]$")
_DRAFT = re.compile("稿|草案")
_STATE = "中华人民共和国"
_TO_THE_END_OF_THE_SENTENCE = re.compile(r"[^。；;\n]*")


class Effect(StrEnum):
    """What a text does to a document that it cites."""

    NONE = ""
    REPEALS = "repeals"  # 予以废止
    REPLACES = "replaces"  # 本办法自…起施行，《…》同时废止


@dataclass(frozen=True, slots=True)
class Cited:
    """A cited document as it is printed; ``id`` and ``title`` are those of the index, empty where it has none."""

    title_printed: str
    number_printed: str
    id: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Citing:
    """A document or catalog row that cites, and what it does to the cited document."""

    hit: Hit
    effect: Effect


def names_of(title: str) -> frozenset[str]:
    """The names by which a document with this title is cited, without marks and spaces."""
    whole = _bare(title)
    names = {whole, whole[max(0, whole.find("关于")) :]}
    if issued := _ISSUES.search(whole):
        names.add(issued[1])
    for name in tuple(names):
        bracket = _LAST_BRACKET.search(name)
        if bracket and not _DRAFT.search(bracket[0]):  # （试行）, but （征求意见稿） is another document
            names.add(name[: bracket.start()])
    names |= {name.removeprefix(_STATE) for name in names}
    return frozenset(name for name in names if len(name) >= _SHORTEST_NAME)


def cited_documents(engine: SearchEngine, title: str, text: str, document_id: str) -> tuple[Cited, ...]:
    """What a document's text cites, each once, in the order of the text; the document itself and short names left out.

    At most `_MOST_CITATIONS` are looked up; the others are not told.
    """
    own = names_of(title)
    found: dict[str, Cited] = {}
    for citation in find_citations(text):
        name = _bare(citation.title)
        if name in own or (len(name) < _SHORTEST_NAME and not citation.document_number):
            continue
        key = number_key(citation.document_number) or name
        if key in found or name in {_bare(one.title_printed) for one in found.values() if name}:
            continue
        if len(found) == _MOST_CITATIONS:
            break
        found[key] = _resolved(engine, citation, name)
    distinct = {one.id or key: one for key, one in reversed(found.items()) if one.id != document_id}
    return tuple(reversed(distinct.values()))


def citing_documents(engine: SearchEngine, title: str, number: str, document_id: str) -> tuple[Citing, ...]:
    """The documents and catalog rows that cite this one by its number or a name, best match first, at most a page."""
    names, key = names_of(title), number_key(number)
    asked = [number] if key else []
    if names:
        asked.append(f'"{min(names, key=len)}"')
    hits: dict[str, Hit] = {}
    for text in asked:
        for hit in engine.search(Query(text=text, facets=(), limit=_MOST_CITING, snippets=False)).hits:
            if hit.document_id != document_id:
                hits.setdefault(hit.id, hit)
    found = []
    for hit_id, (said_title, said_text) in engine.texts(tuple(hits)).items():
        if names & names_of(said_title):
            continue  # a copy of the document
        said = f"{said_title}\n{said_text}"
        effects = [_effect(said, one) for one in find_citations(said) if _means(one, names, key)]
        if effects:
            found.append(Citing(hits[hit_id], max(effects, key=list(Effect).index)))
    return tuple(found)


def number_key(number: str) -> str:
    """The key of a document number; empty if it is none."""
    try:
        return parse_document_number(number).key if number else ""
    except DocumentNumberError:
        return ""


def _resolved(engine: SearchEngine, citation: Citation, name: str) -> Cited:
    found = next(_candidates(engine, citation, name), ("", ""))
    return Cited(citation.title, citation.document_number, *found)


def _candidates(engine: SearchEngine, citation: Citation, name: str) -> Iterator[tuple[str, str]]:
    """Id and title of documents that are meant: those with its number, then those with its name."""
    if key := number_key(citation.document_number):
        asked = Query(text=citation.document_number, part=Part.DOCUMENT, facets=(), limit=_LOOKED_AT, snippets=False)
        for hit in engine.search(asked).hits:
            if number_key(hit.document_number) == key:
                yield hit.id, hit.title.text
    if len(name) >= _SHORTEST_NAME:
        for entry in engine.suggestions(citation.title[-LONGEST_TYPED:], _LOOKED_AT):
            if entry.kind is Kind.TITLE and name in names_of(entry.text):
                yield entry.id, entry.text


def _means(citation: Citation, names: frozenset[str], key: str) -> bool:
    cited_key = number_key(citation.document_number)
    if cited_key and key:
        return cited_key == key
    return _bare(citation.title) in names


def _effect(text: str, citation: Citation) -> Effect:
    after = _TO_THE_END_OF_THE_SENTENCE.match(text, citation.end)
    said = after[0] if after else ""
    if "同时废止" in said:
        return Effect.REPLACES
    return Effect.REPEALS if "予以废止" in said or "即行废止" in said else Effect.NONE


def _bare(title: str) -> str:
    return _NO_PART_OF_A_NAME.sub("", normalize(title))
