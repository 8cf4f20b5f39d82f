"""What does a field word ask for: 年份：2018-2020, 类型：解读, 发文机关：区教体局?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from analyzers.agencies import canonical_agency
from analyzers.agency_mentions import AgencyMention, read_agency
from analyzers.calendar_spans import Period
from analyzers.categories import read_domain, read_kind, read_validity_word
from analyzers.document_number import DocumentNumberError, parse_document_number
from analyzers.lookup import Typed
from analyzers.markup import Field, Mark
from analyzers.partial_number import find_partial_numbers
from analyzers.periods import find_periods
from analyzers.pieces import Piece, Value, What

_SEVERAL = re.compile(r"[^、|/]+")
_NAMED = {
    Field.KIND: (What.KIND, read_kind),
    Field.DOMAIN: (What.DOMAIN, read_domain),
    Field.VALIDITY: (What.VALIDITY, read_validity_word),
}
_TEXTS = {Field.TITLE: What.TITLE, Field.SITE: What.SITE, Field.COLUMN: What.COLUMN}
MAX_YEARS = 20
"""A span of more years is given by its first and last day alone."""


def read_field(mark: Mark, text: str, today: date) -> Piece:
    """The piece of a field word; `What.UNREAD` with confidence 0 if its value says nothing to us.

    Several values of a kind, domain or validity are separated by 、 or |: then the value is their codes, so separated.
    """
    what, value, said = _read(mark, text[mark.value_start : mark.value_end].strip(), today)
    if value is None:
        return _piece(mark, What.UNREAD, mark.value, text[mark.start : mark.end], 0.0)
    return _piece(mark, what, value, said, 1.0)


def filters_of(piece: Piece) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The field of a query and the values that a piece allows; a period that is no list of years gives none."""
    if piece.what in (What.KIND, What.DOMAIN, What.VALIDITY):
        yield piece.what.value, tuple(str(piece.value).split("、"))
    elif piece.what in (What.SITE, What.COLUMN):
        yield piece.what.value, (str(piece.value),)
    elif isinstance(piece.value, AgencyMention):
        place = piece.value.region or ""
        yield "issuer", tuple(f"{place}{name}{piece.value.office}" for name in piece.value.names)
    elif isinstance(piece.value, Period) and (years := years_of(piece.value)):
        yield "year", tuple(map(str, years))


def years_of(period: Period) -> list[int]:
    """The years of a period that is made of whole ones, at most `MAX_YEARS`; none otherwise."""
    since, until = period.since, period.until
    if since is None or until is None or (since.month, since.day, until.month, until.day) != (1, 1, 12, 31):
        return []
    years = list(range(since.year, until.year + 1))
    return years if len(years) <= MAX_YEARS else []


def _piece(mark: Mark, what: What, value: Value, said: str, confidence: float) -> Piece:
    inner = (mark.value_start, mark.value_end)
    filters = what is not What.UNREAD
    return Piece(what, value, said, mark.start, mark.end, confidence, filters, inner=inner)


def _read(mark: Mark, typed_value: str, today: date) -> tuple[What, Value | None, str]:
    field = mark.field
    if field in _NAMED:
        what, reader = _NAMED[field]
        known = [reader(name.strip()) for name in _SEVERAL.findall(mark.value)]
        codes = dict(one for one in known if one is not None)
        whole = bool(codes) and None not in known
        return what, "、".join(codes) if whole else None, "、".join(codes.values())
    if field in _TEXTS:
        value = mark.value if field is Field.TITLE else typed_value
        return _TEXTS[field], value, typed_value
    if field is Field.NUMBER:
        return _number(typed_value, mark.value)
    if field is Field.ISSUER:
        agency = read_agency(mark.value) or AgencyMention((canonical_agency(typed_value),), national=True)
        return What.AGENCY, agency, str(agency)
    period = _period(mark, today)
    return What.PERIOD, period, str(period or "")


def _number(typed_value: str, normal: str) -> tuple[What, Value | None, str]:
    try:
        number = parse_document_number(typed_value)
    except DocumentNumberError:
        found = find_partial_numbers(normal)
        partial = found[0].number if found else None
        return What.PARTIAL_NUMBER, partial, str(partial or "")
    return What.NUMBER, number, str(number)


def _period(mark: Mark, today: date) -> Period | None:
    typed = Typed.read(mark.value)
    found = [one for one in find_periods(typed, today) if (one.start, one.end) == (0, len(typed.normal))]
    if not found:
        return None
    period = found[0].period
    if mark.field is Field.SINCE:
        return Period(period.since, None) if period.since else None
    if mark.field is Field.UNTIL:
        return Period(None, period.until) if period.until else None
    return period
