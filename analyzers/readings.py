"""What does the free text of a question name: numbers, periods, bodies, places, kinds, domains, intents?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from analyzers.agency_mentions import find_agencies
from analyzers.categories import FoundCategory, find_domains, find_kinds, find_validity
from analyzers.document_number import find_document_numbers
from analyzers.intents import FoundIntent, Intent, find_intents
from analyzers.lookup import Typed, blank
from analyzers.numerals import find_amounts
from analyzers.partial_number import find_partial_numbers
from analyzers.periods import find_periods
from analyzers.pieces import Piece, What
from analyzers.recency import find_newest
from analyzers.synonyms import PlainWords, find_plain_words

_SPACE = re.compile(r"\s*")


def read_freely(typed: Typed, today: date, learned: PlainWords | None = None) -> list[Piece]:
    """The pieces of a text from which everything marked by hand is blanked out, in no order.

    A number, a period, a body and a place never share a character, in this order; the others may overlap them and each
    other: 低保 names a domain and leads to an official term. ``learned`` are plain words beside those of our own list.
    """
    pieces: list[Piece] = []
    left = typed
    for reader in (_numbers, _partial_numbers, _periods, _newest, _agencies):
        if found := list(reader(left, today)):
            pieces += found
            left = Typed.read(blank(left.text, [(piece.start, piece.end) for piece in found]))
    intents = list(_intents(left))
    quantities = blank(left.normal, [(piece.start, piece.end) for piece in intents if piece.silent])
    return [*pieces, *intents, *_categories(left), *_plain_words(left, learned), *_amounts(quantities)]


def _numbers(typed: Typed, _: date) -> Iterator[Piece]:
    for found in find_document_numbers(typed.text):
        space = _SPACE.match(typed.text, found.start)
        start = space.end() if space else found.start
        yield Piece(What.NUMBER, found.number, str(found.number), start, found.end, 0.95)


def _partial_numbers(typed: Typed, _: date) -> Iterator[Piece]:
    for found in find_partial_numbers(typed.normal):
        yield Piece(What.PARTIAL_NUMBER, found.number, str(found.number), found.start, found.end, found.confidence)


def _periods(typed: Typed, today: date) -> Iterator[Piece]:
    for found in find_periods(typed, today):
        said = typed.normal[found.start : found.end]
        text = f"{said}（{found.period}）" if found.relative else str(found.period)
        yield Piece(What.PERIOD, found.period, text, found.start, found.end, found.confidence, silent=found.spoken)


def _newest(typed: Typed, today: date) -> Iterator[Piece]:
    for period, start, end in find_newest(typed, today):
        yield Piece(What.NEWEST, period, "新的在前", start, end, 0.9, silent=True)


def _agencies(typed: Typed, _: date) -> Iterator[Piece]:
    agencies, regions = find_agencies(typed)
    for one in agencies:
        start = one.body_start
        yield Piece(What.AGENCY, one.agency, str(one.agency), one.start, one.end, one.confidence, body_start=start)
    for region in regions:
        yield Piece(What.REGION, region.region, str(region.region), region.start, region.end, region.confidence)


def _categories(typed: Typed) -> Iterator[Piece]:
    for what, finder in (
        (What.KIND, find_kinds),
        (What.VALIDITY, find_validity),
        (What.DOMAIN, find_domains),
    ):
        said: dict[str, FoundCategory] = {}
        for found in finder(typed):  # each value once, by the word that says it most surely
            if found.code not in said or found.confidence > said[found.code].confidence:
                said[found.code] = found
        for one in said.values():
            yield Piece(what, one.code, one.name, one.start, one.end, one.confidence)


def _intents(typed: Typed) -> Iterator[Piece]:
    said: dict[Intent, FoundIntent] = {}
    for found in find_intents(typed):
        if found.intent not in said or found.confidence > said[found.intent].confidence:
            said[found.intent] = found
    for intent, one in said.items():
        yield Piece(What.INTENT, intent, intent.label, one.start, one.end, one.confidence, silent=one.frame)


def _plain_words(typed: Typed, learned: PlainWords | None) -> Iterator[Piece]:
    for plain in find_plain_words(typed.normal, learned):
        start = typed.normal.find(plain.text)
        text = f"{plain.text} → {'、'.join(term.text for term in plain.terms)}"
        yield Piece(What.SYNONYM, plain, text, start, start + len(plain.text), 0.8)


def _amounts(normal: str) -> Iterator[Piece]:
    for found in find_amounts(normal):
        text = f"{found.text} = {'、'.join(found.others)}"
        yield Piece(What.AMOUNT, found, text, found.start, found.end, 0.9)
