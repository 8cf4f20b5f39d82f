"""What belongs to a document: citations both ways, its interpretation, guide and catalog rows, and what is alike?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analyzers.tokenizer import question_words
from corpus.models import Document, Kind
from indexer.citation_links import Cited, cited_documents, citing_documents, names_of
from indexer.engine import Hit, Part, Query, SearchEngine
from webapp.views.endings import Ending, ending_of

# As many of each as are read at a glance.
_MOST = 5
# Looked at for what is alike; of those that belong together, one of each kind stands far before (sample portal).
_LOOKED_AT = 24
# The share of another title that must be words of this one, and how many characters of them in a row must tell the
# matter: with less, it is another one (sample portal).
_LEAST_SHARED = 0.4
_LEAST_TELLING_CHARS = 3
# A word that more of the documents have (办事指南, the name of the place) tells no matter (sample portal).
_MOST_COMMON = 0.2

# What stands together as one matter (搜索即服务), in the order in which it is read.
_JOINED = ((Kind.POLICY, "政策原文"), (Kind.INTERPRETATION, "政策解读"), (Kind.GUIDE, "办事指南"))


@dataclass(frozen=True, slots=True)
class Related:
    """``joined`` are the documents and catalog rows of the same matter by heading; ``cites`` is in the order of the
    text, ``unknown`` are citations that lead nowhere here; ``ending`` is what repeals this document."""

    joined: tuple[tuple[str, tuple[Hit, ...]], ...]
    cites: tuple[Cited, ...]
    unknown: tuple[Cited, ...]
    cited_by: tuple[Hit, ...]
    similar: tuple[Hit, ...]
    ending: Ending | None = None

    @property
    def has_any(self) -> bool:
        return bool(self.joined or self.cites or self.unknown or self.cited_by or self.similar)


def related_to(engine: SearchEngine, document: Document) -> Related:
    """Everything that belongs to a document; each other document stands in one place only."""
    cited = cited_documents(engine, document.title, document.body, document.id)
    citing = citing_documents(engine, document.title, document.document_number, document.id)
    ending = ending_of(citing)
    alike = tuple(_alike(engine, document))
    mentions = [one.hit for one in citing if ending is None or one.hit is not ending.by]
    sources = {one.id for one in cited if one.id}
    joined = tuple(_joined(document.kind, mentions, alike, sources))
    placed = sources | {hit.id for _, hits in joined for hit in hits} | ({ending.by.id} if ending else set())
    cited_by = _some(hit for hit in mentions if hit.id not in placed and not hit.entry)
    placed |= {hit.id for hit in cited_by}
    told = {hit.title.text for hit in cited_by}
    return Related(
        joined=joined,
        cites=tuple(one for one in cited if one.id),
        unknown=tuple(one for one in cited if not one.id),
        cited_by=cited_by,
        similar=_some(hit for hit in alike if hit.id not in placed and hit.title.text not in told and not hit.entry),
        ending=ending,
    )


def _joined(
    kind: Kind, mentions: Sequence[Hit], alike: Sequence[Hit], sources: set[str]
) -> Iterator[tuple[str, tuple[Hit, ...]]]:
    """What a citation joins comes first, then what is called alike; an interpretation's policy is what it cites."""
    for other, heading in _JOINED:
        if other is kind:
            continue
        hits = _some(
            hit for hit in (*mentions, *alike) if hit.kind == other and not hit.entry and hit.id not in sources
        )
        if hits:
            yield heading, hits
    if rows := _some(hit for hit in (*mentions, *alike) if hit.entry):
        yield "目录事项", rows


def _alike(engine: SearchEngine, document: Document) -> Iterator[Hit]:
    """Documents and rows whose titles are mostly words of this one's, copies of it left out."""
    names = names_of(document.title)
    text = min(names, key=len, default=document.title)
    common = _common_words(engine, text)
    for part in (Part.DOCUMENT, Part.ENTRY):
        for hit in engine.search(Query(text=text, part=part, facets=(), limit=_LOOKED_AT, snippets=False)).hits:
            if hit.document_id == document.id or (not hit.entry and names & names_of(hit.title.text)):
                continue
            marked = [hit.title.text[start:end] for start, end in hit.title.spans]
            telling = [len(run) for words in marked for run in (common.split(words) if common else [words])]
            shared = sum(map(len, marked)) / len(hit.title.text)
            if shared >= _LEAST_SHARED and max(telling, default=0) >= _LEAST_TELLING_CHARS:
                yield hit


def _common_words(engine: SearchEngine, text: str) -> re.Pattern[str] | None:
    """Matches the words of a text that tell no matter; None if there are none."""
    words = tuple(dict.fromkeys(question_words(text)))
    most = max(1.0, _MOST_COMMON * engine.document_count())
    counts = engine.document_frequencies(words)
    common = [re.escape(word) for word, count in zip(words, counts, strict=True) if count > most]
    return re.compile("|".join(sorted(common, key=len, reverse=True))) if common else None


def _some(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """The first few, one of each title."""
    return tuple({hit.title.text: hit for hit in reversed(list(hits))}.values())[::-1][:_MOST]
