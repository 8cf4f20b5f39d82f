"""Every text can be read by day and by night."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.test_journeys import PATHS

pytestmark = pytest.mark.browser

_MEASURE = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")

# WCAG 2.1, 1.4.3 (AA) for text of any size.
LEAST = 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(open_page: OpenPage, scheme: str) -> None:
    page = open_page("/", 1280, scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(251, 250, 247)" if scheme == "light" else "rgb(20, 23, 29)")
    for path in PATHS:
        page.goto(path)
        assert page.evaluate(f"({_MEASURE.strip()})({LEAST})") == [], path
