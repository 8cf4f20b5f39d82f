"""What can the operator say about the kiosk? The table ``[kiosk]`` of ``gongkai.toml``; see docs/kiosk.md."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from analyzers.lexicon import domains
from corpus.models import Kind

_TABLE = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
# What stands on a button of half the screen in at most two lines, and on a line of a form.
_LABEL_CHARS = 24
# The longest topic of our own sets has 96 characters.
_QUESTION_CHARS = 100
# As many buttons as fit above the keyboard at 1080×1920.
_MOST_ENTRIES = 12


class Entry(BaseModel):
    """A hand-picked button of the first screen: a question, a kind or a domain (by name), or a question within them."""

    model_config = _TABLE

    label: str = Field(min_length=1, max_length=_LABEL_CHARS)
    question: str = Field(default="", max_length=_QUESTION_CHARS)
    kind: str = ""
    domain: str = ""

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, value: str) -> str:
        known = {name: kind.value for kind in Kind for name in (kind.value, kind.label)}
        return _known(value, known, [kind.label for kind in Kind])

    @field_validator("domain")
    @classmethod
    def _known_domain(cls, value: str) -> str:
        listed = domains()
        known = {name: domain.slug for domain in listed for name in (domain.slug, domain.name)}
        return _known(value, known, [domain.name for domain in listed])

    @model_validator(mode="after")
    def _leads_somewhere(self) -> Self:
        if not (self.question or self.kind or self.domain):
            raise ValueError(f"the entry {self.label!r} needs a question, a kind or a domain")
        return self


class FormLine(BaseModel):
    """A line of a form to fill in by hand: what is asked for, and how many lines of writing it is given."""

    model_config = _TABLE

    label: str = Field(min_length=1, max_length=_LABEL_CHARS)
    lines: int = Field(default=1, ge=1, le=12)  # twelve are half a page of A4


class Desk(BaseModel):
    """An office that people can go to: all of it is shown, printed, and nothing of it is a link.

    ``url`` is what its QR code opens; ``form`` are the lines of a form that is printed under ``form_title``.
    """

    model_config = _TABLE

    who: str = Field(min_length=1)
    where: str = Field(min_length=1)
    window: str = ""
    hours: str = ""
    telephone: str = ""
    steps: tuple[str, ...] = ()
    url: str = ""
    form_title: str = ""
    form: tuple[FormLine, ...] = ()

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("write an address that begins with https:// or http://")
        return value

    @model_validator(mode="after")
    def _form_has_a_title(self) -> Self:
        if self.form and not self.form_title:
            raise ValueError("a form needs a form_title")
        return self


class KioskSettings(BaseModel):
    """Settings of the kiosk.

    ``idle_s`` seconds after the last touch everything is wiped; the last ``warn_s`` of them a ring counts down. 20 is
    the least that WCAG 2.1 (2.2.1) allows for asking for more time. ``refresh_s`` wipes where no script runs and nobody
    can see that somebody is reading. Without a ``printer`` nothing offers to print. Without ``entries`` the first
    screen lists the domains with what they hold.
    """

    model_config = _TABLE

    idle_s: float = Field(default=60, gt=0)
    warn_s: float = Field(default=20, gt=0)
    refresh_s: int = Field(default=180, ge=1)
    printer: bool = True
    entries: tuple[Entry, ...] = Field(default=(), max_length=_MOST_ENTRIES)
    disclosure: Desk | None = None
    inquiry: Desk | None = None

    @model_validator(mode="after")
    def _warns_in_time(self) -> Self:
        if self.warn_s >= self.idle_s:
            raise ValueError(f"warn_s ({self.warn_s:g}) must be less than idle_s ({self.idle_s:g})")
        return self


def _known(value: str, known: dict[str, str], offered: list[str]) -> str:
    if value and value not in known:
        raise ValueError(f"use one of {'、'.join(offered)}")
    return known.get(value, "")
