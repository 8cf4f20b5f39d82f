"""What makes the pages a district's own? The table ``[theme]`` of ``gongkai.toml``; see docs/theme.md."""

from __future__ import annotations

import re
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

# The grounds of tokens.css by day and by night: paper and surface.
_LIGHT, _DARK = ("#fbfaf7", "#ffffff"), ("#14171d", "#1b1f27")
_WHITE, _BLACK = "#ffffff", "#000000"
# WCAG 2.1, 1.4.3 (AA), for text of any size.
_LEAST_CONTRAST = 4.5
# The tints of tokens.css, as shares of the colour in the ground.
_TINT, _MARK, _NIGHT_TINT, _NIGHT_MARK = 0.09, 0.18, 0.14, 0.2
_DEEPER = 0.75
# By night a colour is mixed with white, a step at a time, until it can be read on its own tint.
_STEP = 0.05


class Theme(BaseModel):
    """Everything may be left out; a page shows only what is set.

    ``colour`` (links and actions) and ``alarm_colour`` (what has ended, errors) are ``#rrggbb``, dark enough to be read
    on the paper; their tints, and both by night, follow from them. The rest stands at the foot of every page.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str = Field(default="", max_length=24, description="name of the site instead of 政务公开")
    emblem: str = Field(default="", max_length=2, description="one or two characters in a seal before the name")
    colour: str = Field(default="", description="#rrggbb of links and actions")
    alarm_colour: str = Field(default="", description="#rrggbb of what has ended, and of errors")
    services_url: str = Field(default="", description="办事: address of the service hall")
    interaction_url: str = Field(default="", description="互动: address where people can write")
    organiser: str = Field(default="", description="主办单位")
    operator: str = Field(default="", description="承办单位")
    site_code: str = Field(default="", description="网站标识码, ten digits or letters")
    icp: str = Field(default="", description="ICP备案号")
    police: str = Field(default="", description="公安备案号")
    contact: str = Field(default="", description="联系方式")
    site_map_url: str = Field(default="", description="网站地图: its address")

    @field_validator("colour", "alarm_colour")
    @classmethod
    def _hex(cls, value: str) -> str:
        if value and not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
            raise ValueError(f"{value!r} is no colour; write # and six hexadecimal digits, such as #12507b")
        return value.lower()

    @field_validator("services_url", "interaction_url", "site_map_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not re.match(r"https?://[^/\s]|/(?!/)", value):
            raise ValueError(f"{value!r} is no address; begin with https:// or, on this site, with /")
        return value

    @model_validator(mode="after")
    def _can_be_read(self) -> Self:
        for name, colour in (("colour", self.colour), ("alarm_colour", self.alarm_colour)):
            if not colour:
                continue
            grounds = (*_LIGHT, _mix(colour, _LIGHT[1], _TINT), _mix(colour, _LIGHT[1], _MARK))
            least = min(contrast(colour, ground) for ground in grounds)
            if least < _LEAST_CONTRAST:
                raise ValueError(
                    f"{name} {colour} has a contrast of {least:.2f} on the paper and its own tints, where text needs "
                    f"{_LEAST_CONTRAST} (WCAG 2.1, 1.4.3); choose a darker one"
                )
        return self

    @property
    def links(self) -> list[tuple[str, str]]:
        """Names and addresses of what is elsewhere, those that are set."""
        named = (("办事", self.services_url), ("互动", self.interaction_url))
        return [(name, url) for name, url in named if url]

    @property
    def imprint(self) -> list[tuple[str, str]]:
        """What stands below, in the usual order: label and value, those that are set."""
        named = (
            ("主办单位", self.organiser),
            ("承办单位", self.operator),
            ("网站标识码", self.site_code),
            ("联系方式", self.contact),
        )
        return [(label, value) for label, value in named if value]

    def stylesheet(self) -> str:
        """The colours as custom properties, by day and by night; empty where none is set."""
        day, night = [], []
        for name, colour in (("qing", self.colour), ("zhu", self.alarm_colour)):
            if colour:
                day += _properties(name, colour, _LIGHT[1], _TINT, _MARK, _mix(colour, _BLACK, _DEEPER), _WHITE)
                lit = _by_night(colour)
                deep = _mix(lit, _WHITE, _DEEPER)
                night += _properties(name, lit, _DARK[1], _NIGHT_TINT, _NIGHT_MARK, deep, _DARK[0])
        if not day:
            return ""
        # High contrast that a reader chose (reading.css) stands above both.
        chosen = ":root:not(:has(#contrast-high:checked))"
        return (
            f"@media screen {{\n{chosen} {{\n{''.join(day)}}}\n}}\n"
            f"@media screen and (prefers-color-scheme: dark) {{\n{chosen} {{\n{''.join(night)}}}\n}}\n"
        )


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.1, definition of contrast ratio)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _properties(name: str, colour: str, ground: str, tint: float, mark: float, deep: str, on: str) -> list[str]:
    values = {name: colour, f"{name}-tint": _mix(colour, ground, tint)}
    if name == "qing":
        values |= {"qing-mark": _mix(colour, ground, mark), "qing-deep": deep, "on-qing": on}
    return [f"  --{key}: {value};\n" for key, value in values.items()]


def _by_night(colour: str) -> str:
    share = 1.0
    lit = colour
    while min(contrast(lit, ground) for ground in (*_DARK, _mix(lit, _DARK[1], _NIGHT_MARK))) < _LEAST_CONTRAST:
        share -= _STEP
        lit = _mix(colour, _WHITE, share)
    return lit


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _mix(colour: str, ground: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(one * share + other * (1 - share)):02x}" for one, other in pairs)


def _luminance(colour: str) -> float:
    linear = [
        part / 12.92 if (part := value / 255) <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for value in _channels(colour)
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
