"""Which day does this text name? Dates in every spelling that Chinese government sites use.

`parse_date` reads a string that *is* one date (a field, a meta tag, a JSON value); `find_dates` reads the dates that
stand in running text; `find_signing_date` reads the 成文日期 from the end of a document (落款).
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

CHINA_TIME = timezone(timedelta(hours=8))
"""UTC+8, the one civil time of the country; a moment given in another zone is named by its day there."""

MIN_YEAR, MAX_YEAR = 1900, 2100
"""Years outside of these are slips (0001-01-01, 9999-12-31 stand for "none" in many databases)."""


_IMPOSSIBLE = f"there is no such day or time between the years {MIN_YEAR} and {MAX_YEAR}"


class DateError(ValueError):
    """A string that does not name a day; the message gives the value and the remedy."""

    def __init__(self, value: str, reason: str) -> None:
        self.value = value
        super().__init__(f"not a date: {value[:60]!r} ({reason}); write it as 2020-07-28 or 2020年7月28日")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in running text: its day, and where it stands (``text[start:end]``)."""

    value: date
    start: int
    end: int


# One character for one character, so that offsets in the mapped text are offsets in the given one.
_CHARACTERS = str.maketrans(
    {
        **dict(zip("０１２３４５６７８９", "0123456789", strict=True)),
        **dict.fromkeys("－—–―‐‑−─﹣", "-"),
        **dict.fromkeys("：∶︰﹕", ":"),
        **dict.fromkeys("／∕", "/"),
        **dict.fromkeys("．﹒", "."),
        **dict.fromkeys("\u200b\u200c\u200d\ufeff", " "),  # zero-width characters left by web editors
        **dict(zip("⼀⼆⼋⼗⽇⽉", "一二八十日月", strict=True)),  # Kangxi radicals: what some PDFs carry instead
    }
)

# All that is written for zero in 二〇二〇年: the character itself, circles, and Latin, Cyrillic and Greek letters.
_ZEROS = "〇零○◯OoОоΟοＯｏ"
_NUMERALS = {**dict.fromkeys(_ZEROS, 0), **{numeral: n for n, numeral in enumerate("一二三四五六七八九", 1)}}
_NUMERALS |= {str(n): n for n in range(10)}  # 二0二0年 mixes the two
_CHINESE = "".join(_NUMERALS)

_MONTHS = {
    name: n
    for n, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_MONTH = rf"(?P<month_name>{'|'.join(_MONTHS)})[a-z]*\.?"

_TIME = (
    r"(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})\s*"
    r"(?:[:分]\s*(?:(?P<second>\d{1,2})(?:[.,]\d{1,9})?\s*秒?)?)?(?:\s*(?P<half>[AaPp][Mm]))?"
)
_ZONE = r"(?P<zone>Z|(?:GMT|UTC|CST)?[+-][01]\d:?[0-5]\d|GMT|UTC|CST)(?:\s*\([^)]*\))?"
_WEEKDAY = r"[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?"
_TAIL = rf"(?:[T\s,]*(?:{_WEEKDAY})?\s*(?:上午|下午)?\s*{_TIME}\s*(?:{_ZONE})?|\s*{_WEEKDAY})?"
_ENGLISH_DAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"

# 2020-07-28, 2020/7/28, 2020.7.28, 2020--07--28 (the two separators are alike)
_WESTERN = r"(?P<year>\d{4})\s{0,2}(?P<sep>-{1,2}|/|\.)\s{0,2}(?P<month>\d{1,2})\s{0,2}(?P=sep)\s{0,2}(?P<day>\d{1,2})"
# 2020年7月28日, 二〇二〇年七月二十八日, 2020年元月1号
_OFFICIAL = (
    rf"(?P<cn_year>[{_CHINESE}]{{4}})\s{{0,4}}年\s{{0,4}}(?P<cn_month>[{_CHINESE}十]{{1,3}}|元)\s{{0,4}}月\s{{0,4}}"
    rf"(?P<cn_day>[{_CHINESE}十]{{1,3}})"
)

_WHOLE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _WESTERN + _TAIL,
        _OFFICIAL + r"\s*[日号]?" + _TAIL,
        # Tue, 28 Jul 2020 10:08:00 GMT
        rf"{_ENGLISH_DAY}(?P<day>\d{{1,2}})[\s-]{_MONTH}[\s-](?P<year>\d{{4}})(?:\s+{_TIME}\s*(?:{_ZONE})?)?",
        # Tue Jul 28 10:08:00 CST 2020 (Java)
        rf"{_ENGLISH_DAY}{_MONTH}\s+(?P<day>\d{{1,2}})\s+{_TIME}\s*(?:{_ZONE})?\s*(?P<year>\d{{4}})",
        # Jul 28, 2020 10:08:00 AM (Gson) and Tue Jul 28 2020 10:08:00 GMT+0800 (JavaScript)
        rf"{_ENGLISH_DAY}{_MONTH}\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})(?:,?\s+{_TIME}\s*(?:{_ZONE})?)?",
    )
)
# 20200728, 202007281008, 20200728100800
_COMPACT = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?"
)
# Seconds or milliseconds since 1970: 9 or 12 digits begin in March 1973, 10 or 13 in September 2001. Twelve digits
# that can be read as YYYYMMDDHHMM are that (as milliseconds they would be of the 1970s, before there was a web page).
_UNIX = re.compile(r"\d{9,10}|\d{12,13}")

