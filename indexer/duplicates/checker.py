"""Is a draft already published? Candidates are found, compared one by one, and judged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, partial
from threading import Lock

import numpy as np

from analyzers.normalize import normalize
from corpus.errors import UnknownDocumentError
from corpus.models import Document
from corpus.store import DocumentStore
from corpus.stored import StoredDocument
from indexer.duplicates.alignment import align_texts
from indexer.duplicates.candidates import find_candidates
from indexer.duplicates.comparison import (
    Compared,
    Similarity,
    common_figures,
    common_letters,
    common_shingles,
    in_common,
    prepare,
    similarity,
)
from indexer.duplicates.drafts import MAX_CHARACTERS
from indexer.duplicates.facts import Fact, FactComparison, compare_facts, facts_of
from indexer.duplicates.model import Alignment, CheckedDraft, Direction, Draft, FactDifference, Match, Verdict
from indexer.duplicates.shingles import Hashes
from indexer.duplicates.signatures import Signatures, open_signatures, stamp
from indexer.duplicates.signing import item_text, title_keys
from indexer.duplicates.subject_place import place_of
from indexer.duplicates.verdicts import Evidence, Thresholds, judge
from indexer.engine import SearchEngine
from indexer.generations import Generations
from indexer.mapping import date_of, own_number_key, searchable_text

# A title of fewer letters (招标结果告知函) belongs to many documents, unless their texts are alike as well.
_OWN_TITLE_LETTERS = 8

_ORDER = {verdict: place for place, verdict in enumerate(Verdict)}
_DIGITS = re.compile(r"[\d〇零一二三四五六七八九十]+")


class Checker:
    """Checks drafts against what is published now; safe to share between threads.

    The signatures are those of the live generation, the texts those of the store: what was withdrawn is not compared
    with, and what changed is compared as it stands.
    """

    def __init__(
        self, store: DocumentStore, folder: Generations, engine: SearchEngine, limits: Thresholds | None = None
    ) -> None:
        self._store, self._folder, self._engine = store, folder, engine
        self._limits = limits or Thresholds()
        self._lock = Lock()
        self._opened: tuple[tuple[str, int], Signatures] | None = None

    def check(self, draft: Draft) -> CheckedDraft:
        """The verdict on a draft and its matches, best first. Raises IndexMissingError if nothing is indexed."""
        signatures = self.signatures()
        length = len(searchable_text(draft.document))
        if length > MAX_CHARACTERS:
            problem = f"the text has {length:,} characters, more than {MAX_CHARACTERS:,}"
            return CheckedDraft(name=draft.name, verdict=Verdict.NOT_COMPARABLE, problems=(*draft.problems, problem))
        frequent = signatures.files[0].boilerplate
        ours = Sides(draft.document, frequent, draft.sha256)
        matches = [
            made
            for stored in self._store.documents(find_candidates(draft, signatures, self._engine))
            if stored.state == "live"
            and (made := match(ours, _published(stored, frequent), self._limits)).verdict is not Verdict.NOT_FOUND
        ]
        matches.sort(key=lambda made: (not made.verdict.is_duplicate, _ORDER[made.verdict], -made.similarity))
        verdict = matches[0].verdict if matches else Verdict.NOT_FOUND
        if not ours.compared.comparable and verdict is not Verdict.SAME_FILE:
            verdict = Verdict.NOT_COMPARABLE
        return CheckedDraft(name=draft.name, verdict=verdict, matches=tuple(matches), problems=draft.problems)

    def align(self, draft: Draft, document_id: str) -> Alignment:
        """The draft beside a live published document. Raises UnknownDocumentError, IndexMissingError."""
        stored = self._store.get(document_id)
        if stored is None or stored.state != "live":
            raise UnknownDocumentError(document_id)
        frequent = self.signatures().files[0].boilerplate
        rows = align_texts(prepare(draft.document, frequent), prepare(stored.document, frequent))
        return Alignment(document_id=document_id, title=stored.document.title, rows=rows)

    def signatures(self) -> Signatures:
        """The signatures of the live generation, opened anew when they changed."""
        generation = self._folder.live()
        now = stamp(generation)
        with self._lock:
            if self._opened is None or self._opened[0] != now:
                self._opened = now, open_signatures(generation)
            return self._opened[1]


class Sides:
    """A document as one side of a comparison: what is read out of it, each when it is first asked for."""

    def __init__(self, document: Document, frequent: Hashes, sha256: str) -> None:
        self.document = document
        self.compared = prepare(document, frequent)
        self.whole = cache(lambda: prepare(document, np.empty(0, np.uint64)))  # frequent sentences and all
        self.sha256 = sha256
        self.files = {sha256, *(item.sha256 for item in document.attachments)} - {""}
        self.number = own_number_key(document)
        self.title = int(title_keys([document.title])[0])
        self.pattern = _DIGITS.sub("#", normalize(document.title))
        self.items = {item_text(entry): entry for entry in document.all_entries if entry.publisher}
        self.facts = cache(lambda: _counted_facts(self.compared))
        self.place = cache(lambda: place_of(f"{document.title}\n{self.compared.text}"))


def match(ours: Sides, theirs: Sides, limits: Thresholds) -> Match:
    """Two documents compared; the verdict may be NOT_FOUND."""
    document = theirs.document
    draft, published = _comparable(ours, theirs, limits)
    similar = similarity(draft, published)
    items = sorted(ours.items.keys() & theirs.items.keys())
    facts = cache(lambda: _compare_facts(ours, theirs, similar, limits))
    same_title = ours.title == theirs.title != 0
    evidence = Evidence(
        similarity=similar,
        same_file=ours.sha256 in theirs.files or theirs.sha256 in ours.files,
        same_text=not draft.digests.isdisjoint(published.digests),
        same_number=ours.number == theirs.number != "",
        same_title=same_title
        and (similar.jaccard >= limits.template_jaccard or len(document.title) >= _OWN_TITLE_LETTERS),
        titles_differ_in_facts=not same_title and "#" in ours.pattern and ours.pattern == theirs.pattern,
        same_items=bool(items),
        common_shingles=partial(common_shingles, draft, published),
        common_letters=partial(common_letters, draft, published),
        common_figures=partial(common_figures, draft, published),
        facts=facts,
        other_place=lambda: _other_place(ours, theirs),
    )
    verdict = judge(draft, published, evidence, limits)
    stated = verdict not in (Verdict.NOT_FOUND, Verdict.NOT_COMPARABLE, Verdict.SAME_FILE, Verdict.SAME_TEXT)
    return Match(
        document_id=document.id,
        title=document.title,
        url=document.url,
        issuers=document.issuers,
        column=document.column,
        document_number=document.document_number,
        published_on=date_of(document),
        verdict=verdict,
        jaccard=similar.jaccard,
        draft_in_published=similar.a_in_b,
        published_in_draft=similar.b_in_a,
        facts=tuple(_told(facts().differences, verdict, similar)) if stated else (),
        direction=_direction(date_of(ours.document), date_of(document)),
        items=tuple(" · ".join(filter(None, (ours.items[key].item, ours.items[key].subitem))) for key in items),
    )


def _told(facts: Iterable[FactDifference], verdict: Verdict, similar: Similarity) -> Iterator[FactDifference]:
    """The facts worth telling: what an excerpt leaves out does not differ."""
    draft_is_part = similar.a_in_b >= similar.b_in_a
    for fact in facts:
        if verdict is not Verdict.REPOST or (fact.draft if draft_is_part else fact.published):
            yield fact


def _published(stored: StoredDocument, frequent: Hashes) -> Sides:
    return Sides(stored.document, frequent, stored.original.sha256 if stored.original else "")


def _other_place(ours: Sides, theirs: Sides) -> bool:
    """Are the two about places of which neither names the other's?"""
    place, other = ours.place(), theirs.place()
    if not place or not other or place == other:
        return False
    return place not in normalize(theirs.compared.text) and other not in normalize(ours.compared.text)


