"""Where is the text of a page? In the right one of its known containers, found in one walk."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from bs4 import BeautifulSoup

from corpus.parsers.html import layout, main_text

TEXT = "各镇人民政府，区直各单位：现将《清河区村务公开办法》印发给你们，请认真贯彻执行。"


@pytest.mark.parametrize(
    "opened",
    ["<div class=TRS_Editor>", "<div><!--正文开始-->", "<div class=TRS_Editor><!--正文开始--><!--正文开始-->"],
)
def test_text_in_many_known_containers_is_counted_once(opened: str, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = 0

    def shares(parts: Iterable[str]) -> int:
        nonlocal counted
        found = list(parts)
        counted += len(found)
        return layout.shares(found)

    monkeypatch.setattr(main_text, "shares", shares)
    soup = BeautifulSoup(f"{opened * 15}{f'<p>{TEXT}</p>' * 200}{'</div>' * 15}", "lxml")
    place = main_text.known_container(soup)
    assert place is not None
    assert place.find("div") is None  # the innermost
    assert counted == 200


def test_of_nested_known_containers_the_innermost_with_nearly_all_of_the_text_is_taken() -> None:
    outer = f"<div class=TRS_Editor id=a><p>{TEXT}</p><div class=TRS_Editor id=b><p>{TEXT * 20}</p>{{}}</div></div>"
    for inner, chosen in (
        ("", "b"),
        (f"<div class=TRS_Editor id=c><p>{TEXT}</p></div>", "b"),
        (f"<div class=TRS_Editor id=c><p>{TEXT * 400}</p></div>", "c"),
        (f"<div class=TRS_Editor id=c style='display:none'><p>{TEXT * 400}</p></div>", "c"),
    ):
        place = main_text.known_container(BeautifulSoup(outer.format(inner), "lxml"))
        assert place is not None
        assert place["id"] == chosen
