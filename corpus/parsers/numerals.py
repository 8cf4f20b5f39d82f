"""How is a number written in Chinese? For number formats of spreadsheets and for numbered lists."""

from __future__ import annotations

import re

_NUMERALS = {"1": "〇一二三四五六七八九", "2": "零壹贰叁肆伍陆柒捌玖", "3": "０１２３４５６７８９"}
_UNITS = {"1": ("", "十", "百", "千"), "2": ("", "拾", "佰", "仟")}
_MAX_READ_OUT = 12  # digits; longer ones are identifiers


def chinese_digits(text: str, style: str, *, whole: bool = True) -> str:
    """The text with its digits in Chinese: ``style`` 1 is 一二三, 2 is 壹贰叁, 3 is full-width; as it is for any other.

    ``whole`` numbers are read with their units (二十八), others digit by digit (二〇二〇, as years are).
    """
    if style not in _NUMERALS:
        return text
    if whole and style in _UNITS:
        text = re.sub(r"(?<![\d.])\d+", lambda match: _read_out(match[0], style), text)
    return text.translate(str.maketrans("0123456789", _NUMERALS[style]))


def _read_out(digits: str, style: str) -> str:
    """A whole number with its units (十二, 壹仟零伍), its digits left as they are; others stay."""
    if len(digits) > _MAX_READ_OUT or not digits.strip("0"):
        return digits[-1] if not digits.strip("0") else digits
    out = ""
    for at, digit in enumerate(digits):
        power = len(digits) - 1 - at
        if digit != "0":
            out += digit + _UNITS[style][power % 4]
        elif out and out[-1] != "0" and digits[at:].strip("0"):
            out += "0"
        if power in (4, 8) and digits[max(0, at - 3) : at + 1].strip("0"):
            out = out.rstrip("0") + ("万" if power == 4 else "亿") + ("0" if out.endswith("0") else "")
    return re.sub("^1十", "十", out)
