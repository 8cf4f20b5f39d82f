"""Does a person see this object? What is switched off, fully transparent or white on white is not read."""

from __future__ import annotations

from enum import Enum

from lxml import etree

from corpus.parsers.ofd.geometry import number
from corpus.parsers.ofd.parts import child


class Ink(Enum):
    """How a colour shows on the page."""

    NONE = "none"
    WHITE = "white"  # to be seen on something dark only
    SHOWN = "shown"


def hidden(element: etree._Element) -> bool:
    """Whether an object is switched off (``Visible``) or transparent (``Alpha``, 0–255)."""
    return element.get("Visible", "").strip().lower() == "false" or _transparent(element)


def filled(element: etree._Element, default: bool) -> Ink:
    """How the filling of a text (by default filled) or a path (by default not) shows."""
    return _ink(child(element, "FillColor")) if _flag(element, "Fill", default) else Ink.NONE


def stroked(element: etree._Element, default: bool) -> Ink:
    """How the outline of a path (by default drawn) or a text (by default not) shows."""
    return _ink(child(element, "StrokeColor")) if _flag(element, "Stroke", default) else Ink.NONE


def _flag(element: etree._Element, name: str, default: bool) -> bool:
    value = element.get(name, "").strip().lower()
    return value in {"true", "1"} if value else default


def _transparent(element: etree._Element) -> bool:
    return number(element.get("Alpha"), 255) == 0


def _ink(colour: etree._Element | None) -> Ink:
    if colour is None:
        return Ink.SHOWN  # black
    if _transparent(colour):
        return Ink.NONE
    values = [_channel(value) for value in colour.get("Value", "").replace(",", " ").split()]
    # grey or RGB of 8 bits a channel, which is the default; of four channels (CMYK) none makes white
    white = values == [255] or values == [255] * 3 or values == [0] * 4
    return Ink.WHITE if white else Ink.SHOWN


def _channel(text: str) -> float:
    try:
        return int(text[1:], 16) if text.startswith("#") else number(text, -1)
    except ValueError:
        return -1
