"""Does the page of settings say what the program has?"""

from __future__ import annotations

import re
from pathlib import Path

from webapp.settings import Settings

_PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"


def test_every_setting_stands_in_the_page_with_its_meaning() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (?:.*?) \| (.*?) \|$", _PAGE.read_text("utf-8"), re.MULTILINE))
    assert told == {name: field.description for name, field in Settings.model_fields.items()}


def test_every_default_stands_in_the_page() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| `?(.*?)`? \| ", _PAGE.read_text("utf-8"), re.MULTILINE))
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, (str, int, bool, Path)) and field.default not in ("", False):
            assert told[name] == str(field.default).lower(), name
