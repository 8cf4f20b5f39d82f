"""A chart of latency against corpus size: SVG by a template, both axes logarithmic, two lines an engine."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from math import ceil, floor, log10

_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 540, 40, 350  # of the plot, in a picture of 720 by 400

_COLOURS = ("#c0392b", "#1f618d", "#5dade2", "#b7950b", "#117a65", "#6c3483")

_PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 400" role="img" font-family="sans-serif" font-size="13">
<title>{title}</title>
<rect width="720" height="400" fill="#fff"/>
<text x="{left}" y="24" font-weight="bold">{title}</text>
<text x="{middle}" y="392" text-anchor="middle">documents (drawn through: p50, dashed: p95)</text>
{content}
</svg>
"""
_GRID = '<path d="M{0:.1f} {1:.1f}L{2:.1f} {3:.1f}" stroke="#ddd"/>'
_LABEL = '<text x="{0:.1f}" y="{1:.1f}" text-anchor="{2}">{3}</text>'
_LINE = '<polyline points="{0}" fill="none" stroke="{1}" stroke-width="2" stroke-dasharray="{2}"/>'

Line = Mapping[int, float]
"""Milliseconds by number of documents."""


def latency_chart(title: str, lines: Mapping[str, tuple[Line, Line]]) -> str:
    """The SVG; ``lines`` are p50 and p95 by engine."""
    points = [point for both in lines.values() for line in both for point in line.items()]
    sizes = sorted({size for size, _ in points})
    low, high = floor(min(log10(value) for _, value in points)), ceil(max(log10(value) for _, value in points))
    wide, tall = log10(sizes[-1] / sizes[0]) or 1.0, high - low or 1

    def x(size: int) -> float:
        return _LEFT + 20 + (_RIGHT - _LEFT - 40) * log10(size / sizes[0]) / wide

    def y(value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * (log10(value) - low) / tall

    content = []
    for value in (10.0**power for power in range(low, high + 1)):
        content.append(_GRID.format(_LEFT, y(value), _RIGHT, y(value)))
        content.append(_LABEL.format(_LEFT - 8, y(value) + 4, "end", f"{value:g} ms"))
    for size in sizes:
        content.append(_GRID.format(x(size), _TOP, x(size), _BOTTOM))
        content.append(_LABEL.format(x(size), _BOTTOM + 18, "middle", f"{size:,}"))
    for number, (name, both) in enumerate(lines.items()):
        colour, beside = _COLOURS[number % len(_COLOURS)], _TOP + 16 + 22 * number
        for line, dashes in zip(both, ("none", "5 4"), strict=True):
            places = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in sorted(line.items()))
            content.append(_LINE.format(places, colour, dashes))
        content.append(_LINE.format(f"{_RIGHT + 12},{beside - 4} {_RIGHT + 36},{beside - 4}", colour, "none"))
        content.append(_LABEL.format(_RIGHT + 42, beside, "start", escape(name)))
    return _PICTURE.format(title=escape(title), left=_LEFT, middle=(_LEFT + _RIGHT) / 2, content="\n".join(content))