_IN_TEXT = re.compile(rf"(?<![0-9]){_OFFICIAL}\s{{0,4}}[日号]|(?<![0-9A-Za-z_]){_WESTERN}(?![0-9号])")
_NUMERALS_BEFORE = frozenset(_CHINESE) - frozenset("OoОоΟοＯｏ0123456789") | frozenset("十百千")
_SEPARATORS = "-/."

_NOTE = r"\s*(?:[(（][^()（）]{0,30}[)）]\s*)?"  # （此件公开发布）
_SIGNED_LINE = re.compile(rf"\s*(?P<date>\S.{{6,40}}?[日号]){_NOTE}")
_NOTE_ONLY = re.compile(_NOTE)
_BRACKETED = re.compile(r"[\[(（【](.*)[\])）】]")


def parse_date(text: str) -> date:
    """Read a string that is one date, with or without a time of day, and give its day in China.

    Understood: ``2020-07-28``, ``2020/7/28``, ``2020.7.28``, ``2020——07——28 10:08``, ``2020－07－28 10∶08``,
    ``2020年7月28日``, ``二〇二〇年七月二十八日``, ``20200728`` (also with ``HHMM`` or ``HHMMSS`` behind),
    ``2020-07-28T10:08:00+08:00``, unix seconds and milliseconds, ``Tue, 28 Jul 2020 10:08:00 GMT`` and what Java,
    Gson and JavaScript print. Full-width digits, spaces between the parts and a pair of brackets around the whole do
    not matter. ``CST`` is China Standard Time. A time without a zone is China's.

    Raises DateError when the string is something else, when there is no such day (2020-02-30), when the time of day
    is impossible, or when the year is not in 1900–2100. A month without a day is not a date.
    """
    plain = text.translate(_CHARACTERS).strip()
    if bracketed := _BRACKETED.fullmatch(plain):
        plain = bracketed[1].strip()
    if plain.isascii() and plain.isdecimal():
        return _read_digits(text, plain)
    for pattern in _WHOLE:
        if match := pattern.fullmatch(plain):
            value = _from_groups(match.groupdict())
            if value is None:
                raise DateError(text, _IMPOSSIBLE)
            return value
    raise DateError(text, "the spelling is not known" if plain else "the text is empty")


