"""Which parts of a document number (发文字号) does a question name: 54号文, 2019年第54号, 国办发〔2019〕?"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A code ends with what says how it was issued (国办发, 沪府规, 财税字, 民函), or a full name with the act (公告, 令).
_CODE = r"(?P<code>[\u4e00-\u9fff]{1,9}?(?:[办政府委财税]?[发函字规]|政办|府办|公告|通告|令))"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_OPEN, _CLOSE = r"[〔\[【(]", r"[〕\]】)]"
_SERIAL = r"第? ?(?P<serial>\d{1,5}) ?号"
# 12号线, 12号楼, 12号以前: a number that counts something else, or a day of a month.
_NOT_A_THING = (
    r"(?![线楼馆院门口路栋街公病仓地台机桥煤厂坑井岛店窗厅库字工码房柴汽球冠染]"
    r"|[之前后左右到至起晚早]|以前|以后|开始|上午|下午)"
)
_DOCUMENT = r"(?P<document>文件|文|令|公告|通告|通知|决定|批复|函)"

_PATTERNS = tuple(
    (re.compile(pattern), confidence)
    for pattern, confidence in (
        # 国办发〔2019〕 and no serial; 国办发2019 needs a code that ends like one
        (rf"(?P<code>[\u4e00-\u9fff]{{2,12}}) ?[〔\[【]{_YEAR}[〕\]】](?! ?第? ?\d)", 0.85),
        (rf"{_CODE} ?(?:{_YEAR}|\({_YEAR.replace('year', 'bracketed')}\))年?(?= *$|[\s,。的])(?! ?第? ?\d)", 0.7),
        (rf"{_CODE} ?{_SERIAL}{_DOCUMENT}?{_NOT_A_THING}", 0.8),
        # 2019年第54号, 〔2019〕54号, 2019 54号
        (rf"(?<!\d)(?:{_OPEN}{_YEAR}年?{_CLOSE} ?{_SERIAL}{_DOCUMENT}?{_NOT_A_THING})", 0.9),
        (rf"(?<!\d){_YEAR}(?:年| ) ?{_SERIAL}(?:{_DOCUMENT}|{_NOT_A_THING})", 0.8),
        # 54号文, 第54号令; alone, 54号 is the whole question or a word of it set apart
        (rf"(?<![\d年月.〕)\]])(?:令 ?)?{_SERIAL}{_DOCUMENT}", 0.75),
        (rf"(?:^|(?<=[\s，,]))(?:令 ?)?{_SERIAL}(?=$|\s)", 0.6),
    )
)
# Words of the sentence that stand before a code.
_LEAD_IN = re.compile(
    r".*(?:根据|按照|依据|依照|贯彻|落实|执行|印发|转发|下发|废止|参照|请问|查询|查找|什么是|关于|想要|求|找|查|看|问"
    r"|[与及的见以由为、 ])"
)
_KEY = re.compile(r"(?P<code>.+?)(?P<year>\d{4})\.(?P<serial>\d+)")


@dataclass(frozen=True, slots=True)
class PartialNumber:
    """What is known of a document number: two of its ``code``, ``year`` and ``serial``, or the serial alone."""

    code: str = ""
    year: int | None = None
    serial: int | None = None

    @property
    def prefix(self) -> str:
        """What the key of such a number begins with: ``国办发2019.``, ``国办发``, or nothing."""
        return self.code and f"{self.code}{self.year}." if self.year else self.code

    @property
    def suffix(self) -> str:
        """What its key ends with: ``2019.54``, ``.54``, or nothing."""
        if self.serial is None:
            return ""
        return f"{self.year}.{self.serial}" if self.year else f".{self.serial}"

    def matches(self, key: str) -> bool:
        """Whether a key of `DocumentNumber` has these parts; `prefix` and `suffix` find the few worth asking."""
        parts = _KEY.fullmatch(key)
        return parts is not None and (
            self.code in ("", parts["code"])
            and self.year in (None, int(parts["year"]))
            and self.serial in (None, int(parts["serial"]))
        )

    def __str__(self) -> str:
        if self.serial is None:
            return f"{self.code}〔{self.year}〕"
        if self.year is None:
            return f"{self.code}{self.serial}号" if self.code else f"第{self.serial}号"
        return f"〔{self.year}〕{self.serial}号"


@dataclass(frozen=True, slots=True)
class FoundPartial:
    """A partial number at ``text[start:end]``."""

    number: PartialNumber
    start: int
    end: int
    confidence: float


def find_partial_numbers(normal: str) -> list[FoundPartial]:
    """The partial document numbers of a normalised text from which whole ones are taken out, in their order.

    A serial alone is read where it can be nothing else: 54号文, 第12号令, or set apart by spaces. 12号线, 5号楼 and
    3月5号 are none.
    """
    found: list[FoundPartial] = []
    for pattern, confidence in _PATTERNS:
        for match in pattern.finditer(normal):
            if not any(match.start() < other.end and other.start < match.end() for other in found):
                found += _read(match, confidence)
    return sorted(found, key=lambda one: one.start)


def _read(match: re.Match[str], confidence: float) -> list[FoundPartial]:
    groups = match.groupdict()
    code, start = groups.get("code") or "", match.end() - len(match[0].lstrip())
    if code:
        if lead := _LEAD_IN.match(code):
            code, start = code[lead.end() :], start + lead.end()
        if len(code) < 2:
            return []
    year, serial = groups.get("year") or groups.get("bracketed"), groups.get("serial")
    if serial is not None and int(serial) == 0:
        return []
    number = PartialNumber(code, int(year) if year else None, int(serial) if serial else None)
    return [FoundPartial(number, start, match.end(), confidence)]
