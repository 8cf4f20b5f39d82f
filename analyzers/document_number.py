"""Reading a document number (发文字号), such as 国办发〔2024〕5号, in every way that people and sites write it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzers.normalize import normalize

_OPEN, _CLOSE = "〔[［【﹝（(〈《<{｛〖", "〕]］】﹞）)〉》>}｝〗"

# Width and bracket variants that sites put in place of 〔〕 and ASCII digits. One character for one, so that offsets in
# the translated text are offsets in the text as published.
_FOLD = str.maketrans(
    {
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        **{chr(0xFF21 + i): chr(0x41 + i) for i in range(26)},
        **{chr(0xFF41 + i): chr(0x61 + i) for i in range(26)},
        **dict.fromkeys(_OPEN, "〔"),
        **dict.fromkeys(_CLOSE, "〕"),
        **dict.fromkeys("　\u00a0\u2002\u2003\u2009\t", " "),
    }
)

# The year and the serial, which tell a document number in running text; ``\d`` also takes full-width digits. A 第 may
# stand before the serial (GB/T 9704-2012, 7.2.5 forbids it; sites write it all the same). The serial counts from 1 and
# has no leading zero in the standard; customs write 0012 at times, which is read as 12.
_YEAR_AND_SERIAL = re.compile(
    rf"(?:[{re.escape(_OPEN)}]\s?(?P<bracketed>(?:[1１][9９]|[2２][0０])\d\d)\s?年?\s?[{re.escape(_CLOSE)}]"
    r"|(?P<bare>(?:[1１][9９]|[2２][0０])\d\d)\s?年?)\s?(?:第\s?)?(?P<serial>\d{1,5})\s?[号號]"
)

# The issuer's code (机关代字) is Chinese and ends right before the year; the longest one known has 24 characters.
_CODE = re.compile(r"[\u4e00-\u9fff·、 ]{0,24}[\u4e00-\u9fff] ?$")

# What people type: the closing 号, the brackets, even the separating space may be missing, but the whole text is it.
_TYPED = re.compile(
    r" ?(?P<code>[\u4e00-\u9fff](?:[\u4e00-\u9fff·、 ]{0,24}?[\u4e00-\u9fff])?)"
    r" ?〔? ?(?P<year>(?:19|20)\d\d) ?年? ?〕?"
    r"[ \-—–_/,，.。、第]*(?P<serial>\d{1,5}) ?号? ?"
)

# Words that stand before a number in texts and questions and are no part of its code: …印发《国发〔2012〕45号》,
# 根据国发…, 请问国发….
# Three of them before 政 are the place instead (和政发 is of 和县, 即政发 of 即墨), unless another number ends there.
_LEAD_IN = re.compile(
    r".*(?:根据|按照|依据|依照|贯彻|落实|执行|印发|转发|下发|废止|参照|以及|关于|明确|请问|想问|查询|查找|查一下|查看|号[和与及、]?"
    r"|[与及的见以由为、 ]|[和原即](?!政))"
)

# A 令 or 公告 is numbered by its issuer's full name (海关总署公告2020年第12号), which is longer than a code.
_NAMED = ("公告", "令", "通告", "决定", "命令")

# What a code ends with where no brackets tell that a year is part of a number.
_BEFORE_BARE_YEAR = (*_NAMED, "发", "字", "函", "办", "文", "规")


class DocumentNumberError(ValueError):
    """The text is no document number; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A read document number: the issuer's code 机关代字, the year (CE) and the serial (from 1 within the year)."""

    code: str
    year: int
    serial: int

    @property
    def key(self) -> str:
        """What two writings of one number have in common: code, year and serial without marks, ``国办发20245``.

        A dot stands between year and serial: 2019 and 54 must not meet 201 and 954.
        """
        return f"{self.code}{self.year}.{self.serial}"

    def __str__(self) -> str:
        if self.code.endswith(_NAMED):
            return f"{self.code}{self.year}年第{self.serial}号"
        return f"{self.code}〔{self.year}〕{self.serial}号"


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A document number in running text: ``text`` is how it stands there, from offset ``start`` to ``end``."""

    number: DocumentNumber
    start: int
    end: int
    text: str


def parse_document_number(text: str) -> DocumentNumber:
    """Read a text that is one document number and nothing else, as sites print it or as a reader types it.

    ``国办发〔2024〕5号``, ``国办发[2024]5号``, ``国办发（2024）第5号``, ``国办发2024年5号``, ``国办发 2024 5``;
    full-width digits and traditional 號 as well. Source: GB/T 9704-2012, 7.2.5.

    Raises DocumentNumberError if the code, the year or the serial is missing.
    """
    folded = normalize(text.translate(_FOLD)).strip()
    match = _TYPED.fullmatch(folded)
    if match is None:
        raise DocumentNumberError(f"{text!r} is no document number; it reads like 国办发〔2024〕5号")
    return _number(match["code"], match["year"], match["serial"], text)


def find_document_numbers(text: str) -> list[FoundNumber]:
    """Every document number in running text, in order, as far as its code can be told from the words before it."""
    found: list[FoundNumber] = []
    for match in _YEAR_AND_SERIAL.finditer(text):
        before = _CODE.search(normalize(text[max(0, match.start() - 26) : match.start()].translate(_FOLD)))
        if before is None:
            continue
        code = before[0]
        if lead := _LEAD_IN.match(code.rstrip()):
            code = code[lead.end() :]
        if not code.strip() or (match["bare"] and not code.rstrip().endswith(_BEFORE_BARE_YEAR)):
            continue
        start = match.start() - len(code)
        try:
            number = _number(code, match["bracketed"] or match["bare"], match["serial"], match[0])
        except DocumentNumberError:
            continue
        found.append(FoundNumber(number, start, match.end(), text[start : match.end()]))
    return found


def _number(code: str, year: str, serial: str, text: str) -> DocumentNumber:
    if int(serial) == 0:
        raise DocumentNumberError(f"{text!r}: the serial of a document number counts from 1")
    return DocumentNumber(re.sub(r"[ ·、]", "", code), int(year), int(serial))
