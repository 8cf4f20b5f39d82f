"""What are two texts to each other? A few named thresholds, and the one place where they are used.

How each was set, and on what, stands in ``docs/duplicates.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from indexer.duplicates.comparison import Compared, Similarity
from indexer.duplicates.facts import FactComparison
from indexer.duplicates.model import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Where one verdict ends and another begins; similarities are shares of shingles from 0 to 1."""

    near_jaccard: float = 0.43  # from here on two texts are nearly the same
    misread_letters: float = 0.72  # or from this share of letters in one order on, where characters were misread
    misread_shingles: float = 0.2  # which is looked at only from this share of shingles on (it takes time)
    misread_length: int = 100  # and only in texts so long: short ones share letters by chance
    scatter: float = 3.5  # scattered misreadings leave of a share x of the letters at most x to this power of shingles
    contained: float = 0.8  # so much of the shorter text stands in the longer one: an excerpt or a repost
    word_for_word: float = 0.95  # from this share on, what stands in the other text is stated there
    contained_shingles: int = 30  # a shorter text than this is a phrase, which everybody may use
    shorter: float = 0.75  # and it has at most this share of the longer one's shingles
    version_jaccard: float = 0.9  # from here on even the same title is no new version but the same document, edited
    version_least: float = 0.02  # below, two texts of one title have nothing to do with each other
    facts_shared: float = 0.6  # two texts that agree in fewer of their facts are about other cases …
    facts_density: float = 6.0  # … when so many facts in 1,000 letters differ; or the titles differ in a fact
    close_jaccard: float = 0.8  # two texts that are so alike otherwise …
    close_length: int = 150  # … and so long …
    close_facts: float = 0.3  # … are so when they agree in fewer than this
    template_jaccard: float = 0.2  # from here on two texts about other cases are told as of one template


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a draft and a published document before the verdict.

    What is called is asked for only where it decides. ``titles_differ_in_facts``: the titles are the same but for years
    and numbers. ``same_title`` is said of titles that nobody else has by chance.
    """

    similarity: Similarity
    same_file: bool
    same_text: bool
    same_number: bool
    same_title: bool
    titles_differ_in_facts: bool
    same_items: bool
    common_shingles: Callable[[], float]
    common_letters: Callable[[], float]
    common_figures: Callable[[], float]
    facts: Callable[[], FactComparison]
    other_place: Callable[[], bool]


def judge(draft: Compared, published: Compared, evidence: Evidence, limits: Thresholds) -> Verdict:
    """The verdict on a draft and one published document."""
    if evidence.same_file:
        return Verdict.SAME_FILE
    if not draft.comparable or not published.comparable:
        return Verdict.NOT_COMPARABLE if evidence.same_title or evidence.same_number else Verdict.NOT_FOUND
    if evidence.same_text:
        return Verdict.SAME_TEXT
    pair = _Pair(draft, published, evidence, limits)
    alike = pair.alike()
    titled = evidence.same_number or (evidence.same_title and evidence.similarity.jaccard >= limits.version_least)
    jaccard = evidence.similarity.jaccard
    related = alike is not None or jaccard >= limits.template_jaccard
    if related and not evidence.same_number and pair.other_case():
        return Verdict.SAME_TEMPLATE
    if titled and jaccard < limits.version_jaccard:
        return Verdict.NEW_VERSION
    if alike is Verdict.REPOST:
        return Verdict.REPOST
    if evidence.same_items:
        return Verdict.SAME_CATALOG_ITEM
    return alike or Verdict.NOT_FOUND


class _Pair:
    """Two texts with what is known of them."""

    def __init__(self, draft: Compared, published: Compared, evidence: Evidence, limits: Thresholds) -> None:
        self._evidence, self._limits = evidence, limits
        self._shorter, self._longer = sorted((evidence.similarity.a_own, evidence.similarity.b_own))
        self._length = min(int(draft.counted.sum()), int(published.counted.sum()))  # in letters that count

    def alike(self) -> Verdict | None:
        """REPOST or NEAR_DUPLICATE by the texts alone; None where they are neither."""
        similar, limits = self._evidence.similarity, self._limits
        inside = max(similar.a_in_b, similar.b_in_a)
        long = self._shorter >= limits.contained_shingles
        if inside >= limits.contained and long and self._shorter <= limits.shorter * self._longer:
            return Verdict.REPOST
        if similar.jaccard >= limits.near_jaccard or self._misread:
            return Verdict.NEAR_DUPLICATE
        return None

    def other_case(self) -> bool:
        """Do the facts say that the two are about other cases, however alike their words?"""
        evidence, limits = self._evidence, self._limits
        if evidence.other_place():
            return True
        facts = evidence.facts()
        if facts.shared >= limits.facts_shared:
            return False
        if evidence.titles_differ_in_facts:
            return True
        close = evidence.similarity.jaccard >= limits.close_jaccard and self._length >= limits.close_length
        if close and facts.shared >= limits.close_facts:
            return False
        dense = len(facts.differences) * 1_000 >= limits.facts_density * self._length
        return dense and not (self._misread and evidence.common_figures() >= limits.facts_shared)

    @cached_property
    def _misread(self) -> bool:
        """Is one the other with characters misread here and there? Where a case differs, whole words do."""
        limits, shingles = self._limits, self._evidence.common_shingles()
        if self._length < limits.misread_length or shingles < limits.misread_shingles:
            return False
        letters = self._evidence.common_letters()
        return letters >= limits.misread_letters and shingles <= letters**limits.scatter