def _comparable(ours: Sides, theirs: Sides, limits: Thresholds) -> tuple[Compared, Compared]:
    """Both texts without boilerplate; or with it, if only one of them is nothing else and they are nearly the same."""
    draft, published = ours.compared, theirs.compared
    phrases = min(len(draft.shingles), len(published.shingles)) < limits.contained_shingles
    if draft.as_it_is != published.as_it_is and not phrases:
        whole, other = ours.whole(), theirs.whole()
        if similarity(whole, other).jaccard >= limits.close_jaccard:
            return whole, other
    return draft, published


def _compare_facts(ours: Sides, theirs: Sides, similar: Similarity, limits: Thresholds) -> FactComparison:
    """The facts of both; those of a text that stands in the other word for word are stated there."""
    draft_is_inside, published_is_inside = (
        share >= limits.word_for_word and own >= limits.contained_shingles
        for share, own in ((similar.a_in_b, similar.a_own), (similar.b_in_a, similar.b_own))
    )
    return compare_facts(
        ours.facts(),
        theirs.facts(),
        _word_for_word(ours, theirs) if draft_is_inside else (),
        _word_for_word(theirs, ours) if published_is_inside else (),
    )


def _word_for_word(ours: Sides, theirs: Sides) -> set[Fact]:
    """Our facts whose letters all stand in shingles that the other text has."""
    common, places = in_common(ours.compared, theirs.compared), ours.compared.letters.places
    ends = np.searchsorted(places, [(fact.start, fact.end) for fact in ours.facts()]).reshape(-1, 2).tolist()
    return {fact for fact, (low, high) in zip(ours.facts(), ends, strict=True) if common[low:high].all()}


def _counted_facts(compared: Compared) -> tuple[Fact, ...]:
    """The facts of a text that stand outside its boilerplate."""
    places = compared.letters.places
    found = facts_of(compared.text)
    at = np.searchsorted(places, [fact.start for fact in found])
    return tuple(
        fact for fact, place in zip(found, at.tolist(), strict=True) if compared.counted[place : place + 1].any()
    )


def _direction(draft: date | None, published: date | None) -> Direction:
    if draft is None or published is None:
        return Direction.UNKNOWN
    if draft == published:
        return Direction.SAME_DAY
    return Direction.DRAFT_LATER if draft > published else Direction.DRAFT_EARLIER