def _read_digits(text: str, plain: str) -> date:
    if (match := _COMPACT.fullmatch(plain)) and (value := _from_groups(match.groupdict())):
        return value
    if _UNIX.fullmatch(plain):
        value = datetime.fromtimestamp(int(plain) // (1000 if len(plain) >= 12 else 1), CHINA_TIME).date()
        if value.year <= MAX_YEAR:
            return value
    raise DateError(text, _IMPOSSIBLE)


def find_dates(text: str) -> list[FoundDate]:
    """Find the dates in running text, in their order: ``2020年7月28日``, ``二〇二〇年七月二十八日``, ``2020-07-28``.

    A date never begins or ends inside a longer run of digits or a longer chain such as ``2020.1.1.1``; document numbers
    (``〔2020〕41号``), telephone numbers and impossible days are passed over. Eight digits alone are not read here,
    because in running text they are more often a telephone number than a day. The span covers the day, not the time.
    """
    plain = text.translate(_CHARACTERS)
    found: list[FoundDate] = []
    previous_end = -1
    for match in _IN_TEXT.finditer(plain):
        start, end = match.span()
        before = plain[max(0, start - 2) : start]
        if match["sep"] is not None:
            # 0791-2020-1-1 and 1.2020.1.1 are no dates, but 2020-07-28-2020-08-03 is two of them
            chained = len(before) == 2 and before[1] in _SEPARATORS and before[0].isdecimal()
            if chained and start - 1 != previous_end:
                continue
            if _continues(plain, end, match["sep"]):
                continue
        elif not match["cn_year"].isdecimal() and before[-1:] in _NUMERALS_BEFORE:
            continue
        value = _from_groups(match.groupdict())
        if value is not None:
            found.append(FoundDate(value, start, end))
            previous_end = end
    return found


def find_signing_date(text: str) -> FoundDate | None:
    """Find the day on which a document was signed (成文日期) in its body, or None.

    It is the first line that holds nothing but a date with 年月日, perhaps with a note in brackets such as
    （此件公开发布）: a notice that carries its plan along is signed before the plan begins. Without such a line, it is
    a date with which the whole text ends (page text that lost its lines). Source: GB/T 9704-2012, 7.3.5.
    """
    offset = 0
    for line in text.splitlines(keepends=True):
        if match := _SIGNED_LINE.fullmatch(line):
            dates = find_dates(match["date"])
            if len(dates) == 1 and (dates[0].start, dates[0].end) == (0, len(match["date"])):
                start = offset + match.start("date")
                return FoundDate(dates[0].value, start, start + dates[0].end)
        offset += len(line)
    tail_start = max(0, len(text) - 80)
    for last in reversed(find_dates(text[tail_start:])):
        start, end = tail_start + last.start, tail_start + last.end
        if "年" in text[start:end] and _NOTE_ONLY.fullmatch(text, end):
            return FoundDate(last.value, start, end)
    return None


def _continues(plain: str, end: int, separator: str) -> bool:
    """Whether more numbers hang on a date (2020.1.1.1), other than another year (2020-07-28-2020-08-03)."""
    if not plain.startswith(separator, end):
        return False
    run = re.match(r"\d*", plain[end + len(separator) : end + len(separator) + 5])
    return run is not None and len(run[0]) not in (0, 4)


def _from_groups(groups: dict[str, str | None]) -> date | None:
    """Make the day out of the named groups of a match; None where the calendar or the clock has no such moment."""
    if groups.get("cn_year"):
        year, month, day = (_read_numeral(groups[part] or "") for part in ("cn_year", "cn_month", "cn_day"))
    else:
        year = int(groups["year"] or 0)
        name = groups.get("month_name")
        month = _MONTHS[name[:3].lower()] if name else int(groups["month"] or 0)
        day = int(groups["day"] or 0)
    hour, minute, second = (int(groups.get(part) or 0) for part in ("hour", "minute", "second"))
    if half := groups.get("half"):
        hour = hour % 12 + (12 if half.upper() == "PM" else 0)
    if not MIN_YEAR <= year <= MAX_YEAR or hour > 24 or minute > 59 or second > 60:
        return None
    try:
        value = date(year, month, day)
    except ValueError:
        return None
    zone = groups.get("zone")
    if zone is None:
        return value
    moment = datetime(year, month, day, tzinfo=_read_zone(zone)) + timedelta(hours=hour, minutes=minute)
    return moment.astimezone(CHINA_TIME).date()


def _read_zone(name: str) -> timezone:
    offset = re.search(r"([+-])(\d{2}):?(\d{2})", name)
    if offset is None:
        return CHINA_TIME if name.upper() == "CST" else UTC
    ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    return timezone(ahead if offset[1] == "+" else -ahead)


def _read_numeral(text: str) -> int:
    """Read 28, 二十八, 二八, 〇七, 元 (the first month) and 二〇二〇; 0 for what is no number."""
    if text == "元":
        return 1
    if "十" not in text:
        return int("".join(str(_NUMERALS[character]) for character in text))
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return 0
    return 10 * (_NUMERALS[tens] if tens else 1) + (_NUMERALS[ones] if ones else 0)
