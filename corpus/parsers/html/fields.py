"""Which value of a field is believed? The first one that can be read; what cannot be read is kept aside."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from analyzers.dates import DateError, find_dates, parse_date
from corpus.parsers.html.furniture import is_furniture_line
from corpus.parsers.html.labels import Labelled

T = TypeVar("T")

# Fields that only an official document shows, as against 来源 and 时间 under any piece of news.
_OFFICIAL = frozenset({"index_number", "document_number", "issuer", "issued_on", "validity", "subject", "title"})


class Fields:
    """The labelled values of a page, the most trusted label of a field first; ``len()`` counts different fields."""

    def __init__(self, labelled: Iterable[Labelled]) -> None:
        self._labelled = list(labelled)
        self._unread: dict[str, str] = {}

    @property
    def elements(self) -> set[int]:
        """``id()`` of the elements that show them."""
        return {id(labelled.element) for labelled in self._labelled}

    @property
    def official(self) -> int:
        """How many different fields of the official field table are filled."""
        return len({labelled.field for labelled in self._labelled} & _OFFICIAL)

    def __len__(self) -> int:
        return len({labelled.field for labelled in self._labelled})

    def first(self, field: str, read: Callable[[str], T | None]) -> T | None:
        """The first value of the field that ``read`` understands; the first that it does not goes to `unread`."""
        for labelled in self._labelled:
            if labelled.field == field:
                value = read(labelled.value)
                if value is not None:
                    return value
                self._unread.setdefault(labelled.label, labelled.value)
        return None

    def unread(self) -> dict[str, str]:
        """Label → value, of the values that could not be read so far."""
        return dict(self._unread)


def read_text(value: str) -> str | None:
    """The value itself, unless it is empty."""
    return value or None


def read_source(value: str) -> str | None:
    """A source as published, unless it is what follows an empty one: 来源： 【打印】."""
    return None if is_furniture_line(value) else value


def read_date(value: str) -> date | None:
    """The day that the value is, or the first one that it names."""
    try:
        return parse_date(value)
    except DateError:
        found = find_dates(value)
        return found[0].value if found else None


def read_number(value: str) -> str | None:
    """The document number as published: anything with a digit, because older numbers follow no standard."""
    return value if any(character.isdigit() for character in value) else None
