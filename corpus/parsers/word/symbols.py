"""Which character is a symbol of Wingdings and its like? Catalogs tick their boxes with them."""

from __future__ import annotations

from collections.abc import Mapping

# Code points of the fonts, from their published tables (Microsoft's character sets of Wingdings, Wingdings 2, Symbol);
# ticks and boxes in the forms that catalogs are written with (基层政务公开标准目录: ■ √ ☑ □).
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x70: "□", 0x71: "□", 0x72: "□", 0x75: "◆", 0x76: "❖", 0x77: "◆", 0x9E: "·",
    0x9F: "•", 0xA1: "○", 0xA2: "○", 0xA4: "◉", 0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xD8: "➢", 0xE0: "→", 0xE8: "→",
    0xF0: "⇨", 0xFB: "×", 0xFC: "√", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {
    0x4F: "×", 0x50: "√", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0x98: "●", 0x99: "○", 0x9A: "○",
    0xA2: "■", 0xA3: "□", 0xA4: "□", 0xAE: "◆",
}  # fmt: skip
_SYMBOL = {
    0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xA3: "≤", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xA5: "∞", 0xD6: "√",
    0xDE: "⇒", 0xAE: "→",
}  # fmt: skip
_FONTS: Mapping[str, Mapping[int, str]] = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "symbol": _SYMBOL,
}


def is_symbol_font(font: str) -> bool:
    """Whether characters in this font are no letters, whatever their code."""
    return font.strip().lower() in _FONTS


def symbol(code: int, font: str = "") -> str:
    """The character that the font shows for a code (``F0FE`` and ``FE`` are the same); empty if it is not known.

    A font that is not named is taken to be Wingdings.
    """
    known = _FONTS.get(font.strip().lower(), _WINGDINGS)
    return known.get(code - 0xF000 if 0xF000 <= code <= 0xF0FF else code, "")


def show_symbols(text: str, font: str) -> tuple[str, int]:
    """A text with the symbols in it as characters, and how many of them are not known (and left out).

    Letters are symbols if the font is one of symbols; characters of the private range always are.
    """
    every = is_symbol_font(font)
    shown: list[str] = []
    unknown = 0
    for character in text:
        code = ord(character)
        if 0xF000 <= code <= 0xF0FF or (every and 0x21 <= code <= 0xFF):
            found = symbol(code, font)
            unknown += not found
            shown.append(found)
        else:
            shown.append(character)
    return "".join(shown), unknown
