"""What are two texts to each other? A few named thresholds, and the one place where they are used.

How each was set, and on what, stands in ``docs/duplicates.md``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from indexer.duplicates.comparison import Compared, Similarity
from indexer.duplicates.facts import FactComparison
from indexer.duplicates.model import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Where one verdict ends and another begins; similarities are shares of shingles from 0 to 1."""

    near_jaccard: float = 0.43  # from here on two texts are nearly the same
    near_letters: float = 0.72  # or from this share of letters in one order on: misread characters
    noise_jaccard: float = 0.08  # which is looked at only from here on (it takes time)
    noise_letters: int = 100  # and only in texts so long: short ones share letters by chance
    contained: float = 0.8  # so much of the shorter text stands in the longer one: an excerpt or a repost
    contained_shingles: int = 30  # a shorter text than this is a phrase, which everybody may use
    shorter: float = 0.75  # and it has at most this share of the longer one's shingles
    version_jaccard: float = 0.9  # from here on even the same title is no new version but the same document, edited
    version_least: float = 0.02  # below, two texts of one title have nothing to do with each other
    facts_shared: float = 0.6  # two texts that agree in fewer of their facts are about other cases …
    facts_density: float = 6.0  # … when so many facts in 1,000 letters differ; or the titles differ in a fact
    template_jaccard: float = 0.2  # from here on two texts about other cases are told as of one template


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a draft and a published document before the verdict.

    ``common_letters``, ``facts`` and ``other_place`` are asked for only where they decide. ``titles_differ_in_facts``:
    the titles are the same but for years and numbers. ``same_title`` is said of titles that nobody else has by chance.
    """

    similarity: Similarity
    same_file: bool
    same_text: bool
    same_number: bool
    same_title: bool
    titles_differ_in_facts: bool
    same_items: bool
    common_letters: Callable[[], float]
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
    alike = _alike(draft, published, evidence, limits)
    titled = evidence.same_number or (evidence.same_title and evidence.similarity.jaccard >= limits.version_least)
    jaccard = evidence.similarity.jaccard
    related = alike is not None or jaccard >= limits.template_jaccard
    if related and not evidence.same_number and _other_case(draft, published, evidence, limits):
        return Verdict.SAME_TEMPLATE
    if titled and jaccard < limits.version_jaccard:
        return Verdict.NEW_VERSION
    if alike is Verdict.REPOST:
        return Verdict.REPOST
    if evidence.same_items:
        return Verdict.SAME_CATALOG_ITEM
    return alike or Verdict.NOT_FOUND


def _alike(draft: Compared, published: Compared, evidence: Evidence, limits: Thresholds) -> Verdict | None:
    """REPOST or NEAR_DUPLICATE by the texts alone; None where they are neither."""
    similar = evidence.similarity
    sizes = sorted((len(draft.shingles), len(published.shingles)))
    inside = max(similar.a_in_b, similar.b_in_a)
    if inside >= limits.contained and sizes[0] >= limits.contained_shingles and sizes[0] <= limits.shorter * sizes[1]:
        return Verdict.REPOST
    if similar.jaccard >= limits.near_jaccard:
        return Verdict.NEAR_DUPLICATE
    long = min(int(draft.counted.sum()), int(published.counted.sum())) >= limits.noise_letters
    if long and similar.jaccard >= limits.noise_jaccard and evidence.common_letters() >= limits.near_letters:
        return Verdict.NEAR_DUPLICATE
    return None


def _other_case(draft: Compared, published: Compared, evidence: Evidence, limits: Thresholds) -> bool:
    """Do the facts say that the two are about other cases, however alike their words?"""
    if evidence.other_place():
        return True
    facts = evidence.facts()
    if facts.shared >= limits.facts_shared:
        return False
    letters = min(int(draft.counted.sum()), int(published.counted.sum()))
    return evidence.titles_differ_in_facts or len(facts.differences) * 1_000 >= limits.facts_density * letters
