"""How is a question meant, if not as it was typed? Pinyin, initials and slips are read, and it is always told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analyzers.question import Question, read_question
from analyzers.synonyms import PlainWords
from indexer.corrections import Corrections, Decision, How, Meant
from indexer.engine import Understood

# In a question of more characters than these, Latin letters not counted, a slip is only offered at best; it is looked
# for when nothing is found, since that takes as long as a search.
_LONGEST_CORRECTED = 24


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as it is searched.

    ``titles`` are ids of documents whose titles are meant, the best first, ``only_titles`` that nothing else is looked
    for. ``told`` says how it was read otherwise than typed; ``offer`` is another reading that is only offered.
    """

    question: Question
    titles: tuple[str, ...] = ()
    only_titles: bool = False
    told: Understood | None = None
    offer: Meant | None = None


def read(text: str, today: date, corrections: Corrections | None, learned: PlainWords | None = None) -> Reading:
    """Read a question, as typed or, where that is surely no Chinese that anybody means, otherwise.

    ``learned`` are the other names that the corpus gives to things.
    """
    question = read_question(text, today, learned)
    short = sum(not character.isascii() for character in text) <= _LONGEST_CORRECTED
    meant = corrections.meant(text) if corrections is not None and short and _is_open(question) else None
    if meant is None or meant.text == text:
        return Reading(question)
    if meant.decision is Decision.OFFER:
        return Reading(question, offer=meant)
    return otherwise(text, meant, today, learned)


def last_resort(reading: Reading, corrections: Corrections | None) -> Meant | None:
    """What a question may have been meant as that found nothing; None if nothing else comes to mind."""
    if reading.told is not None or corrections is None or not _is_open(reading.question):
        return None
    return reading.offer or corrections.meant(reading.question.text)


def otherwise(text: str, meant: Meant, today: date, learned: PlainWords | None = None) -> Reading:
    """A question in another reading than that which was typed."""
    told = Understood("correction", f"{text.strip()} → {meant.text}", '"' + text.strip().replace('"', " ") + '"')
    return Reading(read_question(meant.text, today, learned), meant.titles, meant.how is How.INITIALS, told)


def _is_open(question: Question) -> bool:
    """Only plain words may be meant otherwise: a number or anything marked is as it was typed."""
    marked = question.phrases or question.excluded or question.alternatives or question.title or question.filters
    return not (marked or question.numbers or question.partial_numbers)
