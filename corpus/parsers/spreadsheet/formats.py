"""How does a number look in its cell? Number formats of spreadsheets, as Excel shows them on a Chinese machine."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from openpyxl.styles.numbers import BUILTIN_FORMATS as _BUILTIN

from corpus.parsers.numerals import chinese_digits
from corpus.parsers.spreadsheet.dates import MAX_SERIAL, Token, digit_style, show_date

# ECMA-376-1:2016, 18.8.30: formats that a file names only by number. What depends on the country is that of zh-cn.
BUILTIN_FORMATS: dict[int, str] = {
    **_BUILTIN,
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    **dict.fromkeys((34, 55), '上午/下午h"时"mm"分"'),
    **dict.fromkeys((35, 56), '上午/下午h"时"mm"分"ss"秒"'),
    14: "yyyy/m/d",
    22: "yyyy/m/d h:mm",
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    47: "mm:ss.0",
}

_SYSTEM = {"$-F800": 'yyyy"年"m"月"d"日"', "$-F400": "h:mm:ss"}  # the long date and the time of the system's settings
_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*"?|\\.) | (?P<skipped>[_*].?) | \[(?P<bracket>[^\]]*)\]
    | (?P<general>General|G/通用格式) | (?P<half>AM/PM|A/P|上午/下午) | (?P<exponent>E[+-])
    | (?P<date>y+|m+|d+|h+|s+(?:\.0+)?|a{3,4}|e+) | (?P<digits>[0#?](?:[0#?,]*[0#?])?) | (?P<other>.)""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_SECTION = re.compile(r'"[^"]*"?|\\.|\[[^\]]*\]|;|[^;"\\\[]+|.', re.DOTALL)
_MAX_WHOLE = 1e18  # the 18 digits of an identity number; Excel shows 12 and more with an exponent
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)  # a float has 309 digits before the point at most
_MAX_DECIMALS = 30  # Excel's own limit


def show_number(value: float, code: str, *, since_1904: bool = False) -> str:
    """The number as its cell shows it: dates (days since 1900, or since 1904), percentages, leading zeros, thousands.

    ``code`` is the format's text (``yyyy"年"m"月"``, ``000``, ``0.0%``, ``General``). Fractions, and dates outside the
    years 1900 to 9999, are shown as plain numbers.
    """
    section, signed = _choose(_sections(code), value)
    kinds = {token.kind for token in section}
    if not signed:
        value = abs(value)
    if not section:
        return "" if ";" in code else general(value)
    if not math.isfinite(value) or any(token.text == "/" for token in section) > ("date" in kinds):
        return general(value)
    if "date" in kinds or "elapsed" in kinds:
        return show_date(value, section, since_1904=since_1904) if 0 <= value < MAX_SERIAL else general(value)
    if "digits" in kinds:
        return _number(value, section)
    shown = "".join(general(value) if _is_number(token) else token.literal for token in section).strip()
    sign = "-" if signed and value < 0 and not any(map(_is_number, section)) else ""
    return sign + chinese_digits(shown, digit_style(section))


def general(value: float) -> str:
    """A number without a format: at most 15 significant digits. Long identifiers are not shortened to ``1.2E+17``."""
    if abs(value) < _MAX_WHOLE and value == int(value):
        return str(int(value))
    text = format(value, ".15g")
    mantissa, exponent, power = text.partition("e")
    return f"{mantissa}E{power}" if exponent else text


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[tuple[Token, ...], ...]:
    parts = [""]
    for piece in _SECTION.findall(code):
        if piece == ";":
            parts.append("")
        else:
            parts[-1] += piece
    return tuple(tuple(_tokens(part)) for part in parts[:4])


def _tokens(section: str) -> Sequence[Token]:
    found: list[Token] = []
    for match in _TOKEN.finditer(section):
        kind, text = match.lastgroup or "other", match[match.lastgroup or 0]
        if kind == "bracket":
            if re.fullmatch(r"h+|m+|s+", text, re.IGNORECASE):
                kind = "elapsed"
            elif text.upper() in _SYSTEM:
                return _tokens(_SYSTEM[text.upper()])
            elif text.startswith("$") and not text.startswith("$-"):
                kind, text = "quoted", text[1:].split("-")[0]
        elif kind == "quoted":
            text = text.strip('"') if text.startswith('"') else text[1:]
        found.append(Token(kind, text))
    return found


def _choose(sections: Sequence[tuple[Token, ...]], value: float) -> tuple[tuple[Token, ...], bool]:
    """The section that a value is shown by, and whether a minus sign is added to it."""
    conditions = [_condition(section) for section in sections]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=True):
            if condition is None or _holds(value, *condition):
                return section, True
        return sections[-1], True
    if value < 0 and len(sections) > 1:
        return sections[1], False
    if value == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], True


def _condition(section: Sequence[Token]) -> tuple[str, float] | None:
    for token in section:
        if token.kind == "bracket" and (match := _CONDITION.fullmatch(token.text)):
            return match[1], float(match[2])
    return None


def _holds(value: float, sign: str, limit: float) -> bool:
    return {
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
        "=": value == limit,
        "<>": value != limit,
    }[sign]


def _is_number(token: Token) -> bool:
    return token.kind == "general" or token.text == "@"


def _number(value: float, section: Sequence[Token]) -> str:
    """A number in a pattern of 0, # and ?: all its digits go to the place of the first group, decimals to the last."""
    places = [at for at, token in enumerate(section) if token.kind == "digits"]
    exponent = next((at for at, token in enumerate(section) if token.kind == "exponent"), len(section))
    point = next((at for at in range(exponent) if section[at].text == "."), exponent)
    whole = "".join(section[at].text for at in places if at < point)
    decimals = "".join(section[at].text for at in places if point < at < exponent)[:_MAX_DECIMALS]
    behind = max((at for at in places if at < exponent), default=0) + 1
    commas = 0
    while behind + commas < len(section) and section[behind + commas].text == ",":
        commas += 1  # each divides by a thousand
    percent = sum(token.kind == "other" and token.text == "%" for token in section)
    number = Decimal(format(value, ".15g")).scaleb(2 * percent - 3 * commas, _EXACT)
    power = 0
    if exponent < len(section) and number:
        power = number.adjusted()
        number = number.scaleb(-power, _EXACT)
    rounded = abs(number).quantize(Decimal(1).scaleb(-len(decimals)), context=_EXACT) if number else Decimal(0)
    digits, _, fraction = format(rounded, "f").partition(".")
    fraction = fraction.ljust(len(decimals), "0")
    while fraction and decimals[len(fraction) - 1] != "0" and fraction.endswith("0"):
        fraction = fraction[:-1]
    digits = digits.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole:
        digits = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", digits)
    shown = _split(digits, [section[at].text for at in places if at < point])
    out = ["-"] if number < 0 and rounded else []
    for at, token in enumerate(section):
        if token.kind == "exponent":
            sign = "-" if power < 0 else "+" * (token.text[1] == "+")
            out.append(
                f"E{sign}{str(abs(power)).rjust(sum(section[p].text.count('0') for p in places if p > at), '0')}"
            )
        elif token.kind == "digits":
            if at < point:
                out.append(shown.pop(0))
            elif at < exponent:
                out.append(fraction)
                fraction = ""
        elif behind <= at < behind + commas:
            continue
        elif at == point:
            out.append("." if fraction else "")
        else:
            out.append(token.literal)
    return chinese_digits("".join(out), digit_style(section)).strip()


def _split(digits: str, groups: Sequence[str]) -> list[str]:
    """The digits dealt out to the groups of a pattern such as ``000-0000``; the first takes what is left over."""
    parts: list[str] = []
    for group in reversed(groups[1:]):
        parts.insert(0, digits[-len(group) :])
        digits = digits[: -len(group)]
    return [digits, *parts] if groups else []
