"""Which number does a paragraph of a list show? Word counts them; the text itself does not hold them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from corpus.parsers.numerals import chinese_digits
from corpus.parsers.word.styles import Styles, W, switched_on, value
from corpus.parsers.word.symbols import show_symbols

_LEVELS = 9  # ECMA-376-1:2016, 17.9.6
_MAX_COUNT = 1_000_000
_PLACE = re.compile(r"%([1-9])")
# Behind these no space is set before the text; behind a full stop it is, for "1." and "2020年" would make a number.
_TIGHT = re.compile(r"[、．）】：:\u2460-\u24ff\u25a0-\u25ff\u2610-\u2612\u3200-\u32ff√]$")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    font: str = ""
    tight: bool = False  # nothing stands between number and text
    legal: bool = False  # all levels in decimal
    restart: int | None = None  # the level (from 1) whose use restarts this one; 0: none does


class Numbering:
    """The lists of a document and how far each has counted (ECMA-376-1:2016, 17.9)."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        self._kinds: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, _Level], dict[int, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        if root is None:
            return
        links: dict[str, str] = {}
        for kind in root.iterfind(W + "abstractNum"):
            name = str(kind.get(W + "abstractNumId"))
            self._kinds[name] = _levels(kind)
            if linked := value(kind, "numStyleLink"):
                links[name] = linked
        for found in root.iterfind(W + "num"):
            own, starts = {}, {}
            for override in found.iterfind(W + "lvlOverride"):
                level = _whole(override.get(W + "ilvl"), 0)
                if (start := value(override, "startOverride")) is not None:
                    starts[level] = _whole(start, 1)
                own.update(_levels(override))
            self._lists[str(found.get(W + "numId"))] = (value(found, "abstractNumId") or "", own, starts)
        for name, style in links.items():
            target = self._lists.get(styles.list_of(style) or "")
            if target is not None and target[0] not in links:
                self._kinds[name] = self._kinds.get(target[0], {})

    def next(self, list_id: str, level: int) -> str:
        """Counts on, and gives the number with what stands around and behind it: ``第一条 ``, ``（一）``, ``1.2 ``."""
        if list_id not in self._lists:
            return ""
        kind, own, starts = self._lists[list_id]
        levels = {**self._kinds.get(kind, {}), **own}
        if level not in levels:
            return ""
        counts = self._counts.setdefault(kind, {})
        if list_id not in self._begun:
            self._begun.add(list_id)
            for at in starts:
                counts.pop(at, None)
        first = starts.get(level, levels[level].start)
        counts[level] = min(counts[level] + 1 if level in counts else first, _MAX_COUNT)
        for deeper in [at for at in counts if at > level]:
            restart = levels.get(deeper, _Level()).restart
            if level < (deeper if restart is None else restart):
                del counts[deeper]
        return _show(levels, counts, level)


def _levels(parent: etree._Element) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for level in parent.iterfind(W + "lvl"):
        at = _whole(level.get(W + "ilvl"), 0)
        restart = value(level, "lvlRestart")
        if at < _LEVELS:
            found[at] = _Level(
                start=_whole(value(level, "start"), 0),
                form=value(level, "numFmt") or "decimal",
                text=value(level, "lvlText") or "",
                font=value(level, "rPr/rFonts", "ascii") or value(level, "rPr/rFonts", "hAnsi") or "",
                tight=value(level, "suff") == "nothing",
                legal=bool(switched_on(level, "isLgl")),
                restart=None if restart is None else _whole(restart, 0),
            )
    return found


def _whole(text: str | None, otherwise: int) -> int:
    return min(int(text), _MAX_COUNT) if text and text.isdecimal() and len(text) < 10 else otherwise


def _show(levels: dict[int, _Level], counts: dict[int, int], at: int) -> str:
    level = levels[at]
    if level.form == "none" and not _PLACE.sub("", level.text).strip():
        return ""
    if level.form == "bullet":
        shown, _ = show_symbols(level.text, level.font)
    else:

        def number(match: re.Match[str]) -> str:
            of = int(match[1]) - 1
            form = "decimal" if level.legal else levels.get(of, level).form
            return format_number(counts.get(of, levels.get(of, level).start), form)

        shown = _PLACE.sub(number, level.text)
    shown = shown.strip()
    return shown if not shown or level.tight or _TIGHT.search(shown) else f"{shown} "


def format_number(count: int, form: str) -> str:
    """A count in one of Word's number formats (ST_NumberFormat, ECMA-376-1:2016, 17.18.59); decimal in a rare one."""
    return _FORMS[form](count) if form in _FORMS else str(count)


def _sequence(characters: str) -> Callable[[int], str]:
    """One character for each count; beyond the last, the plain number."""
    return lambda count: characters[count - 1] if 1 <= count <= len(characters) else str(count)


def _letters(count: int) -> str:
    """a … z, aa, bb …"""
    return chr(97 + (count - 1) % 26) * min((count - 1) // 26 + 1, 30) if count > 0 else str(count)


def _roman(count: int) -> str:
    if not 0 < count < 4000:
        return str(count)
    out = ""
    for worth, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    ):
        out += sign * (count // worth)
        count %= worth
    return out


def _counted(style: str) -> Callable[[int], str]:
    return lambda count: chinese_digits(str(count), style)


def _range(first: str, count: int) -> str:
    return "".join(chr(ord(first) + at) for at in range(count))


_FORMS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "lowerLetter": _letters,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda count: _roman(count).upper(),
    "decimalZero": lambda count: f"{count:02}",
    "decimalFullWidth": _counted("3"),
    "decimalFullWidth2": _counted("3"),
    "numberInDash": lambda count: f"- {count} -",
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _sequence(_range("①", 20))),
    "decimalEnclosedParen": _sequence(_range("⑴", 20)),
    "decimalEnclosedFullstop": _sequence(_range("⒈", 20)),
    "ideographEnclosedCircle": _sequence(_range("㊀", 10)),
    "ideographParenthesized": _sequence(_range("㈠", 10)),
    "ideographTraditional": _sequence("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _sequence("子丑寅卯辰巳午未申酉戌亥"),
    "ideographDigital": lambda count: chinese_digits(str(count), "1", whole=False),
    "japaneseDigitalTenThousand": lambda count: chinese_digits(str(count), "1", whole=False),
    "taiwaneseDigital": lambda count: chinese_digits(str(count), "1", whole=False),
    **dict.fromkeys(("chineseCounting", "chineseCountingThousand", "japaneseCounting"), _counted("1")),
    **dict.fromkeys(("taiwaneseCounting", "taiwaneseCountingThousand"), _counted("1")),
    **dict.fromkeys(("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"), _counted("2")),
}
