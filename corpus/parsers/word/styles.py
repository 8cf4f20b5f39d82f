"""What does a paragraph's style say: is it a heading, is it numbered, is its text hidden?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_MAX_CHAIN = 20  # styles based on each other; Word allows 11
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)


def value(element: etree._Element | None, path: str, name: str = "val") -> str | None:
    """An attribute of the element at ``path`` (``w:`` names parted by /); None if there is none."""
    for tag in path.split("/") if path else ():
        if element is None:
            return None
        element = element.find(W + tag)
    found = None if element is None else element.get(W + name)
    return None if found is None else str(found)


def switched_on(element: etree._Element | None, tag: str) -> bool | None:
    """A property such as ``w:vanish``, which is on unless it says otherwise; None where it is missing."""
    found = None if element is None else element.find(W + tag)
    return None if found is None else found.get(W + "val") not in ("0", "false", "off")


class Styles:
    """The styles of a document (ECMA-376-1:2016, 17.7), each asked along the styles that it is based on."""

    def __init__(self, root: etree._Element | None) -> None:
        found = () if root is None else root.iterfind(W + "style")
        self._styles = {str(style.get(W + "styleId")): style for style in found}

    def outline_level(self, paragraph: etree._Element) -> int:
        """1 to 9 for a heading, 0 for other text."""
        properties = paragraph.find(W + "pPr")
        level = value(properties, "outlineLvl")
        for style in self._chain(value(properties, "pStyle")):
            if level is not None:
                break
            level = value(style.find(W + "pPr"), "outlineLvl")
            named = _HEADING.fullmatch(value(style, "name") or "")
            level = str(int(named[1]) - 1) if level is None and named else level
        return int(level) + 1 if level and level.isdecimal() and int(level) < 9 else 0

    def numbering(self, paragraph: etree._Element) -> tuple[str, int] | None:
        """The list (``numId``) that the paragraph is numbered by and its level in it, from 0; None if by none."""
        properties = paragraph.find(W + "pPr")
        named = value(properties, "pStyle")
        list_id, level = value(properties, "numPr/numId"), value(properties, "numPr/ilvl")
        for style in self._chain(named):
            if list_id is not None:
                break
            list_id = value(style.find(W + "pPr"), "numPr/numId")
            level = level or value(style.find(W + "pPr"), "numPr/ilvl")
        if list_id in (None, "0"):
            return None
        return str(list_id), int(level) if level and level.isdecimal() else 0

    def hidden(self, run: etree._Element, paragraph_style: str | None) -> bool:
        """Whether the text of a run is hidden (``w:vanish``), by itself or by its style."""
        properties = run.find(W + "rPr")
        state = switched_on(properties, "vanish")
        for named in (value(properties, "rStyle"), paragraph_style):
            for style in self._chain(named):
                if state is None:
                    state = switched_on(style.find(W + "rPr"), "vanish")
        return bool(state)

    def list_of(self, style_id: str) -> str | None:
        """The ``numId`` of a numbering style."""
        return value(self._styles[style_id].find(W + "pPr"), "numPr/numId") if style_id in self._styles else None

    def _chain(self, style_id: str | None) -> Iterator[etree._Element]:
        for _ in range(_MAX_CHAIN):
            style = self._styles.get(style_id or "")
            if style is None:
                return
            yield style
            style_id = value(style, "basedOn")
