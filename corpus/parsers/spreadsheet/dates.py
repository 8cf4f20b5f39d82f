"""How does a day or a time look in its cell? The dates among the number formats of spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from corpus.parsers.numerals import chinese_digits

MAX_SERIAL = 2_958_466
"""The day after 9999-12-31, in days since 1900."""

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a number format: ``date`` (yyyy, mm …), ``elapsed`` ([h]), ``half`` (上午/下午), ``digits`` (0, #, ?),
    ``exponent`` (E+), ``general``, ``bracket`` (colours, conditions, languages), ``quoted`` and ``other`` text."""

    kind: str
    text: str

    @property
    def literal(self) -> str:
        """What it shows by itself; fillers, colours and conditions show nothing."""
        return self.text if self.kind == "quoted" or (self.kind == "other" and self.text not in "@?") else ""


def digit_style(section: Sequence[Token]) -> str:
    """The number of the DBNum style that the section asks for; empty if it does not."""
    return next((t.text[5:6] for t in section if t.kind == "bracket" and t.text.lower().startswith("dbnum")), "")


def show_date(value: float, section: Sequence[Token], *, since_1904: bool = False) -> str:
    """The day and time, ``value`` in days since 1900 (or 1904), at least 0 and below `MAX_SERIAL`."""
    fractions = max((len(t.text.partition(".")[2]) for t in section if t.kind == "date"), default=0)
    seconds = min(round(value * 86_400, min(fractions, 3)), MAX_SERIAL * 86_400 - 1)
    day = int(seconds // 86_400)
    moment = _moment(day, since_1904) + timedelta(seconds=seconds - day * 86_400)
    halves = any(token.kind == "half" for token in section)
    chinese = any(token.kind == "bracket" and token.text.endswith("-804") for token in section)
    style = digit_style(section)
    out: list[str] = []
    for at, token in enumerate(section):
        if token.kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[token.text[0].lower()]
            out.append(str(int(seconds // unit)).rjust(len(token.text), "0"))
        elif token.kind == "half":
            names = token.text.split("/")
            out.append(names[moment.hour >= 12])
        elif token.kind == "date":
            shown = _part(moment, token.text.lower(), _is_minute(section, at), halves, chinese)
            out.append(chinese_digits(shown, style, whole=token.text[0] not in "yYeE"))
        else:
            out.append(token.literal)
    return "".join(out).strip()


def _moment(day: int, since_1904: bool) -> datetime:
    """Day 60 of the years since 1900 is a 29 February that never was (Lotus 1-2-3 counted so)."""
    if since_1904:
        return datetime(1904, 1, 1) + timedelta(days=min(day, MAX_SERIAL - 1463))  # noqa: DTZ001 (a cell has no zone)
    return datetime(1899, 12, 31 if day < 60 else 30) + timedelta(days=day)  # noqa: DTZ001


def _is_minute(section: Sequence[Token], at: int) -> bool:
    """An m next to hours before it or seconds behind it counts minutes, not months."""
    before = [t.text[0].lower() for t in section[:at] if t.kind in ("date", "elapsed")]
    behind = [t.text[0].lower() for t in section[at + 1 :] if t.kind in ("date", "elapsed")]
    return before[-1:] == ["h"] or behind[:1] == ["s"]


def _part(moment: datetime, text: str, minute: bool, halves: bool, chinese: bool) -> str:
    match text[0]:
        case "y" | "e":
            return f"{moment.year % 100:02}" if text in ("y", "yy") else str(moment.year)
        case "m" if minute:
            return str(moment.minute).rjust(len(text), "0")
        case "m" if len(text) >= 3:
            return f"{moment.month}月" if chinese else _MONTHS[moment.month - 1]
        case "m":
            return str(moment.month).rjust(len(text), "0")
        case "d" if len(text) >= 3 and not chinese:
            return _DAYS[moment.weekday()]
        case "a" | "d" if len(text) >= 3:
            name = "一二三四五六日"[moment.weekday()]
            return f"星期{name}" if len(text) > 3 else f"周{name}" if text[0] == "d" else name
        case "d":
            return str(moment.day).rjust(len(text), "0")
        case "h":
            hour = (moment.hour - 1) % 12 + 1 if halves else moment.hour
            return str(hour).rjust(len(text), "0")
        case _:
            whole, _, fraction = text.partition(".")
            shown = str(moment.second).rjust(len(whole), "0")
            return f"{shown}.{moment.microsecond:06}"[: len(shown) + 1 + len(fraction)] if fraction else shown
