"""Which mark does a character of a symbol font show? Word sets bullets and tick boxes with Wingdings and Symbol."""

from __future__ import annotations

# The code in the font → the character that looks like it; only marks that documents use. From the fonts' own tables.
_WINGDINGS = {
    0x6C: "●",
    0x6D: "○",
    0x6E: "■",
    0x6F: "□",
    0x70: "□",
    0x71: "□",
    0x72: "□",
    0x75: "◆",
    0xA1: "○",
    0xA7: "▪",
    0xA8: "□",
    0xD8: "➢",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
}
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA2: "■", 0xA3: "□"}
_SYMBOL = {0xB7: "•", 0xB0: "°", 0xB1: "±", 0xB4: "×", 0xA3: "≤", 0xB3: "≥"}


def read_symbol(character: str, font: str) -> str:
    """The character shown for one at U+F000–F0FF, where symbol fonts put their codes; itself if it is not known. A font
    of another name is taken for Wingdings, which Word bullets lists with."""
    name = font.lower().replace(" ", "").replace("-", "")
    table = _WINGDINGS_2 if "wingdings2" in name else _SYMBOL if "symbol" in name else _WINGDINGS
    return table.get(ord(character[0]) - 0xF000, character)
