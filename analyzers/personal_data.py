"""Where does a text show a person's full identity-card, bank-card or mobile number, and how does it read masked?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from stdnum import luhn
from stdnum.cn import ric


class PersonalDataKind(StrEnum):
    """What sort of number it is; ``label`` is the name that people see."""

    IDENTITY_CARD = "identity_card"
    BANK_CARD = "bank_card"
    MOBILE = "mobile"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    PersonalDataKind.IDENTITY_CARD: "身份证号码",
    PersonalDataKind.BANK_CARD: "银行卡号",
    PersonalDataKind.MOBILE: "手机号码",
}


@dataclass(frozen=True, slots=True)
class PersonalData:
    """A number that was found: ``text[start:end]`` as it is printed, its separators included."""

    kind: PersonalDataKind
    start: int
    end: int


# Digits (also full-width ones) in groups parted by one space or hyphen, as cards and telephone numbers are printed. A
# letter, a dot or a mark of addresses beside it makes it part of a code, a URL or a decimal number.
_SEPARATOR = r"[ \-\u00a0\u3000－]"
_RUN = re.compile(rf"(?<![A-Za-z\d_=&#%.])\d(?:{_SEPARATOR}?\d){{10,60}}[Xx]?(?![A-Za-z\d_]|\.[A-Za-z\d])")
_GROUP = re.compile(r"\d+[Xx]?")
# More groups than these are no longer one number: a bank card has up to five.
_MAX_GROUPS = 6

# An amount or a quantity of eleven digits is no telephone number.
_UNIT = re.compile(r"[\s ]{0,2}(?:元|万|亿|吨|千瓦|平方|立方|美元|人民币|人次|株|尾|%|％)")

# 工业和信息化部《电信网编号计划》: mobile numbers have 11 digits and begin with 13 to 19; 86 is the country's code.
_MOBILE = re.compile(r"(?:(?:00)?86)?1[3-9]\d{9}")
# ISO/IEC 7812: 62 and 81 are UnionPay's (16 to 19 digits), 9558 the oldest cards of ICBC, 4 and 51–55 cards of two
# brands that Chinese banks issue too.
_BANK_CARD = re.compile(r"(?:62|81)\d{14,17}|9558\d{15}|4\d{15}|5[1-5]\d{14}")

# 142***********1234: who the number belongs to can be checked by its holder, and by nobody else.
_SHOWN_FIRST, _SHOWN_LAST = 3, 4


def find_personal_data(text: str) -> list[PersonalData]:
    """Every full number in the text, in its order, none overlapping.

    An identity card must have a valid date, place and check digit (GB 11643-1999), a bank card a known beginning and
    length and Luhn's check digit; a number that is masked already (``142***********1234``) is none.
    """
    return [found for run in _RUN.finditer(text) for found in _in_run(text, run.start(), run.end())]


def mask_personal_data(text: str) -> str:
    """The text with the middle digits of every such number replaced by ``*``; its length, and all else, stays."""
    pieces, end = [], 0
    for found in find_personal_data(text):
        pieces += [text[end : found.start], _masked(text[found.start : found.end])]
        end = found.end
    return "".join([*pieces, text[end:]])


def _in_run(text: str, start: int, end: int) -> Iterator[PersonalData]:
    """Groups of digits side by side may be one number (6222 0212 …) or several: the longest number counts."""
    groups = [match.span() for match in _GROUP.finditer(text, start, end)]
    first = 0
    while first < len(groups):
        for last in range(min(first + _MAX_GROUPS, len(groups)), first, -1):
            begin, stop = groups[first][0], groups[last - 1][1]
            if kind := _kind_of(text[begin:stop], text[stop : stop + 6]):
                yield PersonalData(kind, begin, stop)
                first = last - 1
                break
        first += 1


def _kind_of(printed: str, after: str) -> PersonalDataKind | None:
    number = "".join(_ascii(char) for char in printed)
    if len(number) == 18 and ric.is_valid(number):
        return PersonalDataKind.IDENTITY_CARD
    if _BANK_CARD.fullmatch(number) and luhn.is_valid(number):
        return PersonalDataKind.BANK_CARD
    if _MOBILE.fullmatch(number) and not _UNIT.match(after):
        return PersonalDataKind.MOBILE
    return None


def _ascii(char: str) -> str:
    """A digit as ASCII, the check digit X in upper case, nothing for a separator."""
    digit = unicodedata.decimal(char, None)
    return "X" if char in "Xx" else "" if digit is None else str(digit)


def _masked(printed: str) -> str:
    places = [at for at, char in enumerate(printed) if _ascii(char)]
    hidden = set(places[_SHOWN_FIRST:-_SHOWN_LAST])
    return "".join("*" if at in hidden else char for at, char in enumerate(printed))
