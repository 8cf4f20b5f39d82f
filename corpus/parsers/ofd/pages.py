"""What does a page show: which words, rules and pictures, its template's and its annotations' among them?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from corpus.errors import UnreadableError
from corpus.parsers.ofd.geometry import IDENTITY, Box, Matrix, box, inside
from corpus.parsers.ofd.parts import Parts, child, children, folder_of, local_name, text_of
from corpus.parsers.ofd.paths import Rule, read_path
from corpus.parsers.ofd.text import Run, lost_glyphs, read_text
from corpus.parsers.ofd.visible import Ink, filled, hidden, stroked

MAX_OBJECTS = 5_000_000
"""Characters and path commands of a file beyond this are not read: they take half a minute. A book has 500,000."""

_MAX_NESTED = 16  # composite objects in one another
_MAX_AREAS = 200  # of a page, which white text is looked for on
_MAX_ANGLE = 5.0  # degrees off the edges of the page
_CONTAINERS = frozenset(["Content", "Layer", "PageBlock"])
_OBJECTS = frozenset(["TextObject", "PathObject", "ImageObject"])


class TooManyObjectsError(Exception):
    """The file holds more objects than `MAX_OBJECTS`."""


@dataclass(slots=True)
class Shown:
    """What one page shows. ``lost`` counts characters that its fonts draw but that the file does not name."""

    runs: list[Run] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    areas: list[Box] = field(default_factory=list)
    watermarks: list[str] = field(default_factory=list)
    pictures: int = 0
    lost: int = 0


class PageReader:
    """Reads the pages of one document (Document.xml, ``root``; its part is ``name``). What cannot be read goes to
    ``problems``; ``left`` counts down the objects that may still be read."""

    def __init__(self, parts: Parts, name: str, root: etree._Element, problems: list[str], left: int) -> None:
        self._parts, self._folder, self._problems, self.left = parts, folder_of(name), problems, left
        common = child(root, "CommonData")
        self._box = box(text_of(child(child(common, "PageArea"), "PhysicalBox")))
        self._templates = {
            template.get("ID", ""): template.get("BaseLoc", "") for template in children(common, "TemplatePage")
        }
        self._trees: dict[str, etree._Element | None] = {}
        self._units: dict[str, etree._Element] = {}
        for resource in children(common, "PublicRes", "DocumentRes"):
            self._add_units(text_of(resource), self._folder)
        self._annotations = self._find_annotations(root)

    def read(self, page: etree._Element, number: int) -> Shown:
        """Read a page of the page tree (Page); ``number`` names it in messages.

        Raises UnreadableError when its part is missing or damaged, TooManyObjectsError when it leads over the limit.
        """
        name = self._parts.find(page.get("BaseLoc", ""), self._folder)
        if name is None:
            raise UnreadableError("is missing")
        content = self._parts.xml(name)
        for resource in children(content, "PageRes"):
            self._add_units(text_of(resource), folder_of(name))
        shown = Shown()
        for used in children(content, "Template"):
            template = self._template(used.get("TemplateID", ""), number)
            if template is not None:
                self._read_objects(template, IDENTITY, shown)
        self._read_objects(content, IDENTITY, shown)
        self._read_annotations(self._annotations.get(page.get("ID", ""), ()), shown, number)
        area = box(text_of(child(child(content, "Area"), "PhysicalBox"))) or self._box
        shown.runs = _without_unseen(shown.runs, area)
        return shown

    def _template(self, template_id: str, number: int) -> etree._Element | None:
        """The template, read once; templates of a template are not drawn (GB/T 33190-2016, 7.6)."""
        location = self._templates.get(template_id, "")
        name = self._parts.find(location, self._folder) if location else None
        return self._tree(name, f"the template of page {number}")

    def _tree(self, name: str | None, what: str) -> etree._Element | None:
        key = name or what
        if key not in self._trees:
            try:
                if name is None:
                    raise UnreadableError("is missing")
                self._trees[key] = self._parts.xml(name)
            except UnreadableError as error:
                self._problems.append(f"{what} {error.reason}")
                self._trees[key] = None
        return self._trees[key]

    def _add_units(self, location: str, folder: str) -> None:
        """The composite objects of a resource file, which can be used by their ID."""
        name = self._parts.find(location, folder, self._folder)
        known = name in self._trees
        resources = self._tree(name, f"the resource file {location}")
        for group in () if known else children(resources, "CompositeGraphicUnits"):
            self._units |= {unit.get("ID", ""): unit for unit in children(group, "CompositeGraphicUnit")}

    def _find_annotations(self, root: etree._Element) -> dict[str, list[str | None]]:
        """The parts with the annotations of each page, by its ID; None for one that is missing."""
        found: dict[str, list[str | None]] = {}
        for listed in children(root, "Annotations"):
            name = self._parts.find(text_of(listed), self._folder)
            for page in children(self._tree(name, "the list of annotations"), "Page"):
                folder = folder_of(name or "")
                part = self._parts.find(text_of(child(page, "FileLoc")), folder, self._folder)
                found.setdefault(page.get("PageID", ""), []).append(part)
        return found

    def _read_annotations(self, names: list[str | None] | tuple[()], shown: Shown, number: int) -> None:
        """Stamps, notes and highlights are read as they appear, where they stand. A watermark is kept apart: it lies
        across the text of every page, and is said of the copy rather than by the document."""
        for name in names:
            for annotation in children(self._tree(name, f"the annotations of page {number}"), "Annot"):
                if hidden(annotation):
                    continue
                drawn = Shown() if annotation.get("Type", "").lower() == "watermark" else shown
                for appearance in children(annotation, "Appearance"):
                    self._read_objects(appearance, inside(appearance, IDENTITY), drawn)
                if drawn is not shown:
                    shown.watermarks.extend(["".join(run.text for run in drawn.runs)] if drawn.runs else [])

    def _read_objects(self, root: etree._Element, outer: Matrix, shown: Shown) -> None:
        for element, matrix in self._objects(root, outer):
            kind = local_name(element)
            if kind == "TextObject":
                self._read_text(element, matrix, shown)
            elif kind == "PathObject":
                drawing = read_path(element, matrix)
                self._spend(drawing.commands)
                shown.rules.extend(drawing.rules)
                shown.areas.extend(drawing.areas[: _MAX_AREAS - len(shown.areas)])
            elif kind == "ImageObject":
                shown.pictures += 1
                area = box(element.get("Boundary"))
                shown.areas.extend([area] if area and len(shown.areas) < _MAX_AREAS else [])

    def _read_text(self, element: etree._Element, matrix: Matrix, shown: Shown) -> None:
        self._spend(sum(len(code.text or "") for code in children(element, "TextCode")))
        inks = {filled(element, default=True), stroked(element, default=False)}
        if inks == {Ink.NONE}:
            return
        runs = read_text(element, matrix)
        if Ink.SHOWN not in inks and not any(area.holds(*_middle(run)) for run in runs[:1] for area in shown.areas):
            return
        shown.lost += lost_glyphs(element)
        slanted = "".join(run.text for run in runs if _slanted(run))
        shown.watermarks.extend([slanted] if slanted else [])
        shown.runs.extend(run for run in runs if not _slanted(run))

    def _objects(self, root: etree._Element, outer: Matrix) -> Iterator[tuple[etree._Element, Matrix]]:
        """The visible objects of a page, template, appearance or composite object, in their order."""
        waiting: list[tuple[etree._Element, Matrix, tuple[str, ...]]] = [(root, outer, ())]
        while waiting:
            element, matrix, used = waiting.pop()
            kind = local_name(element)
            self._spend(1)
            if element is not root and hidden(element):
                continue
            if kind == "CompositeObject":
                unit_id = element.get("ResourceID", "")
                unit = self._units.get(unit_id)
                if unit is not None and unit_id not in used and len(used) < _MAX_NESTED:
                    inner = inside(element, matrix)
                    waiting.extend((part, inner, (*used, unit_id)) for part in reversed(unit))
            elif kind in _CONTAINERS or element is root:
                waiting.extend((part, matrix, used) for part in reversed(element))
            elif kind in _OBJECTS:
                yield element, matrix

    def _spend(self, objects: int) -> None:
        self.left -= objects
        if self.left < 0:
            raise TooManyObjectsError


def _slanted(run: Run) -> bool:
    """Whether a text lies across the page: a watermark that is drawn as part of the page."""
    return abs((run.angle + 45) % 90 - 45) > _MAX_ANGLE


def _middle(run: Run) -> tuple[float, float]:
    return run.x + run.dx / 2, run.y + run.dy / 2 - run.size / 3


def _without_unseen(runs: list[Run], area: Box | None) -> list[Run]:
    """Without what is set beside the page; but if that is most of it, the page's area is not to be trusted."""
    seen = [run for run in runs if area is None or area.holds(*_middle(run))]
    return seen if 2 * len(seen) >= len(runs) else runs
